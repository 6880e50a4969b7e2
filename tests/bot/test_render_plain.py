from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.answer import Answer, Kind, NearestArticle
from bot.citations import Opened
from bot.render.page import show, text_of
from bot.render.plain import (
    print_answer,
    render_answer,
    render_sources,
)
from index.errors import UsageError
from tests.bot.samples import (
    ANSWER,
    CITATION,
    GREETING,
    OPENED,
    REFUSAL,
    pipe,
    terminal,
    two_citations,
    written,
)


def piped(answer: Answer) -> str:
    console = pipe()
    print_answer(answer, console)
    return written(console)


def test_an_answer_in_a_pipe():
    assert piped(two_citations()) == (
        "Am 9. November 1989 öffnete die DDR ihre Grenzen. [1]"
        " The border opened in the evening. [2]\n"
        "\n"
        "[1] Der Fall der Berliner Mauer · Geschichtsblatt · 9. November 2024\n"
        "    geschichte/mauerfall.md · Abschnitt „Der Abend“ · S. 3\n"
        "    „Am 9. November 1989 öffnete die DDR ihre Grenzen.“\n"
        "\n"
        "[2] The Wall\n"
        "    wall.txt\n"
        "    „The border opened in the evening.“\n"
    )


def test_labels_follow_the_answer_s_language():
    assert piped(replace(ANSWER, language="en")).splitlines()[2:] == [
        "[1] Der Fall der Berliner Mauer · Geschichtsblatt · 9 November 2024",
        "    geschichte/mauerfall.md · section “Der Abend” · p. 3",
        "    “Am 9. November 1989 öffnete die DDR ihre Grenzen.”",
    ]


def test_a_quote_is_marked_in_its_surroundings_when_it_can_be_opened():
    console = pipe()
    print_answer(ANSWER, console, opener=lambda identifier: replace(OPENED, id=identifier))
    assert written(console).splitlines()[-1] == (
        "    »Am 9. November 1989 öffnete die DDR ihre Grenzen.« Tausende kamen."
    )


def test_a_quote_that_cannot_be_opened_stands_alone():
    def opener(identifier: str) -> Opened:
        raise UsageError("gone")

    assert text_of(render_answer(ANSWER, opener=opener)) == text_of(render_answer(ANSWER))


def test_a_refusal_is_one_line_and_the_nearest_articles():
    assert piped(REFUSAL) == (
        "Dazu finde ich in den Artikeln nichts Belegtes.\n"
        "\n"
        "Am nächsten daran:\n"
        "  - Ein Artikel · 2. Januar 2024 · a.md\n"
        "  - Noch einer · b.md\n"
    )


def test_a_kind_word_is_just_that():
    assert piped(GREETING) == "Hallo! Stell mir eine Frage.\n"


def test_what_is_new_is_a_list_below_its_own_words():
    news = replace(
        REFUSAL, answer="Die neuesten Artikel:", evidence=(), kind=Kind.TALK, language="en"
    )
    assert piped(news) == (
        "Die neuesten Artikel:\n  - Ein Artikel · 2 January 2024 · a.md\n  - Noch einer · b.md\n"
    )


def test_what_was_searched_and_what_is_to_be_noticed_stand_below_the_fact():
    answer = replace(ANSWER, rewritten="Wo fiel die Mauer?", notice="Das Modell antwortet nicht.")
    assert piped(answer).splitlines()[:4] == [
        "Am 9. November 1989 öffnete die DDR ihre Grenzen. [1]",
        "Gesucht: Wo fiel die Mauer?",
        "Das Modell antwortet nicht.",
        "",
    ]


def test_who_else_tells_the_story_is_named_once():
    citation = replace(CITATION, also_in=("x.md", "y.md", "z.md"))
    outlets = {"x.md": "Nordblatt", "y.md": "Südblatt", "z.md": "Nordblatt"}
    page = render_answer(replace(ANSWER, citations=(citation,)), outlet=outlets.__getitem__)
    assert text_of(page).splitlines()[-1] == "    Ebenso berichtet: Nordblatt, Südblatt"
    page = render_answer(replace(ANSWER, citations=(citation,)))
    assert text_of(page).splitlines()[-1] == "    Ebenso berichtet: x.md, y.md, z.md"


def test_a_section_named_like_its_article_is_not_named_twice():
    citation = replace(CITATION, section="**Der Fall** der Berliner Mauer", page=None)
    page = render_answer(replace(ANSWER, citations=(citation,)))
    assert text_of(page).splitlines()[3] == "    geschichte/mauerfall.md"


def test_sources_in_full_have_their_link_and_id():
    assert text_of(render_sources(two_citations(), full=True)).splitlines() == [
        "[1] Der Fall der Berliner Mauer · Geschichtsblatt · 9. November 2024",
        "    geschichte/mauerfall.md · Abschnitt „Der Abend“ · S. 3",
        "    „Am 9. November 1989 öffnete die DDR ihre Grenzen.“",
        "    https://example.org/mauerfall",
        "    belegbot show aaaaaaaaaaaaaaaaaaaaaaaa",
        "",
        "[2] The Wall",
        "    wall.txt",
        "    „The border opened in the evening.“",
        "    belegbot show bbbbbbbbbbbbbbbbbbbbbbbb",
    ]


def test_a_terminal_is_filled_to_its_width():
    console = terminal(40)
    print_answer(two_citations(), console)
    shown = re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\", "", written(console))
    assert shown == (
        "Am 9. November 1989 öffnete die DDR ihre\n"
        "Grenzen. [1] The border opened in the\n"
        "evening. [2]\n"
        "\n"
        "[1] Der Fall der Berliner Mauer ·\n"
        "    Geschichtsblatt · 9. November 2024\n"
        "    geschichte/mauerfall.md ·\n"
        "    Abschnitt „Der Abend“ · S. 3\n"
        "    „Am 9. November 1989 öffnete die DDR\n"
        "    ihre Grenzen.“\n"
        "\n"
        "[2] The Wall\n"
        "    wall.txt\n"
        "    „The border opened in the evening.“\n"
    )


def test_a_terminal_gets_bold_and_links():
    console = terminal(200)
    print_answer(ANSWER, console)
    first, _, source = written(console).splitlines()[:3]
    assert first == (
        "\x1b[1mAm 9. November 1989 öffnete die DDR ihre Grenzen. \x1b[0m\x1b[1;36m[1]\x1b[0m"
    )
    assert ";https://example.org/mauerfall\x1b\\Der Fall der Berliner Mauer" in source


def test_no_color_means_no_escape_at_all():
    console = terminal(200, colours=False)
    print_answer(two_citations(), console, opener=lambda identifier: OPENED)
    assert "\x1b" not in written(console)
    assert "»Am 9. November 1989 öffnete die DDR ihre Grenzen.«" in written(console)


def test_what_articles_say_cannot_style_or_move_the_terminal():
    evil = "\x1b[2J\x1b]0;x\x07[red]Titel[/red]\u202e\n:smile:"
    citation = replace(
        CITATION, title=evil, source=evil, section=evil, quote=evil, article=f"a{evil}.md"
    )
    answer = replace(ANSWER, answer=f"{evil} [1]", citations=(citation,))
    assert piped(answer) == (
        "[red]Titel[/red]\n"
        ":smile: [1]\n"
        "\n"
        "[1] [red]Titel[/red] :smile: · [red]Titel[/red] :smile: · 9. November 2024\n"
        "    a[red]Titel[/red] :smile:.md · S. 3\n"
        "    „[red]Titel[/red] :smile:“\n"
    )


def test_only_web_addresses_become_links():
    console = terminal(200)
    citation = replace(CITATION, url="javascript:alert(1)")
    print_answer(replace(ANSWER, citations=(citation,)), console)
    assert "javascript" not in written(console)


@given(st.text(), st.text(), st.integers(1, 200))
def test_any_text_fits_any_terminal(title: str, quote: str, width: int):
    citation = replace(CITATION, title=title, quote=quote)
    nearest = (NearestArticle("a", title, None, title, 0.0),)
    for answer in (replace(ANSWER, citations=(citation,)), replace(REFUSAL, nearest=nearest)):
        console = terminal(width, colours=False)
        show(render_answer(answer), console)
        assert "\x1b" not in written(console)
        for line in written(console).split("\n"):
            assert len(line) <= max(20, width)


def test_an_empty_page_writes_nothing():
    console = pipe()
    show([], console)
    assert written(console) == ""


def test_a_date_is_never_broken():
    console = terminal(44, colours=False)
    print_answer(
        replace(ANSWER, citations=(replace(CITATION, source="Geschichtsblätter"),)), console
    )
    assert written(console).splitlines()[3:6] == [
        "[1] Der Fall der Berliner Mauer ·",
        "    Geschichtsblätter · 9. November 2024",
        "    geschichte/mauerfall.md ·",
    ]
    assert "\u00a0" not in written(console)
