from __future__ import annotations

from pathlib import Path

from bot.repl.session import Session
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
