"""One immutable segment on disk, opened for reading."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import keywords
from index.arrays import open_array
from index.articles import Span
from index.bm25 import Shelf
from index.storage.articles import ArticleTable
from index.storage.manifest import SegmentEntry
from index.vectors import VectorIndex

ARRAYS = (
    "article_passages.npy",
    "passages.npy",
    "sentences.npy",
    "passage_keys.npy",
    "passage_vectors.npy",
    "sentence_vectors.npy",
    "sentence_scales.npy",
    "signatures.npy",
)
"""What is stored; all but these, the articles and the postings can be derived from them."""
ARTICLES = "articles.sqlite"
VECTORS = "vectors.faiss"
KEYWORDS = "keywords"
STORIES = ("story_bands.npy", "story_order.npy")


class Segment:
    """A segment's files, mapped into memory; positions count from 0.

    Attributes:
        base: What the ids of its articles and passages start from.
        article_passages: Where each article's passages start (articles + 1,).
        passages: Article, section, first sentence, number of sentences (passages, 4).
        sentences: Start and end (sentences, 2).
        passage_keys: XXH3-128 of what was embedded, as two numbers (passages, 2).
        passage_vectors: Unit rows, float16 (passages, d).
        sentence_vectors: Signed bytes (sentences, d).
        sentence_scales: One factor a row (sentences,).
        signatures: MinHash signatures (articles, m).
        live: Which passages this generation still has (passages,); None when all.
    """

    def __init__(self, entry: SegmentEntry, folder: Path):
        self.entry = entry
        self.folder = folder
        self.base = entry.serial << 32
        (
            self.article_passages,
            self.passages,
            self.sentences,
            self.passage_keys,
            self.passage_vectors,
            self.sentence_vectors,
            self.sentence_scales,
            self.signatures,
        ) = (open_array(folder / name) for name in ARRAYS)
        self.articles = ArticleTable(folder / ARTICLES)
        self.dead = frozenset(entry.dead)
        self.live = self.allowed(())
        self.postings = keywords.open_postings(folder / KEYWORDS)
        self.shelf = Shelf.of(self.postings, self.live)
        self._vectors = VectorIndex(folder / VECTORS, entry.kind, self.passage_vectors)

    @property
    def story_bands(self) -> NDArray[np.uint64]:
        """The bands of the signatures, for finding near-duplicates (bands, articles)."""
        return open_array(self.folder / STORIES[0])

    @property
    def story_order(self) -> NDArray[np.int32]:
        """Whose each hash in ``story_bands`` is (bands, articles)."""
        return open_array(self.folder / STORIES[1])

    @property
    def live_articles(self) -> NDArray[np.bool_]:
        """Which articles this generation still has (articles,)."""
        alive = np.ones(self.entry.articles, bool)
        alive[list(self.entry.dead)] = False
        return alive

    def allowed(self, excluded: Collection[int]) -> NDArray[np.bool_] | None:
        """Which passages lie outside the dead and the ``excluded`` articles (positions)."""
        if not self.entry.dead and not excluded:
            return None
        mask = np.ones(self.entry.passages, bool)
        for article in (*self.entry.dead, *excluded):
            mask[self.article_passages[article] : self.article_passages[article + 1]] = False
        return mask

    def nearest(
        self, question: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None
    ) -> list[tuple[int, float]]:
        """The ``k`` nearest passages as (position, cosine), best first."""
        return self._vectors.nearest(question, k, allowed)

    def article_of(self, passage: int) -> int:
        """The article that a passage belongs to."""
        return int(self.passages[passage, 0])

    def section_of(self, passage: int) -> int:
        """The section that a passage belongs to."""
        return int(self.passages[passage, 1])

    def spans(self, passage: int) -> tuple[Span, ...]:
        """The sentences of a passage."""
        return tuple(Span(int(a), int(b)) for a, b in self.sentences[self.rows(passage)])

    def rows(self, passage: int) -> slice:
        """Where a passage's sentences lie in the arrays of sentences."""
        first, count = self.passages[passage, 2:]
        return slice(int(first), int(first + count))

    def close(self) -> None:
        """Let go of the articles; mapped arrays go when nobody uses them."""
        self.articles.close()
