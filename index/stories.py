"""Stories: near-duplicate articles, found by MinHash over runs of words.

Each article has a signature; locality-sensitive hashing cuts it into bands, and articles that
share a band are compared. Signatures and sorted bands are kept with each segment, so that a
new article is compared with a quarter of a million others without reading them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
import xxhash
from numpy.typing import NDArray

from index.articles import Article

SIGNATURE = 128
ALIKE = 0.6
"""Articles of which so large a share of all runs of three words is common are one story."""
_BANDS = 32
_ROWS = SIGNATURE // _BANDS
_WORDS = 3
_CROWD = 64
_MIX = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], np.uint64
)

Signatures = NDArray[np.uint32]
Bands = NDArray[np.uint64]
Order = NDArray[np.int32]
Pair = tuple[int, int]


def signature(article: Article) -> NDArray[np.uint32]:
    """The MinHash signature of what an article says in its sections (``SIGNATURE``,)."""
    from datasketch import MinHash

    minhash = MinHash(SIGNATURE, seed=1, hashfunc=xxhash.xxh32_intdigest, scheme="affine32")
    minhash.update_batch(_shingles(article))
    return np.asarray(minhash.hashvalues, np.uint32)


def _shingles(article: Article) -> list[bytes]:
    bodies = (article.text[one.span.start : one.span.end] for one in article.sections)
    words = [word for body in bodies for word in re.findall(r"\w+", body.casefold())]
    runs = max(1, len(words) - _WORDS + 1)
    return [" ".join(words[i : i + _WORDS]).encode("utf-8", "replace") for i in range(runs)]


def bands(signatures: Signatures) -> tuple[Bands, Order]:
    """Each band's hashes in ascending order (bands, n), and whose they are (bands, n)."""
    values = _band_hashes(signatures)
    order = np.argsort(values, axis=1, kind="stable").astype(np.int32)
    return np.take_along_axis(values, order.astype(np.int64), axis=1), order


def _band_hashes(signatures: Signatures) -> Bands:
    rows = np.asarray(signatures, np.uint64).reshape(-1, _BANDS, _ROWS)
    mixed = (rows * _MIX).sum(axis=2, dtype=np.uint64)
    return np.ascontiguousarray((mixed ^ (mixed >> np.uint64(29))).T)


def pairs_within(signatures: Signatures, hashes: Bands, order: Order) -> set[Pair]:
    """Pairs of near-duplicates among the articles of one segment, as positions (a < b)."""
    candidates: set[Pair] = set()
    for values, owners in zip(hashes, order, strict=True):
        edges = np.flatnonzero(np.diff(values)) + 1
        starts = np.concatenate([[0], edges, [len(values)]])
        for run in np.flatnonzero(np.diff(starts) > 1):
            members = sorted(owners[starts[run] : starts[run + 1]].tolist())
            candidates.update(_couples(members))
    return _alike(candidates, signatures, signatures)


def pairs_across(new: Signatures, old: Signatures, hashes: Bands, order: Order) -> set[Pair]:
    """Pairs of near-duplicates as (position in ``new``, position in ``old``).

    Args:
        new: Signatures of the articles that were added.
        old: Signatures of an older segment.
        hashes: The older segment's bands.
        order: Whose they are.
    """
    candidates: set[Pair] = set()
    for values, owners, wanted in zip(hashes, order, _band_hashes(new), strict=True):
        lows = np.searchsorted(values, wanted, side="left")
        highs = np.searchsorted(values, wanted, side="right")
        for number in np.flatnonzero(highs > lows):
            crowd = owners[lows[number] : highs[number]][:_CROWD]
            candidates.update((int(number), int(owner)) for owner in crowd)
    return _alike(candidates, new, old)


def _couples(members: Sequence[int]) -> Iterator[Pair]:
    """All pairs of a few; each with the next among very many, to stay below the square."""
    if len(members) > _CROWD:
        yield from pairwise(members)
        return
    for place, first in enumerate(members):
        for second in members[place + 1 :]:
            yield first, second


def _alike(candidates: Iterable[Pair], left: Signatures, right: Signatures) -> set[Pair]:
    ordered = sorted(candidates)
    found: set[Pair] = set()
    for start in range(0, len(ordered), 10_000):
        block = np.array(ordered[start : start + 10_000])
        shares = (left[block[:, 0]] == right[block[:, 1]]).mean(axis=1)
        found.update((int(a), int(b)) for a, b in block[shares >= ALIKE])
    return found


def groups(pairs: Iterable[Pair]) -> Mapping[int, tuple[int, ...]]:
    """For every article in a pair, all members of its story in ascending order."""
    leader: dict[int, int] = {}

    def find(article: int) -> int:
        while leader.setdefault(article, article) != article:
            leader[article] = leader[leader[article]]
            article = leader[article]
        return article

    for first, second in pairs:
        low, high = sorted((find(first), find(second)))
        leader[high] = low
    members: dict[int, list[int]] = {}
    for article in sorted(leader):
        members.setdefault(find(article), []).append(article)
    return {one: tuple(story) for story in members.values() for one in story}
