"""Bytes of a file, taken safely: no device, no link, nothing too large, nothing that blocks."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from index.sources.limits import MEGABYTE
from index.sources.outcome import Unreadable

_KINDS = (
    (stat.S_ISDIR, "is a folder"),
    (stat.S_ISFIFO, "is a named pipe (FIFO), not a file"),
    (stat.S_ISSOCK, "is a socket, not a file"),
    (stat.S_ISCHR, "is a device, not a file"),
    (stat.S_ISBLK, "is a device, not a file"),
    (stat.S_ISLNK, "is a link; put the file itself here"),
)


def kind_reason(mode: int) -> str | None:
    """Says why something that is no regular file is not read; None for a regular file."""
    return next((reason for is_kind, reason in _KINDS if is_kind(mode)), None)


def read_bytes(path: Path, most: int) -> bytes:
    """Reads a regular file.

    Args:
        path: The file; its last part must be no link.
        most: The most bytes it may have.

    Raises:
        Unreadable: With the reason, for anything but a readable regular file of this size.
    """
    try:
        # Without O_NONBLOCK, a pipe put in the file's place would hold us until someone writes.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Unreadable(os_reason(error, path)) from None
    try:
        status = os.fstat(handle)
        if reason := kind_reason(status.st_mode):
            raise Unreadable(reason)
        if status.st_size > most:
            raise Unreadable(too_large(status.st_size, most))
        data = _read(handle, status.st_size)
    except OSError as error:
        raise Unreadable(os_reason(error, path)) from None
    finally:
        os.close(handle)
    if len(data) > most:
        raise Unreadable(too_large(len(data), most))
    return data


def _read(handle: int, size: int) -> bytes:
    """Reads to the size seen, and what came since: the next scan sees the rest as a change."""
    data = os.read(handle, size + 1)
    while len(data) < size and (more := os.read(handle, size - len(data))):
        data += more
    return data


def too_large(size: int, most: int) -> str:
    """The reason for a file above its limit."""
    return (
        f"is too large: {size / MEGABYTE:,.1f} MB, at most {most // MEGABYTE} MB; "
        "split it into smaller files"
    )


def os_reason(error: OSError, path: Path) -> str:
    """Says what the operating system's refusal means."""
    if isinstance(error, PermissionError):
        return "may not be read: give this user permission to read it"
    if isinstance(error, FileNotFoundError):
        return "vanished while it was being read; the next run will see"
    try:
        if reason := kind_reason(path.lstat().st_mode):
            return reason
    except OSError:
        pass
    return f"cannot be read: {error.strerror or type(error).__name__}"
