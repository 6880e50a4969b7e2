from __future__ import annotations

from dataclasses import replace

import pytest

from bot.citations import Opened
from bot.render.page import text_of
from bot.render.plain import print_article, print_opened, render_opened
from index.articles import Article, Section, Span
from tests.bot.samples import OPENED, pipe, terminal, written

ARTICLE = Article(
    key="a/b.md",
    text="---\ntitle: Ein\n---\n# Ein **Titel**\n\nText [bold]x[/bold].\n",
    title="Ein [red]Titel",
    sections=(Section(Span(0, 10)),),
    date="2024-11-09",
    author="A. B.",
    source="Blatt",
    url="https://example.org/a",
)


def test_an_opened_citation():
    console = pipe()
    print_opened(OPENED, console, language="de")
    assert written(console) == (
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
    ("opened", "language", "line"),
    [
        (
            replace(OPENED, status="changed", replaced_on="2025-03-01"),
            "de",
            "Geändert: Der Artikel lautet seit dem 1. März 2025 anders; "
            "hier steht die zitierte Fassung.",
        ),
        (
            replace(OPENED, status="changed"),
            "en",
            "Changed: the article reads differently now; this is the version that was quoted.",
        ),
        (
            replace(OPENED, status="removed", replaced_on="2025-03-01"),
            "en",
            "Removed: the article has been gone since 1 March 2025; "
            "this is the version that was quoted.",
        ),
        (
            replace(OPENED, status="removed"),
            "de",
            "Entfernt: Den Artikel gibt es nicht mehr; hier steht die zitierte Fassung.",
        ),
    ],
)
def test_an_opened_citation_says_whether_it_still_holds(opened: Opened, language: str, line: str):
    assert text_of(render_opened(opened, language)).splitlines()[3] == line


def test_an_article_in_a_pipe_is_its_text_and_nothing_else():
    console = pipe()
    print_article(ARTICLE, console, language="de")
    assert written(console) == ARTICLE.text


def test_an_article_on_a_terminal_has_a_head():
    console = terminal(colours=False)
    print_article(ARTICLE, console, language="de")
    assert written(console) == (
        "Ein [red]Titel\n"
        "A. B. · Blatt · 9. November 2024 · a/b.md\n"
        "https://example.org/a\n"
        "\n"
        "---\n"
        "title: Ein\n"
        "---\n"
        "# Ein **Titel**\n"
        "\n"
        "Text [bold]x[/bold].\n"
    )


def test_an_article_without_a_date_says_so_on_a_terminal():
    console = terminal(colours=False)
    bare = Article(key="b.txt", text="Text.", title="Text.", sections=())
    print_article(bare, console, language="en")
    assert written(console) == "Text.\nundated · b.txt\n\nText.\n"
