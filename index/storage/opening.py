"""Opening a generation: the current one, or the previous one when that is damaged."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.arrays import open_array
from index.errors import DamagedError, NoIndexError
from index.storage.checksums import faults
from index.storage.generation import Generation
from index.storage.layout import Layout
from index.storage.lease import Lease
from index.storage.manifest import Manifest, read_manifest
from index.storage.segment import Segment

_TRIES = 10


@dataclass(frozen=True, slots=True)
class Condition:
    """What a generation's files look like.

    Attributes:
        manifest: Its manifest.
        faults: Every file that is not as it must be, with what is wrong.
    """

    manifest: Manifest
    faults: dict[Path, str]


def open_current(index: Path) -> Generation:
    """Open the generation that serves.

    Every file is checked first. When the current generation is damaged, the newest healthy
    one serves and its ``damaged`` says what was found.

    Raises:
        NoIndexError: Nothing has been indexed yet.
        DamagedError: No generation is healthy.
        MismatchError: Another version of the program wrote the index.
    """
    layout = Layout(index)
    for _ in range(_TRIES):
        current = current_name(index)
        try:
            generation = _open_newest_healthy(layout, current)
        except DamagedError:
            if current_name(index) == current:
                raise
            continue
        if generation.name == current or current_name(index) == current:
            return generation
        generation.close()  # builds went on while it was opened, and took its place
    raise DamagedError(f"The index {index} keeps changing while it is opened: try again.")


def current_name(index: Path) -> str | None:
    """The name of the current generation, None when there is none. Cheap: for polling."""
    try:
        return Layout(index).current.read_text(encoding="utf-8", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _open_newest_healthy(layout: Layout, current: str | None) -> Generation:
    names = layout.generation_names()
    if current is None and not names:
        raise NoIndexError(f"There is no index in {layout.root}: run `belegbot index` to make one.")
    found: str | None = None
    if current not in names:
        found = "CURRENT names no generation"
    for name in candidates(current, names):
        try:
            return open_generation(layout, name, damaged=found)
        except DamagedError as error:
            found = found or f"generation {name}: {error}"
    raise DamagedError(
        f"The index {layout.root} is damaged ({found}): run `belegbot index` to mend it."
    )


def candidates(current: str | None, names: Collection[str]) -> list[str]:
    """The generations in the order in which they may serve: none newer than the current."""
    if current is None or current not in names:
        return sorted(names, reverse=True)
    return sorted((name for name in names if name <= current), reverse=True)


def open_generation(layout: Layout, name: str, *, damaged: str | None = None) -> Generation:
    """Open one generation by name.

    Raises:
        DamagedError: What is wrong with its files.
        MismatchError: Another version of the program wrote it.
    """
    try:
        lease = Lease(layout.manifest(name))
    except OSError as error:
        raise DamagedError(f"manifest.json cannot be opened ({error.strerror})") from None
    try:
        condition = examine(layout, name)
        if condition.faults:
            raise DamagedError("; ".join(sorted(condition.faults.values())[:3]))
        segments = [
            Segment(entry, layout.segment(entry.serial)) for entry in condition.manifest.segments
        ]
        pairs = open_array(layout.stories(name))
        return Generation(condition.manifest, segments, pairs, lease, damaged)
    except BaseException:
        lease.release()
        raise


def examine(layout: Layout, name: str) -> Condition:
    """Check every file of a generation against its manifest.

    Raises:
        DamagedError: The manifest itself is damaged.
        MismatchError: Another version of the program wrote it.
    """
    try:
        manifest = read_manifest(layout.manifest(name))
    except OSError as error:
        raise DamagedError(f"manifest.json cannot be read ({error.strerror})") from None
    files = [(layout.generation(name) / one, entry) for one, entry in manifest.files.items()]
    for segment in manifest.segments:
        folder = layout.segment(segment.serial)
        files.extend((folder / one, entry) for one, entry in segment.files.items())
    return Condition(manifest, faults(files))


def live_pairs(pairs: NDArray[np.int64], manifest: Manifest) -> NDArray[np.int64]:
    """The pairs of a story both of whose articles the manifest still has."""
    if not len(pairs):
        return pairs
    dead = np.array(
        [(one.serial << 32) | number for one in manifest.segments for number in one.dead],
        np.int64,
    )
    serials = np.array([one.serial for one in manifest.segments], np.int64)
    keep = np.isin(pairs >> 32, serials) & ~np.isin(pairs, dead)
    return np.asarray(pairs[keep.all(axis=1)], np.int64)
