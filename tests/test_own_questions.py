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
        if "after" not in question
    ]
    found = []
    for question in questions:
        if question.kind != "own":
            continue
        text = (folder / question.article).read_text(encoding="utf-8")
        quotes = [text[span.start : span.end] for span in question.answers]
        found.append((question.text, quotes[0] if quotes else None))
    assert found == expected


def test_there_are_questions_in_five_languages_and_two_in_seven_have_no_answer() -> None:
    articles = read()
    questions = [question for one in articles for question in one["questions"]]
    languages = Counter(question["language"] for question in questions)
    unanswered = sum("sentence" not in question for question in questions)
    conversations = sum("after" in question for question in questions)
    assert (len(articles), len(questions)) == (4471, 77928)
    assert languages == {"de": 46623, "en": 15034, "ru": 5517, "es": 5416, "tr": 5338}
    assert (unanswered, conversations) == (22103, 3345)


def test_follow_ups_come_as_they_are_searched(asked: tuple[Path, list[Asked]]) -> None:
    _, questions = asked
    talk = [one for one in questions if one.kind == "talk beside"]
    assert len(talk) == 2520
    assert all(one.text.endswith(")") for one in talk)
    example = next(one for one in talk if one.text.startswith("Womit zog er sich danach zurück?"))
    assert example.text == (
        "Womit zog er sich danach zurück? (Wem übergab Garibaldi den Süden Italiens?)"
    )


def test_some_are_asked_once_more_behind_another(asked: tuple[Path, list[Asked]]) -> None:
    _, questions = asked
    own = {(one.article, one.text): one.answers for one in questions if one.kind == "own"}
    again = [one for one in questions if one.kind == "beside"]
    assert len(again) > 5000
    for one in again:
        words = one.text.split(" ")
        heads = (" ".join(words[:n]) for n in range(1, len(words)) if words[n].startswith("("))
        assert one.answers in [own.get((one.article, head)) for head in heads]


def test_none_of_them_is_of_the_golden_set(asked: tuple[Path, list[Asked]]) -> None:
    _, questions = asked
    golden = {
        row["question"].lower() for name in ("questions", "unanswerable") for row in rows(name)
    }
    assert not golden & {question.text.lower() for question in questions}
