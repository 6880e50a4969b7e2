"""Writing a segment: first its articles and postings, then its vectors, then the seal."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import stories
from index.arrays import ArrayWriter, open_array
from index.articles import Article, Passage
from index.keywords import PostingsWriter
from index.storage.articles import ArticleWriter
from index.storage.checksums import FileEntry, entry_of
from index.storage.layout import sync_file, sync_folder, write_durably
from index.storage.manifest import SEGMENT_FILE, SegmentEntry
from index.storage.segment import ARRAYS, ARTICLES, KEYWORDS, STORIES, VECTORS
from index.vectors import IndexKind, build_index, write_index

Key = tuple[int, int]


class SegmentWriter:
    """Writes the files of a segment to a folder of its own, memory bounded."""

    def __init__(self, folder: Path, dimension: int):
        folder.mkdir(parents=True)
        self.folder = folder
        self._open = ExitStack()
        (
            self.article_passages,
            self.passages,
            self.sentences,
            self.passage_keys,
            self.passage_vectors,
            self.sentence_vectors,
            self.sentence_scales,
            self.signatures,
        ) = (
            self._open.enter_context(ArrayWriter(folder / name, dtype, row))
            for name, dtype, row in zip(
                ARRAYS,
                (
                    np.int64,
                    np.int32,
                    np.int32,
                    np.uint64,
                    np.float16,
                    np.int8,
                    np.float32,
                    np.uint32,
                ),
                ((), (4,), (2,), (2,), (dimension,), (dimension,), (), (stories.SIGNATURE,)),
                strict=True,
            )
        )
        self.article_passages.append([0])
        self.articles = ArticleWriter(folder / ARTICLES)
        self._open.callback(self.articles.close)

    def close(self) -> None:
        """Let go of all files, complete or not."""
        self._open.close()

    def seal(
        self, serial: int, fingerprint: str, chooser: Callable[[int], IndexKind]
    ) -> SegmentEntry:
        """Complete the segment: the FAISS index, the bands for stories, sync, checksums."""
        articles, passages = self.articles.articles, self.passages.rows
        self.articles.finish()
        self._open.close()
        kind = chooser(passages)
        vectors = open_array(self.folder / "passage_vectors.npy")
        write_index(build_index(vectors, kind), self.folder / VECTORS)
        bands, order = stories.bands(open_array(self.folder / "signatures.npy"))
        np.save(self.folder / STORIES[0], bands)
        np.save(self.folder / STORIES[1], order)
        entry = SegmentEntry(
            serial, articles, passages, (), fingerprint, kind, _seal_files(self.folder)
        )
        write_durably(self.folder / SEGMENT_FILE, entry.to_bytes())
        return entry


class FreshSegment:
    """A segment made of articles that were just read."""

    def __init__(self, folder: Path, dimension: int):
        self.writer = SegmentWriter(folder, dimension)
        self._postings = PostingsWriter(folder / KEYWORDS)
        self._sentences = 0

    def add(
        self,
        article: Article,
        passages: Sequence[Passage],
        keys: Sequence[Key],
        terms: Sequence[Sequence[str]],
    ) -> None:
        """Add an article with its passages, the keys and the terms of each."""
        number = self.writer.articles.articles
        self.writer.articles.add(article)
        self.writer.signatures.append(stories.signature(article)[None, :])
        for passage in passages:
            row = (number, passage.section, self._sentences, len(passage.sentences))
            self.writer.passages.append([row])
            self.writer.sentences.append(passage.sentences)
            self._sentences += len(passage.sentences)
        self.writer.passage_keys.append(np.array(keys, np.uint64))
        self.writer.article_passages.append([self.writer.passages.rows])
        for one in terms:
            self._postings.add(one)

    def add_vectors(
        self,
        passages: NDArray[np.float16],
        sentences: NDArray[np.int8],
        scales: NDArray[np.float32],
    ) -> None:
        """Add the vectors of the next passages and of their sentences, in their order."""
        self.writer.passage_vectors.append(passages)
        self.writer.sentence_vectors.append(sentences)
        self.writer.sentence_scales.append(scales)

    def seal(
        self, serial: int, fingerprint: str, chooser: Callable[[int], IndexKind]
    ) -> SegmentEntry:
        """Complete the segment."""
        self._postings.finish()
        return self.writer.seal(serial, fingerprint, chooser)

    def close(self) -> None:
        """Let go of all files, complete or not."""
        self.writer.close()


def _seal_files(folder: Path) -> dict[str, FileEntry]:
    entries = {}
    for parent, _, names in os.walk(folder):
        for name in sorted(names):
            path = Path(parent) / name
            sync_file(path)
            entries[path.relative_to(folder).as_posix()] = entry_of(path)
        sync_folder(Path(parent))
    return dict(sorted(entries.items()))
