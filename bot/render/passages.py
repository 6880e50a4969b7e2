"""What articles say, made safe to show: no control characters, no markup, the quote marked."""

from __future__ import annotations

import re
from typing import NamedTuple

from index.markup import plain

# Escape sequences: CSI; OSC and the other strings, if they end; those of two characters. A lone
# introducer takes nothing with it, and 8-bit ones (which badly decoded text is full of) neither.
_ESCAPES = re.compile(
    r"\x1b\[[0-?]{0,99}[ -/]{0,9}[@-~]"
    r"|\x1b[\]PX^_][^\x07\x1b\x9c\n]{0,2000}(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]{0,9}[0-~]?"
)
# What one reads must be what is there: no control characters, no marks that reorder the text.
_NEWLINES = dict.fromkeys([0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029], "\n")
_REMOVED = dict.fromkeys(
    [
        *(code for code in range(0x20) if chr(code) not in "\n\t"),
        *range(0x7F, 0xA0),
        *(0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)),
    ]
)
_LONE_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_TABLE: dict[int, str | None] = {**_REMOVED, **_NEWLINES, **_LONE_SURROGATES}
# Where a new line means something: an empty line, or an item of a list.
_BREAK = re.compile(r"(\n[ \t]*\n\s*|\n(?=[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]))")

# Private-use characters that stand around the quote while markup is stripped.
_OPEN, _CLOSE = "\ue000", "\ue001"


class Marked(NamedTuple):
    """A quote between what stands before and behind it, as people read it."""

    before: str
    quote: str
    after: str


def clean(text: str) -> str:
    """Text without terminal escapes, control characters and marks that reorder it.

    Newlines and tabs stay; what cannot be encoded becomes U+FFFD.
    """
    return _ESCAPES.sub("", text.replace("\r\n", "\n")).translate(_TABLE)


def one_line(text: str) -> str:
    """Clean text with every run of white space one blank."""
    return " ".join(clean(text).split())


def readable(text: str) -> str:
    """An article's text as people read it, on one line: clean, its markup stripped."""
    return one_line(plain(clean(text)))


def marked(before: str, quote: str, after: str) -> Marked:
    """A quote and its surroundings as people read them; paragraphs and list items stay apart.

    Markup is stripped from the whole, for it may begin before the quote and end in it.
    """
    inner = quote.strip()
    if inner:  # its outer blanks belong to what is around it
        left, _, right = quote.partition(inner)
        before, quote, after = before + left, inner, right + after
    parts = [clean(part).replace(_OPEN, "").replace(_CLOSE, "") for part in (before, quote, after)]
    whole = _paragraphs(parts[0] + _OPEN + parts[1] + _CLOSE + parts[2])
    if whole.count(_OPEN) == whole.count(_CLOSE) == 1 and whole.find(_OPEN) < whole.find(_CLOSE):
        head, _, rest = whole.partition(_OPEN)
        inside, _, tail = rest.partition(_CLOSE)
    else:  # a mark was swallowed, in a link's address say
        head, inside, tail = (_paragraphs(part) for part in parts)
    return Marked(head, " ".join(inside.split()), tail)


def _paragraphs(text: str) -> str:
    """The text without markup, its paragraphs parted by an empty line, its items by a new one."""
    pieces = _BREAK.split(text)
    pieces[::2] = [_plain_inside(piece) for piece in pieces[::2]]
    pieces[1::2] = ["\n\n" if "\n" in gap[1:] else "\n" for gap in pieces[1::2]]
    return "".join(pieces)


def _plain_inside(text: str) -> str:
    """``plain``, but a blank at either end, where the quote may begin, stays one blank."""
    if not text.strip():
        return " " * bool(text)
    head, tail = " " * text[0].isspace(), " " * text[-1].isspace()
    return head + plain(text) + tail


def shortened(passage: Marked, reach: int) -> Marked:
    """The passage within its paragraph, at most ``reach`` characters on each side, cut at words.

    A cut is an ellipsis behind a no-break space, so that it never stands in a line of its own.
    """
    before = passage.before.rpartition("\n")[2].lstrip()
    after = passage.after.partition("\n")[0].rstrip()
    if len(before) > reach:
        before = "…\u00a0" + before[-reach:].partition(" ")[2].lstrip("… ")
    if len(after) > reach:
        after = after[:reach].rpartition(" ")[0].rstrip("… ") + "\u00a0…"
    return Marked(before, passage.quote, after)
