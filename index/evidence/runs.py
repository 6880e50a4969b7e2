"""From scored sentences to what is quoted: runs of one sentence or two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.evidence.features import Sentence

NEIGHBOUR = 0.1
"""A neighbour joins the run when it is at least this likely beside the sentence's own
likelihood: the answer may stand in either."""
MOST_RUNS = 5


@dataclass(frozen=True, slots=True)
class Run:
    """Adjacent sentences of one passage, given by their places among the candidates.

    Attributes:
        best: The likeliest of them.
        members: In reading order.
        likelihood: Of the best and its neighbour together; all candidates' sum to 1.
    """

    best: int
    members: tuple[int, ...]
    likelihood: float


def likelihoods(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Softmax: how likely each candidate answers, given that one of them does."""
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum())


def runs(found: Sequence[Sentence], likely: NDArray[np.float64]) -> list[Run]:
    """The likeliest sentences, each with the neighbour that may hold the answer instead.

    Order is that of the runs' best sentences; no sentence stands in two runs.
    """
    places = {(one.hit, one.number): place for place, one in enumerate(found)}
    taken: set[int] = set()
    made: list[Run] = []
    for place in np.argsort(-likely, kind="stable"):
        best = int(place)
        if best in taken:
            continue
        one = found[best]
        around = [places.get((one.hit, one.number + step)) for step in (-1, 1)]
        free = [other for other in around if other is not None and other not in taken]
        neighbour = max(free, key=lambda other: float(likely[other]), default=None)
        members = [best]
        if neighbour is not None and likely[neighbour] >= NEIGHBOUR * likely[best]:
            members.append(neighbour)
        taken.update(members)
        made.append(Run(best, tuple(sorted(members)), float(likely[members].sum())))
        if len(made) == MOST_RUNS:
            break
    return made
