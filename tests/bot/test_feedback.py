"""Thumbs as a question set."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from bot.citations import Opened
from bot.feedback import question_set
from bot.state import Thumb
from index.articles import Article, Section, Span
from index.errors import UsageError
from index.squad import Question, read_squad
from tests.bot.samples import OPENED

TEXT = "Es war kalt. Am Abend fiel die Mauer. Alle jubelten."
ARTICLE = Article("a.md", TEXT, "A", (Section(Span(0, len(TEXT))),))
QUOTE = replace(
    OPENED, id="a" * 24, article="a.md", quote="Am Abend fiel die Mauer.", start=13, end=37
)
GOOD = Thumb(1, 1.0, "Wann fiel die Mauer?", "Am Abend. [1]", "g1", ("a" * 24,))


def find(name: str) -> Opened | Article | None:
    known = {"a" * 24: QUOTE, "b" * 24: replace(QUOTE, status="changed"), "a.md": ARTICLE}
    if name == "c" * 24:
        raise UsageError("no such citation")
    return known.get(name)


def test_eval_reads_good_answers_and_good_refusals(tmp_path: Path) -> None:
    refusal = replace(GOOD, question="Wer war 2031 Kanzler?", citations=())
    path = tmp_path / "set.json"
    path.write_text(json.dumps(question_set([GOOD, refusal], find)), encoding="utf-8")
    questions = read_squad(path)
    assert questions.articles == (TEXT,)
    assert questions.questions == (
        Question("thumb-1", "Wann fiel die Mauer?", 0, (Span(13, 37),)),
        Question("thumb-2", "Wer war 2031 Kanzler?", 0, ()),
    )


def test_bad_answers_stand_apart_and_the_last_thumb_counts() -> None:
    result = question_set([GOOD, replace(GOOD, value=-1, at=2.0)], find)
    assert result["data"] == []
    assert result["rejected"] == [
        {
            "id": "thumb-1",
            "question": "Wann fiel die Mauer?",
            "answer": "Am Abend. [1]",
            "citations": ["a" * 24],
        }
    ]


def test_quotes_that_no_longer_stand_are_left_out() -> None:
    for name in ("b" * 24, "c" * 24, "d" * 24):
        assert question_set([replace(GOOD, citations=(name,))], find)["data"] == []
    both = question_set([replace(GOOD, citations=("b" * 24, "a" * 24))], find)
    (entry,) = both["data"][0]["paragraphs"][0]["qas"]
    assert entry["answers"] == [{"text": "Am Abend fiel die Mauer.", "answer_start": 13}]
