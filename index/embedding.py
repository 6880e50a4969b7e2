"""Vectors for the passages of a build: known ones are found again, the others are embedded."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import xxhash
from numpy.typing import NDArray

from index.arrays import to_bytes_rows
from index.articles import Article, Passage, Span
from index.encoder import Encoder
from index.markup import spoken
from index.storage.journal import Embedded, Journal
from index.storage.reuse import KnownVectors
from index.storage.writer import FreshSegment, Key

_WINDOW = 2048
_SLICE = 64
"""Passages a commit: what a kill can lose, some seconds of work."""


@dataclass(frozen=True, slots=True)
class Document:
    """What the model reads of a passage, and where its sentences lie in that."""

    text: str
    spans: tuple[Span, ...]

    @property
    def key(self) -> Key:
        """XXH3-128 of text and spans, as two numbers of 64 bits."""
        number = xxhash.xxh3_128_intdigest(json.dumps([self.text, self.spans]).encode())
        return number >> 64, number & ((1 << 64) - 1)


def document(article: Article, passage: Passage) -> Document:
    """A passage's sentences as a person reads them, without markup."""
    parts, spans, end = [], [], -1
    for sentence in passage.sentences:
        part = spoken(article.text, sentence)
        spans.append(Span(end + 1, end + 1 + len(part)))
        end = spans[-1].end
        parts.append(part)
    return Document(" ".join(parts), tuple(spans))


class Spool:
    """Documents set aside on disk between reading and embedding, in order."""

    def __init__(self, path: Path):
        self._path = path
        self._file = path.open("w", encoding="utf-8")
        self.keys: list[Key] = []

    def add(self, one: Document) -> Key:
        """Set a document aside; gives its key."""
        self.keys.append(one.key)
        self._file.write(json.dumps([one.text, one.spans]) + "\n")
        return self.keys[-1]

    def windows(self) -> Iterator[tuple[list[Key], list[Document]]]:
        """All documents again, some thousands at a time."""
        self._file.close()
        with self._path.open(encoding="utf-8") as file:
            for start in range(0, len(self.keys), _WINDOW):
                keys = self.keys[start : start + _WINDOW]
                yield keys, [_parsed(file.readline()) for _ in keys]

    def close(self) -> None:
        """Remove what was set aside."""
        self._file.close()
        self._path.unlink(missing_ok=True)


def _parsed(line: str) -> Document:
    text, spans = json.loads(line)
    return Document(text, tuple(Span(*one) for one in spans))


@dataclass(slots=True)
class Embedding:
    """Gives every document of a build its vectors and counts where they came from.

    Attributes:
        embedded: Passages sent to the model.
        resumed: Passages whose vectors an interrupted build had finished.
    """

    encoder: Encoder
    known: KnownVectors
    journal: Journal
    on_done: Callable[[int, int], None]
    embedded: int = 0
    resumed: int = 0
    _total: int = 0
    _finished: set[Key] = field(default_factory=set)

    def run(self, spool: Spool, segment: FreshSegment) -> None:
        """Add the vectors of all documents to the segment, in order."""
        self._finished = self.journal.keys()
        wanted = set(spool.keys) - self.known.among(spool.keys)
        self.resumed = len(wanted & self._finished)
        self._total = len(wanted - self._finished)
        if self._total:
            self.on_done(0, self._total)
        for keys, documents in spool.windows():
            found = self._found(keys)
            missing = {
                key: one for key, one in zip(keys, documents, strict=True) if key not in found
            }
            found.update(self._embed(missing))
            _add(segment, [found[key] for key in keys])

    def _found(self, keys: Sequence[Key]) -> dict[Key, Embedded]:
        found = self.known.get(keys)
        for key in keys:
            if key not in found and key in self._finished:
                one = self.journal.get(key)
                if one is not None:
                    found[key] = one
        return found

    def _embed(self, missing: dict[Key, Document]) -> Iterator[tuple[Key, Embedded]]:
        """Embed documents of like length together, and keep each slice before the next."""
        ordered = sorted(missing.items(), key=lambda item: len(item[1].text))
        for start in range(0, len(ordered), _SLICE):
            block = ordered[start : start + _SLICE]
            finished = list(zip((key for key, _ in block), self._encode(block), strict=True))
            self.journal.put(finished)
            self._finished.update(key for key, _ in finished)
            yield from finished

    def _encode(self, block: Sequence[tuple[Key, Document]]) -> Iterator[Embedded]:
        vectors = self.encoder.encode_documents(
            [one.text for _, one in block], [one.spans for _, one in block], on_done=self._step
        )
        rows, scales = to_bytes_rows(vectors.sentences)
        first = 0
        for vector, (_, one) in zip(vectors.passages, block, strict=True):
            last = first + len(one.spans)
            yield Embedded(vector.astype(np.float16), rows[first:last], scales[first:last])
            first = last

    def _step(self, finished: int) -> None:
        self.embedded += finished
        self.on_done(self.embedded, max(self._total, self.embedded))


def _add(segment: FreshSegment, rows: Sequence[Embedded]) -> None:
    passages: NDArray[np.float16] = np.stack([one.passage for one in rows])
    segment.add_vectors(
        passages,
        np.concatenate([one.sentences for one in rows]),
        np.concatenate([one.scales for one in rows]),
    )
