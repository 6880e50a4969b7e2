"""The golden set and the articles it asks about fit together."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
GOLDEN = ROOT / "tests" / "golden"
FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
ARTICLES = {path.relative_to(SEEDS).as_posix(): path for path in SEEDS.rglob("*.*")}
FILES = {"questions": 90, "unanswerable": 24, "followups": 18, "time": 12}

Row = dict[str, Any]


def rows(name: str) -> list[Row]:
    lines = (GOLDEN / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def body(key: str) -> str:
    """The article's text without front matter and headings."""
    text = FRONT_MATTER.sub("", ARTICLES[key].read_text("utf-8-sig"))
    return "\n".join(line for line in text.split("\n") if not line.startswith("#"))


def golds(row: Row) -> list[tuple[str, str]]:
    """Every (article, answer) that the row names."""
    places = [row, *row.get("also", []), *([row["then"]] if "then" in row else [])]
    return [(place["article"], answer) for place in places for answer in place["answers"]]


ANSWERABLE = [row for name in ("questions", "followups", "time") for row in rows(name)]


@pytest.mark.parametrize("name", FILES)
def test_each_file_has_enough_rows_with_ids_of_their_own(name: str) -> None:
    ids = [row["id"] for row in rows(name)]
    assert len(ids) >= FILES[name]
    assert [one for one, count in Counter(ids).items() if count > 1] == []


@pytest.mark.parametrize("row", ANSWERABLE, ids=lambda row: row["id"])
def test_every_answer_stands_once_in_its_article(row: Row) -> None:
    found = {(key, answer): body(key).count(answer) for key, answer in golds(row)}
    assert found == dict.fromkeys(found, 1)
    assert all(found)


@pytest.mark.parametrize("name", FILES)
def test_both_languages_are_asked(name: str) -> None:
    counts = Counter(row["language"] for row in rows(name))
    assert set(counts) == {"de", "en"}
    assert min(counts.values()) >= 4


def test_no_question_is_asked_twice() -> None:
    asked = Counter(row["question"] for row in [*rows("questions"), *rows("unanswerable")])
    assert [question for question, count in asked.items() if count > 1] == []


def test_every_article_is_asked_about_in_five_questions_or_more() -> None:
    counts = Counter(row["article"] for row in rows("questions"))
    assert set(counts) == set(ARTICLES)
    assert min(counts.values()) >= 5


def test_questions_ask_for_every_kind() -> None:
    kinds = Counter(row["asks"] for row in rows("questions"))
    assert set(kinds) == {"when", "where", "who", "how many", "why", "what", "how"}


def test_half_of_the_unanswerable_lie_near_an_article() -> None:
    near = [row["near"] for row in rows("unanswerable")]
    assert set(near) - {None} <= set(ARTICLES)
    assert 0.4 <= sum(key is not None for key in near) / len(near) <= 0.6


def test_followups_are_conversations_on_the_same_and_on_new_topics() -> None:
    followups = rows("followups")
    assert {len(row["turns"]) for row in followups} == {2, 3}
    topics = Counter(row["topic"] for row in followups)
    assert set(topics) == {"same", "new"}
    assert min(topics.values()) >= 5


def test_time_questions_are_asked_on_a_day_and_disagreements_put_the_newer_first() -> None:
    timed = rows("time")
    assert all(date.fromisoformat(row["today"]) for row in timed)
    disagreeing = [row for row in timed if "then" in row]
    assert len(disagreeing) >= 2
    for row in disagreeing:
        assert published(row["article"]) > published(row["then"]["article"])


def published(key: str) -> date:
    match = FRONT_MATTER.match(ARTICLES[key].read_text("utf-8-sig"))
    assert match is not None
    day = yaml.safe_load(match[1])["date"]
    assert isinstance(day, date)
    return day


@pytest.mark.parametrize("key", sorted(ARTICLES))
def test_articles_are_of_200_to_500_words(key: str) -> None:
    assert 200 <= len(body(key).split()) <= 500


def test_four_articles_come_as_plain_text_and_the_rest_with_front_matter() -> None:
    plain = [key for key in ARTICLES if key.endswith(".txt")]
    assert len(plain) >= 4
    assert not any(FRONT_MATTER.match(ARTICLES[key].read_text("utf-8")) for key in plain)
    for key in set(ARTICLES) - set(plain):
        match = FRONT_MATTER.match(ARTICLES[key].read_text("utf-8"))
        assert match is not None, key
        fields = yaml.safe_load(match[1])
        assert {"title", "date", "author", "source", "url"} <= set(fields), key
