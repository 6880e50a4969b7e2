"""The articles of one segment, texts included, in a read-only SQLite file."""

from __future__ import annotations

import json
import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import xxhash

from index.articles import Article, Section, Span

_SCHEMA = """
CREATE TABLE articles(
    ordinal INTEGER PRIMARY KEY, key TEXT NOT NULL, uid INTEGER NOT NULL, hash BLOB NOT NULL,
    title TEXT NOT NULL, date TEXT, author TEXT, source TEXT, url TEXT,
    language TEXT, sections TEXT NOT NULL
);
CREATE TABLE texts(ordinal INTEGER PRIMARY KEY, text BLOB NOT NULL);
"""
_INDEXES = """
CREATE UNIQUE INDEX by_key ON articles(key);
CREATE INDEX by_uid ON articles(uid);
"""
_CARD = "ordinal, key, title, date, source, url, language"
_ARTICLE = "key, title, date, author, source, url, language, sections"

Row = tuple[Any, ...]


class Identity(NamedTuple):
    """What tells whether an article has changed: its key and its content hash (16 bytes)."""

    key: str
    hash: bytes


@dataclass(frozen=True, slots=True)
class Card:
    """An article without its text."""

    id: int
    key: str
    title: str
    date: str | None
    source: str | None
    url: str | None
    language: str | None


def article_uid(key: str) -> int:
    """A 48-bit number that stands for an article's key in citations."""
    return xxhash.xxh3_64_intdigest(key.encode("utf-8", "surrogatepass")) >> 16


def article_hash(article: Article) -> bytes:
    """XXH3-128 of all that an article says, its key apart: equal for a file that was moved."""
    said = [
        article.text,
        article.title,
        article.date,
        article.author,
        article.source,
        article.url,
        article.language,
        _sections_json(article.sections),
    ]
    return xxhash.xxh3_128_digest(json.dumps(said).encode())


class ArticleWriter:
    """Writes the articles of a new segment, one after the other."""

    def __init__(self, path: Path):
        self.articles = 0
        self._db = sqlite3.connect(path, isolation_level=None)
        # The file is synced once when complete: until then nobody relies on it.
        self._db.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {_SCHEMA}")
        self._db.execute("BEGIN")

    def add(self, article: Article) -> None:
        """Add an article."""
        row = (
            article.key,
            article_uid(article.key),
            article_hash(article),
            article.title,
            article.date,
            article.author,
            article.source,
            article.url,
            article.language,
            _sections_json(article.sections),
        )
        self.add_rows([(row, zlib.compress(article.text.encode("utf-8", "surrogatepass")))])

    def add_rows(self, rows: Iterable[tuple[Row, bytes]]) -> None:
        """Add rows as another segment's ``ArticleTable.rows`` gives them."""
        for row, text in rows:
            marks = ",".join("?" * 11)
            self._db.execute(f"INSERT INTO articles VALUES({marks})", (self.articles, *row))
            self._db.execute("INSERT INTO texts VALUES(?, ?)", (self.articles, text))
            self.articles += 1

    def finish(self) -> None:
        """Complete the file."""
        self._db.execute("COMMIT")
        self._db.executescript(_INDEXES)
        self._db.close()

    def close(self) -> None:
        """Let go of the file, complete or not."""
        self._db.close()


class ArticleTable:
    """The articles of a segment on disk; safe to use from several threads."""

    def __init__(self, path: Path):
        address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
        self._db = sqlite3.connect(address, uri=True, check_same_thread=False)
        self._db.execute("PRAGMA mmap_size=1099511627776")
        self._guard = threading.Lock()

    def article(self, ordinal: int) -> Article:
        """The article at a position."""
        with self._guard:
            row = self._one(f"SELECT {_ARTICLE} FROM articles WHERE ordinal=?", ordinal)  # noqa: S608
            text = _text(self._db, ordinal)
        if row is None:
            raise KeyError(ordinal)
        key, title, date, author, source, url, language, sections = row
        return Article(key, text, title, _sections(sections), date, author, source, url, language)

    def find(self, key: str) -> int | None:
        """The position of the article with a key."""
        with self._guard:
            row = self._one("SELECT ordinal FROM articles WHERE key=?", key)
        return None if row is None else int(row[0])

    def locate(self, key: str) -> tuple[int, bytes] | None:
        """Position and content hash of the article with a key."""
        with self._guard:
            row = self._one("SELECT ordinal, hash FROM articles WHERE key=?", key)
        return None if row is None else (int(row[0]), bytes(row[1]))

    def find_uid(self, uid: int) -> list[int]:
        """The positions of the articles with a uid: nearly always one or none."""
        with self._guard:
            rows = self._db.execute("SELECT ordinal FROM articles WHERE uid=?", (uid,)).fetchall()
        return [int(row[0]) for row in rows]

    def card(self, ordinal: int, base: int) -> Card:
        """The card at a position; ``base`` is what article ids of this segment start from."""
        with self._guard:
            row = self._one(f"SELECT {_CARD} FROM articles WHERE ordinal=?", ordinal)  # noqa: S608
        if row is None:
            raise KeyError(ordinal)
        return Card(base + row[0], *row[1:])

    def cards(self, base: int) -> Iterator[Card]:
        """All cards in order."""
        for row in self._pages(_CARD):
            yield Card(base + row[0], *row[1:])

    def identities(self) -> Iterator[tuple[int, Identity]]:
        """Position and identity of all articles in order."""
        for row in self._pages("ordinal, key, hash"):
            yield row[0], Identity(row[1], row[2])

    def row(self, ordinal: int) -> tuple[Row, bytes]:
        """What ``ArticleWriter.add_rows`` takes."""
        with self._guard:
            row = self._one("SELECT * FROM articles WHERE ordinal=?", ordinal)
            text = self._one("SELECT text FROM texts WHERE ordinal=?", ordinal)
        if row is None or text is None:
            raise KeyError(ordinal)
        return row[1:], text[0]

    def close(self) -> None:
        """Let go of the file."""
        with self._guard:
            self._db.close()

    def _one(self, query: str, value: int | str) -> Row | None:
        row: Row | None = self._db.execute(query, (value,)).fetchone()
        return row

    def _pages(self, columns: str) -> Iterator[Row]:
        """Rows in order, a page at a time: the lock is not held while the caller works."""
        query = f"SELECT {columns} FROM articles WHERE ordinal>? ORDER BY ordinal LIMIT 10000"  # noqa: S608
        last = -1
        while True:
            with self._guard:
                rows = self._db.execute(query, (last,)).fetchall()
            if not rows:
                return
            yield from rows
            last = rows[-1][0]


def _text(db: sqlite3.Connection, ordinal: int) -> str:
    row = db.execute("SELECT text FROM texts WHERE ordinal=?", (ordinal,)).fetchone()
    if row is None:
        raise KeyError(ordinal)
    return zlib.decompress(row[0]).decode("utf-8", "surrogatepass")


def _sections_json(sections: tuple[Section, ...]) -> str:
    return json.dumps([[*one.span, one.heading, one.page] for one in sections])


def _sections(content: str) -> tuple[Section, ...]:
    return tuple(
        Section(Span(start, end), heading, page)
        for start, end, heading, page in json.loads(content)
    )
