"""Caches that a build may lose: finished embeddings, and what each file held when last read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import xxhash
from numpy.typing import NDArray

from index.sources import Skipped
from index.storage.writer import Key

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


class FileCache:
    """Remembers files by path, size and time, so that unchanged ones are not read again."""

    def __init__(self, path: Path):
        self._db = _open_cache(
            path,
            "CREATE TABLE IF NOT EXISTS memory(path BLOB PRIMARY KEY, size INTEGER, "
            "mtime_ns INTEGER, ctime_ns INTEGER, articles TEXT, skipped TEXT) WITHOUT ROWID",
        )

    def load(self) -> dict[str, FileMemory]:
        """Everything remembered, by path below the seeds folder."""
        rows = self._db.execute(
            "SELECT path, size, mtime_ns, ctime_ns, articles, skipped FROM memory"
        )
        memory = {}
        for blob, size, mtime_ns, ctime_ns, articles, skipped in rows:
            path = _from_blob(blob)
            memory[path] = FileMemory(
                size, mtime_ns, ctime_ns, _to_articles(path, articles), _to_skipped(skipped)
            )
        return memory

    def update(self, read: dict[str, FileMemory], gone: Sequence[str]) -> None:
        """Remember files that were read, forget files that are gone."""
        rows = [
            (
                _to_blob(path),
                one.size,
                one.mtime_ns,
                one.ctime_ns,
                _from_articles(path, one.articles),
                _from_skipped(one.skipped),
            )
            for path, one in read.items()
        ]
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO memory VALUES(?, ?, ?, ?, ?, ?)", rows)
            names = [(_to_blob(path),) for path in gone]
            self._db.executemany("DELETE FROM memory WHERE path=?", names)

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
        db.execute(schema)
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


def _to_articles(path: str, content: str) -> Articles:
    if content[:1] != "[":
        return ((path, content),)
    return tuple((key, digest) for key, digest in json.loads(content))


def _from_skipped(skipped: tuple[Skipped, ...]) -> str:
    return json.dumps([(one.path, one.reason) for one in skipped]) if skipped else ""


def _to_skipped(content: str) -> tuple[Skipped, ...]:
    return tuple(Skipped(*one) for one in json.loads(content)) if content else ()


def _to_blob(path: str) -> bytes:
    return path.encode("utf-8", "surrogatepass")


def _from_blob(path: bytes) -> str:
    return path.decode("utf-8", "surrogatepass")
