"""An article put together from what a parser found: paragraphs, headings, list items, rows."""

from __future__ import annotations

import re

from index.articles import Article, Section, Span
from index.sources.decoding import clean
from index.sources.limits import MOST_EXTRACTED_CHARACTERS
from index.sources.metadata import MOST_VALUE_CHARACTERS, Metadata
from index.sources.outcome import Unreadable
from index.sources.outline import first_sentence, outline, shortened

_WORD = re.compile(r"\w")


class Draft:
    """Text and sections that grow block by block."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._begins: list[tuple[int, str | None]] = [(0, None)]
        self._ends: list[int] = []
        self._last = ""

    def heading(self, text: str) -> None:
        """Adds a heading: a new section begins behind it."""
        if name := _lines(text).replace("\n", " "):
            self._ends.append(self._length)
            self._add(name, "heading")
            self._begins.append((self._length, name))

    def paragraph(self, text: str) -> None:
        """Adds a paragraph; line breaks inside it are kept."""
        if lines := _lines(text):
            self._add(lines, "paragraph")

    def item(self, text: str) -> None:
        """Adds a list item."""
        if lines := _lines(text):
            self._add("- " + lines.replace("\n", " "), "item")

    def row(self, cells: list[str]) -> None:
        """Adds a table row."""
        shown = [_lines(cell).replace("\n", " ").replace("|", "/") for cell in cells]
        if any(shown):
            self._add(f"| {' | '.join(shown)} |", "row")

    def article(self, key: str, said: Metadata) -> Article:
        """Closes the draft.

        Raises:
            Unreadable: If it holds nothing that can be quoted.
        """
        text = "".join(self._parts)
        ends = [*self._ends, len(text)]
        named = next((name for _, name in self._begins if name), None)
        over_all = self._ends[:1] == [0] and said.title in (None, named)
        sections = []
        for (begin, name), end in zip(self._begins, ends, strict=True):
            span = _stripped(text, begin, end)
            if _WORD.search(text, *span):
                sections.append(Section(span, None if over_all and name == named else name))
        if not sections:
            raise Unreadable("contains no sentences")
        title = said.title or named or first_sentence(text, sections)
        return finished(key, text, tuple(sections), title, said)

    def _add(self, block: str, kind: str) -> None:
        gap = "" if not self._parts else "\n\n"
        if kind == self._last and kind in ("item", "row"):
            gap = "\n"
        self._last = kind
        self._parts += [gap, block]
        self._length += len(gap) + len(block)
        if self._length > MOST_EXTRACTED_CHARACTERS:
            raise Unreadable(_too_long())


def article_of_text(key: str, text: str, said: Metadata) -> Article:
    """Makes an article of a record's plain text, its headline-like lines being headings.

    Raises:
        Unreadable: If nothing in it can be quoted.
    """
    text = clean(text).strip()
    if len(text) > MOST_EXTRACTED_CHARACTERS:
        raise Unreadable(_too_long())
    if not _WORD.search(text):
        raise Unreadable("has no text: the field is empty or blank")
    found = outline(text, 0, title=said.title, markdown=False)
    if not found.sections:
        raise Unreadable("contains no sentences: only headings, code, comments or tags")
    return finished(key, text, found.sections, found.title, said)


def finished(
    key: str, text: str, sections: tuple[Section, ...], title: str, said: Metadata
) -> Article:
    """An article of its text and what its document says of itself."""
    return Article(
        key=key,
        text=text,
        title=title[:MOST_VALUE_CHARACTERS] or shortened(text),
        sections=sections,
        date=said.date,
        author=said.author,
        source=said.source,
        url=said.url,
        language=said.language,
    )


def _too_long() -> str:
    return f"its text is longer than {MOST_EXTRACTED_CHARACTERS:,} characters; split it"


def _lines(text: str) -> str:
    lines = (" ".join(line.split()) for line in clean(text).split("\n"))
    return "\n".join(line for line in lines if line)


def _stripped(text: str, start: int, end: int) -> Span:
    body = text[start:end]
    return Span(start + len(body) - len(body.lstrip()), end - (len(body) - len(body.rstrip())))
