from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import MAX_TURNS, Conversation, Turn, Understood, is_unclear, understand

TODAY = date(2026, 11, 23)


@dataclass
class Quoted:
    article: str
    quote: str


@dataclass
class Reply:
    question: str
    rewritten: str | None = None
    answered: bool = True
    kind: str = "answer"
    language: str = "de"
    citations: list[Quoted] = field(default_factory=list)


def talk(*questions: str | tuple[str, str]) -> list[Understood]:
    """Ask one after the other; a pair brings the quote that answers; article N answers turn N."""
    conversation, understood = Conversation(), []
    for number, asked in enumerate(questions, 1):
        question, quote = asked if isinstance(asked, tuple) else (asked, "So war es.")
        understood.append(understand(question, conversation, today=TODAY))
        reply = Reply(question, understood[-1].rewritten)
        reply.citations = [Quoted(f"{number}.md", quote)]
        conversation = conversation.after(reply)
    return understood


def pairs() -> Iterator[tuple[str, tuple[str, ...], str, str]]:
    lines = Path(__file__).with_name("follow_ups.txt").read_text(encoding="utf-8").splitlines()
    first, quotes = "", ()
    for line in lines[3:]:
        if line.startswith("# "):
            first, *rest = line[2:].split(" | ")
            quotes = tuple(rest)
        elif line:
            question, _, meant = line.partition(" => ")
            yield first, quotes, question, meant


@pytest.mark.parametrize(("first", "quotes", "question", "meant"), list(pairs()))
def test_second_questions(first: str, quotes: tuple[str, ...], question: str, meant: str) -> None:
    reply = Reply(first, citations=[Quoted("a.md", quote) for quote in quotes or ("Ja.",)])
    understood = understand(question, Conversation().after(reply), today=TODAY)
    rewritten = None if meant in ("same", "new") else meant
    assert understood.rewritten == rewritten
    assert understood.search == (rewritten or question)
    assert understood.keys == (() if meant == "new" else ("a.md",))


@pytest.mark.parametrize("question", sorted({question for _, _, question, _ in pairs()}))
def test_a_fresh_conversation_changes_nothing(question: str) -> None:
    understood = understand(question, Conversation(), today=TODAY)
    assert (understood.search, understood.rewritten, understood.keys) == (question, None, ())


@pytest.mark.parametrize(
    "question",
    """Und wo war das?|Warum?|wo?|Wer?|In welcher Stadt?|Und danach?|Mehr dazu|Wie alt wurde er?
    |Wem gehört das?|Wer hat sie gebaut?|Was ist das?|und wann genau?|Warum nicht?|Why?|And then?
    |Where was that?|Who built it?|When was it sold?|How old was he?|Tell me more|Who are they?
    |Who discovered it?|Wirklich?""".replace("\n    ", "").split("|"),
)
def test_a_question_that_leans_on_nothing_is_unclear(question: str) -> None:
    assert is_unclear(question, Conversation(), today=TODAY)
    asked = Conversation().after(Reply("Wann fiel die Berliner Mauer?"))
    assert not is_unclear(question, asked, today=TODAY)


@pytest.mark.parametrize(
    "question",
    """NATO?|1989|Und in Frankreich?|Was ist mit Polen?|Wie viele Menschen starben?
    |Warum schlafen wir?|Wie schwimmt man?|was ist liebe|Was ist Liebe?|Wer ist der Papst?
    |Wer war der Kapitän?|Wann fiel die Mauer?|When did the wall fall?|Is it raining in London?
    |What is inflation?|Who is the captain?|Gibt es Leben auf dem Mars?|How do planes fly?
    |Wie viele Monde gibt es?|¿Por qué?|Was sagte er über die Mauer?|Which planets have rings?
    |Was geschah 1989?|Wie hoch ist der Schaden?|What did he say about Brexit?""".replace(
        "\n    ", ""
    ).split("|"),
)
def test_a_question_that_names_something_is_clear(question: str) -> None:
    assert not is_unclear(question, Conversation(), today=TODAY)


def test_a_chain_refers_to_the_last_topic() -> None:
    understood = talk(
        "Wann fiel die Berliner Mauer?",
        "Und wo war das?",
        "Warum?",
        "Und wer hat sie gebaut?",
        "Wann wurde Helmut Kohl geboren?",
        "Und wo?",
        "Wann starb er?",
    )
    assert [(u.search, u.keys) for u in understood] == [
        ("Wann fiel die Berliner Mauer?", ()),
        ("Wo fiel die Berliner Mauer?", ("1.md",)),
        ("Warum fiel die Berliner Mauer?", ("2.md", "1.md")),
        ("Wer hat die Berliner Mauer gebaut?", ("3.md", "2.md", "1.md")),
        ("Wann wurde Helmut Kohl geboren?", ()),
        ("Wo wurde Helmut Kohl geboren?", ("5.md",)),
        ("Wann starb Helmut Kohl?", ("6.md", "5.md")),
    ]


def test_a_chain_over_a_name_from_a_quote() -> None:
    understood = talk(
        ("Wer erfand den Buchdruck?", "Johannes Gutenberg erfand um 1450 den Buchdruck."),
        "Wann war das?",
        "Und wo?",
        "Wann starb er?",
        "Und wo?",
    )
    assert [u.search for u in understood[1:]] == [
        "Wann war das? (den Buchdruck erfand)",
        "Wo? (den Buchdruck erfand)",
        "Wann starb Johannes Gutenberg? (den Buchdruck)",
        "Wo starb Johannes Gutenberg? (den Buchdruck)",
    ]


def test_a_thing_and_a_person_that_fit_the_same_pronoun_are_both_searched() -> None:
    book = ("Wer schrieb die Verwandlung?", "Franz Kafka veröffentlichte die Erzählung 1915.")
    (_, appeared), (_, died) = talk(book, "Wann erschien sie?"), talk(book, "Wann starb er?")
    assert appeared.search == "Wann erschien sie? (die Verwandlung; Franz Kafka)"
    assert died.search == "Wann starb Franz Kafka? (die Verwandlung)"


def test_new_parts_replace_one_another() -> None:
    understood = talk(
        "Wer gewann die Bundestagswahl 2017?", "Und 2021?", "Und in Bayern?", "And 2013?"
    )
    assert [u.search for u in understood[1:]] == [
        "Wer gewann die Bundestagswahl 2021?",
        "Wer gewann die Bundestagswahl 2021 in Bayern?",
        "Wer gewann die Bundestagswahl 2013 in Bayern?",
    ]
    assert [u.period and u.period.text for u in understood] == ["2017", "2021", "2021", "2013"]
    assert [u.language for u in understood] == ["de", "de", "de", "en"]


def test_a_refused_question_can_be_leant_on() -> None:
    refused = Reply("Wann fiel die Mauer in Nikosia?", answered=False, kind="refusal")
    conversation = Conversation().after(refused)
    understood = understand("Und warum?", conversation, today=TODAY)
    assert understood.rewritten == "Warum fiel die Mauer in Nikosia?"
    assert understood.keys == ()


def test_small_talk_leaves_the_topic_in_place() -> None:
    conversation = Conversation().after(Reply("Wann fiel die Berliner Mauer?"))
    assert conversation.after(Reply("Danke!", answered=False, kind="talk")) == conversation


def test_the_period_of_the_earlier_question_holds_on() -> None:
    first, second = talk("Was geschah im März 2022 in Kiew?", "Warum?")
    assert first.period is not None
    assert second.period is not None
    assert (second.period.start, second.period.end) == (first.period.start, first.period.end)


def test_a_date_in_the_quote_is_no_period_of_the_question() -> None:
    quote = "Am 9. November 1989 öffnete die DDR ihre Grenzen."
    _, understood = talk(("Wann fiel die Berliner Mauer?", quote), "Wer hat das gesagt?")
    assert "9. November 1989" in understood.search
    assert understood.period is None


@pytest.mark.parametrize(
    ("questions", "language"),
    [
        (("Wann fiel die Mauer?",), "de"),
        (("When did the wall fall?",), "en"),
        (("NATO?",), "en"),
        (("Wann fiel die Mauer?", "NATO?"), "de"),
        (("Quand le mur est-il tombé ?", "NATO?"), "fr"),
        (("Wann fiel die Mauer?", "Why?"), "en"),
        (("When did the wall fall?", "Warum?"), "de"),
    ],
)
def test_the_language_is_the_question_s_then_the_conversation_s(
    questions: tuple[str, ...], language: str
) -> None:
    assert talk(*questions)[-1].language == language


def test_what_a_turn_keeps() -> None:
    reply = Reply("Und wo?", "Wo fiel die Mauer?")
    reply.citations = [Quoted("b.md", "In Berlin."), Quoted("a.md", "x" * 900), Quoted("b.md", "!")]
    (turn,) = Conversation().after(reply).turns
    assert turn == Turn(
        question="Und wo?",
        searched="Wo fiel die Mauer?",
        language="de",
        answered=True,
        articles=("b.md", "a.md"),
        quotes=("In Berlin.", "x" * 300, "!"),
    )


def test_a_conversation_is_bounded() -> None:
    conversation = Conversation()
    for number in range(20):
        conversation = conversation.after(Reply(f"Was geschah {1950 + number}?"))
    assert [turn.question for turn in conversation.turns] == [
        f"Was geschah {1970 - MAX_TURNS + number}?" for number in range(MAX_TURNS)
    ]


def test_follow_ups_beyond_the_bound_still_know_their_topic() -> None:
    understood = talk("Wer erfand den Buchdruck?", *(["Und wo?"] * 9))
    assert {u.search for u in understood[1:]} == {"Wo? (den Buchdruck erfand)"}


TURNS = st.builds(
    Turn,
    question=st.text(min_size=1),
    searched=st.text(min_size=1),
    language=st.sampled_from(["de", "en", "ru"]),
    answered=st.booleans(),
    articles=st.lists(st.text(min_size=1), max_size=2).map(tuple),
    quotes=st.lists(st.text(), max_size=2).map(tuple),
)


@given(st.lists(TURNS, max_size=MAX_TURNS).map(tuple).map(Conversation))
def test_json_there_and_back(conversation: Conversation) -> None:
    assert Conversation.from_json(json.loads(json.dumps(conversation.to_json()))) == conversation


@pytest.mark.parametrize("data", [None, 3, "x", {"a": 1}, [1], [{}], [{"question": "Wo?"}]])
def test_what_is_no_conversation(data: object) -> None:
    with pytest.raises(ValueError, match="no saved conversation"):
        Conversation.from_json(data)


WORDS = """Und wo war das ? Warum , er sie es dort danach in Frankreich Wer gewann die Mauer fiel
1990 ( ) What about it when did he she there that this mehr and Paris seit wann so nicht Danke"""
SENTENCES = st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=9).map(" ".join)


@given(SENTENCES, SENTENCES, SENTENCES, st.text(max_size=40))
def test_any_words_in_any_conversation(first: str, second: str, third: str, quote: str) -> None:
    understood = talk((first, quote), (second, quote), third)[-1]
    assert understood.search
    assert understood.rewritten in (None, understood.search)
    if understood.rewritten is None:
        assert understood.search == third
    if understood.period is not None:
        assert understood.period.start <= understood.period.end


@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60))
def test_any_text_in_any_conversation(first: str, second: str) -> None:
    assert talk((first, second), second)[-1].search


def test_a_follow_up_is_kept_behind_the_questions_before_it_as_well() -> None:
    *_, understood = talk("Wer schoss auf Rathenau?", "Wohin floh er danach?")
    beside = understood.beside
    assert beside is not None
    assert beside.search == "Wohin floh er danach? (Wer schoss auf Rathenau?)"
    assert (beside.rewritten, beside.keys) == (beside.search, ("1.md",))


@pytest.mark.parametrize("question", ["Wo liegt Paris?", "Wer gewann die WM 2031?"])
def test_a_topic_of_its_own_has_nothing_beside_it(question: str) -> None:
    *_, understood = talk("Wer schoss auf Rathenau?", question)
    assert (understood.search, understood.beside) == (question, None)


@pytest.mark.parametrize("question", ["Und wo?", "Mehr dazu", "Und danach?"])
def test_what_is_whole_has_nothing_beside_it(question: str) -> None:
    *_, understood = talk("Wann wurde Rathenau ermordet?", question)
    assert understood.rewritten is not None
    assert understood.beside is None


def test_the_last_three_questions_stand_beside() -> None:
    *_, understood = talk(
        "Wer schoss?", "Wann starb er?", "Und wo (genau)?", "Warum?", "Wen rief er?"
    )
    assert understood.beside is not None
    assert understood.beside.search == "Wen rief er? (Wann starb er? Und wo genau? Warum?)"


def test_a_fresh_conversation_has_nothing_beside_it() -> None:
    (understood,) = talk("Wann fiel die Berliner Mauer?")
    assert understood.beside is None
