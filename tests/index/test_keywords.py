from __future__ import annotations

import random
from pathlib import Path

import bm25s
import numpy as np
import pytest

from index.bm25 import Shelf, frequency, search
from index.keywords import Part, Postings, PostingsWriter, merge_postings, open_postings

WORDS = [f"wort{number}" for number in range(60)]


def documents(count: int, seed: int = 0) -> list[list[str]]:
    chance = random.Random(seed)
    weights = [1 / (place + 1) for place in range(len(WORDS))]
    return [chance.choices(WORDS, weights, k=chance.randint(1, 40)) for _ in range(count)]


def written(folder: Path, texts: list[list[str]], spill: int = 10_000) -> Postings:
    writer = PostingsWriter(folder, spill=spill)
    for text in texts:
        writer.add(text)
    writer.finish()
    return open_postings(folder)


def shelf(folder: Path, texts: list[list[str]], live: list[bool] | None = None) -> Shelf:
    return Shelf.of(written(folder, texts), None if live is None else np.array(live))


def same(left: Postings, right: Postings) -> bool:
    return all(
        np.array_equal(getattr(left, name), getattr(right, name))
        for name in ("terms", "starts", "postings", "counts", "lengths")
    )


def test_scores_are_those_of_bm25s(tmp_path: Path) -> None:
    texts = documents(200)
    oracle = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
    oracle.index(texts, show_progress=False)
    shelves = [shelf(tmp_path / "all", texts)]
    for question in (["wort1"], ["wort3", "wort30"], ["wort0", "wort59", "wort7"]):
        expected = oracle.get_scores(question)
        hits = search(shelves, dict.fromkeys(question, 1.0), 200)
        assert [row for _, row, _ in hits] == [
            int(row) for row in np.lexsort((np.arange(200), -expected)) if expected[row] > 0
        ]
        for _, row, score in hits:
            assert score == pytest.approx(float(expected[row]), rel=1e-5)


def test_a_weight_multiplies_what_its_term_adds(tmp_path: Path) -> None:
    shelves = [shelf(tmp_path / "all", [["a", "b"], ["a"], ["c"]])]
    single = {row: score for _, row, score in search(shelves, {"b": 1.0}, 3)}
    double = {row: score for _, row, score in search(shelves, {"b": 2.0}, 3)}
    assert double == {0: pytest.approx(2 * single[0])}


def test_only_passages_with_a_term_are_found(tmp_path: Path) -> None:
    shelves = [shelf(tmp_path / "all", [["a"], ["b"], []])]
    assert [(place, row) for place, row, _ in search(shelves, {"b": 1.0, "x": 1.0}, 10)] == [(0, 1)]
    assert search(shelves, {"x": 1.0}, 10) == []
    assert search(shelves, {}, 10) == []
    assert search(shelves, {"a": 1.0}, 0) == []
    assert search([], {"a": 1.0}, 10) == []


def test_equal_scores_come_in_order_and_the_limit_cuts_the_last(tmp_path: Path) -> None:
    shelves = [
        shelf(tmp_path / "one", [["a", "b"]] * 3),
        shelf(tmp_path / "two", [["a", "b"], ["a"]]),
    ]
    hits = [(place, row) for place, row, _ in search(shelves, {"a": 1.0}, 4)]
    assert hits == [(1, 1), (0, 0), (0, 1), (0, 2)]


def test_several_segments_rank_like_one(tmp_path: Path) -> None:
    texts = documents(300, seed=2)
    whole = [shelf(tmp_path / "whole", texts)]
    parts = [
        shelf(tmp_path / "first", texts[:250]),
        shelf(tmp_path / "second", texts[250:290]),
        shelf(tmp_path / "third", texts[290:]),
    ]
    starts = [0, 250, 290]
    for question in ({"wort2": 1.0, "wort40": 0.5}, {"wort10": 2.0}):
        expected = [(row, score) for _, row, score in search(whole, question, 20)]
        assert [(starts[p] + row, s) for p, row, s in search(parts, question, 20)] == expected
    assert frequency(parts, "wort5") == frequency(whole, "wort5")


def test_dead_passages_count_for_nothing(tmp_path: Path) -> None:
    texts = documents(100, seed=3)
    live = [number % 3 != 0 for number in range(100)]
    kept = [text for text, alive in zip(texts, live, strict=True) if alive]
    numbers = [number for number, alive in enumerate(live) if alive]
    masked, clean = [shelf(tmp_path / "masked", texts, live)], [shelf(tmp_path / "clean", kept)]
    question = {"wort1": 1.0, "wort20": 1.0}
    expected = [(numbers[row], score) for _, row, score in search(clean, question, 30)]
    assert [(row, score) for _, row, score in search(masked, question, 30)] == expected
    assert frequency(masked, "wort1") == frequency(clean, "wort1")


def test_writing_in_pieces_gives_the_same_files(tmp_path: Path) -> None:
    texts = documents(120, seed=4)
    whole = written(tmp_path / "whole", texts)
    pieces = written(tmp_path / "pieces", texts, spill=100)
    assert same(whole, pieces)
    assert sorted(path.name for path in (tmp_path / "pieces").iterdir()) == sorted(
        path.name for path in (tmp_path / "whole").iterdir()
    )


@pytest.mark.parametrize("block", [50, 1_000_000])
def test_merging_gives_what_writing_at_once_gives(block: int, tmp_path: Path) -> None:
    texts = documents(150, seed=5)
    keep = np.array([number % 4 != 1 for number in range(100)])
    parts = [
        Part(written(tmp_path / "first", texts[:100]), keep),
        Part(written(tmp_path / "second", texts[100:]), None),
    ]
    (tmp_path / "merged").mkdir()
    merge_postings(parts, tmp_path / "merged", block=block)
    kept = [text for text, alive in zip(texts[:100], keep, strict=True) if alive]
    assert same(open_postings(tmp_path / "merged"), written(tmp_path / "clean", kept + texts[100:]))


def test_frequent_terms_do_not_change_what_is_best(tmp_path: Path) -> None:
    """Long columns are counted only where it matters: the result is that of counting all."""
    chance = random.Random(9)
    texts = []
    for number in range(22_000):
        text = ["oft"] * chance.randint(1, 3) + ["meist"] * chance.randint(0, 2)
        if number % 500 == 7:
            text += ["selten"] * chance.randint(1, 4)
        texts.append(text + ["x"] * chance.randint(0, 20))
    oracle = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
    oracle.index(texts, show_progress=False)
    question = ["selten", "meist", "oft"]
    expected = oracle.get_scores(question)
    best = np.lexsort((np.arange(len(texts)), -expected))[:20]
    shelves = [
        shelf(tmp_path / "first", texts[:21_500]),
        shelf(tmp_path / "second", texts[21_500:]),
    ]
    hits = search(shelves, dict.fromkeys(question, 1.0), 20)
    assert [score for _, _, score in hits] == pytest.approx(list(expected[best]), rel=1e-5)
    rows = [place * 21_500 + row for place, row, _ in hits]
    assert all(row % 500 == 7 for row in rows)
    assert len(set(rows) & set(best.tolist())) >= 19


def test_an_empty_segment_is_written_and_read(tmp_path: Path) -> None:
    postings = written(tmp_path / "empty", [])
    assert len(postings.lengths) == 0
    assert search([Shelf.of(postings, None)], {"a": 1.0}, 5) == []
