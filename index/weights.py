"""The learned numbers, read once from ``index/weights.json``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Regime = Literal["same", "cross"]
"""Whether question and article are in the same language, so that their words can match."""


@dataclass(frozen=True, slots=True)
class Scorer:
    """How what was seen of sentences is weighed.

    Attributes:
        ranker: For each regime the weight of each feature of a sentence, in their order.
        confidence: For each regime the weight of each sign of an answer, the intercept as "".
    """

    ranker: dict[Regime, dict[str, float]]
    confidence: dict[Regime, dict[str, float]]

    def ranking(self, regime: Regime) -> NDArray[np.float64]:
        """The ranker's weights in the order of the features."""
        return np.array(list(self.ranker[regime].values()))


@dataclass(frozen=True, slots=True)
class Weights:
    """What ``tools/train_evidence.py`` learned.

    Attributes:
        alone: For what vectors and keywords show.
        read: For that and what the reader makes of the likeliest passages.
        shifts: For each language the step (d,) from where the model puts its questions to
            where it puts German ones.
        model: Name of the model that the shifts belong to.
    """

    alone: Scorer
    read: Scorer
    shifts: dict[str, NDArray[np.float32]]
    model: str

    def variants(
        self, vector: NDArray[np.float32], language: str | None, model: str
    ) -> NDArray[np.float32]:
        """The question's vector, then moved ones if its language needs them: (v, d)."""
        shift = self.shifts.get(language or "") if model == self.model else None
        if shift is None:
            return vector[None, :]
        moved = vector + shift
        return np.stack([vector, moved / np.linalg.norm(moved)])


@cache
def load() -> Weights:
    """The weights that ship with the package."""
    text = resources.files("index").joinpath("weights.json").read_text(encoding="utf-8")
    stored: dict[str, Any] = json.loads(text)
    shifts = {name: np.array(step, np.float32) for name, step in stored["shifts"].items()}
    return Weights(Scorer(**stored["alone"]), Scorer(**stored["read"]), shifts, stored["model"])
