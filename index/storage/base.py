"""What a build starts from: the segments of the newest generation that are in order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.arrays import open_array
from index.errors import DamagedError
from index.storage.layout import Layout, write_durably
from index.storage.manifest import SEGMENT_FILE, Manifest
from index.storage.opening import Condition, candidates, current_name, examine, live_pairs
from index.storage.segment import Segment

Known = dict[str, tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class Base:
    """The state of an index folder before a build.

    Attributes:
        manifest: Of the newest generation whose manifest can be read; None at the beginning.
        segments: Its healthy segments.
        pairs: Its near-duplicates (n, 2), None when they must be found anew.
        damaged: What is wrong with the current generation, None when nothing is.
    """

    manifest: Manifest | None
    segments: tuple[Segment, ...]
    pairs: NDArray[np.int64] | None
    damaged: str | None

    def articles(self) -> Known:
        """Id and content hash of every live article, by key."""
        known: Known = {}
        for segment in self.segments:
            for number, one in segment.articles.identities():
                if number not in segment.dead:
                    known[one.key] = (segment.base + number, one.hash)
        return known

    def locate(self, key: str) -> tuple[int, bytes] | None:
        """Id and content hash of the live article with a key."""
        for segment in self.segments:
            found = segment.articles.locate(key)
            if found is not None and found[0] not in segment.dead:
                return segment.base + found[0], found[1]
        return None

    def close(self) -> None:
        """Let go of the files."""
        for segment in self.segments:
            segment.close()


def load_base(layout: Layout) -> Base:
    """Find out what a build can start from.

    Raises:
        MismatchError: Another version of the program wrote the newest generation.
    """
    current = current_name(layout.root)
    names = layout.generation_names()
    damaged = "CURRENT names no generation" if names and current not in names else None
    for name in candidates(current, names):
        try:
            condition = examine(layout, name)
        except DamagedError as error:
            damaged = damaged or str(error)
            continue
        return _from_condition(layout, condition, damaged)
    return Base(None, (), None, damaged)


def _from_condition(layout: Layout, condition: Condition, damaged: str | None) -> Base:
    manifest = condition.manifest
    bad = {path.parent for path in condition.faults}
    healthy = tuple(
        Segment(entry, folder)
        for entry in manifest.segments
        if not _touches(folder := layout.segment(entry.serial), bad)
    )
    for segment in healthy:
        _restore_description(segment)
    whole = len(healthy) == len(manifest.segments)
    stories = layout.stories(manifest.name)
    pairs = None
    if whole and stories not in condition.faults:
        pairs = live_pairs(open_array(stories), manifest)
    if condition.faults:
        damaged = damaged or "; ".join(sorted(condition.faults.values())[:3])
    return Base(manifest, healthy, pairs, damaged)


def _restore_description(segment: Segment) -> None:
    """Write a segment's own description again where it was damaged: mending relies on it."""
    path = segment.folder / SEGMENT_FILE
    content = replace(segment.entry, dead=()).to_bytes()
    if not path.exists() or path.read_bytes() != content:
        write_durably(path, content)


def _touches(folder: Path, bad: set[Path]) -> bool:
    return any(one == folder or folder in one.parents for one in bad)
