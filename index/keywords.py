"""Postings on disk: which passages have a term, and how often.

A segment keeps them as plain arrays (the columns of a sparse matrix, ordered by the terms'
64-bit hashes), so they are read through a memory map and merged without reading a text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import xxhash
from numpy.typing import NDArray

from index.arrays import ArrayWriter, open_array

FILES = ("terms.npy", "starts.npy", "postings.npy", "counts.npy", "lengths.npy")
_MOST = 65_535
_SPILL = 4_000_000
_HASHES = 1 << 64


def term_hash(term: str) -> int:
    """The 64-bit number that stands for a term on disk."""
    return xxhash.xxh3_64_intdigest(term.encode())


@dataclass(frozen=True, slots=True)
class Postings:
    """Where terms occur in the passages 0 to ``len(lengths)`` - 1 of one segment.

    Attributes:
        terms: Hashes, ascending (t,).
        starts: Where each term's postings start (t + 1,).
        postings: Passage numbers, ascending within a term (p,).
        counts: How often the term occurs in that passage (p,).
        lengths: Terms in each passage (n,).
    """

    terms: NDArray[np.uint64]
    starts: NDArray[np.int64]
    postings: NDArray[np.int32]
    counts: NDArray[np.uint16]
    lengths: NDArray[np.int32]

    def of(self, term: int) -> slice | None:
        """Where the postings of a hashed term lie; None when no passage has it."""
        place = int(np.searchsorted(self.terms, np.uint64(term)))
        if place == len(self.terms) or int(self.terms[place]) != term:
            return None
        return slice(int(self.starts[place]), int(self.starts[place + 1]))


def open_postings(folder: Path) -> Postings:
    """Map the postings of a segment into memory."""
    return Postings(*(open_array(folder / name) for name in FILES))


class PostingsWriter:
    """Gathers terms passage by passage and writes them to ``folder``, memory bounded.

    What has been gathered is set aside on disk whenever it reaches ``spill`` postings; the
    pieces are merged at the end.
    """

    def __init__(self, folder: Path, *, spill: int = _SPILL):
        self._folder = folder
        self._spill_size = spill
        self._pieces: list[Path] = []
        self._hashes: list[int] = []
        self._counts: list[int] = []
        self._sizes: list[int] = []
        self._lengths: list[int] = []
        folder.mkdir(parents=True)

    def add(self, terms: Sequence[str]) -> None:
        """Add the next passage's terms, in any order, repeated as often as they occur."""
        counted = Counter(terms)
        self._hashes.extend(term_hash(term) for term in counted)
        self._counts.extend(min(count, _MOST) for count in counted.values())
        self._sizes.append(len(counted))
        self._lengths.append(len(terms))
        if len(self._hashes) >= self._spill_size:
            self._spill()

    def finish(self) -> None:
        """Write the files named in ``FILES``."""
        if not self._pieces:
            _write(self._folder, [self._gathered()])
            return
        self._spill()
        parts = [Part(open_postings(piece), None) for piece in self._pieces]
        merge_postings(parts, self._folder)
        for piece in self._pieces:
            for name in FILES:
                (piece / name).unlink()
            piece.rmdir()

    def _spill(self) -> None:
        piece = self._folder / f"piece-{len(self._pieces)}"
        piece.mkdir()
        _write(piece, [self._gathered()])
        self._pieces.append(piece)

    def _gathered(self) -> Postings:
        passages = np.repeat(np.arange(len(self._sizes), dtype=np.int32), self._sizes)
        gathered = _columns(
            np.array(self._hashes, np.uint64),
            passages,
            np.array(self._counts, np.uint16),
            np.array(self._lengths, np.int32),
        )
        for values in (self._hashes, self._counts, self._sizes, self._lengths):
            values.clear()
        return gathered


@dataclass(frozen=True, slots=True)
class Part:
    """Postings to be merged: the passages of ``keep`` (n,), all when None, in their order."""

    postings: Postings
    keep: NDArray[np.bool_] | None


def merge_postings(parts: Sequence[Part], folder: Path, *, block: int = _SPILL) -> None:
    """Write the passages kept of ``parts``, numbered one after the other, to ``folder``.

    About ``block`` postings are held in memory at a time.
    """
    numbers = _new_numbers(parts)
    lengths = [
        part.postings.lengths if part.keep is None else part.postings.lengths[part.keep]
        for part in parts
    ]
    total = sum(len(part.postings.postings) for part in parts)
    ranges = max(1, -(-total // block))
    edges = [_HASHES * i // ranges for i in range(ranges + 1)]
    blocks = (_merged_range(parts, numbers, low, high) for low, high in pairwise(edges))
    _write(folder, blocks, np.concatenate([np.zeros(0, np.int32), *lengths]))


def _new_numbers(parts: Sequence[Part]) -> list[NDArray[np.int32]]:
    numbers, next_number = [], 0
    for part in parts:
        keep = part.keep if part.keep is not None else np.ones(len(part.postings.lengths), bool)
        fresh = np.where(keep, np.cumsum(keep) - 1 + next_number, -1)
        numbers.append(fresh.astype(np.int32))
        next_number += int(keep.sum())
    return numbers


def _merged_range(
    parts: Sequence[Part], numbers: Sequence[NDArray[np.int32]], low: int, high: int
) -> Postings:
    """The postings of the terms whose hashes lie in ``low`` to ``high`` (exclusive)."""
    hashes, passages, counts = [], [], []
    for part, new in zip(parts, numbers, strict=True):
        source = part.postings
        first = int(np.searchsorted(source.terms, np.uint64(low)))
        last = (
            len(source.terms)
            if high == _HASHES
            else int(np.searchsorted(source.terms, np.uint64(high)))
        )
        starts = source.starts[first : last + 1]
        where = slice(int(starts[0]), int(starts[-1]))
        moved = new[source.postings[where]]
        live = moved >= 0
        hashes.append(np.repeat(source.terms[first:last], np.diff(starts))[live])
        passages.append(moved[live])
        counts.append(source.counts[where][live])
    return _columns(
        np.concatenate(hashes),
        np.concatenate(passages),
        np.concatenate(counts),
        np.zeros(0, np.int32),
    )


def _columns(
    hashes: NDArray[np.uint64],
    passages: NDArray[np.int32],
    counts: NDArray[np.uint16],
    lengths: NDArray[np.int32],
) -> Postings:
    """Order triples by term; passages come in ascending and stay so (the sort is stable)."""
    order = np.argsort(hashes, kind="stable")
    terms, firsts = np.unique(hashes[order], return_index=True)
    starts = np.append(firsts, len(hashes)).astype(np.int64)
    return Postings(terms, starts, passages[order], counts[order], lengths)


def _write(folder: Path, blocks: Iterator[Postings] | list[Postings], lengths: Any = None) -> None:
    """Write blocks of ascending terms one after the other."""
    with (
        ArrayWriter(folder / "terms.npy", np.uint64) as terms,
        ArrayWriter(folder / "starts.npy", np.int64) as starts,
        ArrayWriter(folder / "postings.npy", np.int32) as postings,
        ArrayWriter(folder / "counts.npy", np.uint16) as counts,
        ArrayWriter(folder / "lengths.npy", np.int32) as all_lengths,
    ):
        for block in blocks:
            terms.append(block.terms)
            starts.append(block.starts[:-1] + postings.rows)
            postings.append(block.postings)
            counts.append(block.counts)
            all_lengths.append(block.lengths)
        starts.append([postings.rows])
        if lengths is not None:
            all_lengths.append(lengths)
