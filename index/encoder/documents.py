"""Passages by their sentences: each sentence is read alone, a passage is their mean.

Read alone, a sentence's vector says what the sentence says; pooled out of the passage's tokens it
says what the passage is about (measured in ``docs/adr/0003-evidence.md``). The mean of the
sentences finds a passage as well as a vector of its own would, and costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from index.articles import Span
from index.encoder.protocol import DocumentVectors, Vectors
from index.encoder.windows import unit

VIEW = "sentences read alone, passages their mean"
"""Part of every fingerprint: another view of the same text gives other vectors."""

Encode = Callable[[list[str], Callable[[int], None]], Vectors]


def encode_by_sentences(
    texts: Sequence[str],
    spans: Sequence[Sequence[Span]],
    encode: Encode,
    on_done: Callable[[int], None] | None,
) -> DocumentVectors:
    """Vectors of passages and their sentences.

    Args:
        texts: The passages.
        spans: For each of them its sentences; a text without any is read whole.
        encode: Texts to unit rows in order; reports how many further texts are finished, in order.
        on_done: Called with the number of further passages finished.
    """
    parts: list[str] = []
    owners: list[int] = []
    for number, (text, of_text) in enumerate(zip(texts, spans, strict=True)):
        parts += [text[span.start : span.end] for span in of_text] or [text]
        owners += [number] * max(len(of_text), 1)
    vectors = encode(parts, _Progress(owners, on_done))
    owner = np.array(owners, np.int64)
    sums = np.zeros((len(texts), vectors.shape[1]))
    np.add.at(sums, owner, vectors)
    has_spans = np.array([len(of_text) > 0 for of_text in spans], bool)
    return DocumentVectors(unit(sums), vectors[has_spans[owner]])


class _Progress:
    """Counts sentences and tells of whole passages."""

    def __init__(self, owners: Sequence[int], on_done: Callable[[int], None] | None) -> None:
        self._owners = owners
        self._on_done = on_done
        self._parts = 0
        self._passages = 0

    def __call__(self, parts: int) -> None:
        self._parts += parts
        last = self._parts == len(self._owners)
        finished = self._owners[-1] + 1 if last else self._owners[self._parts]
        if self._on_done and finished > self._passages:
            self._on_done(finished - self._passages)
            self._passages = finished
