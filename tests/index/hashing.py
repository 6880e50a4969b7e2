"""A small real encoder for tests: words hashed into a few dimensions, no model file."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import xxhash
from numpy.typing import NDArray

from index.articles import Span
from index.encoder import DocumentVectors


class HashingEncoder:
    """Texts that share words lie near each other.

    Args:
        fingerprint: Stands for the version of the model.
        seconds: How long one passage takes.
        log: A file to which the number of passages of each call is appended.
    """

    name = "hashing"
    dimension = 64
    reader = None

    def __init__(
        self, fingerprint: str = "hash1", seconds: float = 0.0, log: Path | None = None
    ) -> None:
        self.fingerprint = fingerprint
        self._seconds = seconds
        self._log = log
        self.texts: list[str] = []

    def encode_documents(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]],
        *,
        on_done: Callable[[int], None] | None = None,
    ) -> DocumentVectors:
        self.texts.extend(texts)
        if self._log is not None:
            with self._log.open("a") as file:
                file.write(f"{len(texts)}\n")
        time.sleep(self._seconds * len(texts))
        if on_done is not None:
            on_done(len(texts))
        sentences = [
            text[span.start : span.end]
            for text, own in zip(texts, spans, strict=True)
            for span in own
        ]
        return DocumentVectors(self._vectors(texts), self._vectors(sentences))

    def encode_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._vectors(texts)

    def question(self, text: str) -> NDArray[np.float32]:
        return self._vectors([text])[0]

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.casefold().split():
                number = xxhash.xxh3_64_intdigest(word.encode())
                row[number % self.dimension] += 1 if (number >> 40) & 1 else -1
            row[xxhash.xxh3_64_intdigest(text.encode()) % self.dimension] += 0.5
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)
