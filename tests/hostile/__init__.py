"""Files that want to do harm, each with the reason that reading it must give.

``write_all`` fills a folder with every kind; the stress script and the tests share them.
"""

from __future__ import annotations

from pathlib import Path

from tests.hostile.documents import DOCUMENTS
from tests.hostile.filesystem import FILESYSTEM
from tests.hostile.kinds import Hostile
from tests.hostile.texts import TEXTS

HOSTILE: tuple[Hostile, ...] = (*TEXTS, *DOCUMENTS, *FILESYSTEM)

__all__ = ["HOSTILE", "Hostile", "write_all"]


def write_all(folder: Path) -> dict[str, str]:
    """Writes every kind that this machine can hold.

    Returns:
        A part of the reason for each path below the folder that must be skipped.
    """
    expected: dict[str, str] = {}
    for kind in HOSTILE:
        if kind.write(folder):
            expected[kind.skipped] = kind.reason
    return expected
