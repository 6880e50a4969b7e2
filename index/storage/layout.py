"""Where things lie in an index folder, and how they get there for good.

::

    CURRENT                     the name of the current generation
    lock                        held by the process that builds
    generations/<name>/         manifest.json, stories.npy
    segments/<serial>/          immutable files of one segment
    building-<serial>…          a segment in the making; swept by the next build
    history.sqlite              earlier versions of articles, for citations handed out
    files.sqlite, work.sqlite   caches: what files held, embeddings of a build under way
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.errors import IndexFolderError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_UNWRITABLE = {
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOTDIR,
    errno.ENOENT,
    errno.ENAMETOOLONG,
}


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one index folder."""

    root: Path

    @property
    def current(self) -> Path:
        """The file that names the current generation."""
        return self.root / "CURRENT"

    @property
    def lock(self) -> Path:
        """The file that a build locks."""
        return self.root / "lock"

    @property
    def history(self) -> Path:
        """Earlier versions of articles."""
        return self.root / "history.sqlite"

    @property
    def files(self) -> Path:
        """The cache of what each file held when it was last read."""
        return self.root / "files.sqlite"

    @property
    def journal(self) -> Path:
        """Finished embeddings of a build under way."""
        return self.root / "work.sqlite"

    @property
    def generations(self) -> Path:
        """The folder of generations."""
        return self.root / "generations"

    @property
    def segments(self) -> Path:
        """The folder of segments."""
        return self.root / "segments"

    def generation(self, name: str) -> Path:
        """The folder of one generation."""
        return self.generations / name

    def manifest(self, name: str) -> Path:
        """The manifest of one generation."""
        return self.generations / name / "manifest.json"

    def stories(self, name: str) -> Path:
        """The groups of near-duplicates of one generation."""
        return self.generations / name / "stories.npy"

    def segment(self, serial: int) -> Path:
        """The folder of one segment."""
        return self.segments / f"{serial:08d}"

    def building(self, serial: int) -> Path:
        """Where a segment is made before it is complete."""
        return self.root / f"building-{serial:08d}"

    def generation_names(self) -> list[str]:
        """All generations on disk, the newest first."""
        if not self.generations.is_dir():
            return []
        return sorted((path.name for path in self.generations.iterdir()), reverse=True)

    def segment_serials(self) -> list[int]:
        """All segments on disk."""
        if not self.segments.is_dir():
            return []
        names = (path.name for path in self.segments.iterdir())
        return sorted(int(name) for name in names if name.isdigit())

    def sweep(self) -> None:
        """Remove what killed builds left half-made. Only for the holder of the lock."""
        for path in self.root.glob("building-*"):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()
        self.root.joinpath("CURRENT.new").unlink(missing_ok=True)


def write_durably(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data`` in one atomic step that survives a power cut."""
    aside = path.with_name(path.name + ".new")
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Make a file's content durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def writing(root: Path) -> Iterator[None]:
    """Turn failures to write below ``root`` into one clear line.

    Raises:
        IndexFolderError: The disk is full, or the folder cannot be written.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        if "full" in str(error) or "disk I/O" in str(error):
            raise IndexFolderError(_full(root)) from error
        if "readonly" in str(error) or "unable to open" in str(error):
            raise IndexFolderError(_unwritable(root, str(error))) from error
        raise
    except OSError as error:
        if error.errno in _FULL:
            raise IndexFolderError(_full(root)) from error
        if error.errno in _UNWRITABLE:
            raise IndexFolderError(_unwritable(root, error.strerror)) from error
        raise


def _unwritable(root: Path, reason: str | None) -> str:
    return (
        f"The index folder {root} cannot be written ({reason}): "
        "change its permissions or choose another one with --index."
    )


def _full(root: Path) -> str:
    free = shutil.disk_usage(root).free / 1e6 if root.exists() else 0.0
    return (
        f"The disk is full: no room to write the index in {root} ({free:.0f} MB free). "
        "Nothing was changed; free some space and run the command again."
    )
