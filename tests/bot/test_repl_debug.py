from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.render.page import text_of
from bot.repl.debug import render_debug
from bot.repl.session import Session
from index.evidence import Trace
from index.evidence.question_type import Wanted
from tests.bot.samples import ANSWER
from tests.bot.test_repl import QUESTION, SHOWN, TODAY, engine, transcript


def test_debug(tmp_path: Path):
    assert transcript(engine(), f"{QUESTION}\n/debug\n", tmp_path) == (
        f"{SHOWN}\n"
        "gesucht     Wann fiel die Berliner Mauer?\n"
        "Sicherheit  0,93 (nötig: 0,50)\n"
        "Art         Zitat\n"
        "Zeiten      Suche 8,1 ms, Antwort 3,1 ms, insgesamt 12,4 ms\n"
        "Indexstand  20241109-1\n"
        "\n"
        f"Wert  Nr.  Artikel{' ' * 47}Satz\n"
        f"0,87  [1]  geschichte/mauerfall.md{' ' * 31}"
        "Am 9. November 1989 öffnete die DDR ihre Grenzen.\n"
        "0,50       geschichte/die-lange-vorgeschichte-des-mauerfalls.md"
        "  Im Sommer 1989 flohen Tausende über Ungarn.\n"
    )


def test_debug_keeps_to_the_width():
    session = Session(engine(), lambda: TODAY, "de", width=70)
    session.reply(QUESTION)
    assert [line.text.plain for line in session.reply("/debug").page[-3:]] == [
        "Wert  Nr.  Artikel                       Satz",
        "0,87  [1]  geschichte/mauerfall.md       Am 9. November 1989 öffnete…",
        "0,50       …eschichte-des-mauerfalls.md  Im Sommer 1989 flohen Tausen…",
    ]


def test_debug_after_small_talk(tmp_path: Path):
    assert transcript(engine(), "Hallo\n/debug\n", tmp_path).endswith("Es wurde nichts gesucht.\n")


def test_debug_says_what_was_searched():
    trace = Trace(
        searched=QUESTION,
        language="de",
        terms={"berlin": 1.68, "fiel": 2.85, "mau": 2.65},
        wanted=("place", "time"),
        passages=((7, 1.39, 0.897, 0.524), (8, 1.33, 0.873, 0.265)),
        sentences=(),
        signs={},
    )
    page = render_debug(replace(ANSWER, trace=trace, evidence=()), 0.5, "de", None)
    assert text_of(page).splitlines()[:6] == [
        "gesucht      Wann fiel die Berliner Mauer?",
        "Sprache      de",
        "gefragt ist  ein Ort, eine Zeit",
        "Suchwörter   fiel 2,9, mau 2,6, berlin 1,7",
        "Textstellen  2, die beste: Bedeutung 0,90, Wörter 0,52",
        "Sicherheit   0,93 (nötig: 0,50)",
    ]


def test_debug_names_every_kind_of_answer():
    trace = Trace("?", None, {}, tuple(Wanted), (), (), {})
    for language in ("de", "en"):
        page = render_debug(replace(ANSWER, trace=trace), 0.5, language, None)
        assert text_of(page).splitlines()[1].count(", ") == len(Wanted) - 1
