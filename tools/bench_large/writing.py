"""Writes a large collection: a folder of articles, and the generation that holds them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import stories
from index.articles import Article, Section, Span
from index.encoder import Encoder
from index.keywords import Part, Postings, merge_postings
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
_BLOCK = 2048  # articles
Numbers = NDArray[np.int64]


def write_collection(
    material: Material, passages: int, seeds: Path, index: Path, encoder: Encoder
) -> Manifest:
    """Writes articles of ``PASSAGES_PER_ARTICLE`` passages each, as files and as an index."""
    layout = Layout(index)
    index.mkdir(parents=True)
    seeds.mkdir(parents=True)
    writer = SegmentWriter(layout.building(_SERIAL), encoder.dimension)
    entry = _Collection(material, seeds, FileCache(layout.files), writer).write(passages, encoder)
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
    """One collection in the making, written block by block."""

    def __init__(self, material: Material, seeds: Path, files: FileCache, writer: SegmentWriter):
        self._material = material
        self._seeds = seeds
        self._files = files
        self._writer = writer
        self._random = np.random.default_rng(_SEED)

    def write(self, passages: int, encoder: Encoder) -> SegmentEntry:
        parts = []
        for chosen in self._combinations(passages // PASSAGES_PER_ARTICLE):
            self._write_articles(chosen)
            self._write_passages(chosen)
            words = self._material.words_of(chosen.reshape(-1, SENTENCES_PER_PASSAGE))
            parts.append(Part(_postings(*words), None))
        self._files.close()
        for block in self._material.noisy(self._writer.passages.rows, _SEED):
            self._writer.passage_vectors.append(block)
        folder = self._writer.folder / KEYWORDS
        folder.mkdir()
        merge_postings(parts, folder)
        return self._writer.seal(_SERIAL, encoder.fingerprint, choose_kind)

    def _combinations(self, articles: int) -> Iterator[Numbers]:
        """The numbers of the sentences of some articles (articles, passages, sentences)."""
        shape = (PASSAGES_PER_ARTICLE, SENTENCES_PER_PASSAGE)
        for start in range(0, articles, _BLOCK):
            count = min(_BLOCK, articles - start)
            yield self._random.integers(len(self._material.texts), size=(count, *shape))

    def _write_articles(self, chosen: Numbers) -> None:
        first, read, spans = self._writer.articles.articles, {}, []
        for number, sentences in enumerate(chosen.reshape(len(chosen), -1).tolist(), start=first):
            article, of_article = self._article(number, sentences)
            self._writer.articles.add(article)
            read[article.key] = self._write_file(article)
            spans.extend(of_article)
        self._files.update(read, [])
        self._writer.sentences.append(spans)
        # Random signatures: no two articles are one story.
        size = (len(chosen), stories.SIGNATURE)
        self._writer.signatures.append(self._random.integers(1 << 32, size=size, dtype=np.uint32))

    def _article(self, number: int, sentences: list[int]) -> tuple[Article, list[tuple[int, int]]]:
        parts = [self._material.texts[one] for one in sentences]
        spans, start = [], 0
        for part in parts:
            spans.append((start, start + len(part)))
            start += len(part) + 1
        text = " ".join(parts)
        key = f"{number % _FOLDERS:03d}/{number:07d}.txt"
        return Article(key, text, parts[0][:80], (Section(Span(0, len(text))),)), spans

    def _write_file(self, article: Article) -> FileMemory:
        path = self._seeds / article.key
        if not path.parent.exists():
            path.parent.mkdir()
        path.write_text(article.text, encoding="utf-8")
        status = path.stat()
        known = ((article.key, article_hash(article).hex()),)
        return FileMemory(status.st_size, status.st_mtime_ns, status.st_ctime_ns, known, ())

    def _write_passages(self, chosen: Numbers) -> None:
        writer, count = self._writer, len(chosen) * PASSAGES_PER_ARTICLE
        first = writer.passages.rows
        numbers = np.arange(first, first + count)
        rows = np.zeros((count, 4), np.int32)
        rows[:, 0] = numbers // PASSAGES_PER_ARTICLE
        rows[:, 2] = numbers * SENTENCES_PER_PASSAGE
        rows[:, 3] = SENTENCES_PER_PASSAGE
        writer.passages.append(rows)
        writer.passage_keys.append(self._random.integers(1 << 63, size=(count, 2), dtype=np.uint64))
        writer.article_passages.append(
            np.arange(first, first + count, PASSAGES_PER_ARTICLE) + PASSAGES_PER_ARTICLE
        )
        writer.sentence_vectors.append(self._material.rows[chosen.ravel()])
        writer.sentence_scales.append(self._material.scales[chosen.ravel()])


def _postings(owners: Numbers, words: NDArray[np.uint64], passages: int) -> Postings:
    """The postings of some passages: ``words[i]`` occurs in passage ``owners[i]``."""
    terms, numbers = np.unique(words, return_inverse=True)
    pairs, counts = np.unique(numbers * passages + owners, return_counts=True)
    starts = np.searchsorted(pairs, np.arange(len(terms) + 1) * passages)
    lengths = np.bincount(owners, minlength=passages).astype(np.int32)
    held = (pairs % passages).astype(np.int32)
    return Postings(terms, starts.astype(np.int64), held, counts.astype(np.uint16), lengths)
