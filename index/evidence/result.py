"""What is asked of the heart and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass

from index.articles import Span
from index.periods import Period


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it is to be searched for.

    Attributes:
        text: What is searched for, already rewritten from the conversation.
        language: ISO 639-1 code of the question; found out when None.
        period: The time that the question names.
        context: Ids of articles cited earlier in the conversation.
        exclude: Ids of articles treated as if absent (evaluation).
    """

    text: str
    language: str | None = None
    period: Period | None = None
    context: tuple[int, ...] = ()
    exclude: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence that may answer, with the one before it where they belong together.

    Attributes:
        span: The sentence.
        lead: The sentence before it, quoted together with it: the sentence leans on it, or
            the answer may stand in either of the two.
        score: 0 to 1, comparable within one answer.
    """

    article_id: int
    passage_id: int
    span: Span
    lead: Span | None
    score: float

    @property
    def quote(self) -> Span:
        """The run to be quoted: lead and sentence."""
        return Span(self.lead.start, self.span.end) if self.lead else self.span


@dataclass(frozen=True, slots=True)
class Trace:
    """How the evidence was found, for people who look into it.

    Attributes:
        searched: The question as it was encoded.
        language: Of the question.
        terms: The keywords with their weight times their rarity.
        wanted: What kinds of answer the question asks for.
        passages: (passage id, score, cosine, keyword share), best first.
        sentences: (start in its article, score, features by name) of the best candidates.
        signs: What the confidence was computed from.
    """

    searched: str
    language: str | None
    terms: dict[str, float]
    wanted: tuple[str, ...]
    passages: tuple[tuple[int, float, float, float], ...]
    sentences: tuple[tuple[int, float, dict[str, float]], ...]
    signs: dict[str, float]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the articles say to a question.

    Attributes:
        candidates: The five best, in order.
        cited: Those of them that answer, in order; 0 to 3.
        confidence: Calibrated probability that one of the citations answers.
        nearest: (article id, score 0 to 1) of the articles nearest to the question.
    """

    candidates: tuple[Candidate, ...]
    cited: tuple[Candidate, ...]
    confidence: float
    nearest: tuple[tuple[int, float], ...]
    trace: Trace
