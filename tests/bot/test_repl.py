from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from bot.answer import Answer
from bot.citations import Opened
from bot.conversation import Conversation
from bot.language_model.writing import OnClaim
from bot.repl import run_repl
from bot.repl.session import Session
from index.errors import UsageError
from index.storage import Card
from tests.bot.samples import ANSWER, GREETING, OPENED, REFUSAL, pipe, two_citations, written

TODAY = date(2026, 11, 23)
CARDS = (
    Card(1, "a.md", "Ein Artikel", "2024-01-02", None, None, "de"),
    Card(2, "b.md", "Noch einer", "2024-11-09", "Blatt", None, "de"),
    Card(3, "c.txt", "Ohne Datum", None, None, None, None),
)
QUESTION = "Wann fiel die Berliner Mauer?"
SHOWN = """\
Am 9. November 1989 öffnete die DDR ihre Grenzen. [1]

[1] Der Fall der Berliner Mauer · Geschichtsblatt · 9. November 2024
    geschichte/mauerfall.md · Abschnitt „Der Abend“ · S. 3
    »Am 9. November 1989 öffnete die DDR ihre Grenzen.« Tausende kamen.
"""
REFUSED = """\
Dazu finde ich in den Artikeln nichts Belegtes.

Am nächsten daran:
  - Ein Artikel · 2. Januar 2024 · a.md
  - Noch einer · b.md
"""
NO_ANSWER = "Fehler: Es gibt noch keine Antwort. Stell erst eine Frage.\n"


@dataclass
class Script:
    """An engine that knows these answers, and remembers what it was asked."""

    answers: dict[str, Answer]
    cards_: Sequence[Card] = CARDS
    min_confidence: float = 0.5
    asked: list[tuple[str, int, date]] = field(default_factory=list)

    def answer(
        self,
        question: str,
        conversation: Conversation,
        *,
        today: date,
        on_claim: OnClaim | None = None,
    ) -> Answer:
        self.asked.append((question, len(conversation.turns), today))
        if question not in self.answers:
            raise UsageError(f"nobody wrote an answer to {question!r}")
        return self.answers[question]

    def open(self, identifier: str) -> Opened:
        if identifier != OPENED.id:
            raise UsageError(f"no article of this index has the citation {identifier}")
        return OPENED

    def cards(self) -> Sequence[Card]:
        return self.cards_


def engine() -> Script:
    return Script({QUESTION: ANSWER, "Wer gewann 2031?": REFUSAL, "Hallo": GREETING})


def transcript(
    engine: Script, text: str | bytes, tmp_path: Path, *, json_lines: bool = False
) -> str:
    console = pipe()
    raw = text.encode("utf-8") if isinstance(text, str) else text
    status = run_repl(
        engine,
        console=console,
        state_dir=tmp_path,
        today=lambda: TODAY,
        json_lines=json_lines,
        stdin=TextIOWrapper(BytesIO(raw), encoding="utf-8"),
        language="de",
    )
    assert status == 0
    return written(console)


def test_each_line_of_a_pipe_is_answered_in_order(tmp_path: Path):
    script = engine()
    text = f"{QUESTION}\n\n   \nWer gewann 2031?\r\nHallo"
    assert transcript(script, text, tmp_path) == (
        f"{SHOWN}\n{REFUSED}\nHallo! Stell mir eine Frage.\n"
    )
    assert script.asked == [
        (QUESTION, 0, TODAY),
        ("Wer gewann 2031?", 1, TODAY),
        ("Hallo", 2, TODAY),
    ]
    assert list(tmp_path.iterdir()) == []


def test_an_error_stands_in_its_place_and_stops_nothing(tmp_path: Path):
    assert transcript(engine(), f"Wie?\n{QUESTION}\n", tmp_path) == (
        f"Fehler: nobody wrote an answer to 'Wie?'\n\n{SHOWN}"
    )


def test_a_line_that_is_no_text_stops_nothing(tmp_path: Path):
    text = b"\xff\xfe?\n" + QUESTION.encode() + b"\n"
    assert transcript(engine(), text, tmp_path) == (
        f"Fehler: Die Zeile ist kein UTF-8-Text.\n\n{SHOWN}"
    )
    assert json.loads(transcript(engine(), b"\xffa\n", tmp_path, json_lines=True)) == {
        "question": "\ufffda",
        "error": "Die Zeile ist kein UTF-8-Text.",
    }


def test_a_byte_order_mark_and_blanks_are_no_part_of_a_question(tmp_path: Path):
    text = "\ufeff  Wann  fiel\tdie Berliner Mauer? \n"
    assert transcript(engine(), text, tmp_path) == SHOWN


def test_json_lines_are_one_object_a_line(tmp_path: Path):
    script = engine()
    text = f"{QUESTION}\nWie?\n/new\n\nWer gewann 2031?\n/nwe\n/quit\nHallo\n"
    objects = [
        json.loads(line)
        for line in transcript(script, text, tmp_path, json_lines=True).splitlines()
    ]
    assert [list(one)[:2] for one in objects] == [
        ["question", "rewritten"],
        ["question", "error"],
        ["command", "text"],
        ["question", "rewritten"],
        ["question", "error"],
    ]
    assert objects[1] == {"question": "Wie?", "error": "nobody wrote an answer to 'Wie?'"}
    assert objects[2] == {
        "command": "/new",
        "text": "Neues Gespräch: Das Bisherige ist vergessen.",
    }
    assert objects[4] == {
        "question": "/nwe",
        "error": "Den Befehl /nwe gibt es nicht. Meintest du /new?",
    }
    assert [(asked, turns) for asked, turns, _ in script.asked] == [
        (QUESTION, 0),
        ("Wie?", 1),
        ("Wer gewann 2031?", 0),
    ]


def test_sources_and_show(tmp_path: Path):
    assert transcript(engine(), f"{QUESTION}\n/sources\n/show 1\n", tmp_path) == (
        f"{SHOWN}\n"
        "[1] Der Fall der Berliner Mauer · Geschichtsblatt · 9. November 2024\n"
        "    geschichte/mauerfall.md · Abschnitt „Der Abend“ · S. 3\n"
        "    »Am 9. November 1989 öffnete die DDR ihre Grenzen.« Tausende kamen.\n"
        "    https://example.org/mauerfall\n"
        "    belegbot show aaaaaaaaaaaaaaaaaaaaaaaa\n"
        "\n"
        "Der Fall der Berliner Mauer\n"
        "Geschichtsblatt · 9. November 2024 · geschichte/mauerfall.md"
        " · Abschnitt „Der Abend“ · S. 3\n"
        "https://example.org/mauerfall\n"
        "Unverändert: Das steht heute so im Artikel.\n"
        "\n"
        "  …Zuvor sprach Schabowski vor der Presse.\n"
        "\n"
        "  »Am 9. November 1989 öffnete die DDR ihre Grenzen.« Tausende kamen.\n"
        "\n"
        "  - zu Fuß\n"
        "  - mit dem Trabant\n"
        "\n"
        "  Dann…\n"
    )


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/show 3", "Eine Quelle 3 gibt es nicht. Die letzte Antwort hat die Quellen 1 bis 2."),
        ("/show x", "Eine Quelle x gibt es nicht. Die letzte Antwort hat die Quellen 1 bis 2."),
        ("/show", "Welche Quelle? /show 1 zeigt die erste."),
        ("/sources 1", "/sources steht allein."),
        ("/new bitte", "/new steht allein."),
        ("/sourcse", "Den Befehl /sourcse gibt es nicht. Meintest du /sources?"),
        ("/so", "Den Befehl /so gibt es nicht. Meintest du /sources?"),
        ("/HLEP", "Den Befehl /hlep gibt es nicht. Meintest du /help?"),
        ("/xyz", "Den Befehl /xyz gibt es nicht. /help zeigt alle."),
        ("/", "Den Befehl / gibt es nicht. /help zeigt alle."),
        ("/show 2", "no article of this index has the citation bbbbbbbbbbbbbbbbbbbbbbbb"),
    ],
)
def test_a_wrong_command_says_what_is_right(command: str, said: str):
    session = Session(Script({QUESTION: two_citations()}), lambda: TODAY, "de")
    session.reply(QUESTION)
    reply = session.reply(command)
    assert (reply.error, reply.page[0].text.plain) == (said, f"Fehler: {said}")


def test_show_needs_no_number_where_there_is_one_source():
    session = Session(engine(), lambda: TODAY, "de")
    session.reply(QUESTION)
    assert session.reply("/show") == session.reply("/show 1") == session.reply("/show [1]")
    assert session.reply("/show 2").error == (
        "Eine Quelle 2 gibt es nicht. Die letzte Antwort hat nur die Quelle 1."
    )


@pytest.mark.parametrize("command", ["/sources", "/show 1", "/debug"])
def test_commands_about_an_answer_need_one(command: str, tmp_path: Path):
    assert transcript(engine(), f"{command}\n", tmp_path) == NO_ANSWER
    text = f"{QUESTION}\n/new\n{command}\n"
    assert transcript(engine(), text, tmp_path).endswith(f"vergessen.\n\n{NO_ANSWER}")


def test_a_refusal_has_no_sources(tmp_path: Path):
    assert transcript(engine(), "Wer gewann 2031?\n/sources\n", tmp_path) == (
        f"{REFUSED}\nFehler: Die letzte Antwort hat keine Quellen.\n"
    )


def test_help(tmp_path: Path):
    assert transcript(engine(), "/help\n", tmp_path) == (
        "Stell eine Frage; Anschlussfragen wie „Und wo war das?“ verstehe ich auch.\n"
        "  /help     diese Hilfe\n"
        "  /sources  alle Quellen der letzten Antwort, mit Adresse und Kennung\n"
        "  /show N   das Zitat [N] in seinem Umfeld\n"
        "  /new      ein neues Gespräch beginnen\n"
        "  /debug    was gesucht wurde und was wie gut passte\n"
        "  /quit     beenden (auch Strg-D)\n"
    )


def test_quit_ends_at_once(tmp_path: Path):
    for command in ("/quit", "/exit"):
        assert transcript(engine(), f"{command}\n{QUESTION}\n", tmp_path) == ""


def test_the_interface_speaks_the_last_question_s_language(tmp_path: Path):
    script = Script({"When?": replace(ANSWER, language="en")})
    said = transcript(script, "/nwe\nWhen?\n/nwe\n", tmp_path).splitlines()
    assert said[0] == "Fehler: Den Befehl /nwe gibt es nicht. Meintest du /new?"
    assert said[-1] == "Error: There is no command /nwe. Did you mean /new?"


def test_who_else_tells_the_story_is_named_by_outlet_or_title(tmp_path: Path):
    citation = replace(ANSWER.citations[0], also_in=("a.md", "b.md", "gone.md"))
    script = Script({QUESTION: replace(ANSWER, citations=(citation,))})
    assert transcript(script, QUESTION, tmp_path).splitlines()[-1] == (
        "    Ebenso berichtet: Ein Artikel, Blatt, gone.md"
    )


def test_the_welcome_counts_the_articles():
    def welcome(cards: Sequence[Card], language: str) -> str:
        return Session(Script({}, cards), lambda: TODAY, language).welcome()[0].text.plain

    assert welcome(CARDS, "de") == (
        "belegbot: 3 Artikel, der neueste vom 9. November 2024 · Frage oder /help"
    )
    assert (
        welcome(CARDS[:1], "en") == "belegbot: one article, from 2 January 2024 · question or /help"
    )
    assert welcome(CARDS[2:], "de") == "belegbot: ein Artikel · Frage oder /help"
    assert welcome((), "en") == "belegbot: 0 articles · question or /help"
