"""Checksums of files: XXH3, gigabytes a second, several files at a time."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import xxhash

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class FileEntry:
    """What a file must be: its size in bytes and its XXH3-128 in hexadecimal."""

    size: int
    checksum: str


def checksum(path: Path) -> str:
    """The XXH3-128 of a file's content."""
    digest = xxhash.xxh3_128()
    buffer = bytearray(_CHUNK)
    view = memoryview(buffer)
    with path.open("rb", buffering=0) as file:
        while count := file.readinto(buffer):
            digest.update(view[:count])
    return digest.hexdigest()


def entry_of(path: Path) -> FileEntry:
    """Size and checksum of a file as it is."""
    return FileEntry(path.stat().st_size, checksum(path))


def fault(path: Path, entry: FileEntry) -> str | None:
    """What is wrong with a file, None when it is as its entry says."""
    try:
        size = path.stat().st_size
        if size != entry.size:
            return f"{path.name} has {size} bytes instead of {entry.size}"
        if checksum(path) != entry.checksum:
            return f"{path.name} does not match its checksum"
    except FileNotFoundError:
        return f"{path.name} is missing"
    except OSError as error:
        return f"{path.name} cannot be read ({error.strerror})"
    return None


def faults(files: Iterable[tuple[Path, FileEntry]]) -> dict[Path, str]:
    """All files that are not as their entries say, each with what is wrong."""
    wanted = list(files)
    if sum(entry.size for _, entry in wanted) < 16 * _CHUNK:
        found = [(path, fault(path, entry)) for path, entry in wanted]
    else:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            results = pool.map(lambda one: fault(*one), wanted)
            found = list(zip((path for path, _ in wanted), results, strict=True))
    return {path: problem for path, problem in found if problem is not None}
