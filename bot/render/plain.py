"""Answers as text for terminals and pipes.

Every ``render_`` function makes a page, every ``print_`` function writes it; the JSON form lives
beside this module. Everything that articles say is cleaned before it is shown.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.style import Style
from rich.text import Text

from bot.answer import Answer, Citation, Kind, NearestArticle
from bot.render.page import EMPTY, NO_BREAK, Line, Page, show
from bot.render.passages import Marked, clean, marked, one_line, readable, shortened
from bot.render.strings import Strings, interface_language, long_date, strings
from index.errors import BelegError

if TYPE_CHECKING:
    from bot.citations import Opened
    from index.articles import Article

_REACH = 90  # characters shown on each side of a quote below an answer
_MARKER = re.compile(r"\[\d{1,3}\]")
_UNBROKEN = 24  # characters: a date, a page, a short section
_DOT = f"{NO_BREAK}· "

_FACT = Style(bold=True)
_QUOTE = Style(bold=True)
_NUMBER = Style(color="cyan", bold=True)
_QUIET = Style(dim=True)
_PLAIN = Style()

Opener = Callable[[str], "Opened"]
Outlets = Callable[[str], str]


def _key_itself(key: str) -> str:
    return key


def render_answer(
    answer: Answer,
    *,
    opener: Opener | None = None,
    outlet: Outlets = _key_itself,
    ids: bool = False,
) -> Page:
    """The fact first, then its numbered sources; or a refusal and the nearest articles.

    Args:
        answer: What to show.
        opener: Opens a citation by its id, so that quotes are shown in their surroundings.
        outlet: Names the outlet of an article by its key, for those with the same story.
        ids: Whether each source shows the id that ``belegbot show`` opens.
    """
    words = strings(answer.language)
    page = [Line(_fact(part)) for part in clean(answer.answer).splitlines()]
    if answer.rewritten and answer.answered:
        searched = words.text("answer.searched", question=one_line(answer.rewritten))
        page.append(Line(Text(searched, _QUIET)))
    if answer.notice:
        page.append(Line(Text(one_line(answer.notice), _QUIET)))
    if answer.citations:
        page.append(EMPTY)
        page += render_sources(answer, opener=opener, outlet=outlet, ids=ids)
    elif answer.nearest:
        page += _further_reading(answer, words)
    return page


def render_sources(
    answer: Answer,
    *,
    opener: Opener | None = None,
    outlet: Outlets = _key_itself,
    ids: bool = False,
    full: bool = False,
) -> Page:
    """The numbered sources of an answer; ``ids`` adds each one's id, ``full`` its link as well."""
    words = strings(answer.language)
    page: Page = []
    for citation in answer.citations:
        page += _source(citation, words, opener, outlet, citation.id if ids else None)
        if full:
            page += [Line(Text(line, _QUIET), 4) for line in _addresses(citation)]
        page.append(EMPTY)
    return page[:-1]


def render_opened(opened: Opened, language: str | None) -> Page:
    """A citation opened: title, outlet, date, place, link, status, the quote marked in context."""
    words = strings(language)
    origin = [opened.source, long_date(opened.date, language)]
    place = _place(opened.article, opened.title, opened.section, opened.page, words)
    page = [Line(Text(one_line(opened.title), _FACT + _link(opened.url)))]
    page.append(Line(Text(_joined([*origin, *place]), _QUIET)))
    if opened.url:
        page.append(Line(Text(one_line(opened.url), _QUIET)))
    page += [Line(Text(_status(opened, words))), EMPTY]
    passage = marked(opened.before, opened.quote, opened.after)
    page += [Line(part, 2) if part.plain else EMPTY for part in _paragraphs(passage)]
    return page


def render_article(article: Article, language: str | None) -> Page:
    """An article with a head: title, outlet, date, author, path, link, then its text."""
    words = strings(language)
    origin = [article.source, long_date(article.date, language) or words.text("answer.undated")]
    page = [Line(Text(one_line(article.title), _FACT + _link(article.url)))]
    page.append(Line(Text(_joined([article.author, *origin, article.key]), _QUIET)))
    if article.url:
        page.append(Line(Text(one_line(article.url), _QUIET)))
    page.append(EMPTY)
    page += [Line(Text(line)) for line in clean(article.text).strip("\n").split("\n")]
    return page


def print_answer(
    answer: Answer,
    console: Console | None = None,
    *,
    opener: Opener | None = None,
    ids: bool = False,
) -> None:
    """Writes an answer; see ``render_answer``."""
    show(render_answer(answer, opener=opener, ids=ids), console)


def print_opened(
    opened: Opened, console: Console | None = None, *, language: str | None = None
) -> None:
    """Writes an opened citation, in the language of the person's locale unless told."""
    show(render_opened(opened, language or interface_language()), console)


def print_article(
    article: Article, console: Console | None = None, *, language: str | None = None
) -> None:
    """In a pipe exactly the text that citations count in; on a terminal a readable page."""
    console = console or Console(file=sys.stdout)
    if console.is_terminal:
        show(render_article(article, language or interface_language()), console)
    else:
        console.file.write(article.text)
        console.file.flush()


def _fact(part: str) -> Text:
    """A line of the answer, its numbers set off."""
    text = Text(part.rstrip(), _FACT)
    text.highlight_regex(_MARKER, _NUMBER)
    return text


def _source(
    citation: Citation,
    words: Strings,
    opener: Opener | None,
    outlet: Outlets,
    identifier: str | None,
) -> Page:
    head = Text.assemble((one_line(citation.title), _link(citation.url)))
    origin = _joined([citation.source, long_date(citation.date, words.language)])
    if origin:
        head.append(_DOT + origin)
    place = _place(citation.article, citation.title, citation.section, citation.page, words)
    page = [
        Line(head, 4, Text(f"[{citation.n}]", _NUMBER)),
        Line(Text(_joined([*place, identifier]), _QUIET), 4),
        Line(_quoted(citation, words, opener), 4),
    ]
    if citation.also_in:
        outlets = dict.fromkeys(one_line(outlet(key)) for key in citation.also_in)
        also = words.text("answer.also_in", sources=", ".join(outlets))
        page.append(Line(Text(also, _QUIET), 4))
    return page


def _quoted(citation: Citation, words: Strings, opener: Opener | None) -> Text:
    """The quote in its surroundings; alone when it cannot be opened."""
    try:
        opened = opener(citation.id) if opener else None
    except BelegError:
        opened = None
    if opened is None:
        return Text(words.text("format.quoted", text=readable(citation.quote)))
    passage = marked(opened.before, opened.quote, opened.after)
    return _in_context(shortened(passage, _REACH), _QUIET)


def _in_context(passage: Marked, around: Style) -> Text:
    return Text.assemble(
        (passage.before, around), (f"»{passage.quote}«", _QUOTE), (passage.after, around)
    )


def _paragraphs(passage: Marked) -> list[Text]:
    before, quote, after = passage
    whole = _in_context(Marked(before.lstrip(), quote, after.rstrip()), _PLAIN)
    return list(whole.split("\n", allow_blank=True))


def _addresses(citation: Citation) -> list[str]:
    opened_by = f"belegbot show {citation.id}"
    return [one_line(citation.url), opened_by] if citation.url else [opened_by]


def _further_reading(answer: Answer, words: Strings) -> Page:
    page: Page = []
    if answer.kind is not Kind.TALK:
        page += [EMPTY, Line(Text(words.text("answer.nearest")))]
    return page + [_further(article, words) for article in answer.nearest]


def _further(article: NearestArticle, words: Strings) -> Line:
    text = Text.assemble((one_line(article.title), _link(article.url)))
    rest = _joined([long_date(article.date, words.language), article.article])
    return Line(text.append(_DOT + rest, _QUIET), 4, Text("  -"))


def _place(
    key: str, title: str, section: str | None, number: int | None, words: Strings
) -> list[str]:
    """The path, and the section and page when they say more than the title does."""
    place = [key]
    heading = readable(section) if section else ""
    if heading and heading != readable(title):
        place.append(words.text("answer.section", section=heading))
    if number is not None:
        place.append(words.text("answer.page", page=number))
    return place


def _status(opened: Opened, words: Strings) -> str:
    if opened.status == "same" or not opened.replaced_on:
        return words.text(f"opened.{opened.status}")
    day = long_date(opened.replaced_on, words.language)
    return words.text(f"opened.{opened.status}_on", date=day)


def _joined(parts: list[str | None] | list[str]) -> str:
    """The parts that there are, with dots between them; short ones, such as dates, unbroken."""
    shown = [one_line(part) for part in parts if part]
    return _DOT.join(
        part.replace(" ", NO_BREAK) if len(part) <= _UNBROKEN else part for part in shown
    )


def _link(url: str | None) -> Style:
    """A link that terminals can follow, if it is one of the web."""
    address = "".join(clean(url).split()) if url else ""
    return Style(link=address) if re.match(r"https?://", address) else _PLAIN
