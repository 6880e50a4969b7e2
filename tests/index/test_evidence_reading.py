"""When the reader is asked, what it reads, and what its word counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.build import build
from index.encoder import Encoder
from index.evidence import Evidence, Query, find_evidence
from index.evidence.find import PLAIN, PLAIN_LIKELIHOOD
from index.evidence.reading import AT_ONCE, FOUND, READ
from index.periods import find_period
from index.reader import Excerpt, Reading
from index.storage import Generation, open_current
from tests.index.hashing import HashingEncoder

VAGUE = "Warum kamen gestern keine Besucher aus Gestadt?"
TOWNS = ["Astadt", "Bestadt", "Cestadt", "Destadt", "Estadt", "Efstadt", "Gestadt", "Hastadt"]


class LiteralReader:
    """Takes a sentence for the answer when it holds one given text."""

    def __init__(self, answer: str, logit: float) -> None:
        self.answer = answer
        self.logit = logit
        self.calls: list[list[str]] = []
        self.asked: list[str] = []

    def read(self, question: str, excerpts: Sequence[Excerpt]) -> Iterator[Reading]:
        """One call's excerpts, noted by their titles."""
        self.asked.append(question)
        self.calls.append([one.title for one in excerpts])
        for one in excerpts:
            found = [self.logit if self.answer in text else -self.logit for text in one.sentences]
            yield Reading(0, np.array(found, np.float32))


class ReadingEncoder(HashingEncoder):
    """The small encoder for tests, with a reader."""

    def __init__(self, reader: LiteralReader) -> None:
        super().__init__()
        self.reader = reader  # type: ignore[assignment]


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    seeds: Path = tmp_path_factory.mktemp("seeds")
    for number, town in enumerate(TOWNS):
        text = f"# {town}\n\nDie Halle in {town} hat {number + 3} Tore. Der Markt dort ist klein.\n"
        (seeds / f"{town}.md").write_text(text, encoding="utf-8")
    index = tmp_path_factory.mktemp("index")
    build(seeds, index, lambda: HashingEncoder())
    with open_current(index) as opened:
        yield opened


def ask(generation: Generation, reader: LiteralReader, question: str) -> Evidence:
    return find_evidence(generation, ReadingEncoder(reader), Query(question))


def test_reading_stops_once_the_answer_is_found(generation: Generation) -> None:
    reader = LiteralReader("Halle", FOUND + 0.1)
    ask(generation, reader, VAGUE)
    assert [len(call) for call in reader.calls] == [AT_ONCE]


def test_no_more_than_some_passages_are_read_and_none_twice(generation: Generation) -> None:
    reader = LiteralReader("nowhere", 5.0)
    ask(generation, reader, VAGUE)
    read = [title for call in reader.calls for title in call]
    assert len(read) == len(set(read)) == READ
    assert all(len(call) <= AT_ONCE for call in reader.calls)


def test_the_reader_hears_what_a_relative_period_means(generation: Generation) -> None:
    reader = LiteralReader("Halle", 5.0)
    question = "Warum kamen gestern keine Besucher aus Gestadt?"
    period = find_period(question, date(2025, 2, 13))
    find_evidence(generation, ReadingEncoder(reader), Query(question, "de", period))
    assert reader.asked == [f"{question} (12. Februar 2025)"]


def test_what_the_reader_finds_comes_first(generation: Generation) -> None:
    question = "Wie ist der Markt?"
    reader = LiteralReader("Der Markt", 8.0)
    evidence = ask(generation, reader, question)
    first = evidence.candidates[0]
    text = generation.article(first.article_id).article.text
    assert text[first.span.start : first.span.end] == "Der Markt dort ist klein."


def test_its_word_raises_and_lowers_the_confidence(generation: Generation) -> None:
    sure = ask(generation, LiteralReader("Halle", 5.0), VAGUE)
    unsure = ask(generation, LiteralReader("nowhere", 5.0), VAGUE)
    assert unsure.confidence < sure.confidence
    assert sure.trace.signs["read"] == 5.0
    assert unsure.trace.signs["read"] == -5.0


def test_a_model_without_a_reader_answers_alone(generation: Generation) -> None:
    evidence = find_evidence(generation, HashingEncoder(), Query(VAGUE))
    assert evidence.candidates
    assert "read" not in evidence.trace.signs


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("Wer war bei der Grenzöffnung für die Sperre zuständig?", True),
        ("Seit wann hat Kroatien den Euro?", False),
    ],
)
def test_the_bundled_models_reader_is_used_unless_the_answer_is_plain(
    encoder: Encoder, seeds_index: Path, question: str, read: bool
) -> None:
    with open_current(seeds_index) as opened:
        evidence = find_evidence(opened, encoder, Query(question))
    signs = evidence.trace.signs
    assert ("read" in signs) == read
    assert read or (evidence.confidence >= PLAIN and signs["likelihood"] >= PLAIN_LIKELIHOOD)
