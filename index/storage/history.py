"""Earlier versions of articles, so that a citation handed out once can be opened for good."""

from __future__ import annotations

import sqlite3
import threading
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xxhash

from index.articles import Article
from index.storage.articles import article_hash, article_uid
from index.storage.layout import Layout

_SCHEMA = """
CREATE TABLE IF NOT EXISTS versions(
    uid INTEGER, hash BLOB, key TEXT, title TEXT, date TEXT, source TEXT, url TEXT, text BLOB,
    replaced TEXT, moved_to TEXT, checksum BLOB, PRIMARY KEY(uid, hash)
);
"""
_COLUMNS = "uid, hash, key, title, date, source, url, text, replaced, moved_to"


@dataclass(frozen=True, slots=True)
class PastVersion:
    """An article as it was before it was changed, moved or removed.

    Attributes:
        replaced: When that was noticed, ISO 8601 with time zone.
        moved_to: The key that the same content went to, if it was moved.
    """

    key: str
    title: str
    date: str | None
    source: str | None
    url: str | None
    text: str
    replaced: str
    moved_to: str | None


class History:
    """Reads and keeps earlier versions; safe to use from several threads.

    A row that does not match its checksum is treated as if it were not there.
    """

    def __init__(self, index: Path):
        self._path = Layout(index).history
        self._guard = threading.Lock()

    def past_versions(self, uid: int) -> list[PastVersion]:
        """The earlier versions of the article with this ``article_uid``, the newest first."""
        query = f"SELECT {_COLUMNS}, checksum FROM versions WHERE uid=?"  # noqa: S608
        rows = self._query(query, uid)
        found = [_version(row[:-1]) for row in rows if _checksum(row[:-1]) == row[-1]]
        return sorted(found, key=lambda one: one.replaced, reverse=True)

    def moved_to(self, uid: int) -> str | None:
        """Where an article went, over all its moves; None when it was never moved."""
        key: str | None = None
        seen: set[int] = set()
        while uid not in seen:
            seen.add(uid)
            moves = [one.moved_to for one in self.past_versions(uid) if one.moved_to]
            if not moves:
                break
            key = moves[0]
            uid = article_uid(key)
        return key

    def keep(
        self, replaced: Iterable[tuple[Article, str | None]], now: datetime | None = None
    ) -> None:
        """Keep articles for good, each with the key that it was moved to, if it was."""
        time = (now or datetime.now(UTC)).isoformat(timespec="milliseconds")
        with self._guard, self._opened() as db:
            for article, moved_to in replaced:
                row = _row(article, time, moved_to)
                marks = ",".join("?" * (len(row) + 1))
                db.execute(
                    f"INSERT OR REPLACE INTO versions VALUES({marks})",
                    (*row, _checksum(row)),
                )

    def _opened(self) -> _Closing:
        try:
            return _Closing(self._path)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            # Not to be mended: set aside, in case a person wants to look.
            self._path.replace(self._path.with_suffix(".damaged"))
            return _Closing(self._path)

    def _query(self, query: str, value: int) -> list[tuple[Any, ...]]:
        if not self._path.exists():
            return []
        try:
            with self._guard:
                db = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)
                try:
                    return db.execute(query, (value,)).fetchall()
                finally:
                    db.close()
        except sqlite3.DatabaseError:
            return []


class _Closing:
    """A connection for writing: committed when all went well, closed in any case."""

    def __init__(self, path: Path):
        self._db = sqlite3.connect(path)
        try:
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.executescript(_SCHEMA)
        except BaseException:
            self._db.close()
            raise

    def __enter__(self) -> sqlite3.Connection:
        return self._db

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        try:
            if kind is None:
                self._db.commit()
        finally:
            self._db.close()


def _row(article: Article, time: str, moved_to: str | None) -> tuple[Any, ...]:
    return (
        article_uid(article.key),
        article_hash(article),
        article.key,
        article.title,
        article.date,
        article.source,
        article.url,
        zlib.compress(article.text.encode("utf-8", "surrogatepass")),
        time,
        moved_to,
    )


def _version(row: tuple[Any, ...]) -> PastVersion:
    _, _, key, title, date, source, url, text, replaced, moved_to = row
    plain = zlib.decompress(text).decode("utf-8", "surrogatepass")
    return PastVersion(key, title, date, source, url, plain, replaced, moved_to)


def _checksum(row: tuple[Any, ...]) -> bytes:
    return xxhash.xxh3_128_digest(repr(row).encode("utf-8", "surrogatepass"))
