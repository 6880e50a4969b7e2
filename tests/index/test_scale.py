from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from index.articles import Span
from index.encoder import DocumentVectors, Encoder
from index.scale import ANSWERING, UNRELATED, Scale, measured, scale_of


class Narrower:
    """The bundled model with all cosines moved together, as another model might have them."""

    name = "narrower"

    def __init__(self, encoder: Encoder):
        self._encoder = encoder
        self.dimension = encoder.dimension + 1
        self.fingerprint = "narrower-" + encoder.fingerprint
        self.reader = None

    def encode_documents(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]],
        *,
        on_done: Callable[[int], None] | None = None,
    ) -> DocumentVectors:
        found = self._encoder.encode_documents(texts, spans, on_done=on_done)
        return DocumentVectors(self._beside(found.passages), self._beside(found.sentences))

    def encode_questions(self, texts: Sequence[str]) -> np.ndarray:
        return self._beside(self._encoder.encode_questions(texts))

    def _beside(self, vectors: np.ndarray) -> np.ndarray:
        return np.hstack([vectors * 0.6, np.full((len(vectors), 1), 0.8, np.float32)])


def test_the_bundled_models_scale_is_the_common_one(encoder: Encoder) -> None:
    assert scale_of(encoder) == Scale(1.0, 0.0)
    assert measured(encoder) == pytest.approx((UNRELATED, ANSWERING), abs=0.01)


def test_another_models_cosines_are_stretched_onto_it(encoder: Encoder) -> None:
    other = Narrower(encoder)
    unrelated, answering = measured(other)
    assert unrelated == pytest.approx(0.36 * UNRELATED + 0.64, abs=0.01)
    scale = scale_of(other)
    assert scale(np.array([unrelated, answering])) == pytest.approx([UNRELATED, ANSWERING])
    assert scale.slope == pytest.approx(1 / 0.36, rel=0.05)
