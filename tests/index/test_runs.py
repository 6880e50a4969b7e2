from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Span
from index.evidence.features import Sentence
from index.evidence.runs import MOST_RUNS, likelihoods, runs


def sentences(*sizes: int) -> list[Sentence]:
    """Passages of so many sentences each."""
    return [
        Sentence(hit, number, Span(10 * number, 10 * number + 9), "", frozenset())
        for hit, size in enumerate(sizes)
        for number in range(size)
    ]


def members(found: list[Sentence], likely: list[float]) -> list[tuple[int, ...]]:
    return [run.members for run in runs(found, np.array(likely))]


def test_likelihoods_sum_to_one_and_keep_the_order() -> None:
    likely = likelihoods(np.array([1.0, 3.0, 2.0]))
    assert likely.sum() == pytest.approx(1.0)
    assert list(np.argsort(-likely)) == [1, 2, 0]
    assert likely[1] / likely[2] == pytest.approx(np.e)


def test_a_clear_sentence_stands_alone() -> None:
    assert members(sentences(3), [0.05, 0.9, 0.05]) == [(1,), (0,), (2,)]


def test_a_likely_neighbour_joins_in_reading_order() -> None:
    assert members(sentences(3), [0.3, 0.5, 0.2]) == [(0, 1), (2,)]
    assert members(sentences(3), [0.2, 0.5, 0.3]) == [(1, 2), (0,)]


def test_neighbours_are_of_the_same_passage_and_in_one_run_only() -> None:
    assert members(sentences(1, 2), [0.5, 0.4, 0.1]) == [(0,), (1, 2)]
    assert members(sentences(4), [0.1, 0.4, 0.3, 0.2]) == [(1, 2), (3,), (0,)]


def test_no_more_runs_than_wanted() -> None:
    found = sentences(1, 1, 1, 1, 1, 1, 1)
    assert members(found, [0.2, 0.18, 0.16, 0.14, 0.12, 0.11, 0.09]) == [
        (0,), (1,), (2,), (3,), (4,),
    ]  # fmt: skip


def test_equals_keep_the_order_of_the_passages() -> None:
    assert members(sentences(1, 1), [0.5, 0.5]) == [(0,), (1,)]


@given(
    st.lists(st.integers(1, 5), min_size=1, max_size=6).flatmap(
        lambda sizes: st.tuples(
            st.just(sizes),
            st.lists(st.floats(-20, 20), min_size=sum(sizes), max_size=sum(sizes)),
        )
    )
)
def test_runs_are_adjacent_disjoint_and_begin_with_the_likeliest(
    drawn: tuple[list[int], list[float]],
) -> None:
    sizes, scores = drawn
    found, likely = sentences(*sizes), likelihoods(np.array(scores))
    made = runs(found, likely)
    taken = [place for run in made for place in run.members]
    assert len(taken) == len(set(taken))
    assert len(made) <= MOST_RUNS
    assert likely[made[0].best] == likely.max()
    for run in made:
        first, last = found[run.members[0]], found[run.members[-1]]
        assert first.hit == last.hit
        assert last.number - first.number == len(run.members) - 1 <= 1
        assert run.likelihood == pytest.approx(likely[list(run.members)].sum())
