"""Lines into paragraphs: a run of prose, a list item, a table row, a block quote.

The text is taken as it stands, Markdown or not. A line break inside prose ends a paragraph
unless the text is wrapped there, for a bare line would melt into the sentence after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.articles import Span
from index.markup import line_spans, overlapping

WRAP_WIDTHS = range(40, 121)
"""The line lengths, in characters, at which editors and mailers wrap text."""

_BULLET = re.compile(r"[ \t]*[-*+•‣◦▪·–—][ \t]+(?:\[[ xX]\][ \t]+)?")
_DASH = re.compile(r"[ \t]*[-–—]")
_STOP = re.compile(r"[.!?:;][“”«»\"')\]]*\s*$")
_ORDERED = re.compile(r"[ \t]*(\d{1,3})[.)][ \t]+(?=\S)")
_QUOTE = re.compile(r" {0,3}(?:>[ \t]?)+(?=[^\d=])")
_FOOTNOTE = re.compile(r" {0,3}\[\^[^\[\]\s]{1,100}\]:[ \t]*")
_ORDINAL = re.compile(  # "9. November" at the head of a line counts days, not list items
    r"(?:jan|jän|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez|jahrhundert|jahrtausend|jh|mal\b|tag\b)",
    re.IGNORECASE,
)
_OPEN_END = re.compile(r"(?:[,;–—-]|[^\W\d_]\u00ad)$")
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its list, quote or footnote mark.

    Attributes:
        span: What is left of it, from the first character after the mark.
        starts: Whether it begins a paragraph whatever stands before it.
        alone: Whether it is a paragraph by itself (a table row).
    """

    span: Span
    starts: bool = False
    alone: bool = False


def paragraphs(text: str, within: Span, hidden: Sequence[Span] = ()) -> Iterator[Span]:
    """Yields the paragraphs of a part of a text in order, each holding at least one word.

    Args:
        text: The article's text, its lines parted by newlines.
        within: The part to read, usually a section.
        hidden: Spans in order that belong to no paragraph.
    """
    for block in _blocks(text, within, hidden):
        lines = _marked(text, block)
        width = max(line.span.end - line.span.start for line in lines)
        start = 0
        for at, line in enumerate(lines):
            if at + 1 < len(lines) and _continues(text, line, lines[at + 1], width):
                continue
            span = Span(lines[start].span.start, line.span.end)
            if _WORD.search(text, *span):
                yield span
            start = at + 1


def is_wrapped(text: str, line: Span, following: Span, width: int) -> bool:
    """Tells whether a line break only wraps the text: the next word had no room on the line.

    Args:
        text: The article's text.
        line: The line before the break.
        following: The line after it.
        width: The longest line of the block that both stand in.
    """
    head = text[following.start : following.end].lstrip()[:60]
    if head[:1].islower() or _OPEN_END.search(text[line.start : line.end].rstrip()[-2:]):
        return True
    word = head.split(None, 1)[0] if head else ""
    return width in WRAP_WIDTHS and line.end - line.start + 1 + len(word) > width


def _blocks(text: str, within: Span, hidden: Sequence[Span]) -> Iterator[list[Span]]:
    """Runs of lines without a blank line or anything hidden between them."""
    for part in _visible(within, hidden):
        block: list[Span] = []
        for line in line_spans(text, part.start, part.end):
            if text[line.start : line.end].strip():
                block.append(line)
            elif block:
                yield block
                block = []
        if block:
            yield block


def _visible(within: Span, hidden: Sequence[Span]) -> Iterator[Span]:
    start = within.start
    for span in overlapping(hidden, within.start, within.end):
        if span.start > start:
            yield Span(start, span.start)
        start = span.end
    if start < within.end:
        yield Span(start, within.end)


def _marked(text: str, block: list[Span]) -> list[Line]:
    """Takes the marks off the lines of a block."""
    numbers = [_number(text, line) for line in block]
    counted = _counted(numbers)
    lines: list[Line] = []
    width = max(line.end - line.start for line in block)
    quoted = False
    listed = False
    for at, line in enumerate(block):
        quote = _QUOTE.match(text, *line)
        start = quote.end() if quote else line.start
        mark = _BULLET.match(text, start, line.end) or _FOOTNOTE.match(text, start, line.end)
        if mark and at and not listed and _is_dash(text, block[at - 1], start, width):
            mark = None
        listed = listed or mark is not None
        if counted[at] and mark is None:
            mark = _ORDERED.match(text, start, line.end)
        row = text[start : line.end].strip().startswith("|")
        span = _trimmed(text, mark.end() if mark else start, line.end)
        lines.append(Line(span, starts=bool(mark) or bool(quote) != quoted, alone=row))
        quoted = bool(quote)
    return lines


def _is_dash(text: str, before: Span, start: int, width: int) -> bool:
    """Tells a dash that wrapping put at the head of a line from a list's first bullet."""
    dash = _DASH.match(text, start)
    if dash is None or _STOP.search(text[max(before.start, before.end - 6) : before.end]):
        return False
    here = Span(dash.end() - 1, dash.end())
    return text[here.start] != "-" or is_wrapped(text, before, here, width)


def _number(text: str, line: Span) -> int | None:
    match = _ORDERED.match(text, *line)
    if match is None or _ORDINAL.match(text, match.end(), line.end):
        return None
    return int(match[1])


def _counted(numbers: list[int | None]) -> list[bool]:
    """Which lines are items of an ordered list: those whose neighbours count on."""
    held = [(at, number) for at, number in enumerate(numbers) if number is not None]
    counted = [False] * len(numbers)
    for (first, number), (second, following) in pairwise(held):
        if following == number + 1:
            counted[first] = counted[second] = True
    return counted


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and (text[start].isspace() or text[start] == "|"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] == "|"):
        end -= 1
    return Span(start, end)


def _continues(text: str, line: Line, following: Line, width: int) -> bool:
    if following.starts or following.alone or line.alone or not _WORD.search(text, *line.span):
        return False
    return is_wrapped(text, line.span, following.span, width)
