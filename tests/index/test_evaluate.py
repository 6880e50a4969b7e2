"""Measures against values worked out by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Span
from index.errors import UsageError
from index.evaluate import Outcome, auroc, calibration_error, covers, first_rank, summarise
from index.squad import Question, QuestionSet, ask_in_parallel, merge, read_squad

GOOD = Outcome(
    answered=True,
    passage_rank=1,
    evidence_rank=1,
    cited_gold=True,
    sentences=1,
    not_verbatim=0,
    confidence=0.9,
    seconds=0.010,
)
REFUSED = replace(
    GOOD, answered=False, passage_rank=0, evidence_rank=0, cited_gold=False, sentences=0
)


def test_a_quote_covers_an_answer_only_whole() -> None:
    gold = (Span(10, 14),)
    assert covers(Span(10, 14), gold)
    assert covers(Span(0, 20), gold)
    assert not covers(Span(11, 20), gold)
    assert not covers(Span(0, 13), gold)
    assert not covers(Span(0, 20), ())


def test_the_first_rank_counts_from_one() -> None:
    assert first_rank([False, True, True]) == 2
    assert first_rank([False]) == 0
    assert first_rank([]) == 0


def test_auroc_by_hand() -> None:
    # Pairs: .9>.8, .9>.3, .5<.8, .5>.3: three of four.
    assert auroc([0.9, 0.5], [0.8, 0.3]) == 0.75
    assert auroc([0.5], [0.5]) == 0.5


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=20),
    st.lists(st.integers(0, 9), min_size=1, max_size=20),
)
def test_auroc_is_the_share_of_pairs_in_order(positive: list[int], negative: list[int]) -> None:
    pairs = [(p > n) + (p == n) / 2 for p in positive for n in negative]
    assert auroc(positive, negative) == pytest.approx(sum(pairs) / len(pairs))


def test_calibration_error_by_hand() -> None:
    # Twenty predictions in ten bins of two; each says .8 and one of two comes true.
    assert calibration_error([0.8] * 20, [True, False] * 10) == pytest.approx(0.3)
    assert calibration_error([1.0] * 10 + [0.0] * 10, [True] * 10 + [False] * 10) == 0.0


def test_a_report_by_hand() -> None:
    later = replace(GOOD, passage_rank=4, evidence_rank=3, cited_gold=False, sentences=2)
    report = summarise([GOOD, later, REFUSED, replace(GOOD, seconds=0.050)])
    assert report.questions == 4
    assert (report.recall_at_1, report.recall_at_5, report.recall_at_10) == (0.5, 0.75, 0.75)
    assert report.mrr == pytest.approx((1 + 0.25 + 0 + 1) / 4)
    assert (report.evidence_at_1, report.evidence_at_3) == (0.5, 0.75)
    assert report.answered == 0.75
    assert report.cited_gold == pytest.approx(2 / 3)
    assert report.sentences_per_answer == pytest.approx(4 / 3)
    assert report.median_ms == pytest.approx(10.0)
    assert report.auroc is None


def test_false_answers_are_counted_at_the_threshold_and_at_ninety_percent() -> None:
    known = [replace(GOOD, confidence=score) for score in np.linspace(0.1, 1.0, 10)]
    unknown = [replace(REFUSED, confidence=score) for score in (0.15, 0.25, 0.05, 0.05)]
    unknown[1] = replace(unknown[1], answered=True)
    report = summarise(known, unknown)
    assert report.false_answers == 0.25
    # The threshold that keeps nine of ten known ones is .1 or .2: "lower" keeps at least 90%.
    assert report.false_answers_at_90 == 0.5
    assert report.auroc == auroc([o.confidence for o in known], [o.confidence for o in unknown])


def test_no_question_cannot_be_summarised() -> None:
    with pytest.raises(ValueError, match="no questions"):
        summarise([])


def squad(path: Path, contexts: list[str], qas: list[dict[str, object]]) -> Path:
    paragraphs = [{"context": context, "qas": []} for context in contexts]
    paragraphs[-1]["qas"] = qas  # type: ignore[assignment]
    path.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}), encoding="utf-8")
    return path


def test_paragraphs_are_joined_and_answers_move_along(tmp_path: Path) -> None:
    answer = {"text": "1989", "answer_start": 8}
    path = squad(
        tmp_path / "set.json",
        ["Erster Absatz.", "Es fiel 1989."],
        [{"id": "a", "question": "Wann?", "answers": [answer, answer]}],
    )
    found = read_squad(path)
    assert found.articles == ("Erster Absatz.\n\nEs fiel 1989.",)
    (question,) = found.questions
    (span,) = question.answers
    assert found.articles[0][span.start : span.end] == "1989"


def test_a_parallel_file_lends_its_questions() -> None:
    gold = QuestionSet(
        ("Text.",), (Question("a", "Wann?", 0, (Span(0, 4),)), Question("b", "Wo?", 0, ()))
    )
    other = QuestionSet((), (Question("a", "When?", 0, ()),))
    assert ask_in_parallel(gold, other).questions == (Question("a", "When?", 0, (Span(0, 4),)),)
    with pytest.raises(UsageError, match="no question id in common"):
        ask_in_parallel(gold, QuestionSet((), ()))


def test_several_sets_become_one() -> None:
    one = QuestionSet(("A.",), (Question("a", "A?", 0, (Span(0, 1),)),))
    both = merge([one, one])
    assert both.articles == ("A.", "A.")
    assert [question.article for question in both.questions] == [0, 1]


@pytest.mark.parametrize("text", ["", "[]", '{"data": 3}', '{"data": [{"paragraphs": [{}]}]}'])
def test_a_file_of_another_kind_is_one_clear_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "set.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"set\.json is not a question set in SQuAD format"):
        read_squad(path)


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read .*none\.json: No such file"):
        read_squad(tmp_path / "none.json")
