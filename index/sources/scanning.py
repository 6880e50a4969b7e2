"""Walking the seeds folder: what there is to read, and what is passed over unread."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from index.errors import SeedsError
from index.sources.limits import MOST_BYTES, ending
from index.sources.opening import kind_reason, os_reason
from index.sources.outcome import Skipped, visible

_LOCKS = ("~$", ".#", ".~lock.")
_SYSTEM = frozenset({"thumbs.db", "desktop.ini", "$recycle.bin", "__macosx"})
_SHOWN = 3
READABLE = " ".join(sorted(MOST_BYTES))


@dataclass(frozen=True, slots=True)
class Found:
    """A file that may hold articles.

    Attributes:
        relative: Path below the seeds folder with ``/``.
        size: In bytes.
        mtime_ns: When it was last written, in nanoseconds; tells a change, never a date.
    """

    relative: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Scan:
    """Everything below a seeds folder, each thing in one of two lists, both in order of path."""

    files: list[Found] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def scan(seeds: Path, *, exclude: Path | None = None) -> Scan:
    """Walks the seeds folder.

    Links are not followed: what they lead to inside the folder is read under its own name.
    Hidden and lock files are one skipped line together; a hidden folder counts as one.

    Args:
        seeds: The folder; may itself be a link.
        exclude: A folder below it to leave out without a word (the index's own).

    Raises:
        SeedsError: If there is no such folder or it cannot be opened.
    """
    try:
        root = seeds.resolve(strict=True)
        with os.scandir(root):
            pass
    except (OSError, RuntimeError) as error:
        raise SeedsError(_no_seeds(seeds, error)) from None
    found = Scan()
    hidden: list[str] = []
    left_out = exclude.resolve() if exclude is not None else None
    for entry, relative in _walk(root, left_out, found.skipped):
        if _is_hidden(entry.name):
            hidden.append(relative)
        else:
            _sort_in(entry, relative, root, found)
    if hidden:
        found.skipped.append(_hidden_line(sorted(hidden)))
    found.files.sort(key=lambda file: file.relative)
    found.skipped.sort(key=lambda skipped: skipped.path)
    return found


def _no_seeds(seeds: Path, error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return f"There is no seeds folder {seeds}: create it and put articles in, or name another."
    if isinstance(error, NotADirectoryError):
        return f"{seeds} is no folder: name the folder that holds the articles."
    if isinstance(error, PermissionError):
        return f"The seeds folder {seeds} may not be read: give this user permission to."
    return f"The seeds folder {seeds} cannot be opened: {error}"


def _walk(
    root: Path, left_out: Path | None, skipped: list[Skipped]
) -> Iterator[tuple[os.DirEntry[str], str]]:
    """Yields everything but the folders gone into, with its path below the root."""
    pending = [""]
    while pending:
        below = pending.pop()
        try:
            with os.scandir(root / below) as entries:
                held = list(entries)
        except OSError as error:
            skipped.append(Skipped(below, f"this folder {os_reason(error, root / below)}"))
            continue
        for entry in held:
            relative = f"{below}/{entry.name}" if below else entry.name
            if not _is_hidden(entry.name) and entry.is_dir(follow_symlinks=False):
                if left_out is None or root / relative != left_out:
                    pending.append(relative)
            else:
                yield entry, relative


def _is_hidden(name: str) -> bool:
    return name.startswith((".", *_LOCKS)) or name.lower() in _SYSTEM or name.endswith("~")


def _sort_in(entry: os.DirEntry[str], relative: str, root: Path, found: Scan) -> None:
    reason = None
    try:
        status = entry.stat(follow_symlinks=False)
        if entry.is_symlink():
            reason = _link_reason(Path(entry.path), root)
        else:
            reason = kind_reason(status.st_mode) or _name_reason(entry.name)
    except OSError as error:
        reason = os_reason(error, Path(entry.path))
    if reason is not None:
        found.skipped.append(Skipped(relative, reason))
    else:
        found.files.append(Found(relative, status.st_size, status.st_mtime_ns))


def _name_reason(name: str) -> str | None:
    if not name.isascii() and any("\ud800" <= c <= "\udfff" for c in name):
        return "has a name that is not valid UTF-8; rename it"
    suffix = ending(name)
    if suffix in MOST_BYTES:
        return None
    if not suffix:
        return f"has no ending that names its format; readable: {READABLE}"
    return f"format {visible(suffix, 20)} is not read; readable: {READABLE}"


def _link_reason(link: Path, root: Path) -> str:
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):
        try:
            link.stat()
        except FileNotFoundError:
            return "is a link that leads nowhere; remove it or put the file here"
        except OSError:
            pass
        return "is a link that leads in a circle; remove it"
    if target.is_relative_to(root):
        inside = visible(target.relative_to(root).as_posix())
        return f"is a link to {inside}, which is read under its own name"
    return "is a link that leaves the seeds folder; put the file itself here"


def _hidden_line(hidden: list[str]) -> Skipped:
    names = ", ".join(visible(name, 60) for name in hidden[:_SHOWN])
    more = ", …" if len(hidden) > _SHOWN else ""
    what = "hidden or lock file" if len(hidden) == 1 else "hidden or lock files"
    return Skipped(".", f"{len(hidden)} {what} passed over: {names}{more}")
