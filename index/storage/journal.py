"""Caches that a build may lose: finished embeddings, and what each file held when last read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import xxhash
from numpy.typing import NDArray

from index.sources import Skipped
from index.storage.writer import Key

_VERSION = 1
Articles = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Embedded:
    """What was computed for one passage.

    Attributes:
        passage: Its vector, float16 (d,).
        sentences: The vectors of its sentences as signed bytes (n, d).
        scales: One factor a sentence (n,).
    """

    passage: NDArray[np.float16]
    sentences: NDArray[np.int8]
    scales: NDArray[np.float32]


class Journal:
    """Finished embeddings of a build under way; what was committed survives a kill."""

    def __init__(self, path: Path, fingerprint: str):
        self._db = _open_cache(
            path,
            "CREATE TABLE IF NOT EXISTS vectors(model TEXT, key BLOB, data BLOB, "
            "PRIMARY KEY(model, key)) WITHOUT ROWID",
        )
        self._model = fingerprint

    def keys(self) -> set[Key]:
        """The keys of all finished passages."""
        rows = self._db.execute("SELECT key FROM vectors WHERE model=?", (self._model,))
        return {_to_key(row[0]) for row in rows}

    def get(self, key: Key) -> Embedded | None:
        """What was computed for a passage; None when nothing was, or it is damaged."""
        query = "SELECT data FROM vectors WHERE model=? AND key=?"
        row = self._db.execute(query, (self._model, _from_key(key))).fetchone()
        return None if row is None else _unpacked(row[0])

    def put(self, items: Iterable[tuple[Key, Embedded]]) -> None:
        """Keep embeddings for good."""
        rows = [(self._model, _from_key(key), _packed(one)) for key, one in items]
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO vectors VALUES(?, ?, ?)", rows)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


class FileMemory(NamedTuple):
    """What a file held when it was last read.

    Attributes:
        size: Its size in bytes then.
        mtime_ns: When its content was last written.
        ctime_ns: When anything of it was last changed, its permissions included.
        articles: Keys and content hashes (hexadecimal) of its articles.
        skipped: What of it was skipped.
    """

    size: int
    mtime_ns: int
    ctime_ns: int
    articles: Articles
    skipped: tuple[Skipped, ...]


class Remembered(NamedTuple):
    """A file in the cache as it is stored: read in full only where it matters."""

    size: int
    mtime_ns: int
    ctime_ns: int
    content: str
    reasons: str

    @property
    def held(self) -> int:
        """How many articles it held."""
        return len(json.loads(self.content)) if self.content.startswith("[") else 1

    def articles(self, path: str) -> Articles:
        """Keys and content hashes (hexadecimal) of its articles; ``path`` is its own."""
        if not self.content.startswith("["):
            return ((path, self.content),)
        return tuple((key, digest) for key, digest in json.loads(self.content))

    def skipped(self) -> tuple[Skipped, ...]:
        """What of it was skipped."""
        return tuple(Skipped(*one) for one in json.loads(self.reasons)) if self.reasons else ()


class FileCache:
    """Remembers files by path, size and time, so that unchanged ones are not read again."""

    def __init__(self, path: Path):
        self._db = _open_cache(
            path,
            "CREATE TABLE IF NOT EXISTS memory(path TEXT PRIMARY KEY, size INTEGER, "
            "mtime_ns INTEGER, ctime_ns INTEGER, content TEXT, reasons TEXT) WITHOUT ROWID;"
            "CREATE TABLE IF NOT EXISTS step(generation TEXT)",
        )

    def load(self) -> dict[str, Remembered]:
        """Everything remembered, by path below the seeds folder."""
        rows = self._db.execute(
            "SELECT path, size, mtime_ns, ctime_ns, content, reasons FROM memory"
        )
        return {row[0]: Remembered(*row[1:]) for row in rows}

    def generation(self) -> str | None:
        """The generation that holds exactly what is remembered; None when that is not sure."""
        row = self._db.execute("SELECT generation FROM step").fetchone()
        return None if row is None else str(row[0])

    def update(
        self, read: Mapping[str, FileMemory], gone: Sequence[str], generation: str | None = None
    ) -> None:
        """Remember files that were read, forget files that are gone.

        Args:
            read: What the files read hold, by path.
            gone: Paths of files that are no more.
            generation: The generation that holds exactly what is remembered from now on.
        """
        rows = [
            (path, *one[:3], _from_articles(path, one.articles), _from_skipped(one.skipped))
            for path, one in read.items()
        ]
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO memory VALUES(?, ?, ?, ?, ?, ?)", rows)
            self._db.executemany("DELETE FROM memory WHERE path=?", [(path,) for path in gone])
            self._db.execute("DELETE FROM step")
            if generation is not None:
                self._db.execute("INSERT INTO step VALUES(?)", (generation,))

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


def remove_cache(path: Path) -> None:
    """Remove a cache with what SQLite keeps beside it."""
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)


def _open_cache(path: Path, schema: str) -> sqlite3.Connection:
    """Open a cache; a damaged one is thrown away, for it costs only time."""
    try:
        return _connect(path, schema)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and "malformed" not in str(error):
            raise
        remove_cache(path)
        return _connect(path, schema)


def _connect(path: Path, schema: str) -> sqlite3.Connection:
    db = sqlite3.connect(path)
    try:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        if db.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
            if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                raise sqlite3.DatabaseError("written by another version")
            db.execute(f"PRAGMA user_version={_VERSION}")
        db.executescript(schema)
        # A full reading: caches of a build under way are small, and those of others are empty.
        if db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("malformed")
    except BaseException:
        db.close()
        raise
    return db


def _packed(one: Embedded) -> bytes:
    body = (
        len(one.scales).to_bytes(4, "little")
        + one.passage.tobytes()
        + one.scales.tobytes()
        + one.sentences.tobytes()
    )
    return xxhash.xxh3_64_digest(body) + body


def _unpacked(data: bytes) -> Embedded | None:
    stated, body = data[:8], data[8:]
    if xxhash.xxh3_64_digest(body) != stated:
        return None
    count = int.from_bytes(body[:4], "little")
    dimension = (len(body) - 4 - 4 * count) // (2 + count)
    scales_at = 4 + 2 * dimension
    sentences_at = scales_at + 4 * count
    return Embedded(
        np.frombuffer(body[4:scales_at], np.float16),
        np.frombuffer(body[sentences_at:], np.int8).reshape(count, dimension),
        np.frombuffer(body[scales_at:sentences_at], np.float32),
    )


def _from_key(key: Key) -> bytes:
    return key[0].to_bytes(8, "little") + key[1].to_bytes(8, "little")


def _to_key(data: bytes) -> Key:
    return int.from_bytes(data[:8], "little"), int.from_bytes(data[8:], "little")


def _from_articles(path: str, articles: Articles) -> str:
    """Most files hold one article under their own name: its hash alone says it all."""
    if len(articles) == 1 and articles[0][0] == path:
        return articles[0][1]
    return json.dumps(articles)


def _from_skipped(skipped: tuple[Skipped, ...]) -> str:
    return json.dumps([(one.path, one.reason) for one in skipped]) if skipped else ""
