from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.vectors import (
    CODES_LIMIT,
    EXACT_LIMIT,
    IndexKind,
    VectorIndex,
    build_index,
    choose_kind,
    write_index,
)

EXACT = IndexKind("exact")
CODES = IndexKind("codes")
ALL_LISTS = IndexKind("ivf", lists=8, probes=8)


def unit_rows(rows: int, dimension: int = 32, seed: int = 0) -> NDArray[np.float16]:
    vectors = np.random.default_rng(seed).standard_normal((rows, dimension))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)


def opened(vectors: NDArray[np.float16], kind: IndexKind, folder: Path) -> VectorIndex:
    path = folder / f"{kind.kind}.faiss"
    write_index(build_index(vectors, kind), path)
    return VectorIndex(path, kind, vectors)


def brute_force(
    vectors: NDArray[np.float16], question: NDArray[np.float32], k: int, rows: NDArray[np.int64]
) -> list[int]:
    scores = vectors[rows].astype(np.float32) @ question
    return [int(row) for row in rows[np.lexsort((rows, -scores))][:k]]


@pytest.mark.parametrize("kind", [EXACT, CODES, ALL_LISTS])
@pytest.mark.parametrize("rows", [1, 7, 500])
def test_finds_the_same_rows_as_comparing_with_every_one(
    kind: IndexKind, rows: int, tmp_path: Path
) -> None:
    vectors = unit_rows(max(rows, kind.lists))
    index = opened(vectors, kind, tmp_path)
    everything = np.arange(len(vectors))
    for question in unit_rows(20, seed=1).astype(np.float32):
        hits = index.nearest(question, 10)
        assert [row for row, _ in hits] == brute_force(vectors, question, 10, everything)
        for row, score in hits:
            assert score == pytest.approx(
                float(vectors[row].astype(np.float32) @ question), abs=1e-5
            )


@pytest.mark.parametrize("kind", [EXACT, CODES, ALL_LISTS])
def test_leaves_out_what_is_not_allowed(kind: IndexKind, tmp_path: Path) -> None:
    vectors = unit_rows(300)
    index = opened(vectors, kind, tmp_path)
    allowed = np.random.default_rng(3).random(300) < 0.3
    for question in unit_rows(20, seed=2).astype(np.float32):
        hits = index.nearest(question, 5, allowed)
        expected = brute_force(vectors, question, 5, np.flatnonzero(allowed))
        assert [row for row, _ in hits] == expected


@pytest.mark.parametrize("kind", [EXACT, CODES, ALL_LISTS])
def test_gives_what_there_is_when_more_is_wanted(kind: IndexKind, tmp_path: Path) -> None:
    vectors = unit_rows(9)
    index = opened(vectors, kind, tmp_path)
    question = vectors[4].astype(np.float32)
    assert len(index.nearest(question, 50)) == 9
    assert index.nearest(question, 0) == []
    assert index.nearest(question, 3, np.zeros(9, bool)) == []


@pytest.mark.parametrize("kind", [EXACT, CODES])
def test_an_empty_index_finds_nothing(kind: IndexKind, tmp_path: Path) -> None:
    vectors = unit_rows(0)
    index = opened(vectors, kind, tmp_path)
    assert index.nearest(np.ones(32, np.float32), 5) == []


def test_equal_vectors_come_in_the_order_of_their_rows(tmp_path: Path) -> None:
    vectors = np.repeat(unit_rows(1), 4, axis=0)
    hits = opened(vectors, EXACT, tmp_path).nearest(vectors[0].astype(np.float32), 4)
    assert [row for row, _ in hits] == [0, 1, 2, 3]


def test_the_kind_follows_the_size() -> None:
    assert choose_kind(0) == EXACT
    assert choose_kind(EXACT_LIMIT) == EXACT
    assert choose_kind(EXACT_LIMIT + 1) == CODES
    assert choose_kind(CODES_LIMIT) == CODES
    large = choose_kind(1_000_000)
    assert large.kind == "ivf"
    assert large.lists == 4096
    assert 0 < large.probes < large.lists


def test_lists_find_nearly_all_of_what_is_nearest(tmp_path: Path) -> None:
    chance = np.random.default_rng(5)
    centres = unit_rows(60, seed=6).astype(np.float32)
    noise = chance.standard_normal((6000, 32)).astype(np.float32)
    vectors = centres[chance.integers(60, size=6000)] + 0.1 * noise
    halves = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)
    index = opened(halves, IndexKind("ivf", lists=64, probes=16), tmp_path)
    found = 0
    for question in halves[::100].astype(np.float32):
        expected = set(brute_force(halves, question, 10, np.arange(6000)))
        found += len(expected & {row for row, _ in index.nearest(question, 10)})
    assert found / 600 >= 0.98


def test_a_full_disk_is_an_error_of_the_system() -> None:
    with pytest.raises(OSError, match="No space left"):
        write_index(build_index(unit_rows(5000), EXACT), Path("/dev/full"))
