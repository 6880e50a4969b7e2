"""One scale for the cosines of all models.

What counts as near differs: multilingual-e5 puts unrelated texts at .7 and an answer at .88,
other models at .05 and .6. A model is shown a few questions with their answers once, and its
cosines are stretched so that both kinds of pair lie where the bundled model has them, on whose
scale everything was learned.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder

_PROBES = (
    ("Wann wurde die Brücke gebaut?", "Die Brücke wurde 1887 gebaut."),
    ("Wer leitet das Museum?", "Direktorin des Museums ist seit 2019 eine Kunsthistorikerin."),
    ("Wie viele Schüler hat die Schule?", "An der Schule lernen 640 Kinder."),
    ("Where do penguins live?", "Penguins live mostly in the southern half of the world."),
    ("Why did the bakery close?", "The bakery closed because the rent had doubled."),
    ("What is rust made of?", "Rust is a mixture of iron oxides and water."),
)
UNRELATED, ANSWERING = 0.705, 0.876
"""Mean cosine of the probes' wrong and right pairs under the bundled model."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Cosines of a model on the bundled model's scale: ``slope * cosine + offset``."""

    slope: float = 1.0
    offset: float = 0.0

    def __call__(self, cosines: NDArray[np.float32]) -> NDArray[np.float32]:
        """The same cosines on the common scale."""
        return self.slope * cosines + self.offset


_MEASURED: dict[str, Scale] = {}  # by fingerprint


def scale_of(encoder: Encoder) -> Scale:
    """The scale of a model, measured at its first use; the bundled model's is the identity."""
    if encoder.name == "bundled":
        return Scale()
    scale = _MEASURED.get(encoder.fingerprint)
    if scale is None:
        unrelated, answering = measured(encoder)
        slope = (ANSWERING - UNRELATED) / max(answering - unrelated, 1e-3)
        scale = _MEASURED[encoder.fingerprint] = Scale(slope, UNRELATED - slope * unrelated)
    return scale


def measured(encoder: Encoder) -> tuple[float, float]:
    """Mean cosine of questions with others' answers, and with their own."""
    questions = encoder.encode_questions([question for question, _ in _PROBES])
    answers = [answer for _, answer in _PROBES]
    vectors = encoder.encode_documents(answers, [()] * len(answers)).passages
    cosines = questions @ vectors.T
    own = np.eye(len(_PROBES), dtype=bool)
    return float(cosines[~own].mean()), float(cosines[own].mean())
