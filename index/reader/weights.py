"""The trained numbers of the reader: low-rank changes of the bundled model, and a head."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

PATH = Path(__file__).with_name("weights.npz")
_CHANGE = re.compile(r"(l\d+\.\w+)\.down")


@dataclass(frozen=True, slots=True)
class Head:
    """From the means of a question's and of its sentences' tokens to logits.

    Attributes:
        units: (units, 2 hidden) and (units,), before the rectifier.
        score: (units,) and a number, after it.
        none: (hidden,) and a number, on the question: the logit of "no sentence answers".
    """

    units: tuple[Array, Array]
    score: tuple[Array, float]
    none: tuple[Array, float]

    def __call__(self, means: Array) -> Array:
        """Logits (sentences,) against none of them.

        Args:
            means: (1 + sentences, hidden), the question's first.
        """
        question = np.broadcast_to(means[:1], (len(means) - 1, means.shape[1]))
        both = np.concatenate([means[1:], question], axis=1)
        inner = np.maximum(both @ self.units[0].T + self.units[1], 0)
        none = float(means[0] @ self.none[0]) + self.none[1]
        return np.asarray(inner @ self.score[0] + (self.score[1] - none), np.float32)


def head(path: Path = PATH) -> Head:
    """The head alone: all that serving needs of the file."""
    with np.load(path) as stored:
        of = {name: stored[name].astype(np.float32) for name in stored if name[0] != "l"}
    return Head(
        (of["sentence.weight"], of["sentence.bias"]),
        (of["score.weight"][0], float(of["score.bias"][0])),
        (of["none.weight"][0], float(of["none.bias"][0])),
    )


def changes(path: Path = PATH) -> tuple[int, dict[str, Array]]:
    """How many layers the reader has, and what is added to their matrices (outputs, inputs)."""
    with np.load(path) as stored:
        names = [found[1] for name in stored if (found := _CHANGE.fullmatch(name))]
        made = {
            f"{name}.w": stored[f"{name}.up"].astype(np.float32)
            @ stored[f"{name}.down"].astype(np.float32)
            for name in names
        }
    return 1 + max(int(name[1:].split(".")[0]) for name in names), made
