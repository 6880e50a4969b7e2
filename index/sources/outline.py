"""Title and sections of a text: Markdown's headings, or the bare headline lines of plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.articles import Section, Span
from index.markup import line_spans, overlapping, plain, unquotable
from index.paragraphs import is_wrapped, paragraphs
from index.sentences import sentences

MOST_TITLE_CHARACTERS = 80
"""Where the first sentence stands in for a title, it is cut there."""

_HEAD = 1_000  # characters that a first sentence is looked for in
_MOST_HEADLINE_CHARACTERS = 110
_MOST_HEADLINE_WORDS = 16
_NO_HEADLINE = re.compile(r"[-*+•‣–—>|#<=_~`\[(]|\d{1,3}[.)]\s|https?:|www\.")
_SENTENCE_END = re.compile(r"[.!?…:;,][“”«»\"'’)\]]*$")
_INNER_STOP = re.compile(r"[^\W\d_]{3}[.!?]\s+[^\W\d_a-zäöüß]")
_BYLINE = re.compile(  # who wrote it, or when: over a text, but not what it is about
    r"(?:(?:Von|By|Text|Fotos?|Quelle|Stand|Autor(?:in)?):?(?:\s+(?:[^\W\d_a-zäöüß][\w.’'-]*,?|und|and"
    r"|von|van|de|der|in|aus)){1,8}|(?:\w+,\s+)?(?:den\s+)?\d{1,2}\.\s?\w+\.?\s\d{4})$"
)
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})[ \t]*$")
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading's text and all that it takes up, an underline included."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Outline:
    """What a text says of its own structure.

    Attributes:
        title: From the text itself; empty if it has no words.
        sections: Those that hold a word outside code and comments.
    """

    title: str
    sections: tuple[Section, ...]


def outline(text: str, start: int, *, title: str | None, markdown: bool) -> Outline:
    """Finds a text's title and sections.

    Args:
        text: The article's text.
        start: Where the body begins, behind front matter.
        title: What front matter calls the article, if it does.
        markdown: Whether only Markdown headings count (where the text has any).
    """
    hidden = unquotable(text)
    lines = [line for line in line_spans(text, start) if not _is_hidden(line, hidden)]
    headings = list(_markdown_headings(text, lines))
    named = headings[0] if headings else None
    if not (markdown and headings):
        headlines = _headlines(text, lines, headings)
        named = named or (headlines[0] if headlines else None)
        headings = sorted([*headings, *headlines], key=lambda heading: heading.span)
    sections = tuple(_sections(text, start, headings, hidden, own_title(headings, lines, title)))
    title = title or (named.text if named else None) or first_sentence(text, sections, hidden)
    return Outline(title, sections)


def own_title(headings: list[Heading], lines: list[Span], title: str | None) -> Heading | None:
    """The heading that stands over the whole article: its first line, unless it names a part."""
    first = next((line for line in lines if line.end > line.start), None)
    if not headings or first is None or headings[0].span.start != first.start:
        return None
    return headings[0] if title is None or title == headings[0].text else None


def first_sentence(text: str, sections: Sequence[Section], hidden: Sequence[Span] = ()) -> str:
    """The first sentence, cut at a word's end near 80 characters with an ellipsis."""
    for section in sections:
        head = Span(section.span.start, min(section.span.end, section.span.start + _HEAD))
        for paragraph in paragraphs(text, head, hidden):
            for span in sentences(text, paragraph, "de"):
                if words := plain(text[span.start : span.end]):
                    return shortened(words)
    return shortened(plain(text[:_HEAD]) or " ".join(text[:_HEAD].split()))


def shortened(title: str) -> str:
    """Cuts a title at a word's end so that it has at most 80 characters, ellipsis included."""
    if len(title) <= MOST_TITLE_CHARACTERS:
        return title
    head = title[: MOST_TITLE_CHARACTERS - 1]
    words = head.rsplit(" ", 1)[0] if " " in head[40:] and title[len(head)] != " " else head
    return words.rstrip(" ,;:–—-") + "…"


def _is_hidden(line: Span, hidden: Sequence[Span]) -> bool:
    return bool(overlapping(hidden, line.start, line.start + 1))


def _markdown_headings(text: str, lines: list[Span]) -> Iterator[Heading]:
    for at, line in enumerate(lines):
        raw = text[line.start : line.end]
        if raw.lstrip(" ").startswith("#"):
            name = _hash_heading(raw)
            if name:
                yield Heading(name, line)
        elif at and _UNDERLINE.match(raw) and lines[at - 1].end + 1 == line.start:
            above = lines[at - 1]
            is_single = at == 1 or not text[lines[at - 2].start : lines[at - 2].end].strip()
            name = plain(text[above.start : above.end])
            if is_single and name and not name.startswith(("#", "|", "- ", "> ", "* ")):
                yield Heading(name, Span(above.start, line.end))


def _hash_heading(raw: str) -> str:
    body = raw.strip()
    level = len(body) - len(body.lstrip("#"))
    if level > 6 or len(raw) - len(raw.lstrip(" ")) > 3 or not body[level : level + 1].isspace():
        return ""
    name = body[level:].strip()
    bare = name.rstrip("#")
    return plain(bare if bare != name and bare[-1:].isspace() else name)


def _headlines(text: str, lines: list[Span], headings: list[Heading]) -> list[Heading]:
    """Bare lines that stand over text: short, ended by no stop, with text after them."""
    taken = {heading.span.start for heading in headings}
    alike = [line.start not in taken and _is_headline_like(text, line) for line in lines]
    widths = _widths(text, lines)
    filled = [at for at, line in enumerate(lines) if text[line.start : line.end].strip()]
    found: list[Heading] = []
    for place, at in enumerate(filled[:-1]):
        line, following = lines[at], lines[filled[place + 1]]
        if not alike[at] or (place and not _may_precede(text, lines, filled[place - 1], at)):
            continue
        stands_alone = filled[place + 1] != at + 1
        if not stands_alone and is_wrapped(text, line, following, widths[at]):
            continue
        if alike[filled[place + 1]] and not (place == 0 and stands_alone):
            continue
        found.append(Heading(plain(text[line.start : line.end]), line))
    return found


def _may_precede(text: str, lines: list[Span], before: int, at: int) -> bool:
    """A headline comes after a blank line, after the end of a sentence, or after a headline."""
    if before != at - 1:
        return True
    line = text[lines[before].start : lines[before].end].rstrip()
    return _SENTENCE_END.search(line[-6:]) is not None or line.startswith(("#", "="))


def _is_headline_like(text: str, line: Span) -> bool:
    if line.end - line.start > _MOST_HEADLINE_CHARACTERS + 10:
        return False
    words = text[line.start : line.end].strip()
    if not words or len(words) > _MOST_HEADLINE_CHARACTERS or _NO_HEADLINE.match(words):
        return False
    if _SENTENCE_END.search(words[-6:]) or _INNER_STOP.search(words) or words[0].islower():
        return False
    if "|" in words or "\t" in words or _BYLINE.match(words):
        return False
    letters = sum(c.isalpha() for c in words)
    few = len(words.split()) <= _MOST_HEADLINE_WORDS and letters >= 0.6 * len(words)
    return few and plain(words) != ""  # a tag alone is no headline


def _widths(text: str, lines: list[Span]) -> list[int]:
    """For each line the longest line of its block."""
    widths = [0] * len(lines)
    start = 0
    for at in range(len(lines) + 1):
        if at == len(lines) or not text[lines[at].start : lines[at].end].strip():
            widest = max((line.end - line.start for line in lines[start:at]), default=0)
            widths[start:at] = [widest] * (at - start)
            start = at + 1
    return widths


def _sections(
    text: str, start: int, headings: list[Heading], hidden: Sequence[Span], own: Heading | None
) -> Iterator[Section]:
    begins = [(start, None), *((heading.span.end, heading) for heading in headings)]
    ends = [*(heading.span.start for heading in headings), len(text)]
    for (begin, heading), end in zip(begins, ends, strict=True):
        span = _trimmed(text, begin, end)
        if _has_words(text, span, hidden):
            yield Section(span, None if heading is None or heading is own else heading.text)


def _trimmed(text: str, start: int, end: int) -> Span:
    body = text[start:end]
    return Span(start + len(body) - len(body.lstrip()), end - (len(body) - len(body.rstrip())))


def _has_words(text: str, span: Span, hidden: Sequence[Span]) -> bool:
    """Whether anything can be read in it: markup alone, such as a lone tag, is nothing."""
    start = span.start
    for gap in overlapping(hidden, span.start, span.end):
        if _is_readable(text, start, max(start, gap.start)):
            return True
        start = gap.end
    return _is_readable(text, start, span.end)


def _is_readable(text: str, start: int, end: int) -> bool:
    if _WORD.search(text, start, end) is None:
        return False
    head = min(end, start + _HEAD)  # nearly always enough, and quick in a long section
    return any(_WORD.search(plain(text[start:stop])) for stop in (head, end))
