"""Lets the reader read the likeliest passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from index.evidence.sight import Sight, likeliest
from index.markup import spoken
from index.periods import Period, spelt
from index.reader import Excerpt, Reader
from index.storage import Generation

READ, AT_ONCE = 4, 2
"""So many of the likeliest passages the reader reads at most, so many at once: one a core."""
FOUND = 2.0
"""A sentence likelier than that by the reader (log odds): no further passage is read."""
BESIDE = 3.0
"""Where the answer was found, one passage of another article is read as well that was at most so
far behind: it may say otherwise."""


def read(
    generation: Generation,
    reader: Reader,
    sight: Sight,
    scores: NDArray[np.float64],
    period: Period | None = None,
) -> Sight:
    """The same, with what the reader makes of the passages whose best sentences score highest.

    It stops where it has found what answers. It does not know the clock: a period counted from
    today stands spelt out behind the question.
    """
    question = sight.question
    dated = period and spelt(period, question.language)
    asked = f"{question.text} ({dated})" if dated else question.text
    starts = sight.starts()
    best = likeliest(sight, scores)
    logits = np.full(len(sight.found), np.nan)

    def read_some(some: Sequence[int]) -> None:
        excerpts = [_excerpt(generation, sight, best[hit]) for hit in some]
        for hit, reading in zip(some, reader.read(asked, excerpts), strict=True):
            start = starts[hit] + reading.first
            logits[start : start + len(reading.logits)] = reading.logits

    order = list(best)[:READ]
    for at in range(0, len(order), AT_ONCE):
        read_some(order[at : at + AT_ONCE])
        if np.nanmax(logits) >= FOUND:
            if another := _of_another(sight, best, scores, order[: at + AT_ONCE]):
                read_some(another)
            break
    return replace(sight, read=logits)


def _of_another(
    sight: Sight, best: dict[int, int], scores: NDArray[np.float64], done: Sequence[int]
) -> list[int]:
    """The likeliest hit of another article, unless one was read or none is near."""
    articles = {sight.hits[hit].passage.article_id for hit in done}
    top = scores[best[done[0]]]
    if len(articles) > 1:
        return []
    others = [
        hit
        for hit, place in best.items()
        if sight.hits[hit].passage.article_id not in articles and scores[place] >= top - BESIDE
    ]
    return others[:1]


def _excerpt(generation: Generation, sight: Sight, place: int) -> Excerpt:
    """The passage around a candidate."""
    one = sight.found[place]
    passage = sight.hits[one.hit].passage
    article = generation.article(passage.article_id).article
    sentences = [spoken(article.text, span) for span in passage.sentences]
    return Excerpt(article.title, sentences, one.number)
