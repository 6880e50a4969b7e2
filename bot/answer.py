"""Answers: what was found, turned into claims, each with a citation that can be checked.

The fields of the classes here are the keys of ``belegbot ask --json``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.evidence import Trace


class Kind(StrEnum):
    """What an answer is, for those who lay it out."""

    ANSWER = "answer"
    REFUSAL = "refusal"
    TALK = "talk"


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer, markup stripped, and the citations that support it."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote: ``quote`` is the article's text from ``start`` to ``end``.

    Attributes:
        n: The number that stands in the answer, from 1.
        id: What ``belegbot show`` and a Telegram link open, also after a rebuild.
        article: The article's key.
        score: 0 to 1, comparable within one answer.
        also_in: Keys of other articles that tell the same story (agency copy).
    """

    n: int
    id: str
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
    score: float
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """A candidate sentence (with the one before it, where it leans on that), cited or not."""

    article: str
    quote: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class NearestArticle:
    """Further reading."""

    article: str
    title: str
    date: str | None
    url: str | None
    score: float


@dataclass(frozen=True, slots=True)
class Dropped:
    """A claim of a language model that did not pass, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds."""

    search: float
    answer: float
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply to one question, whatever front end asked.

    ``language`` ("de" or "en": what refusals and labels are written in), ``kind``, ``notice``
    (a line for the person beside the answer) and ``trace`` are no part of the JSON object.
    """

    question: str
    rewritten: str | None
    answered: bool
    mode: str
    answer: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    evidence: tuple[EvidenceItem, ...]
    nearest: tuple[NearestArticle, ...]
    dropped: tuple[Dropped, ...]
    confidence: float
    generation: str
    ms: Timing
    language: str = "en"
    kind: Kind = Kind.ANSWER
    notice: str | None = None
    trace: Trace | None = field(default=None, repr=False, compare=False)

    def timed(self, ms: Timing) -> Answer:
        """The same answer with these times."""
        return replace(self, ms=ms)


def joined(claims: tuple[Claim, ...]) -> str:
    """The answer as one text: each claim followed by its numbers, ``Satz. [1] Satz. [2]``."""
    return " ".join(
        claim.text + "".join(f" [{number}]" for number in claim.citations) for claim in claims
    )
