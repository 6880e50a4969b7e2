"""Answers as Telegram HTML: the fact first, then its numbered sources.

Every text goes through ``escape``; only the tags written here are markup. A page is a list of
blocks, and messages are split between blocks; a block that is longer than a message alone is
cut between words, each part with the same markup around it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.render.passages import Marked, clean, marked, one_line, readable, shortened
from bot.render.strings import Strings, long_date, strings

if TYPE_CHECKING:
    from bot.answer import Answer, Citation, NearestArticle
    from bot.citations import Opened
    from index.articles import Article

MAX_UNITS = 4096
MAX_BYTES = 30_000  # Telegram takes 32,768 of markup
MAX_ENTITIES = 100
MAX_COPY = 256
MAX_TITLE = 300
_MAX_NAME = 100
_MAX_URL = 2000
_BEGINNING = 1200  # characters of an article shown when it is opened as a whole
_REACH = 300  # characters on each side of an opened quote, where more does not fit

_TAG = re.compile(r"<(/?)(\w+)(?: href=\"([^\"]*)\"| expandable)?>")
_LINK = re.compile(r"<a href=\"([^\"]*)\">(.*?)</a>", re.DOTALL)
_HTTP = re.compile(r"https?://[^\s/<>\"\\]+[^\s<>\"]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a page that is kept in one message if it fits into one.

    ``head`` is short HTML; ``text`` is plain and stands between ``opening`` and ``closing``.
    """

    head: str = ""
    text: str = ""
    opening: str = ""
    closing: str = ""

    @property
    def html(self) -> str:
        """The block as Telegram HTML."""
        body = self.opening + escape(self.text) + self.closing if self.text else ""
        return "\n".join(filter(None, (self.head, body)))

    def fitting(self) -> list[Block]:
        """The block, or parts of it that each fit into a message."""
        if fits(self.html):
            return [self]
        cut = self.text
        while not fits(Block(self.head, cut, self.opening, self.closing).html):
            cut = _shorter(cut)
        rest = Block("", self.text[len(cut) :].lstrip(), self.opening, self.closing)
        return [Block(self.head, cut, self.opening, self.closing), *rest.fitting()]


def escape(text: str) -> str:
    """Any text as the inside of Telegram HTML: clean, and nothing in it is markup."""
    return html.escape(clean(text), quote=True)


def units(text: str) -> int:
    """Length in UTF-16 units, in which Telegram counts."""
    return len(text.encode("utf-16-le", "replace")) // 2


def fits(markup: str) -> bool:
    """Whether Telegram takes this HTML as one message."""
    return (
        units(html.unescape(_TAG.sub("", markup))) <= MAX_UNITS
        and len(markup.encode("utf-8", "replace")) <= MAX_BYTES
        and sum(not closing for closing, *_ in _TAG.findall(markup)) <= MAX_ENTITIES
    )


def messages(blocks: Iterable[Block]) -> list[str]:
    """The blocks as HTML, in as few messages as they fit in."""
    pages: list[str] = []
    for block in (part for whole in blocks for part in whole.fitting()):
        joined = f"{pages[-1]}\n\n{block.html}" if pages else ""
        if pages and fits(joined):
            pages[-1] = joined
        elif block.html:
            pages.append(block.html)
    return pages


def plain_messages(markup: str) -> list[str]:
    """The same without markup, for when Telegram refuses it; links are written out."""
    text = html.unescape(_TAG.sub("", _LINK.sub(r"\2 (\1)", markup)))
    parts = []
    while units(text) > MAX_UNITS:
        cut = text
        while units(cut) > MAX_UNITS:
            cut = _shorter(cut)
        parts.append(cut)
        text = text[len(cut) :].lstrip()
    return [*parts, text] if text.strip() else parts


def _shorter(text: str) -> str:
    """The text's start: a tenth less, cut between words where there are any."""
    target = len(text) * 9 // 10
    cut = max(text.rfind(" ", target // 2, target), text.rfind("\n", target // 2, target))
    return text[: cut if cut > 0 else target]


def link(url: str | None, label: str) -> str:
    """The label on one line, a link if the address is http(s)."""
    shown = escape(clipped(one_line(label), MAX_TITLE))
    address = clean(url or "").strip()
    if shown and len(address) <= _MAX_URL and _HTTP.fullmatch(address):
        return f'<a href="{escape(address)}">{shown}</a>'
    return shown


def answer_blocks(answer: Answer) -> list[Block]:
    """The fact, then each source; a refusal with its further reading; talk as it is."""
    texts = strings(answer.language)
    if not answer.answered:
        blocks = [Block(text=answer.answer)]
        heading = texts.text("answer.nearest") if answer.kind == "refusal" else ""
        if answer.nearest:
            blocks.append(Block(_article_lines(heading, answer.nearest, texts)))
    else:
        blocks = [Block(text=" ".join(_numbered(answer)))]
        blocks += [source_block(citation, texts) for citation in answer.citations]
    if answer.notice:
        blocks.append(Block(text=answer.notice, opening="<i>", closing="</i>"))
    return blocks


def _numbered(answer: Answer) -> Iterable[str]:
    for claim in answer.claims:
        yield one_line(claim.text) + "".join(f" [{n}]" for n in claim.citations)


def source_block(citation: Citation, texts: Strings) -> Block:
    """``[1] title · outlet · date`` and the quote, to be unfolded."""
    head = f"[{citation.n}] {link(citation.url, citation.title)}"
    details = _details(citation.source, citation.date, citation.page, texts)
    lines = [head + "".join(f" · {escape(detail)}" for detail in details)]
    if citation.also_in:
        others = clipped(", ".join(map(one_line, citation.also_in)), MAX_TITLE)
        lines.append(escape(texts.text("answer.also_in", sources=others)))
    return Block(
        "\n".join(lines), readable(citation.quote), "<blockquote expandable>", "</blockquote>"
    )


def _details(
    source: str | None, date: str | None, page: int | None, texts: Strings
) -> Sequence[str]:
    shown = long_date(date, texts.language) or texts.text("answer.undated")
    paged = texts.text("answer.page", page=page) if page else ""
    return [part for part in (clipped(one_line(source or ""), _MAX_NAME), shown, paged) if part]


def _article_lines(heading: str, articles: Sequence[NearestArticle], texts: Strings) -> str:
    lines = [escape(heading)] if heading else []
    for article in articles:
        date = long_date(article.date, texts.language)
        title = link(article.url, article.title)
        lines.append(f"• {title}" + (f" · {escape(date)}" if date else ""))
    return "\n".join(lines)


def opened_block(opened: Opened, language: str) -> Block:
    """A passage with its quote in bold, and how the article stands to it today.

    The block is one message: what would not fit of the passage is cut.
    """
    texts = strings(language)
    whole = marked(opened.before, opened.quote, opened.after)
    for passage in (whole, shortened(whole, _REACH), shortened(whole, 0)):
        block = _opened(opened, passage, texts)
        if fits(block.html):
            return block
    return _opened(opened, Marked("", clipped(whole.quote, MAX_UNITS // 2), ""), texts)


def _opened(opened: Opened, passage: Marked, texts: Strings) -> Block:
    quote = escape(passage.before) + _tagged("b", escape(passage.quote)) + escape(passage.after)
    lines = _head(opened, texts), _tagged("blockquote", quote), escape(_status(opened, texts))
    return Block("\n".join(filter(None, lines)))


def _tagged(tag: str, inside: str) -> str:
    """The element, or nothing: Telegram has no empty ones."""
    return f"<{tag}>{inside}</{tag}>" if inside else ""


def _head(opened: Opened | Article, texts: Strings) -> str:
    details = _details(opened.source, opened.date, getattr(opened, "page", None), texts)
    head = _tagged("b", link(opened.url, opened.title))
    section = getattr(opened, "section", None)
    lines = [head, " · ".join(map(escape, details))]
    if section:
        lines.append(
            escape(texts.text("answer.section", section=clipped(one_line(section), MAX_TITLE)))
        )
    return "\n".join(filter(None, lines))


def _status(opened: Opened, texts: Strings) -> str:
    if opened.status == "same" or not opened.replaced_on:
        return texts.text(f"opened.{opened.status}")
    date = long_date(opened.replaced_on, texts.language)
    return texts.text(f"opened.{opened.status}_on", date=date)


def article_block(article: Article, language: str) -> Block:
    """An article's title and how it begins."""
    start = article.sections[0].span.start if article.sections else 0
    text = marked(article.text[start : start + 2 * _BEGINNING], "", "").before.strip()
    if len(text) > _BEGINNING:
        text = text[:_BEGINNING].rpartition(" ")[0] + " …"
    return Block(_head(article, strings(language)), text, "<blockquote>", "</blockquote>")


def citation_to_copy(citation: Citation, address: str, language: str) -> str:
    """The citation as plain text for a document, at most 256 UTF-16 units, ``address`` whole."""
    texts = strings(language)
    details = _details(citation.source, citation.date, citation.page, texts)
    origin = f" ({', '.join([one_line(citation.title), *details])})"
    quote = readable(citation.quote)
    room = MAX_COPY - units(f" {address}") - units(texts.text("format.quoted", text=""))
    origin = clipped(origin, room // 2)
    shown = texts.text("format.quoted", text=clipped(quote, room - units(origin)))
    return f"{shown}{origin} {address}"


def clipped(text: str, most: int) -> str:
    """The text, or its start and an ellipsis, at most ``most`` UTF-16 units."""
    if units(text) <= most:
        return text
    while units(text) > most - 1:
        text = text[:-1]
    return text.rstrip() + "…"
