"""Writes a large collection: a folder of articles, and the generation that holds them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import stories
from index.articles import Article, Section, Span
from index.encoder import Encoder
from index.keywords import PostingsWriter
from index.storage import Manifest, Model, article_hash, publishing
from index.storage.journal import FileCache, FileMemory
from index.storage.layout import Layout
from index.storage.manifest import SegmentEntry
from index.storage.segment import KEYWORDS
from index.storage.writer import SegmentWriter
from index.vectors import choose_kind
from tools.bench_large.material import PASSAGES_PER_ARTICLE, SENTENCES_PER_PASSAGE, Material

_FOLDERS = 1000
_SERIAL = 1
_SEED = 1


def write_collection(
    material: Material, passages: int, seeds: Path, index: Path, encoder: Encoder
) -> Manifest:
    """Writes articles of ``PASSAGES_PER_ARTICLE`` passages each, as files and as an index."""
    layout = Layout(index)
    index.mkdir(parents=True)
    seeds.mkdir(parents=True)
    entry = _Collection(material, seeds, layout, encoder.dimension).write(passages, encoder)
    publishing.settle_segment(layout, _SERIAL)
    name = publishing.next_name(layout, datetime.now(UTC))
    publishing.write_stories(layout, name, [])
    manifest = Manifest(
        name=name,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        seeds=str(seeds.resolve()),
        model=Model(encoder.name, encoder.fingerprint, encoder.dimension),
        articles=entry.articles,
        passages=entry.passages,
        sentences=entry.passages * SENTENCES_PER_PASSAGE,
        stories=0,
        next_serial=_SERIAL + 1,
        previous=None,
        segments=(entry,),
        files={"stories.npy": publishing.stories_entry(layout, name)},
    )
    publishing.publish(layout, manifest)
    return manifest


class _Collection:
    """One collection in the making."""

    def __init__(self, material: Material, seeds: Path, layout: Layout, dimension: int):
        self._material = material
        self._seeds = seeds
        self._files = FileCache(layout.files)
        self._writer = SegmentWriter(layout.building(_SERIAL), dimension)
        self._postings = PostingsWriter(self._writer.folder / KEYWORDS)
        self._random = np.random.default_rng(_SEED)

    def write(self, passages: int, encoder: Encoder) -> SegmentEntry:
        read: dict[str, FileMemory] = {}
        for number, chosen in enumerate(self._combinations(passages // PASSAGES_PER_ARTICLE)):
            article, spans = self._article(number, chosen)
            read[article.key] = self._write_file(article)
            self._add(number, article, spans, chosen)
            if len(read) == 10_000:
                self._files.update(read, [])
                read.clear()
        self._files.update(read, [])
        self._files.close()
        for block in self._material.noisy(self._writer.passages.rows, _SEED):
            self._writer.passage_vectors.append(block)
        self._postings.finish()
        return self._writer.seal(_SERIAL, encoder.fingerprint, choose_kind)

    def _combinations(self, articles: int) -> Iterator[NDArray[np.int64]]:
        """For each article the numbers of its sentences (passages, sentences)."""
        shape = (PASSAGES_PER_ARTICLE, SENTENCES_PER_PASSAGE)
        for start in range(0, articles, 4096):
            count = min(4096, articles - start)
            yield from self._random.integers(len(self._material.texts), size=(count, *shape))

    def _article(self, number: int, chosen: NDArray[np.int64]) -> tuple[Article, list[Span]]:
        parts = [self._material.texts[one] for one in chosen.ravel().tolist()]
        spans, start = [], 0
        for part in parts:
            spans.append(Span(start, start + len(part)))
            start += len(part) + 1
        text = " ".join(parts)
        key = f"{number % _FOLDERS:03d}/{number:07d}.txt"
        return Article(key, text, parts[0][:80], (Section(Span(0, len(text))),)), spans

    def _write_file(self, article: Article) -> FileMemory:
        path = self._seeds / article.key
        path.parent.mkdir(exist_ok=True)
        path.write_text(article.text, encoding="utf-8")
        status = path.stat()
        known = ((article.key, article_hash(article).hex()),)
        return FileMemory(status.st_size, status.st_mtime_ns, status.st_ctime_ns, known, ())

    def _add(
        self, number: int, article: Article, spans: list[Span], chosen: NDArray[np.int64]
    ) -> None:
        """What a build adds; the signature is a random one, so that no two are one story."""
        writer, size = self._writer, SENTENCES_PER_PASSAGE
        first = writer.sentences.rows
        writer.articles.add(article)
        signature = self._random.integers(1 << 32, size=(1, stories.SIGNATURE), dtype=np.uint32)
        writer.signatures.append(signature)
        writer.passages.append([(number, 0, first + at * size, size) for at in range(len(chosen))])
        writer.sentences.append(spans)
        writer.sentence_vectors.append(self._material.rows[chosen.ravel()])
        writer.sentence_scales.append(self._material.scales[chosen.ravel()])
        keys = self._random.integers(1 << 63, size=(len(chosen), 2), dtype=np.int64)
        writer.passage_keys.append(keys.astype(np.uint64))
        writer.article_passages.append([writer.passages.rows])
        for passage in chosen.tolist():
            self._postings.add(
                list(chain.from_iterable(self._material.terms[one] for one in passage))
            )
