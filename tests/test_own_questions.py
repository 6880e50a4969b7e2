"""The questions that weights are learned from: whole, near the mark, and apart from the tests'."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.golden.scoring import rows
from tools.own_questions import Asked, read, write


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Asked]]:
    folder = tmp_path_factory.mktemp("own") / "articles"
    return folder, list(write(read(), folder))


def test_answers_stand_where_they_are_said_to(asked: tuple[Path, list[Asked]]) -> None:
    folder, questions = asked
    by_id = {one["id"]: one for one in read()}
    expected = [
        (question["question"], question.get("answer"))
        for one in by_id.values()
        for question in one["questions"]
    ]
    found = []
    for question in questions:
        text = (folder / question.article).read_text(encoding="utf-8")
        quotes = [text[span.start : span.end] for span in question.answers]
        found.append((question.text, quotes[0] if quotes else None))
    assert found == expected


def test_there_are_questions_in_five_languages_and_three_in_ten_have_no_answer(
    asked: tuple[Path, list[Asked]],
) -> None:
    _, questions = asked
    assert len(read()) == 1992
    languages = Counter(question.language for question in questions)
    assert languages == {"de": 20248, "en": 6541, "ru": 2597, "tr": 2341, "es": 2335}
    unanswered = sum(not question.answers for question in questions)
    assert (len(questions), unanswered) == (34062, 10183)


def test_none_of_them_is_of_the_golden_set(asked: tuple[Path, list[Asked]]) -> None:
    _, questions = asked
    golden = {
        row["question"].lower() for name in ("questions", "unanswerable") for row in rows(name)
    }
    assert not golden & {question.text.lower() for question in questions}
