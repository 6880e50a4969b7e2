"""Real sentences and real vectors, from which large collections are put together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.analysis import terms
from index.arrays import to_bytes_rows
from index.keywords import term_hash
from index.markup import plain
from index.storage import Generation, open_current

NOISE = 0.02  # a dimension
PASSAGES_PER_ARTICLE = 5
SENTENCES_PER_PASSAGE = 6
Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Material:
    """What a real index holds.

    Attributes:
        passages: Vectors of its passages (p, d), unit rows.
        texts: Its sentences.
        words: Hashes of their keywords, sentence after sentence.
        starts: Where each sentence's keywords start (s + 1,).
        rows: Their vectors as bytes (s, d).
        scales: One factor a sentence (s,).
    """

    passages: Vectors
    texts: list[str]
    words: NDArray[np.uint64]
    starts: NDArray[np.int64]
    rows: NDArray[np.int8]
    scales: NDArray[np.float32]

    def noisy(self, count: int, seed: int) -> Iterator[Vectors]:
        """``count`` vectors of passages with noise added, in blocks (n, d), unit rows."""
        random = np.random.default_rng(seed)
        size, dimension = self.passages.shape
        for start in range(0, count, 4096):
            rows = min(4096, count - start)
            noise = random.standard_normal((rows, dimension), np.float32) * np.float32(NOISE)
            vectors = self.passages[random.integers(size, size=rows)] + noise
            yield vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def words_of(
        self, chosen: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.uint64], int]:
        """The keywords of passages made of the ``chosen`` sentences (passages, sentences).

        Returns:
            For each keyword its passage's number, the keywords' hashes, and the number of
            passages.
        """
        firsts, sizes = self.starts[chosen.ravel()], np.diff(self.starts)[chosen.ravel()]
        jumps = firsts - (np.cumsum(sizes) - sizes)
        where = np.arange(sizes.sum()) + np.repeat(jumps, sizes)
        owners = np.repeat(np.arange(chosen.size) // chosen.shape[1], sizes)
        return owners, self.words[where], len(chosen)


def material(index: Path) -> Material:
    """All sentences and vectors of an index."""
    texts: list[str] = []
    passages, sentences = [], []
    with open_current(index) as generation:
        for passage_id, text in _passages(generation):
            passages.append(generation.passage_vector(passage_id))
            sentences.append(generation.sentence_vectors(passage_id))
            spans = generation.passage(passage_id).sentences
            texts.extend(plain(text[span.start : span.end]).strip() or "?" for span in spans)
    rows, scales = to_bytes_rows(np.concatenate(sentences))
    found = [[term_hash(term) for term in terms(text)] for text in texts]
    starts = np.cumsum([0, *map(len, found)])
    words = np.array([one for of_text in found for one in of_text], np.uint64)
    return Material(np.stack(passages), texts, words, starts, rows, scales)


def _passages(generation: Generation) -> Iterator[tuple[int, str]]:
    for card in generation.cards():
        text = generation.article(card.id).article.text
        for passage_id in generation.passages_of(card.id):
            yield passage_id, text
