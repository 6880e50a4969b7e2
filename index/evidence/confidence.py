"""How likely it is that what is cited answers: a small calibrated logistic model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp

import numpy as np
from numpy.typing import NDArray

from index.evidence.features import FEATURES, Sentence, View
from index.evidence.question_type import offers
from index.evidence.runs import Run
from index.search import Hit, Question

SIGNS = (
    "cosine", "passage", "keyword", "cover", "cover_near", "rarest", "absent", "known", "missing",
    "counted", "counted_near", "numbers", "likelihood", "second", "gap", "distance",
    "best_passage", "best_sentence", "offered", "unoffered",
)  # fmt: skip
READ_SIGNS = ("read", "read_elsewhere", "unread")
"""Further signs where the reader was asked: its highest logit inside the best run and outside,
and whether it has read none of the run."""
_UNREAD = -6.0
_GAP_ALONE = 0.1  # an index of one article leaves nothing to compare with


def signs(
    question: Question,
    hits: Sequence[Hit],
    found: Sequence[Sentence],
    matrix: NDArray[np.float64],
    made: Sequence[Run],
) -> dict[str, float]:
    """What tells an answer from the best of wrong sentences, by name (``SIGNS``).

    None depends on how large the corpus is; the rarity of words does, but only as a share.
    """
    first = made[0]
    view = View(question)
    hit = hits[found[first.best].hit]
    inside = frozenset[str]().union(*(found[place].terms for place in first.members))
    near = frozenset[str]().union(*(one.terms for one in found if one.hit == found[first.best].hit))
    others = [h.score for h in hits if h.passage.article_id != hit.passage.article_id]
    text = " ".join(found[place].text for place in first.members)
    offered = [offers(text, question.text, kind) for kind in view.wanted]
    column = {name: matrix[list(first.members), place] for place, name in enumerate(FEATURES)}
    known = sum(share for term, share in view.shares.items() if term in question.known)
    values = (
        float(column["cosine"].max()),
        hit.dense,
        hit.keyword,
        view.cover(inside),
        view.cover(near) - view.cover(inside),
        view.rarest(inside),
        view.rarest(view.words - near),
        known,
        known - view.cover(near),
        _share(question, inside),
        _share(question, near),
        float(column["numbers"].max()),
        first.likelihood,
        made[1].likelihood if len(made) > 1 else 0.0,
        hit.score - max(others, default=hit.score - _GAP_ALONE),
        hit.score - (float(np.mean(others)) if others else hit.score - _GAP_ALONE),
        max(one.dense for one in hits),
        float(matrix[:, FEATURES.index("cosine")].max()),
        max(offered, default=0.0),
        float(bool(offered) and max(offered) == 0.0),
    )
    return dict(zip(SIGNS, values, strict=True))


def reading_signs(logits: NDArray[np.float64], first: Run) -> dict[str, float]:
    """What the reader's logits (candidates,) say for the best run, by name (``READ_SIGNS``)."""
    inside = np.zeros(len(logits), bool)
    inside[list(first.members)] = True
    read = ~np.isnan(logits)
    here, elsewhere = logits[inside & read], logits[~inside & read]
    values = (
        float(here.max(initial=_UNREAD)),
        float(elsewhere.max(initial=_UNREAD)),
        float(not len(here)),
    )
    return dict(zip(READ_SIGNS, values, strict=True))


def _share(question: Question, found: frozenset[str]) -> float:
    """Which share of the question's whole words is there, rare or not."""
    words = [term for term, weight in question.terms.items() if weight == 1.0]
    return sum(word in found for word in words) / len(words) if words else 0.0


def confidence(found: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The probability from 0 to 1 that a citation answers."""
    logit = weights[""] + sum(weights[name] * value for name, value in found.items())
    return 1 / (1 + exp(-max(-30.0, min(30.0, logit))))
