"""Paragraphs into sentences: sentencex, and what it misses.

sentencex does not know Markdown, parts German ordinals ("im 19. | Jahrhundert") and some
abbreviations, and misses a sentence that begins with a year. It also takes time that grows
with the square of what it is given, so it is given a paragraph in bounded windows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import sentencex

from index.articles import Span

MOST_CHARACTERS = 600
"""No sentence is longer: tables, lists and texts without a full stop are cut."""

_LEAST_CUT = 200
_WINDOW = 4_000
_SIGNS = re.compile(
    r"(?<!\w)[*_]{1,3}(?=\w|[„“»«\"'(\[])|(?<=[^\s*_])[*_]{1,3}(?!\w)|\[\^[^\[\]\s]{1,100}\]"
    r"|\]\([^()\s]{1,2000}\)|`{1,3}|~~"
)
_LINK = re.compile(r"\[[^\[\]]{1,500}\]\([^()\s]{1,2000}\)")
_EDGES = re.compile(r"(?:[*_]{1,3}|~~|`{1,3})(?!\d)")
_WORD = re.compile(r"\w")
_YEAR_START = re.compile(r"[^\W\d_]{3}[.!?][“”«»\"')]? (?=(?:1[0-9]|20)\d\d [^\W\d_])")
_SHORTENED = re.compile(
    r"(?<!\w)(?:abb|abs|art|aug|bzw|dez|ebd|etc|evtl|feb|ggf|hrsg|inkl|jan|kap|mio|mrd|nov|okt|parl"
    r"|sep|sept|tab|tsd|usw|vgl|zzgl)[.!?]",
    re.IGNORECASE,
)
# An ordinal keeps its noun: these come before one, these never follow one.
_BEFORE_ORDINAL = (
    "im am vom zum beim ins der die das den dem des ein eine einen einem einer bis seit ab und oder"
    " ihr ihre ihren ihrem ihrer sein seine seinen seinem seiner unser unsere jeder jede jedes"
    " dieser diese dieses dritten zur in"
)
_AFTER_STOP = (
    "der die das er sie es wir ich ihr ein eine dann doch aber und oder auch so im in am an zu"
    " nach vor mit für bei seit dort hier damals heute"
)
_ORDINAL = re.compile(
    rf"(?:(?<!\w)(?:{'|'.join(_BEFORE_ORDINAL.split())})\s|–\s?|-\s)\d{{1,2}}\.\s+$", re.IGNORECASE
)
_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}\.\s+$")
_NUMBERED = re.compile(
    r"(?:Jahrhundert|Jahrtausend|Lebensjahr|Geburtstag|Jahrestag|Weltkrieg|Platz|Rang|Runde|Minute"
    r"|Mal|Etappe|Spieltag|Bundesliga|Liga|Bezirk|Stock|Auflage|Kapitel|Tag|Monat|Woche|Semester"
    r"|Legislaturperiode|Amtszeit|Internationale)",
)
_NEW_SENTENCE = re.compile(rf"(?:{'|'.join(_AFTER_STOP.split())})\b", re.IGNORECASE)
_ABBREVIATION = re.compile(
    r"(?<!\w)(?:Fa|Hrsg|Bsp|Hl|Frhr|Gebr|Str|Ing|Mag|Univ|Tel|Lt|lt|Anm|Red|Bd|Inc|Nr|No|Mt|Ste"
    r"|Dres|Dipl|Jh|Jhdt|österr|dt|engl|frz|lat|ital|jun|sen|jr|sr|Hbf|Bhf|Pl|Gen|Kard|Msgr|Reg"
    r"|Bez|Kt|Wr|Abt|Ziff|lfd|max|min|mind|durchschn|verh|gest|gesch|ehem)\.\s+$"
)


def sentences(text: str, paragraph: Span, language: str) -> Iterator[Span]:
    """Yields the sentences of a paragraph in order, each holding at least one word.

    Args:
        text: The article's text.
        paragraph: The part of it to read.
        language: ISO 639-1 code; one that sentencex does not know is read like English.
    """
    for piece in _windows(text, paragraph):
        yield from _sentences(text, piece, language)


def _sentences(text: str, piece: Span, language: str) -> Iterator[Span]:
    breaks = _breaks(text[piece.start : piece.end], language)
    spans = [_edged(text, piece.start + a, piece.start + b) for a, b in pairwise(breaks)]
    for span in spans:
        for part in _bounded(text, span):
            if _WORD.search(text, *part):
                yield part


def _breaks(piece: str, language: str) -> list[int]:
    """Where sentences begin in a piece, and its end."""
    # The lines of a paragraph belong together, but "1999." at a line's head looks like an item.
    bare, places = _without_signs(piece.replace("\n", " "))
    found = {0, len(bare)}
    for boundary in sentencex.get_sentence_boundaries(language, bare):
        at = boundary["start_index"]
        if at and not _holds_together(bare, at):
            found.add(at)
    for match in _YEAR_START.finditer(bare):
        if not _SHORTENED.search(bare, max(0, match.start() - 5), match.end()):
            found.add(match.end())
    # A sign between two sentences belongs to the side that it touches: break after the space.
    inner = [places[at - 1] + 1 for at in sorted(found) if 0 < at < len(bare)]
    links = [match.span() for match in _LINK.finditer(piece)] if "](" in piece else []
    inner = [at for at in inner if not any(start < at < end for start, end in links)]
    return [0, *inner, len(piece)]


def _without_signs(piece: str) -> tuple[str, list[int]]:
    """Takes the signs of emphasis, links and footnotes out.

    Returns:
        The bare text and, for each of its characters, the place it stood in.
    """
    kept: list[str] = []
    places: list[int] = []
    start = 0
    for match in _SIGNS.finditer(piece):
        kept.append(piece[start : match.start()])
        places.extend(range(start, match.start()))
        start = match.end()
    kept.append(piece[start:])
    places.extend(range(start, len(piece)))
    return "".join(kept), places


def _holds_together(bare: str, at: int) -> bool:
    """Tells whether sentencex broke inside a name, or between an ordinal and its noun."""
    before = bare[max(0, at - 40) : at]
    after = bare[at : at + 16]
    if not before[-1:].isspace() and (after[:1] == "-" or before[-1:] in "!?"):
        return True  # "K.-o.-Tropfen", "Yahoo!News"
    if not after[:1].isalpha():
        return after[:1] in ":;,)]"
    if _NUMBERED.match(after) and _NUMBER.search(before):
        return True
    if _ORDINAL.search(before):
        return _NEW_SENTENCE.match(after) is None
    return _ABBREVIATION.search(before) is not None


def _edged(text: str, start: int, end: int) -> Span:
    """Takes white space off a sentence's edges, and signs whose partner lies elsewhere."""
    start, end = _stripped(text, start, end)
    head = _EDGES.match(text, start, end)
    if head and _word_follows(text, head.end(), end):
        sign, inner = head[0], text.count(head[0], head.end(), end)
        if inner == 0:
            start = head.end()
        elif inner == 1 and text.endswith(sign, head.end(), end):
            start, end = head.end(), end - len(sign)
    tail = text[max(start, end - 3) : end]
    sign = tail[len(tail.rstrip("*_~`")) :]
    if sign and text.count(sign, start, end) == 1 and sign != "_":
        end -= len(sign)
    return Span(*_stripped(text, start, end))


def _word_follows(text: str, at: int, end: int) -> bool:
    return at < end and not text[at].isspace() and _WORD.search(text, at, end) is not None


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _windows(text: str, paragraph: Span) -> Iterator[Span]:
    """Parts a giant paragraph where a sentence most likely ends."""
    start, end = paragraph
    while end - start > _WINDOW:
        at = _last_of((". ", ".\n", "! ", "? "), text, start + _WINDOW // 2, start + _WINDOW)
        at = at or _cut(text, start + _WINDOW // 2, start + _WINDOW)
        yield Span(start, at)
        start = at
    yield Span(start, end)


def _bounded(text: str, span: Span) -> Iterator[Span]:
    """Cuts what is too long for a sentence into parts of at most ``MOST_CHARACTERS``."""
    start, end = span
    while end - start > MOST_CHARACTERS:
        most = min(MOST_CHARACTERS, end - start - _LEAST_CUT // 2)
        at = _cut(text, start + _LEAST_CUT, start + most)
        yield Span(*_stripped(text, start, at))
        start, end = _stripped(text, at, end)
    if end > start:
        yield Span(start, end)


def _cut(text: str, least: int, most: int) -> int:
    for signs in (("\n",), ("; ", "! ", "? ", ". "), (": ", " – ", ", "), (" ", "\t")):
        at = _last_of(signs, text, least, most)
        if at:
            return at
    return most


def _last_of(signs: tuple[str, ...], text: str, least: int, most: int) -> int:
    """The end of the last of some signs in ``text[least:most]``; 0 where there is none."""
    found = ((text.rfind(sign, least, most), len(sign)) for sign in signs)
    return max((at + length for at, length in found if at >= 0), default=0)
