"""What the conversation and the clock prefer: small steps on the sentences' scores."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from index.evidence.features import Sentence
from index.evidence.result import Query
from index.periods import Period, dates_in
from index.search import Hit
from index.storage import Generation

CITED_BEFORE = 0.6
"""For articles that the conversation has cited: enough to decide between equals."""
NAMES_PERIOD = 1.5
"""For a sentence that names a time inside the period asked for."""
GOES_ON = 1.0
"""For a sentence without a time after one that names such a time."""
WRITTEN_THEN = 2.5
"""For an article that was written inside the period."""
OTHER_TIME = -1.5
"""For a sentence that names other times only."""
_LOOKED_AT = 30


def preferences(
    generation: Generation,
    query: Query,
    hits: Sequence[Hit],
    found: Sequence[Sentence],
    scores: NDArray[np.float64],
) -> NDArray[np.float64]:
    """What to add to each candidate's score (candidates,), in log odds."""
    steps = np.zeros(len(found))
    if query.context:
        cited = np.array([hit.passage.article_id in query.context for hit in hits])
        steps += CITED_BEFORE * cited[[one.hit for one in found]]
    if query.period is not None:
        written = [
            _written_in(generation.article(hit.passage.article_id).article.date, query.period)
            for hit in hits
        ]
        steps += np.array([WRITTEN_THEN * written[one.hit] for one in found])
        for place in np.argsort(-(scores + steps), kind="stable")[:_LOOKED_AT]:
            steps[place] += _about(found, int(place), query.period)
    return steps


def _about(found: Sequence[Sentence], place: int, period: Period) -> float:
    """For what a sentence names itself, or goes on with from the one before it."""
    own = _named(found[place].text, period)
    if own is not None or not found[place].number:
        return own or 0.0
    before = _named(found[place - 1].text, period)
    return GOES_ON if before is not None and before > 0 else 0.0


def _written_in(day: str | None, period: Period) -> bool:
    if day is None:
        return False
    try:
        return period.start <= date.fromisoformat(day) <= period.end
    except ValueError:
        return False


def _named(text: str, period: Period) -> float | None:
    """For a sentence that names this period, against one that names others only; None: no time."""
    named = dates_in(text)
    if not named:
        return None
    inside = any(one.start <= period.end and period.start <= one.end for one in named)
    return NAMES_PERIOD if inside else OTHER_TIME
