"""Locks between processes: one builder at a time, and readers that keep a generation alive.

Both are ``flock`` locks: the kernel frees them when their holder ends, however it ends.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from index.errors import LockHeldError


class Lease:
    """A reader's hold on a generation: its manifest, locked together with other readers."""

    def __init__(self, manifest: Path):
        """Take the lease; ``FileNotFoundError`` when the generation has just been removed."""
        self._handle: int | None = os.open(manifest, os.O_RDONLY)
        fcntl.flock(self._handle, fcntl.LOCK_SH)
        # Between opening and locking a build may have removed it.
        if not os.fstat(self._handle).st_nlink:
            self.release()
            raise FileNotFoundError(errno.ENOENT, "just removed", str(manifest))

    def release(self) -> None:
        """Give the lease back; doing it twice is harmless."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def remove_unless_leased(manifest: Path) -> bool:
    """Remove a generation's manifest; False when a reader has the generation open."""
    handle = os.open(manifest, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Still locked: a reader who waits for it will see that the file has no name left.
        manifest.unlink()
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True


@contextmanager
def build_lock(path: Path, now: datetime | None = None) -> Iterator[None]:
    """Hold the index folder for one build.

    Raises:
        LockHeldError: Another build is at work; the message names its process.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockHeldError(_held(path)) from None
        started = (now or datetime.now(UTC)).isoformat(timespec="seconds")
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()} {started}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def _held(path: Path) -> str:
    words = path.read_text(encoding="utf-8", errors="replace").split()
    holder = f"process {words[0]}, since {words[1]}" if len(words) == 2 else "another process"
    return (
        f"The index {path.parent} is being built by {holder}: "
        "wait until it is done, or stop it, and run the command again."
    )
