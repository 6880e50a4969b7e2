"""The learned numbers, read once from ``index/weights.json``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Weights:
    """What ``tools/train_evidence.py`` learned.

    Attributes:
        ranker: Weight of each feature of a sentence, in the order of ``FEATURES``.
        confidence: Weight of each feature of an answer, and its intercept as "".
        shifts: For each language the step (d,) from where the model puts its questions to
            where it puts German ones.
        model: Fingerprint of the model that the shifts belong to.
    """

    ranker: dict[str, float]
    confidence: dict[str, float]
    shifts: dict[str, NDArray[np.float32]]
    model: str

    @property
    def ranking(self) -> NDArray[np.float64]:
        """The ranker's weights in the order of ``FEATURES``."""
        return np.array(list(self.ranker.values()))

    def variants(
        self, vector: NDArray[np.float32], language: str | None, fingerprint: str
    ) -> NDArray[np.float32]:
        """The question's vector, then moved ones if its language needs them: (v, d)."""
        shift = self.shifts.get(language or "") if fingerprint == self.model else None
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
    return Weights(stored["ranker"], stored["confidence"], shifts, stored["model"])
