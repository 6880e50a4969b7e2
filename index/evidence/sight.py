"""What was found for a question, before anything is weighed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.evidence.features import Sentence, candidates, features
from index.search import Hit, Question, language_of, search
from index.storage import Generation
from index.weights import Regime, Weights

PASSAGES = 12
"""So many of the best passages are looked at sentence by sentence."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What was found for a question, before anything is weighed.

    Attributes:
        found: All sentences of the hits.
        matrix: (sentences, ``FEATURES``).
        read: (sentences,) what the reader makes of each, in log odds; NaN: not read. None: it
            was not asked.
        regime: ``same`` when the best passage is in the question's language, so that their
            words can match; ``cross`` otherwise.
    """

    question: Question
    hits: Sequence[Hit]
    found: Sequence[Sentence]
    matrix: NDArray[np.float64]
    regime: Regime
    read: NDArray[np.float64] | None = None

    def starts(self) -> dict[int, int]:
        """For each hit the place of its first sentence among the candidates."""
        return {one.hit: place - one.number for place, one in enumerate(self.found)}


def likeliest(sight: Sight, scores: NDArray[np.float64]) -> dict[int, int]:
    """Hits by their best sentence's score, each with that candidate's place."""
    best: dict[int, int] = {}
    for place in np.argsort(-scores, kind="stable"):
        best.setdefault(sight.found[place].hit, int(place))
    return best


def look(generation: Generation, question: Question, exclude: frozenset[int]) -> Sight:
    """The passages that come into question and what can be seen of their sentences."""
    hits = search(generation, question, PASSAGES, exclude=exclude)
    articles = [generation.article(hit.passage.article_id).article for hit in hits]
    found = candidates(hits, [article.text for article in articles])
    spoken = language_of(articles[0]) if articles else None
    regime: Regime = "same" if spoken and spoken == question.language else "cross"
    titles = [article.title for article in articles]
    return Sight(question, hits, found, features(question, hits, found, titles), regime)


def alone(sight: Sight, weights: Weights) -> NDArray[np.float64]:
    """Each sentence's score from vectors and keywords alone."""
    return np.asarray(sight.matrix @ weights.alone.ranking(sight.regime))
