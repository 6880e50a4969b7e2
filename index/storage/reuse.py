"""Vectors that are on disk already, found by what was embedded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.arrays import open_array
from index.errors import BelegError
from index.storage.checksums import faults
from index.storage.journal import Embedded
from index.storage.layout import Layout
from index.storage.manifest import SEGMENT_FILE, SegmentEntry
from index.storage.writer import Key

_NEEDED = (
    "passages.npy",
    "passage_keys.npy",
    "passage_vectors.npy",
    "sentence_vectors.npy",
    "sentence_scales.npy",
)


@dataclass(frozen=True, slots=True)
class _Source:
    """The vectors of one segment, and its keys' first halves in ascending order."""

    passages: NDArray[np.int32]
    keys: NDArray[np.uint64]
    passage_vectors: NDArray[np.float16]
    sentence_vectors: NDArray[np.int8]
    sentence_scales: NDArray[np.float32]
    heads: NDArray[np.uint64]
    order: NDArray[np.int64]

    def find(self, key: Key) -> int | None:
        """The passage with a key."""
        high, low = np.uint64(key[0]), np.uint64(key[1])
        place = int(np.searchsorted(self.heads, high))
        while place < len(self.heads) and self.heads[place] == high:
            if self.keys[self.order[place], 1] == low:
                return int(self.order[place])
            place += 1
        return None

    def get(self, passage: int) -> Embedded:
        """The vectors of a passage, copied out of the map."""
        first, count = (int(value) for value in self.passages[passage, 2:])
        return Embedded(
            np.array(self.passage_vectors[passage]),
            np.array(self.sentence_vectors[first : first + count]),
            np.array(self.sentence_scales[first : first + count]),
        )


class KnownVectors:
    """The vectors of healthy segments that one model made."""

    def __init__(self, folders: Iterable[Path] = ()):
        self._sources = [_opened(folder) for folder in folders]

    @classmethod
    def on_disk(cls, layout: Layout, fingerprint: str) -> KnownVectors:
        """All vectors of a model in an index folder, whatever generation they belong to."""
        folders = [layout.segment(serial) for serial in layout.segment_serials()]
        return cls(folder for folder in folders if _is_usable(folder, fingerprint))

    def among(self, keys: Sequence[Key]) -> set[Key]:
        """Which of the keys are known."""
        return {key for key in set(keys) if self._place(key) is not None}

    def get(self, keys: Iterable[Key]) -> dict[Key, Embedded]:
        """The vectors of those keys that are known."""
        found = {}
        for key in set(keys):
            place = self._place(key)
            if place is not None:
                source, passage = place
                found[key] = source.get(passage)
        return found

    def _place(self, key: Key) -> tuple[_Source, int] | None:
        for source in self._sources:
            passage = source.find(key)
            if passage is not None:
                return source, passage
        return None


def _opened(folder: Path) -> _Source:
    passages, keys, vectors, sentences, scales = (open_array(folder / one) for one in _NEEDED)
    order = np.argsort(keys[:, 0], kind="stable")
    return _Source(passages, keys, vectors, sentences, scales, keys[order, 0], order)


def _is_usable(folder: Path, fingerprint: str) -> bool:
    try:
        entry = SegmentEntry.from_bytes((folder / SEGMENT_FILE).read_bytes())
    except (BelegError, OSError):
        return False
    needed = [(folder / name, entry.files[name]) for name in _NEEDED]
    return entry.model == fingerprint and not faults(needed)
