"""The words of the index: article, section, passage, sentence.

Every span counts characters (code points) of ``Article.text``, end exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Span(NamedTuple):
    """A run of characters of an article's text: ``text[start:end]``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an article under one heading (or one page of a PDF).

    ``span`` covers the body alone: the heading's own line and front matter lie outside.
    """

    span: Span
    heading: str | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Article:
    r"""One readable document of the corpus.

    Attributes:
        key: Path below the seeds folder with ``/``; a record adds ``#`` and its id.
        text: The decoded text, newlines as ``\n``; what citations count in.
        title: Never empty: from the document, else its first headline-like line, else its
            first sentence cut at 80 characters.
        sections: In reading order, not overlapping; what lies outside is never quoted.
        date: ISO 8601 calendar date (``2024-11-09``), if the document names one.
        language: ISO 639-1 code, if the document names one.
    """

    key: str
    text: str
    title: str
    sections: tuple[Section, ...]
    date: str | None = None
    author: str | None = None
    source: str | None = None
    url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one section, about 200 tokens: the unit of retrieval.

    Attributes:
        section: Position in ``Article.sections``.
        sentences: In reading order; the passage reaches from the first to the last.
    """

    section: int
    sentences: tuple[Span, ...]

    @property
    def span(self) -> Span:
        """From the first sentence's start to the last one's end."""
        return Span(self.sentences[0].start, self.sentences[-1].end)
