"""Markup off, text kept: what people and the model read of a quote."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Span
from index.markup import plain, unquotable

STRIPPED = [
    ("**fett**, *kursiv*, ***beides***, __auch__ und _so_", "fett, kursiv, beides, auch und so"),
    ("~~weg~~ und **Haupt**stadt", "weg und Hauptstadt"),
    ('Ein [Link](http://x.de/a_(b) "Titel").', "Ein Link."),
    ("[Eins][1] und [[2]](http://x.de)", "Eins und [2]"),
    ("![Bild](a.png) [![innen](i.png)](http://x.de)", "Bild innen"),
    ("Der Befehl `rm *a* _b_` löscht.", "Der Befehl rm *a* _b_ löscht."),
    ("``ein `Zeichen` ``", "ein `Zeichen`"),
    ("## Titel **fett** ##", "Titel fett"),
    ("Satz.[^1] Mehr[^lang].", "Satz. Mehr."),
    (r"\*kein\* Kursiv, 1\. Punkt", "*kein* Kursiv, 1. Punkt"),
    ("H<sub>2</sub>O und <b class='x'>fett</b><br/>neu", "H2O und fett neu"),
    ("<p>Eins</p><p>Zwei</p>", "Eins Zwei"),
    ("Da <!-- geheim --> da", "Da da"),
    ("<https://example.org/a>", "https://example.org/a"),
    ("A &amp; B&nbsp;&ndash; &#8364;", "A & B – €"),
    ("> Zitat\n> weiter", "Zitat weiter"),
    ("**Er kam. Sie", "Er kam. Sie"),
    ("ging.** Dann", "ging. Dann"),
    ("  viel \n\n Raum\t hier ", "viel Raum hier"),
]


@pytest.mark.parametrize(("text", "expected"), STRIPPED)
def test_markup_is_stripped(text: str, expected: str) -> None:
    assert plain(text) == expected


ORDINARY = [
    "5 * 3 * 2 = 30",
    "snake_case_name und A_1, B_1",
    "2 < 3 und 5 > 4",
    "Er sagte [sic] dies [1].",
    "* 1952 in Wien; † 2001",
    "*1952 in Berlin",
    "Schüler*innen und Lehrer*innen",
    "AT&T, R&D; Q&A",
    r"C:\Ordner\Datei",
    "> 5 Prozent",
    "Preis 5 Euro* und 6 Euro*",
    "Platz #5 und #hashtag",
    "~5 km und 2**3**2",
    "http://example.org/_a_/b_c_d",
    "Hochzahlen x^2 {a} | b",
    "<5 und x<y>z",
    "",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert plain(text) == text


@given(st.text(alphabet="aäZ 0.,;:!?\"'()-–„“🚀%$/=+", max_size=200))
def test_plain_text_stays_but_for_white_space(text: str) -> None:
    assert plain(text) == " ".join(text.split())
    assert plain(plain(text)) == plain(text)


@given(st.text(max_size=300))
def test_any_text_can_be_stripped(text: str) -> None:
    stripped = plain(text)
    assert stripped == " ".join(stripped.split())


@given(st.text(alphabet="*_`[]()<>!&\\#~ a1\n-", max_size=200))
def test_signs_alone_never_add_words(text: str) -> None:
    letters = [c for c in plain(text) if c in "a1"]
    assert len(letters) <= sum(c in "a1" for c in text)


def test_what_is_no_evidence() -> None:
    text = "a\n```py\nx\n```\nb <!-- c --> d\n[x]: http://foo\n~~~\noffen\n"
    assert [text[s.start : s.end] for s in unquotable(text)] == [
        "```py\nx\n```",
        "<!-- c -->",
        "[x]: http://foo",
    ]
    assert unquotable("nur Text") == ()
    assert unquotable("~~~\n```\n~~~\n```") == (Span(0, 11),)
    assert unquotable("<!-- offen") == ()


HOSTILE = ["[", "**a ", "*a ", "<", "<!--", "![a](", "`", "`a", "[a] ", "_a ", "&a", "[[a]", "<b ",
           "# ", "\\", ">", "~~a", "\n```", "\n[x]: ", "(", "[^a"]  # fmt: skip


@pytest.mark.parametrize("sign", HOSTILE)
def test_no_text_makes_it_slow(sign: str) -> None:
    text = sign * (40_000 // len(sign))
    begin = time.perf_counter()
    plain(text)
    unquotable(text)
    assert time.perf_counter() - begin < 3
