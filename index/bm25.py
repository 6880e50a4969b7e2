"""BM25 over the postings of all segments, with statistics of the whole generation.

Scores are computed when a question comes, from the live passages of all segments together: an
index that grew by small additions ranks exactly like one that was built at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.keywords import Postings, term_hash

K1 = 1.5
B = 0.75
_LONG = 20_000
"""From so many postings on it pays to ask first whether new passages can still win."""
_SEEK = 8
"""Finding a passage in a column costs as much as counting so many passages in a row."""

Scores = list[NDArray[np.float32]]
Rows = list[NDArray[np.int64]]
Hit = tuple[int, int, float]


@dataclass(frozen=True, slots=True)
class Shelf:
    """One segment as a search sees it.

    Attributes:
        postings: All postings of the segment.
        live: Which passages (n,) may be found; all when None.
        passages: Live passages.
        length: Terms in all live passages together.
    """

    postings: Postings
    live: NDArray[np.bool_] | None
    passages: int
    length: int

    @classmethod
    def of(cls, postings: Postings, live: NDArray[np.bool_] | None) -> Shelf:
        """Count what is live, once for all searches."""
        lengths = postings.lengths if live is None else postings.lengths[live]
        return cls(postings, live, len(lengths), int(lengths.sum(dtype=np.int64)))


def frequency(shelves: Sequence[Shelf], term: str) -> int:
    """How many live passages contain the term."""
    return sum(len(passages) for passages, _ in _live_postings(shelves, term_hash(term)))


def search(shelves: Sequence[Shelf], weights: Mapping[str, float], k: int) -> list[Hit]:
    """The ``k`` best passages as (shelf, passage, BM25 score), best first, scores above 0.

    Rare terms come first. When all terms that are left could not lift a new passage among the
    best (a term adds less than weight times rarity), they are counted only where a passage is
    still in the running: exact, and words that half of the passages have cost little.

    Args:
        shelves: The segments of a generation.
        weights: What each term of the question counts for, above 0.
        k: How many passages at most.
    """
    passages = sum(shelf.passages for shelf in shelves)
    if not passages or k <= 0:
        return []
    average = max(sum(shelf.length for shelf in shelves) / passages, 1e-9)
    columns = sorted(
        (_column(shelves, term, weight, passages) for term, weight in weights.items()),
        key=lambda column: (-column.most, column.term),
    )
    scores = [np.zeros(len(shelf.postings.lengths), np.float32) for shelf in shelves]
    for place, column in enumerate(columns):
        left = sum(one.most for one in columns[place:])
        if column.size >= _LONG:
            rows = _found(scores)
            least = _least(scores, rows, k)
            if least > left:
                rows = _refine(shelves, scores, rows, columns[place:], average, least)
                return _best(scores, rows, k)
        _add(shelves, scores, column, average)
    return _best(scores, _found(scores), k)


@dataclass(frozen=True, slots=True)
class _Column:
    """A term of a question: its live postings in each shelf, and what it adds at most."""

    term: str
    most: float
    found: list[tuple[NDArray[np.int32], NDArray[np.uint16]]]

    @property
    def size(self) -> int:
        return sum(len(numbers) for numbers, _ in self.found)


def _column(shelves: Sequence[Shelf], term: str, weight: float, passages: int) -> _Column:
    found = _live_postings(shelves, term_hash(term))
    having = sum(len(numbers) for numbers, _ in found)
    rarity = float(np.log1p((passages - having + 0.5) / (having + 0.5)))
    return _Column(term, weight * rarity, found)


def _live_postings(
    shelves: Sequence[Shelf], term: int
) -> list[tuple[NDArray[np.int32], NDArray[np.uint16]]]:
    found = []
    for shelf in shelves:
        where = shelf.postings.of(term) or slice(0, 0)
        numbers, counts = shelf.postings.postings[where], shelf.postings.counts[where]
        if shelf.live is not None:
            live = shelf.live[numbers]
            numbers, counts = numbers[live], counts[live]
        found.append((numbers, counts))
    return found


def _gain(
    column: _Column, counts: NDArray[np.uint16], lengths: NDArray[np.int32], average: float
) -> NDArray[np.float32]:
    often = counts.astype(np.float32)
    norm = lengths * np.float32(K1 * B / average) + np.float32(K1 * (1 - B))
    gain: NDArray[np.float32] = np.float32(column.most) * often / (often + norm.astype(np.float32))
    return gain


def _add(shelves: Sequence[Shelf], scores: Scores, column: _Column, average: float) -> None:
    for shelf, score, (numbers, counts) in zip(shelves, scores, column.found, strict=True):
        lengths = shelf.postings.lengths[numbers]
        score[numbers] += _gain(column, counts, lengths, average)


def _refine(
    shelves: Sequence[Shelf],
    scores: Scores,
    rows: Rows,
    columns: Sequence[_Column],
    average: float,
    least: float,
) -> Rows:
    """Count the terms that are left; gives the passages that stay in the running for ``least``."""
    for place, column in enumerate(columns):
        rows = _at_least(scores, rows, least - sum(one.most for one in columns[place:]))
        if _SEEK * sum(len(some) for some in rows) < column.size:
            _add_where(shelves, scores, rows, column, average)
        else:
            _add(shelves, scores, column, average)
    return _at_least(scores, rows, least)


def _add_where(
    shelves: Sequence[Shelf],
    scores: Scores,
    rows: Rows,
    column: _Column,
    average: float,
) -> None:
    """Count a term for some passages only, found in its postings by binary search."""
    for shelf, score, some, (numbers, counts) in zip(
        shelves, scores, rows, column.found, strict=True
    ):
        if not len(numbers) or not len(some):
            continue
        places = np.minimum(np.searchsorted(numbers, some.astype(np.int32)), len(numbers) - 1)
        having = numbers[places] == some
        chosen, lengths = some[having], shelf.postings.lengths[some[having]]
        score[chosen] += _gain(column, counts[places[having]], lengths, average)


def _found(scores: Scores) -> Rows:
    """The passages that have a score; NumPy finds true values faster than non-zero ones."""
    return [np.flatnonzero(score > 0) for score in scores]


def _least(scores: Scores, rows: Rows, k: int) -> float:
    """The score of the ``k``-th best passage by now; 0 while there are fewer."""
    found = np.concatenate([score[some] for score, some in zip(scores, rows, strict=True)])
    return float(np.partition(found, -k)[-k]) if len(found) >= k else 0.0


def _at_least(scores: Scores, rows: Rows, least: float) -> Rows:
    return [some[score[some] >= least] for score, some in zip(scores, rows, strict=True)]


def _best(scores: Scores, rows: Rows, k: int) -> list[Hit]:
    """The best of ``rows``; among equal scores the first."""
    hits: list[Hit] = []
    for shelf, (score, some) in enumerate(zip(scores, rows, strict=True)):
        if len(some) > k:
            # Passages that tie with the last one are kept: the sort below decides by number.
            some = some[score[some] >= np.partition(score[some], -k)[-k]]
        hits.extend((shelf, int(row), float(score[row])) for row in some)
    hits.sort(key=lambda hit: (-hit[2], hit[0], hit[1]))
    return hits[:k]
