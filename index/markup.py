"""Markdown markup: taken off for people and for the model, and found where it hides evidence.

Quotes stay verbatim, markup included; what a person or the embedding model reads of them goes
through :func:`plain`. Every pattern here is bounded, so that no text makes it slow.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from index.articles import Span

_MARKS = re.compile(r"[*_`\[<&\\~#>]")
# Escaped characters wait out the passes behind these private-use characters.
_SHELTER = 0x10FF00
_SHELTERED = re.compile("[\U0010ff21-\U0010ff7e]")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_CODE = re.compile(r"(?<!`)(`{1,3})(?!`)(.{1,600}?)(?<!`)\1(?!`)", re.DOTALL)
_COMMENT = re.compile(r"<!--.{0,4000}?-->", re.DOTALL)
_TAG = re.compile(
    r"</?(?:a|abbr|aside|b|big|blockquote|br|caption|cite|code|del|details|dfn|div|em|figcaption"
    r"|figure|font|h[1-6]|hr|i|iframe|img|ins|kbd|li|main|mark|ol|p|picture|pre|q|s|samp|section"
    r"|small|source|span|strike|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|time|tr|u|ul"
    r"|var|video|wbr)(?:\s[^<>]{0,2000})?\s{0,9}/?>",
    re.IGNORECASE,
)
_TARGET = r"\(\s{0,9}(?:<[^<>\n]{0,2000}>|[^()\s]{0,2000}(?:\([^()\s]{0,500}\)[^()\s]{0,500}){0,9})"
_TITLE = r"(?:\s{1,9}(?:\"[^\"]{0,500}\"|'[^']{0,500}'|\([^()]{0,500}\)))?\s{0,9}\)"
_LABEL = r"\[((?:[^\[\]]|\[[^\[\]]{0,500}\]){0,2000})\]"
_IMAGE = re.compile("!" + _LABEL + _TARGET + _TITLE)
_LINK = re.compile(_LABEL + _TARGET + _TITLE)
_REFERENCE = re.compile(r"!?\[([^\[\]]{1,500})\]\[[^\[\]]{0,200}\]")
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]{1,100}\]:?")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,2000})>")
_STRONG = re.compile(
    r"(?<!\d)(\*\*)(?=[^\s*]|\*(?!\*))((?:[^*]|\*(?!\*)){1,2000}?)(?<=\S)\*\*"
    r"|(?<!\w)(__)(?=[^\s_])([^_]{1,2000}?)(?<=[^\s_])__(?!\w)"
)
_EMPHASIS = re.compile(
    r"(?<![\w*])\*(?=[^\s*])([^*]{1,2000}?)(?<=[^\s*])\*(?![\w*])"
    r"|(?<![\w/])_(?=[^\s_])([^_]{1,2000}?)(?<=[^\s_])_(?!\w)"
)
_STRUCK = re.compile(r"(?<!~)~~(?=[^\s~])([^~]{1,2000}?)(?<=[^\s~])~~(?!~)")
# A passage may start or end inside bold text; such a mark touches a word on one side only.
_HALF_STRONG = re.compile(r"(?<!\S)\*\*(?=[^\s*])|(?<=[^\s*])\*\*(?!\S)")
_HEADING = re.compile(r"^ {0,3}#{1,6}(?=\s)|(?<=\S)[ \t]{1,9}#{1,6}[ \t]{0,9}$", re.MULTILINE)
_QUOTED = re.compile(r"^ {0,3}(?:>[ \t]?){1,9}(?=[^\s\d=])", re.MULTILINE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_DEFINITION = re.compile(
    r" {0,3}\[(?!\^)[^\[\]\n]{1,500}\]:\s{1,9}<?(?:https?:|mailto:|\.{0,2}/|#)"
)


def plain(text: str) -> str:
    """Takes Markdown's markup off a text and draws its white space together.

    Links become their text, images their alternative text; code, emphasis, headings, block
    quotes, footnote marks, escapes, HTML tags and entities lose their signs. A text without
    markup comes back as it is: ``5 * 3``, ``snake_case``, ``2 < 3`` and ``[sic]`` are no markup.
    """
    if _MARKS.search(text):
        text = _strip(text)
    return " ".join(text.split())


def spoken(text: str, span: Span) -> str:
    """A sentence of a text as a person reads it: without markup, unless nothing else is left."""
    raw = text[span.start : span.end]
    return plain(raw).strip() or raw


def _strip(text: str) -> str:
    text = _ESCAPE.sub(lambda match: _shelter(match[1]), text)
    text = _CODE.sub(lambda match: _shelter(match[2]), text)
    text = _TAG.sub(_tag_gap, _COMMENT.sub(" ", text))
    text = _AUTOLINK.sub(r"\1", text)
    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", text))
    text = _FOOTNOTE.sub("", _REFERENCE.sub(r"\1", text))
    text = _QUOTED.sub("", text)
    text = _HEADING.sub("", text)
    text = _STRONG.sub(lambda match: match[2] or match[4], text)
    text = _HALF_STRONG.sub("", text)
    text = _EMPHASIS.sub(lambda match: match[1] or match[2], text)
    text = _STRUCK.sub(r"\1", text)
    text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    return _SHELTERED.sub(lambda match: chr(ord(match[0]) - _SHELTER), text)


def _shelter(text: str) -> str:
    return "".join(chr(_SHELTER + ord(c)) if "!" <= c <= "~" else c for c in text)


def _tag_gap(match: re.Match[str]) -> str:
    # Inline tags stand inside words (H<sub>2</sub>O); all others part them.
    name = match[0].strip("</> \t\n").split(None, 1)[0].lower()
    inline = {"a", "abbr", "b", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins"}
    inline |= {"kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub"}
    inline |= {"sup", "time", "u", "var", "wbr"}
    return "" if name in inline else " "


def line_spans(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Yields the lines of ``text[start:end]`` in order, without their newlines."""
    end = len(text) if end is None else end
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield Span(start, stop)
        start = stop + 1


def unquotable(text: str) -> tuple[Span, ...]:
    """Finds what is no evidence: fenced code, HTML comments, link definitions.

    A fence or a comment that is never closed is ordinary text: nothing is lost to a slip.

    Returns:
        Spans in order, not overlapping.
    """
    spans = sorted([*_fences(text), *_comments(text), *_definitions(text)])
    merged: list[Span] = []
    for span in spans:
        if merged and span.start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def overlapping(spans: Sequence[Span], start: int, end: int) -> Sequence[Span]:
    """Those of some spans, in order and not overlapping, that reach into ``start:end``."""
    if not spans:
        return ()
    first = bisect_right(spans, start, key=lambda span: span.end)
    return spans[first : bisect_left(spans, end, lo=first, key=lambda span: span.start)]


def _fences(text: str) -> Iterator[Span]:
    if "```" not in text and "~~~" not in text:
        return
    marks = [(m[1], span) for span in line_spans(text) if (m := _FENCE.match(text, *span))]
    hopeless: dict[str, int] = {}  # fences of this sign and at least this length never close
    at = 0
    while at < len(marks):
        fence, opening = marks[at]
        at += 1
        if len(fence) >= hopeless.get(fence[0], len(text)):
            continue
        closing = _closing(text, marks, at, fence)
        if closing is None:
            hopeless[fence[0]] = len(fence)
        else:
            yield Span(opening.start, marks[closing][1].end)
            at = closing + 1


def _closing(text: str, marks: list[tuple[str, Span]], at: int, fence: str) -> int | None:
    for position in range(at, len(marks)):
        other, line = marks[position]
        if other.startswith(fence) and text[line.start : line.end].strip() == other:
            return position
    return None


def _comments(text: str) -> Iterator[Span]:
    start = text.find("<!--")
    while start >= 0:
        end = text.find("-->", start + 4)
        if end < 0:
            return
        yield Span(start, end + 3)
        start = text.find("<!--", end + 3)


def _definitions(text: str) -> Iterator[Span]:
    if "]:" in text:
        yield from (span for span in line_spans(text) if _DEFINITION.match(text, *span))
