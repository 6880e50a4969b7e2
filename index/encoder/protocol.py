"""What every encoder can do: passages, sentences and questions to unit vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.articles import Span
from index.reader import Reader

Vectors = NDArray[np.float32]
"""Rows of unit length, one a text."""


@dataclass(frozen=True, slots=True)
class DocumentVectors:
    """Vectors of passages and of their sentences.

    Attributes:
        passages: Shape (texts, dimension), unit rows, in the order of the texts.
        sentences: Shape (all spans, dimension), unit rows: the first text's spans in order,
            then the second's, and so on.
    """

    passages: Vectors
    sentences: Vectors


class Encoder(Protocol):
    """A text embedding model whose vectors compare by inner product (cosine)."""

    @property
    def name(self) -> str:
        """``bundled``, or the model's name or folder as the user gave it."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def fingerprint(self) -> str:
        """Short hexadecimal; another one whenever vectors would differ."""

    @property
    def reader(self) -> Reader | None:
        """What reads question and passage together, if the model comes with it."""

    def encode_documents(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]],
        *,
        on_done: Callable[[int], None] | None = None,
    ) -> DocumentVectors:
        """Vectors of passages, and of the sentences inside each.

        Args:
            texts: The passages, of any length, in any order.
            spans: For each text the character spans of its sentences.
            on_done: Called with the number of further texts finished, from this thread.
        """
        ...

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions: shape (texts, dimension), unit rows, in order."""
        ...
