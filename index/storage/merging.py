"""Merging segments into one: everything is copied, nothing is embedded or read again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.keywords import Part, merge_postings
from index.storage.manifest import SegmentEntry
from index.storage.segment import KEYWORDS, Segment
from index.storage.writer import SegmentWriter
from index.vectors import IndexKind

_GROWTH = 4
_MOST_DEAD = 0.3
_BLOCK = 16_384

NewIds = dict[int, int]


def to_merge(live: Sequence[int], dead: Sequence[int]) -> list[int]:
    """Which segments (positions, in the order of their making) should become one.

    From the newest back, a segment is taken in as long as it is less than four times as large
    as all newer ones together: the number of segments stays below the logarithm of the number
    of passages, and a passage is copied as seldom. A segment is also rewritten when a good
    part of it is dead.

    Args:
        live: Live passages of each segment.
        dead: Dead passages of each segment.
    """
    chosen: set[int] = set()
    taken = 0
    for place in reversed(range(len(live))):
        if taken and live[place] >= _GROWTH * taken:
            break
        taken += live[place]
        chosen.add(place)
    if len(chosen) < 2:
        chosen.clear()
    for place, (alive, gone) in enumerate(zip(live, dead, strict=True)):
        if gone > _MOST_DEAD * (alive + gone):
            chosen.add(place)
    return sorted(chosen)


def merge(
    segments: Sequence[Segment],
    folder: Path,
    serial: int,
    chooser: Callable[[int], IndexKind],
) -> tuple[SegmentEntry, NewIds]:
    """Write the live articles of ``segments`` as one new segment to ``folder``.

    Returns:
        The new segment's entry, and the new id of each article that was kept.
    """
    dimension = segments[0].passage_vectors.shape[1]
    writer = SegmentWriter(folder, dimension)
    try:
        new_ids: NewIds = {}
        for segment in segments:
            _copy_articles(segment, writer, serial << 32, new_ids)
            _copy_passages(segment, writer, len(new_ids))
        (folder / KEYWORDS).mkdir()
        parts = [Part(segment.postings, segment.live) for segment in segments]
        merge_postings(parts, folder / KEYWORDS)
        return writer.seal(serial, segments[0].entry.model, chooser), new_ids
    finally:
        writer.close()


def _copy_articles(segment: Segment, writer: SegmentWriter, base: int, ids: NewIds) -> None:
    alive = np.flatnonzero(segment.live_articles)
    for number in alive:
        ids[segment.base + int(number)] = base + writer.articles.articles
        writer.articles.add_rows([segment.articles.row(int(number))])
    for block in _blocks(alive):
        writer.signatures.append(segment.signatures[block])
    sizes = np.diff(segment.article_passages)[alive]
    writer.article_passages.append(writer.passages.rows + np.cumsum(sizes))


def _copy_passages(segment: Segment, writer: SegmentWriter, articles: int) -> None:
    """Copy the live passages; ``articles`` is the number of articles written by now."""
    alive = segment.live_articles
    numbers = np.cumsum(alive) - 1 + articles - int(alive.sum())
    kept = segment.live if segment.live is not None else np.ones(segment.entry.passages, bool)
    for block in _blocks(np.flatnonzero(kept)):
        rows = segment.passages[block].copy()
        sentences = _sentence_rows(rows)
        rows[:, 0] = numbers[rows[:, 0]]
        rows[:, 2] = writer.sentences.rows + np.cumsum(rows[:, 3]) - rows[:, 3]
        writer.passages.append(rows)
        writer.passage_keys.append(segment.passage_keys[block])
        writer.passage_vectors.append(segment.passage_vectors[block])
        writer.sentences.append(segment.sentences[sentences])
        writer.sentence_vectors.append(segment.sentence_vectors[sentences])
        writer.sentence_scales.append(segment.sentence_scales[sentences])


def _sentence_rows(passages: NDArray[np.int32]) -> NDArray[np.int64]:
    """Where the sentences of some passages lie, one after the other."""
    counts = passages[:, 3].astype(np.int64)
    jumps = passages[:, 2] - (np.cumsum(counts) - counts)
    rows: NDArray[np.int64] = np.arange(counts.sum()) + np.repeat(jumps, counts)
    return rows


def _blocks(numbers: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    for start in range(0, len(numbers), _BLOCK):
        yield numbers[start : start + _BLOCK]
