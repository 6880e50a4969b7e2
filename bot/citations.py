"""Citations that last: an id says where its quote stands and what it said.

An id packs 120 bits into 24 letters and digits (RFC 4648 base32, lower case):

======  =====================================================
bits    meaning
======  =====================================================
48      the article's uid (a hash of its key)
24      where the quote starts, in characters
12      how many characters it has
36      a checksum of the quote
======  =====================================================

So nothing is written when an answer is given, the same answer has the same ids on every
machine, and an id opens after a rebuild from nothing as long as the article still says so.
Where it no longer does, the index's history of replaced texts has the old quote.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import xxhash

from bot.answer import Citation
from index.articles import Article, Section, Span
from index.errors import UsageError
from index.sources.metadata import front_matter
from index.storage import article_uid

if TYPE_CHECKING:
    from index.storage import Generation, History, PastVersion, StoredArticle

Status = Literal["same", "changed", "removed"]

_ID = re.compile(r"[a-z2-7]{24}")
_MAX_START = (1 << 24) - 1
_MAX_LENGTH = (1 << 12) - 1
_SURROUNDINGS = 400  # characters shown on each side of an opened quote


class Address(NamedTuple):
    """What an id says."""

    uid: int
    start: int
    length: int
    check: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A citation, opened.

    Attributes:
        status: "same": the article says so today; "changed": it did, and the quote is the old
            one; "removed": the article is gone, and the quote is the old one.
        before: The article's text just before the quote, cut at a word.
        after: The same behind it.
        replaced_on: ISO date on which the quoted text left the index, where it did.
    """

    id: str
    status: Status
    article: str
    title: str
    section: str | None
    page: int | None
    source: str | None
    date: str | None
    url: str | None
    quote: str
    start: int
    end: int
    before: str
    after: str
    replaced_on: str | None = None


def is_citation_id(text: str) -> bool:
    """Whether ``text`` has the form of an id."""
    return _ID.fullmatch(text) is not None


def citation_id(key: str, span: Span, text: str) -> str:
    """The id of the quote ``text[span.start:span.end]`` of the article ``key``.

    Raises:
        ValueError: The span is longer or further behind than an id can say.
    """
    length = span.end - span.start
    if span.start > _MAX_START or not 0 < length <= _MAX_LENGTH:
        raise ValueError(f"span out of range: {span}")
    quote = text[span.start : span.end]
    packed = article_uid(key) << 72 | span.start << 48 | length << 36 | _check(quote)
    return base64.b32encode(packed.to_bytes(15, "big")).decode("ascii").lower()


def cite(
    generation: Generation, number: int, article_id: int, span: Span, score: float
) -> Citation:
    """The citation with this number: the article's text at ``span`` and all that goes with it."""
    stored = generation.article(article_id)
    article = stored.article
    section = section_of(article, span)
    return Citation(
        n=number,
        id=citation_id(article.key, span, article.text),
        article=article.key,
        title=article.title,
        section=section.heading if section else None,
        page=section.page if section else None,
        source=article.source,
        date=article.date,
        url=article.url,
        quote=article.text[span.start : span.end],
        start=span.start,
        end=span.end,
        score=score,
        also_in=tuple(generation.article(other).article.key for other in stored.also_in),
    )


def address(identifier: str) -> Address:
    """What an id says.

    Raises:
        UsageError: It is no citation id.
    """
    try:
        packed = int.from_bytes(base64.b32decode(identifier.upper()), "big")
    except (binascii.Error, ValueError):
        packed = -1
    if packed < 0 or not is_citation_id(identifier):
        raise UsageError(f"{identifier!r} is no citation id: copy it from an answer's sources")
    return Address(
        uid=packed >> 72,
        start=packed >> 48 & _MAX_START,
        length=packed >> 36 & _MAX_LENGTH,
        check=packed & (1 << 36) - 1,
    )


def open_citation(generation: Generation, history: History, identifier: str) -> Opened:
    """Opens a citation in today's articles, or in what they used to say.

    Raises:
        UsageError: It is no id, or one of an article that this index never held.
    """
    where = address(identifier)
    stored = _living(generation, history, where.uid)
    if stored is not None:
        span = _locate(generation, stored, where)
        if span is not None:
            return _opened(identifier, "same", stored.article, span)
    for version in history.past_versions(where.uid):
        span = Span(where.start, where.start + where.length)
        if _check(version.text[span.start : span.end]) == where.check:
            status: Status = "removed" if stored is None else "changed"
            replaced_on = version.replaced[: len("2025-01-31")]
            return _opened(identifier, status, _as_article(version), span, replaced_on)
    raise UsageError(f"no article of this index has the citation {identifier}")


def _living(generation: Generation, history: History, uid: int) -> StoredArticle | None:
    """The article of that uid as it is now, followed through renames."""
    stored = generation.find_uid(uid)
    if stored is None and (key := history.moved_to(uid)) is not None:
        return generation.find(key)
    return stored


def _locate(generation: Generation, stored: StoredArticle, where: Address) -> Span | None:
    """Where the quote stands now: in its place, else at some sentence's start."""
    text = stored.article.text
    starts = [where.start]
    for passage_id in generation.passages_of(stored.id):
        starts += [sentence.start for sentence in generation.passage(passage_id).sentences]
    for start in starts:
        if _check(text[start : start + where.length]) == where.check:
            return Span(start, start + where.length)
    return None


def _as_article(version: PastVersion) -> Article:
    """The old text as one section, its front matter left out: headings are not kept."""
    _, head = front_matter(version.text)
    return Article(
        key=version.key,
        text=version.text,
        title=version.title,
        sections=(Section(Span(head.end, len(version.text))),),
        date=version.date,
        source=version.source,
        url=version.url,
    )


def _opened(
    identifier: str, status: Status, article: Article, span: Span, replaced_on: str | None = None
) -> Opened:
    section = section_of(article, span)
    before, after = surroundings(article.text, span, section)
    return Opened(
        id=identifier,
        status=status,
        article=article.key,
        title=article.title,
        section=section.heading if section else None,
        page=section.page if section else None,
        source=article.source,
        date=article.date,
        url=article.url,
        quote=article.text[span.start : span.end],
        start=span.start,
        end=span.end,
        before=before,
        after=after,
        replaced_on=replaced_on,
    )


def section_of(article: Article, span: Span) -> Section | None:
    """The section in which a span starts."""
    for section in article.sections:
        if section.span.start <= span.start < section.span.end:
            return section
    return None


def surroundings(text: str, span: Span, section: Section | None) -> tuple[str, str]:
    """The text before and behind a span, within its section, cut at words and marked by "…"."""
    low, high = section.span if section else Span(0, len(text))
    start, end = max(low, span.start - _SURROUNDINGS), min(high, span.end + _SURROUNDINGS)
    before, after = text[start : span.start], text[span.end : end]
    if start > low:
        before = "…" + before[before.find(" ") + 1 :]
    if end < high:
        cut = after.rfind(" ")
        after = after[: cut if cut >= 0 else len(after)] + "…"
    return before, after


def _check(quote: str) -> int:
    return xxhash.xxh3_64_intdigest(quote.encode("utf-8", "surrogatepass")) & (1 << 36) - 1
