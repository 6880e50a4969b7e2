"""The default model, run by ONNX Runtime from the rebuilt folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.articles import Span
from index.encoder import folder as model_folder
from index.encoder import windows
from index.encoder.protocol import DocumentVectors, Vectors
from index.encoder.tokens import Tokenizer

QUESTION_PREFIX = "query: "
DOCUMENT_PREFIX = "passage: "
_WINDOW = 512
_BUDGET = 3072  # padded tokens a batch: enough to keep the cores busy, small enough for the cache


class BundledEncoder:
    """multilingual-e5-small with vectors of 384 numbers; see ``Encoder``."""

    name = "bundled"
    dimension = 384

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self.fingerprint = fingerprint
        self._tokenizer = Tokenizer(folder)
        self._session = _session(folder / "model.onnx")

    def encode_documents(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]],
        *,
        on_done: Callable[[int], None] | None = None,
        separately: bool = False,
    ) -> DocumentVectors:
        """See ``Encoder``.

        A sentence's vector is the mean of its tokens as the model read them inside the text;
        with ``separately`` each sentence is read alone instead.
        """
        if separately:
            return self._separately(texts, spans, on_done)
        return self._encode(texts, spans, DOCUMENT_PREFIX, on_done)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """See ``Encoder``."""
        return self._encode(texts, [()] * len(texts), QUESTION_PREFIX, None).passages

    def _separately(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]],
        on_done: Callable[[int], None] | None,
    ) -> DocumentVectors:
        parts = [
            text[span.start : span.end]
            for text, of_text in zip(texts, spans, strict=True)
            for span in of_text
        ]
        sentences = self._encode(parts, [()] * len(parts), DOCUMENT_PREFIX, None).passages
        passages = self._encode(texts, [()] * len(texts), DOCUMENT_PREFIX, on_done).passages
        return DocumentVectors(passages, sentences)

    def _encode(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]],
        prefix: str,
        on_done: Callable[[int], None] | None,
    ) -> DocumentVectors:
        owners = [text for text, of_text in enumerate(spans) for _ in of_text]
        sums = np.zeros((len(texts) + len(owners), self.dimension))
        cut = self._windows(texts, spans, prefix)
        open_windows = Counter(window.text for window in cut)
        for batch in windows.batches(cut, _BUDGET):
            for window, vectors in zip(batch, self._run(batch), strict=True):
                for run, vector in zip(window.runs, vectors, strict=False):
                    sums[run.row] += run.weight * vector
            open_windows.subtract(window.text for window in batch)
            finished = {window.text for window in batch if not open_windows[window.text]}
            if on_done and finished:
                on_done(len(finished))
        return windows.finish(sums, owners, len(texts))

    def _windows(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], prefix: str
    ) -> list[windows.Window]:
        marks = (self._tokenizer.beginning, self._tokenizer.end)
        row = len(texts)
        found: list[windows.Window] = []
        for number, (text, of_text) in enumerate(zip(texts, spans, strict=True)):
            tokens = self._tokenizer(text, prefix)
            found += windows.cut(number, tokens, marks, _WINDOW, of_text, row)
            row += len(of_text)
        return found

    def _run(self, batch: Sequence[windows.Window]) -> NDArray[np.float32]:
        padded = windows.pad(batch, self._tokenizer.padding)
        inputs = {"ids": padded.ids, "mask": padded.mask, "shares": padded.shares}
        vectors: NDArray[np.float32] = self._session.run(["vectors"], inputs)[0]
        return vectors


def load(cache: Path, on_step: Callable[[str], None] | None = None) -> BundledEncoder:
    """The bundled model, rebuilt in the cache first if need be.

    Raises:
        ModelError: The package is missing or damaged, or the cache cannot be written.
    """
    folder = model_folder.ensure(cache, on_step)
    return BundledEncoder(folder / model_folder.SERVING, model_folder.fingerprint())


def _session(model: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
