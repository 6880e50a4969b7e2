"""The default model, run by ONNX Runtime from the rebuilt folder."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.articles import Span
from index.encoder import folder as model_folder
from index.encoder import windows
from index.encoder.documents import encode_by_sentences
from index.encoder.protocol import DocumentVectors, Vectors
from index.encoder.tokens import Tokenizer
from index.reader import Reader, head
from index.reader.pages import QUESTION_PREFIX

DOCUMENT_PREFIX = "passage: "
_WINDOW = 512

_Result = tuple[windows.Window, NDArray[np.float32]]  # and its mean over the tokens


class BundledEncoder:
    """multilingual-e5-small with vectors of 384 numbers; see ``Encoder``."""

    name = "bundled"
    dimension = 384

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self.fingerprint = fingerprint
        self._tokenizer = Tokenizer(folder)
        self._session = _session(folder / "model.onnx")
        self._workers = ThreadPoolExecutor(_cores(), thread_name_prefix="encoder")
        self._folder = folder

    @cached_property
    def reader(self) -> Reader:
        """Loaded at the first question."""
        session = _session(self._folder / "reader.onnx")
        return Reader(session, self._tokenizer, head(), self._workers.map)

    def encode_documents(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]],
        *,
        on_done: Callable[[int], None] | None = None,
    ) -> DocumentVectors:
        """See ``Encoder``."""
        return encode_by_sentences(
            texts, spans, lambda parts, done: self._encode(parts, DOCUMENT_PREFIX, done), on_done
        )

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """See ``Encoder``."""
        return self._encode(texts, QUESTION_PREFIX, None)

    def _encode(
        self, texts: Sequence[str], prefix: str, on_done: Callable[[int], None] | None
    ) -> Vectors:
        sums = np.zeros((len(texts), self.dimension))
        for window, vector in self._run_all(self._windows(texts, prefix), len(texts)):
            sums[window.text] += window.weight * vector
            if on_done and window.last:
                on_done(1)
        return windows.unit(sums)

    def _windows(self, texts: Sequence[str], prefix: str) -> Iterator[windows.Window]:
        marks = (self._tokenizer.beginning, self._tokenizer.end)
        for number, text in enumerate(texts):
            yield from windows.cut(number, self._tokenizer(text, prefix), marks, _WINDOW)

    def _run_all(self, cut: Iterator[windows.Window], texts: int) -> Iterator[_Result]:
        """Results in order; a window a core, while this thread splits the next texts."""
        return map(self._run, cut) if texts == 1 else self._workers.map(self._run, cut)

    def _run(self, window: windows.Window) -> _Result:
        shares = np.full((1, 1, len(window.ids)), 1 / len(window.ids), np.float32)
        inputs = {"ids": window.ids[None], "shares": shares}
        return window, self._session.run(["vectors"], inputs)[0][0, 0]


def load(cache: Path, on_step: Callable[[str], None] | None = None) -> BundledEncoder:
    """The bundled model, rebuilt in the cache first if need be.

    Raises:
        ModelError: The package is missing or damaged, or the cache cannot be written.
    """
    folder = model_folder.ensure(cache, on_step)
    return BundledEncoder(folder / model_folder.SERVING, model_folder.fingerprint())


def _session(model: Path) -> Any:
    """A session that works in the calling thread alone.

    Texts are spread over threads instead: no padding, no waiting for each other inside a text,
    and what a text needs stays in its core's cache.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    if _saturates():
        options.add_session_config_entry("session.x64quantprecision", "1")
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def _saturates() -> bool:
    """Whether this processor's fast 8-bit products can overflow: Intel's and AMD's before VNNI."""
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return False
    try:
        return "vnni" not in Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return True  # unknown: exact, if slower


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
