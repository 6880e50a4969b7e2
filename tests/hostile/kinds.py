"""What a hostile kind is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Hostile:
    """One way of doing harm.

    Attributes:
        name: The file's path below the folder.
        make: Writes it at the given path; raises OSError where the machine cannot.
        reason: A part of the reason it is skipped with.
        below: What the skipped path adds to the name: ``:2`` for a line, ``#id`` for a record.
    """

    name: str
    make: Callable[[Path], object]
    reason: str
    below: str = ""

    @property
    def skipped(self) -> str:
        """The path under which it is skipped."""
        return self.name + self.below

    def write(self, folder: Path) -> bool:
        """Writes it; False where this machine or user cannot."""
        path = folder / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self.make(path)
        except PermissionError:
            return False
        return True


def holding(data: bytes | str) -> Callable[[Path], object]:
    """Writes a file of these bytes or this text."""
    raw = data.encode() if isinstance(data, str) else data
    return lambda path: path.write_bytes(raw)


def sized(size: int) -> Callable[[Path], object]:
    """Writes a file of this many bytes that takes no room on disk."""

    def make(path: Path) -> None:
        with path.open("wb") as file:
            file.truncate(size)

    return make
