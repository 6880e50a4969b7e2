"""What can be seen of a candidate sentence before it is quoted: a row of numbers each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.analysis import numbers, terms
from index.articles import Span
from index.evidence.leaning import leans
from index.evidence.question_type import Wanted, offers, wanted
from index.search import Hit, Question

FEATURES = (
    "cosine", "passage", "keyword", "best", "is_best", "cosine_before", "cosine_after",
    "pair_before", "pair_after", "cover", "cover_near", "rarest", "numbers",
    "time", "person", "place", "number", "reason", "name",
    "length", "new", "asks", "first", "leans", "leans_cosine", "leans_cover",
    "found", "article", "behind", "title",
)  # fmt: skip
"""The columns, in order; see ``_row``."""
READ_FEATURES = ("read", "unread")
"""Further columns where the reader was asked: its logit, 0 for what it has not read."""

_LONG = 400
_MOST_SURE = 10.0  # log odds
_QUESTION_SIGN = re.compile(r"[?]\W*$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A candidate: one sentence of a passage that was found.

    Attributes:
        hit: Position of its passage among the hits.
        number: Position in the passage.
        terms: Its keywords.
    """

    hit: int
    number: int
    span: Span
    text: str
    terms: frozenset[str]


def candidates(hits: Sequence[Hit], texts: Sequence[str]) -> list[Sentence]:
    """All sentences of the hits in their order; ``texts`` are those of the hits' articles."""
    found = []
    for place, (hit, text) in enumerate(zip(hits, texts, strict=True)):
        for number, span in enumerate(hit.passage.sentences):
            quote = text[span.start : span.end]
            found.append(Sentence(place, number, span, quote, _terms(quote)))
    return found


@lru_cache(maxsize=4096)
def _terms(text: str) -> frozenset[str]:
    """Kept, because questions of one conversation look at the same sentences."""
    return frozenset(terms(text))


def features(
    question: Question, hits: Sequence[Hit], found: Sequence[Sentence], titles: Sequence[str]
) -> NDArray[np.float64]:
    """A matrix (candidates, ``FEATURES``); ``titles`` are those of the hits' articles."""
    view = View(question)
    by_hit: dict[int, list[Sentence]] = {}
    for sentence in found:
        by_hit.setdefault(sentence.hit, []).append(sentence)
    rows = [
        _row(view, hits[place], sentences, number, title)
        for place, sentences in by_hit.items()
        for title in (_terms(titles[place]),)
        for number in range(len(sentences))
    ]
    return np.array(rows, np.float64).reshape(len(rows), len(FEATURES))


class View:
    """What is needed of the question for every sentence.

    Attributes:
        shares: What each keyword counts, all together 1.
        wanted: What kinds of answer are asked for.
    """

    def __init__(self, question: Question):
        self.text = question.text
        self.wanted = wanted(question.text)
        mass = max(question.mass, 1e-9)
        self.shares = {
            term: weight * question.rarity[term] / mass for term, weight in question.terms.items()
        }
        self.words = frozenset(question.terms)
        self.largest = max(self.shares.values(), default=1.0)
        self.numbers = numbers(question.text)

    def cover(self, found: frozenset[str]) -> float:
        """The share of the keywords' mass that these terms hold."""
        return sum(self.shares[term] for term in self.words & found)

    def rarest(self, found: frozenset[str]) -> float:
        """How the weightiest keyword found compares with the weightiest asked for."""
        return max((self.shares[term] for term in self.words & found), default=0.0) / self.largest


def _row(
    view: View, hit: Hit, sentences: Sequence[Sentence], number: int, title: frozenset[str]
) -> tuple[float, ...]:
    one, last = sentences[number], len(sentences) - 1
    cosine, best = float(hit.cosines[number]), float(hit.cosines.max())
    before = float(hit.cosines[number - 1]) if number else hit.dense
    near = frozenset[str]().union(*(s.terms for s in sentences[max(0, number - 1) : number + 2]))
    cover = view.cover(one.terms)
    leaning = float(leans(one.text))
    kinds = [
        offers(one.text, view.text, kind) - 0.5 if kind in view.wanted else 0.0 for kind in Wanted
    ]
    return (
        cosine,
        hit.dense,
        hit.keyword,
        best,
        float(cosine >= best),
        before,
        float(hit.cosines[number + 1]) if number < last else hit.dense,
        float(hit.pairs[number - 1]) if number else hit.dense,
        float(hit.pairs[number]) if number < last else hit.dense,
        cover,
        view.cover(near) - cover,
        view.rarest(one.terms),
        _shared_numbers(view.numbers, one.text),
        *kinds,
        min(len(one.text), _LONG) / _LONG,
        float(np.log1p(len(one.terms - view.words))),
        float(bool(_QUESTION_SIGN.search(one.text))),
        float(number == 0),
        leaning,
        leaning * (before - cosine),
        leaning * view.cover(sentences[number - 1].terms) if number else 0.0,
        hit.score,
        hit.article,
        hit.article - hit.score,
        view.cover(title - one.terms),
    )


def with_reading(matrix: NDArray[np.float64], logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """The matrix with ``READ_FEATURES``; logits (candidates,) are NaN where nothing was read."""
    unread = np.isnan(logits)
    clipped = np.clip(np.where(unread, 0.0, logits), -_MOST_SURE, _MOST_SURE)
    return np.column_stack([matrix, clipped, unread])


def _shared_numbers(asked: set[str], text: str) -> float:
    """Which share of the question's numbers the text has, about its middle."""
    return len(asked & numbers(text)) / len(asked) - 0.5 if asked else 0.0
