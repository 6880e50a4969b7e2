"""Telegram HTML: what Telegram would take, whatever is put into it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.render.telegram_html import (
    MAX_COPY,
    MAX_UNITS,
    Block,
    answer_blocks,
    article_block,
    citation_to_copy,
    clipped,
    escape,
    fits,
    link,
    messages,
    opened_block,
    plain_messages,
    units,
)
from index.articles import Article, Section, Span
from tests.bot.samples import ANSWER, CITATION, GREETING, OPENED, REFUSAL, SECOND, two_citations
from tests.fake_bot_api import parse_html, utf16_length

anything = st.text(
    st.one_of(st.characters(), st.sampled_from("<>&\"'🧱\u202e\u200b\x00\n [](*_`")), max_size=300
)


def test_answer() -> None:
    assert messages(answer_blocks(two_citations())) == [
        "Am 9. November 1989 öffnete die DDR ihre Grenzen. [1] "
        "The border opened in the evening. [2]\n\n"
        '[1] <a href="https://example.org/mauerfall">Der Fall der Berliner Mauer</a>'
        " · Geschichtsblatt · 9. November 2024 · S. 3\n"
        "<blockquote expandable>Am 9. November 1989 öffnete die DDR ihre Grenzen.</blockquote>\n\n"
        "[2] The Wall · ohne Datum\n"
        "<blockquote expandable>The border opened in the evening.</blockquote>"
    ]


def test_refusal_offers_further_reading() -> None:
    assert messages(answer_blocks(REFUSAL)) == [
        "Dazu finde ich in den Artikeln nichts Belegtes.\n\n"
        "Am nächsten daran:\n"
        '• <a href="https://example.org/a">Ein Artikel</a> · 2. Januar 2024\n'
        "• Noch einer"
    ]


def test_talk_is_as_it_is() -> None:
    assert messages(answer_blocks(GREETING)) == ["Hallo! Stell mir eine Frage."]


def test_other_outlets_and_notice() -> None:
    citation = replace(SECOND, also_in=("b.md", "c.md"))
    answer = replace(ANSWER, citations=(citation,), notice="Stand <heute>", language="en")
    assert messages(answer_blocks(answer))[0].endswith(
        "[2] The Wall · undated\nAlso reported by: b.md, c.md\n"
        "<blockquote expandable>The border opened in the evening.</blockquote>\n\n"
        "<i>Stand &lt;heute&gt;</i>"
    )


def test_opened() -> None:
    assert opened_block(OPENED, "de").html == (
        '<b><a href="https://example.org/mauerfall">Der Fall der Berliner Mauer</a></b>\n'
        "Geschichtsblatt · 9. November 2024 · S. 3\n"
        "Abschnitt „Der Abend“\n"
        "<blockquote>…Zuvor sprach Schabowski vor der Presse.\n\n"
        "<b>Am 9. November 1989 öffnete die DDR ihre Grenzen.</b> Tausende kamen.\n\n"
        "- zu Fuß\n- mit dem Trabant\n\nDann…</blockquote>\n"
        "Unverändert: Das steht heute so im Artikel."
    )


def test_opened_says_what_became_of_the_article() -> None:
    changed = replace(OPENED, status="changed", replaced_on="2025-02-01")
    assert opened_block(changed, "de").html.endswith(
        "Geändert: Der Artikel lautet seit dem 1. Februar 2025 anders; "
        "hier steht die zitierte Fassung."
    )


def test_article_begins_with_its_first_section() -> None:
    text = "---\nx: y\n---\nErster <Satz>. " + "Wort " * 900
    article = Article("a.md", text, "Titel", (Section(Span(13, len(text))),), date="2024-01-02")
    html = article_block(article, "de").html
    assert html.startswith("<b>Titel</b>\n2. Januar 2024\n<blockquote>Erster &lt;Satz&gt;. Wort")
    assert html.endswith("Wort …</blockquote>")
    assert units(html) < 1400


def test_an_articles_paragraphs_stay_apart() -> None:
    text = "Erster **Absatz**.\n\n## Überschrift\n\nZweiter\nAbsatz."
    article = Article("a.md", text, "Titel", (Section(Span(0, len(text))),))
    assert article_block(article, "en").html == (
        "<b>Titel</b>\nundated\n"
        "<blockquote>Erster Absatz.\n\nÜberschrift\n\nZweiter Absatz.</blockquote>"
    )


def test_links_are_http_only() -> None:
    assert link("javascript:alert(1)", "x") == "x"
    assert link("https://", "x") == "x"
    assert link("https://a.example/?q=\"<'&", "x") == "x"
    assert link(" https://a.example/?q=1&r=2 ", "<x>") == (
        '<a href="https://a.example/?q=1&amp;r=2">&lt;x&gt;</a>'
    )
    assert link("https://a.example", " ") == ""


def test_copied_citation() -> None:
    assert citation_to_copy(CITATION, "https://t.me/b?start=c_1", "de") == (
        "„Am 9. November 1989 öffnete die DDR ihre Grenzen.“ (Der Fall der Berliner Mauer, "
        "Geschichtsblatt, 9. November 2024, S. 3) https://t.me/b?start=c_1"
    )


def test_blocks_stay_whole_where_they_can() -> None:
    blocks = [Block(text=letter * 1500) for letter in "abcde"]
    assert [[part[0] for part in page.split("\n\n")] for page in messages(blocks)] == [
        ["a", "b"],
        ["c", "d"],
        ["e"],
    ]


def test_plain_text_writes_links_out() -> None:
    assert plain_messages('<b>x</b> &lt;y&gt; <a href="https://a.example/?a&amp;b">z</a>') == [
        "x <y> z (https://a.example/?a&b)"
    ]


@given(anything)
def test_escaped_text_is_only_text(text: str) -> None:
    parsed, entities = parse_html(escape(text))
    assert entities == []
    assert units(parsed) == utf16_length(parsed)


@settings(max_examples=60, deadline=None)
@given(anything, anything, anything, st.text("aß🧱 <&\n", max_size=9000))
def test_whatever_articles_hold_telegram_takes(
    title: str, source: str, url: str, quote: str
) -> None:
    hostile = replace(CITATION, title=title, source=source, url="https://" + url, quote=quote)
    pages = messages(answer_blocks(replace(ANSWER, citations=(hostile,) * 3)))
    pages.append(opened_block(replace(OPENED, quote=quote, before=quote, title=title), "en").html)
    for page in pages:
        text, _ = parse_html(page)
        assert 0 < utf16_length(text) <= MAX_UNITS
        assert fits(page)
        assert all(utf16_length(part) <= MAX_UNITS for part in plain_messages(page))
    assert (
        0
        < units(citation_to_copy(hostile, "https://t.me/b?start=c_" + "a" * 24, "de"))
        <= (MAX_COPY)
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("ab 🧱<&\n", max_size=9000), max_size=5))
def test_splitting_loses_nothing(texts: list[str]) -> None:
    pages = messages(Block(text=text, opening="<b>", closing="</b>") for text in texts)
    seen = "".join(parse_html(page)[0] for page in pages)
    assert "".join(seen.split()) == "".join("".join(texts).split())


@given(st.text(max_size=50), st.integers(1, 40))
def test_clipped(text: str, most: int) -> None:
    assert units(clipped(text, most)) <= max(most, 1)
