"""The pipeline over the project's own articles, with the real model."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from bot.answer import Answer, Claim, Kind, joined
from bot.answering import Answerer
from bot.assistant import Assistant
from bot.conversation import Conversation
from bot.library import Library
from bot.render.as_json import answer_json
from index.build import build
from index.encoder import Encoder
from index.errors import UsageError
from tests.conftest import SEEDS
from tests.golden.scoring import rows

TODAY = date(2026, 2, 2)
WALL = "Wann fiel die Berliner Mauer?"
SENTENCE = (
    "Am Abend des 9. November 1989 fiel die Berliner Mauer: Nach mehr als 28 Jahren "
    "öffnete die DDR ihre Grenzübergänge nach West-Berlin."
)


def ask(assistant: Assistant, question: str, conversation: Conversation | None = None) -> Answer:
    return assistant.answer(question, conversation, today=TODAY)


def test_the_answer_is_the_sentence_with_its_citation(seeds_assistant: Assistant) -> None:
    answer = ask(seeds_assistant, WALL)
    assert answer.answered
    assert answer.kind is Kind.ANSWER
    assert answer.claims[0] == Claim(SENTENCE, (1,))
    assert answer.answer.startswith(f"{SENTENCE} [1]")
    first = answer.citations[0]
    assert (first.n, first.article) == (1, "geschichte/mauerfall.md")
    assert first.title == "Die Nacht, in der sich die Schlagbäume hoben"
    assert (first.date, first.source) == ("2024-11-09", "Beispielzeitung")
    assert first.quote == SENTENCE


def test_every_quote_is_verbatim_and_every_claim_is_cited(seeds_assistant: Assistant) -> None:
    for row in rows("questions"):
        answer = ask(seeds_assistant, row["question"])
        for quoted in (*answer.citations, *answer.evidence):
            text = (SEEDS / quoted.article).read_text(encoding="utf-8-sig")
            assert text[quoted.start : quoted.end] == quoted.quote
        numbers = {citation.n for citation in answer.citations}
        assert numbers == set(range(1, len(answer.citations) + 1))
        assert {number for claim in answer.claims for number in claim.citations} == numbers
        assert all(claim.citations for claim in answer.claims)
        assert 0 <= answer.confidence <= 1
        assert len(answer.evidence) <= 5
        assert all(0 <= one.score <= 1 for one in answer.evidence)


def test_the_same_question_gets_the_same_answer(seeds_assistant: Assistant) -> None:
    one, other = (answer_json(ask(seeds_assistant, WALL)) for _ in range(2))
    one.pop("ms")
    other.pop("ms")
    assert one == other


@pytest.mark.parametrize(
    ("question", "language", "refusal"),
    [
        ("Wie hoch ist der Eiffelturm?", "de", "Dazu finde ich in den Artikeln nichts Belegtes."),
        ("How tall is the Eiffel Tower?", "en", "I find nothing in the articles"),
        ("¿Qué altura tiene la torre Eiffel?", "en", "I find nothing in the articles"),
    ],
)
def test_without_evidence_it_says_so_and_cites_nothing(
    seeds_assistant: Assistant, question: str, language: str, refusal: str
) -> None:
    answer = ask(seeds_assistant, question)
    assert not answer.answered
    assert answer.kind is Kind.REFUSAL
    assert answer.language == language
    assert answer.answer.startswith(refusal)
    assert (answer.claims, answer.citations) == ((), ())
    assert answer.nearest
    assert answer.confidence < seeds_assistant.min_confidence


def test_a_sentence_that_leans_brings_the_one_before_it(seeds_assistant: Assistant) -> None:
    answer = ask(seeds_assistant, "Wer folgte Erich Honecker an der Spitze der SED?")
    (claim, leaning) = answer.claims[:2]
    assert claim.text == "Neun Tage später trat Erich Honecker zurück."
    assert leaning.text.startswith("Ihm folgte Egon Krenz an der Spitze der SED")
    assert claim.citations == leaning.citations == (1,)
    assert answer.citations[0].quote == f"{claim.text} {leaning.text}"


def test_a_follow_up_searches_with_the_conversation(seeds_assistant: Assistant) -> None:
    first = ask(seeds_assistant, WALL)
    answer = ask(seeds_assistant, "Und wo war das?", Conversation().after(first))
    assert answer.rewritten is not None
    assert "Berliner Mauer" in answer.rewritten
    assert ask(seeds_assistant, WALL).rewritten is None


@pytest.mark.parametrize("question", ["Hallo!", "Danke", "asdfgh", "???", "Was kannst du?"])
def test_small_talk_gets_a_kind_word(seeds_assistant: Assistant, question: str) -> None:
    answer = ask(seeds_assistant, question)
    assert answer.kind is Kind.TALK
    assert not answer.answered
    assert len(answer.answer) > 5
    assert answer.citations == ()


@pytest.mark.parametrize(
    ("question", "begins"),
    [("Und wo war das?", "Worauf bezieht sich das?"), ("Why?", "What does that refer to?")],
)
def test_a_follow_up_to_nothing_is_asked_back(
    seeds_assistant: Assistant, question: str, begins: str
) -> None:
    answer = ask(seeds_assistant, question)
    assert answer.kind is Kind.TALK
    assert answer.answer.startswith(begins)
    assert (answer.citations, answer.nearest) == ((), ())


def test_why_is_not_answered_by_what_was_just_quoted(seeds_assistant: Assistant) -> None:
    first = ask(seeds_assistant, WALL)
    answer = ask(seeds_assistant, "Warum?", Conversation().after(first))
    assert answer.rewritten == "Warum fiel die Berliner Mauer?"
    assert {one.quote for one in answer.citations}.isdisjoint(one.quote for one in first.citations)
    # The same sentence may well say where.
    where = ask(seeds_assistant, "Und wo?", Conversation().after(first))
    assert where.citations[0].quote == first.citations[0].quote


def test_why_is_answered_by_the_reason_beside_what_was_quoted(
    encoder: Encoder, tmp_path: Path
) -> None:
    (tmp_path / "seeds").mkdir()
    text = (
        "Das Freibad Kaltenbach ist seit dem 3. Mai 2024 geschlossen. Der Eintritt kostete vier "
        "Euro. Das Freibad wurde geschlossen, weil ein Riss das Wasser ablaufen ließ."
    )
    (tmp_path / "seeds" / "freibad.md").write_text(f"# Freibad\n\n{text}\n", encoding="utf-8")
    build(tmp_path / "seeds", tmp_path / "index", lambda: encoder)
    library = Library(tmp_path / "index", lambda: encoder)
    with closing(Assistant(library, Answerer(library))) as assistant:
        first = ask(assistant, "Seit wann ist das Freibad Kaltenbach geschlossen?")
        answer = ask(assistant, "Warum?", Conversation().after(first))
    assert "3. Mai 2024" in first.citations[0].quote
    assert [one.quote for one in answer.citations] == [
        "Das Freibad wurde geschlossen, weil ein Riss das Wasser ablaufen ließ."
    ]


def test_what_is_new_names_the_newest_articles_first(seeds_assistant: Assistant) -> None:
    answer = ask(seeds_assistant, "Was gibt es Neues?")
    dates = [near.date for near in answer.nearest]
    assert dates[0] == "2026-01-05"
    assert dates == sorted(dates, key=str, reverse=True)
    assert answer.answer == "Die neuesten Artikel:"


@pytest.mark.parametrize(
    ("question", "complaint"),
    [("", "is empty"), (" \n", "is empty"), ("x" * 1001, "1,001 characters")],
)
def test_a_question_that_is_none(seeds_assistant: Assistant, question: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        ask(seeds_assistant, question)


def test_a_question_of_a_thousand_characters_is_answered(seeds_assistant: Assistant) -> None:
    question = (WALL + " ") * 33
    assert ask(seeds_assistant, question.ljust(1000, "?")).question.startswith(WALL)


def test_an_excluded_article_is_as_if_it_were_not_there(seeds_assistant: Assistant) -> None:
    key = "geschichte/mauerfall.md"
    answer = seeds_assistant.answerer.answer(WALL, today=TODAY, exclude=(key,))
    quoted = [one.article for one in (*answer.evidence, *answer.nearest)]
    assert quoted
    assert key not in quoted


def test_the_json_object_has_the_promised_keys(seeds_assistant: Assistant) -> None:
    found = json.loads(json.dumps(answer_json(ask(seeds_assistant, WALL))))
    assert list(found) == [
        "question", "rewritten", "answered", "mode", "answer", "claims", "citations",
        "evidence", "nearest", "dropped", "confidence", "generation", "ms",
    ]  # fmt: skip
    assert list(found["citations"][0]) == [
        "n", "id", "article", "title", "section", "page", "source", "date", "url", "quote",
        "start", "end", "score",
    ]  # fmt: skip
    assert found["mode"] == "extractive"
    assert list(found["ms"]) == ["search", "answer", "total"]


def test_claims_are_joined_with_their_numbers() -> None:
    claims = (Claim("Eins.", (1,)), Claim("Zwei.", (1, 2)))
    assert joined(claims) == "Eins. [1] Zwei. [1] [2]"
