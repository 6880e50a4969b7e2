"""A generation, opened for reading: articles, passages and both searches."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType
from typing import overload

import numpy as np
from numpy.typing import NDArray

from index import stories
from index.arrays import from_bytes_rows
from index.articles import Article, Span
from index.bm25 import Shelf, frequency, search
from index.storage.articles import Card
from index.storage.lease import Lease
from index.storage.manifest import Manifest
from index.storage.segment import Segment

_LOW = (1 << 32) - 1
_KEPT_ARTICLES = 256


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article of a generation; ``also_in`` are the other articles of the same story."""

    id: int
    article: Article
    also_in: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage of a generation, its sentences as spans of the article's text."""

    id: int
    article_id: int
    section: int
    sentences: tuple[Span, ...]

    @property
    def span(self) -> Span:
        """From the first sentence's start to the last one's end."""
        return Span(self.sentences[0].start, self.sentences[-1].end)


class Generation:
    """One complete, immutable state of the index: read-only, safe to use from several threads.

    Ids of articles and passages are numbers that mean the same in every generation that
    still has the segment; they are never used again for something else.

    Attributes:
        name: Its name in the index folder.
        manifest: Counts, model, seeds folder, time of making.
        damaged: When a newer generation was found damaged and this one serves in its place:
            what was found, as one line.
    """

    def __init__(
        self,
        manifest: Manifest,
        segments: Sequence[Segment],
        pairs: NDArray[np.int64],
        lease: Lease,
        damaged: str | None = None,
    ):
        self.name = manifest.name
        self.manifest = manifest
        self.damaged = damaged
        self._segments = {segment.entry.serial: segment for segment in segments}
        self._lease = lease
        self._stories = stories.groups((int(a), int(b)) for a, b in pairs)
        self._cached = lru_cache(maxsize=_KEPT_ARTICLES)(self._read_article)

    def article(self, article_id: int) -> StoredArticle:
        """The article with an id; ``KeyError`` when this generation has none."""
        return self._cached(article_id)

    def find(self, key: str) -> StoredArticle | None:
        """The article with a key."""
        for segment in self._segments.values():
            number = segment.articles.find(key)
            if number is not None and number not in segment.dead:
                return self.article(segment.base + number)
        return None

    def find_uid(self, uid: int) -> StoredArticle | None:
        """The article whose key has this ``article_uid``."""
        for segment in self._segments.values():
            for number in segment.articles.find_uid(uid):
                if number not in segment.dead:
                    return self.article(segment.base + number)
        return None

    def card(self, article_id: int) -> Card:
        """An article without its text; ``KeyError`` when this generation has none."""
        segment, number = self._place(article_id)
        if number in segment.dead:
            raise KeyError(article_id)
        return segment.articles.card(number, segment.base)

    def cards(self) -> Sequence[Card]:
        """All articles without their texts; read from disk as they are asked for."""
        return _Cards(list(self._segments.values()))

    def passage(self, passage_id: int) -> StoredPassage:
        """The passage with an id; ``KeyError`` when this generation has none."""
        segment, number = self._place(passage_id)
        if number >= segment.entry.passages:
            raise KeyError(passage_id)
        article = segment.article_of(number)
        return StoredPassage(
            passage_id, segment.base + article, segment.section_of(number), segment.spans(number)
        )

    def article_of(self, passage_id: int) -> int:
        """The id of the article that a passage belongs to; cheaper than ``passage``."""
        segment, number = self._place(passage_id)
        return segment.base + segment.article_of(number)

    def passages_of(self, article_id: int) -> tuple[int, ...]:
        """The ids of an article's passages in reading order."""
        segment, number = self._place(article_id)
        if number >= segment.entry.articles:
            raise KeyError(article_id)
        first, last = segment.article_passages[number : number + 2]
        return tuple(range(segment.base + int(first), segment.base + int(last)))

    def story(self, article_id: int) -> tuple[int, ...]:
        """The other articles of the same story, ascending; cheaper than ``article``."""
        return tuple(one for one in self._stories.get(article_id, ()) if one != article_id)

    def sentence_vectors(self, passage_id: int) -> NDArray[np.float32]:
        """The vectors of a passage's sentences (sentences, d), unit rows."""
        return self.sentence_vectors_of([passage_id])[0]

    def passage_vectors(self, passage_ids: Sequence[int]) -> NDArray[np.float32]:
        """The vectors of several passages (n, d), of unit length."""
        places = [self._place(passage_id) for passage_id in passage_ids]
        rows = [segment.passage_vectors[number] for segment, number in places]
        return np.array(rows, np.float32).reshape(len(rows), self.manifest.model.dimension)

    def sentence_vectors_of(
        self, passage_ids: Sequence[int]
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The vectors of the sentences of several passages at once, as ``sentence_vectors``.

        Returns:
            One passage after another (sentences, d), and where each one's sentences begin, with
            the number of all behind (passages + 1,).
        """
        if not passage_ids:
            return np.zeros((0, self.manifest.model.dimension), np.float32), np.zeros(1, np.int64)
        rows = [(segment, segment.rows(n)) for segment, n in map(self._place, passage_ids)]
        vectors = from_bytes_rows(
            np.concatenate([segment.sentence_vectors[where] for segment, where in rows]),
            np.concatenate([segment.sentence_scales[where] for segment, where in rows]),
        )
        return vectors, np.cumsum([0, *(where.stop - where.start for _, where in rows)])

    def passage_vector(self, passage_id: int) -> NDArray[np.float32]:
        """The vector of a passage (d,), of unit length."""
        return np.asarray(self.passage_vectors([passage_id])[0])

    def nearest(
        self, question: NDArray[np.float32], k: int, *, exclude: Collection[int] = ()
    ) -> list[tuple[int, float]]:
        """The ``k`` passages nearest to a question as (passage id, cosine), best first.

        Args:
            question: Unit vector (d,).
            k: How many passages at most.
            exclude: Ids of articles treated as if absent.
        """
        excluded = self._by_segment(exclude)
        hits: list[tuple[int, float]] = []
        for serial, segment in self._segments.items():
            left_out = excluded.get(serial)
            allowed = segment.allowed(left_out) if left_out else segment.live
            found = segment.nearest(question, k, allowed)
            hits.extend((segment.base + number, score) for number, score in found)
        hits.sort(key=lambda hit: (-hit[1], hit[0]))
        return hits[:k]

    def keywords(
        self, weights: Mapping[str, float], k: int, *, exclude: Collection[int] = ()
    ) -> list[tuple[int, float]]:
        """The ``k`` best passages by weighted terms as (passage id, BM25), best first.

        Only passages that have one of the terms are found. Rarity and lengths are those of
        all live passages.
        """
        segments = list(self._segments.values())
        shelves = self._shelves(self._by_segment(exclude))
        return [
            (segments[shelf].base + number, score)
            for shelf, number, score in search(shelves, weights, k)
        ]

    def passage_frequency(self, term: str) -> int:
        """How many passages contain a term."""
        return frequency([segment.shelf for segment in self._segments.values()], term)

    def close(self) -> None:
        """Let go of the files; the generation may be removed afterwards."""
        for segment in self._segments.values():
            segment.close()
        self._lease.release()

    def __enter__(self) -> Generation:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _read_article(self, article_id: int) -> StoredArticle:
        segment, number = self._place(article_id)
        if number in segment.dead:
            raise KeyError(article_id)
        return StoredArticle(article_id, segment.articles.article(number), self.story(article_id))

    def _place(self, some_id: int) -> tuple[Segment, int]:
        """The segment of an article or passage, and its position there."""
        segment = self._segments.get(some_id >> 32)
        if segment is None:
            raise KeyError(some_id)
        return segment, some_id & _LOW

    def _by_segment(self, article_ids: Collection[int]) -> dict[int, list[int]]:
        sorted_out: dict[int, list[int]] = {}
        for one in article_ids:
            segment = self._segments.get(one >> 32)
            if segment is not None and (one & _LOW) < segment.entry.articles:
                sorted_out.setdefault(one >> 32, []).append(one & _LOW)
        return sorted_out

    def _shelves(self, excluded: Mapping[int, Collection[int]]) -> list[Shelf]:
        return [
            Shelf.of(segment.postings, segment.allowed(excluded[serial]))
            if serial in excluded
            else segment.shelf
            for serial, segment in self._segments.items()
        ]


class _Cards(Sequence[Card]):
    """The cards of all live articles, read from disk as they are asked for."""

    def __init__(self, segments: Sequence[Segment]):
        self._segments = segments
        self._sizes = [segment.entry.articles - len(segment.dead) for segment in segments]

    def __len__(self) -> int:
        return sum(self._sizes)

    def __iter__(self) -> Iterator[Card]:
        for segment in self._segments:
            for card in segment.articles.cards(segment.base):
                if card.id - segment.base not in segment.dead:
                    yield card

    @overload
    def __getitem__(self, place: int) -> Card: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Card]: ...
    def __getitem__(self, place: int | slice) -> Card | Sequence[Card]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        number = place + len(self) if place < 0 else place
        for segment, size in zip(self._segments, self._sizes, strict=True):
            if 0 <= number < size:
                ordinal = int(np.flatnonzero(segment.live_articles)[number])
                return segment.articles.card(ordinal, segment.base)
            number -= size
        raise IndexError(place)
