"""What the stress script works with: an encoder without a model, and folders of articles."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import xxhash
from numpy.typing import NDArray

from index.articles import Span
from index.encoder import DocumentVectors, Encoder


class StandIn:
    """An encoder without a model: words hashed into a few dimensions, at a given pace."""

    name = "stand-in"
    dimension = 128
    fingerprint = "stand-in-1"
    reader = None

    def __init__(self, seconds: float = 0.0):
        self._seconds = seconds

    def encode_documents(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]],
        *,
        on_done: Callable[[int], None] | None = None,
    ) -> DocumentVectors:
        """Sleep as long as a model would compute, then hash."""
        time.sleep(self._seconds * len(texts))
        if on_done is not None:
            on_done(len(texts))
        sentences = [text[a:b] for text, own in zip(texts, spans, strict=True) for a, b in own]
        return DocumentVectors(self.encode_questions(texts), self.encode_questions(sentences))

    def encode_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Hash the words of each text."""
        rows = np.full((len(texts), self.dimension), 0.01, np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.casefold().split():
                row[xxhash.xxh3_64_intdigest(word.encode()) % self.dimension] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class Counting:
    """An encoder that notes in a file how many passages it has embedded."""

    def __init__(self, encoder: Encoder, log: Path):
        self.name, self.dimension = encoder.name, encoder.dimension
        self.fingerprint, self.reader = encoder.fingerprint, encoder.reader
        self.encode_questions = encoder.encode_questions
        self._encoder, self._log = encoder, log

    def encode_documents(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]],
        *,
        on_done: Callable[[int], None] | None = None,
    ) -> DocumentVectors:
        """Note the number of passages, then embed."""
        with self._log.open("a") as file:
            file.write(f"{len(texts)}\n")
        return self._encoder.encode_documents(texts, spans, on_done=on_done)


def mixed_articles(folder: Path, source: Path, count: int, chance: random.Random) -> Path:
    """Articles whose sentences are drawn from those of a folder; each differs from all others."""
    lines = [
        line.strip()
        for path in sorted(source.rglob("*"))
        if path.suffix in {".md", ".txt"}
        for line in path.read_text(encoding="utf-8", errors="ignore").splitlines()
        if len(line) > 60
    ]
    folder.mkdir(parents=True)
    for number in range(count):
        body = "\n\n".join(chance.sample(lines, k=min(6, len(lines))))
        text = f"Ausgabe Nummer {number}\n\nAusgabe {number}: {body}\n"
        (folder / f"{number:05d}.txt").write_text(text, encoding="utf-8")
    return folder


def copied_articles(folder: Path, source: Path, count: int) -> Path:
    """Some files of a folder, or of the folders below it, side by side."""
    folder.mkdir(parents=True)
    files = (path for path in sorted(source.rglob("*")) if path.is_file())
    for _, path in zip(range(count), files, strict=False):
        shutil.copy2(path, folder / path.name)
    return folder
