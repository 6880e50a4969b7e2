"""Vector search over unit vectors with FAISS: scores are cosines, higher is better.

Few vectors are compared one by one, exactly. More are first compared by 8-bit codes, and the
best of them scored again with the float16 vectors. Very many have their codes in the lists of
an inverted file (IVF), of which a search reads some. All are read from disk through a memory
map, so a process that serves a large index holds none of it in memory of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import faiss as _typed_faiss
import numpy as np
from numpy.typing import NDArray

faiss: Any = _typed_faiss  # its stubs know neither all classes nor all arguments

EXACT_LIMIT = 10_000
"""Up to so many vectors an exact search costs about a millisecond on one core."""
CODES_LIMIT = 150_000
"""Up to so many vectors comparing all codes costs less than 4 ms on one core."""
_RESCORE = 4
_TRAIN_PER_LIST = 40
_TRAIN_CODES = 100_000
_BLOCK = 65_536

Kind = Literal["exact", "codes", "ivf"]
Hits = list[tuple[int, float]]
_EIGHT_BITS = faiss.ScalarQuantizer.QT_8bit


@dataclass(frozen=True, slots=True)
class IndexKind:
    """What kind of FAISS index holds a segment's vectors; recorded in the manifest.

    Attributes:
        kind: ``exact`` (float16 compared one by one), ``codes`` (8-bit codes compared one by
            one) or ``ivf`` (8-bit codes in lists).
        lists: Number of inverted lists; 0 but for ``ivf``.
        probes: Lists read by one search; 0 but for ``ivf``.
    """

    kind: Kind
    lists: int = 0
    probes: int = 0


def choose_kind(vectors: int) -> IndexKind:
    """The kind of index that fits so many vectors."""
    if vectors <= EXACT_LIMIT:
        return IndexKind("exact")
    if vectors <= CODES_LIMIT:
        return IndexKind("codes")
    lists = 1 << round(np.log2(4 * vectors**0.5))
    return IndexKind("ivf", lists=lists, probes=max(256, lists // 13))


def build_index(vectors: NDArray[np.float16], kind: IndexKind) -> Any:
    """A FAISS index over ``vectors`` (n, d), unit rows, whose ids are the row numbers."""
    rows, dimension = vectors.shape
    if kind.kind == "ivf":
        index = _trained_lists(vectors, kind)
    else:
        codes = faiss.ScalarQuantizer.QT_fp16 if kind.kind == "exact" else _EIGHT_BITS
        index = faiss.IndexScalarQuantizer(dimension, codes, faiss.METRIC_INNER_PRODUCT)
        index.train(_sample(vectors, _TRAIN_CODES) if rows else np.zeros((1, dimension), "f4"))
    for start in range(0, rows, _BLOCK):
        index.add(np.asarray(vectors[start : start + _BLOCK], np.float32))
    return index


def _trained_lists(vectors: NDArray[np.float16], kind: IndexKind) -> Any:
    dimension = vectors.shape[1]
    quantizer = faiss.IndexFlatIP(dimension)
    index = faiss.IndexIVFScalarQuantizer(
        quantizer,
        dimension,
        kind.lists,
        _EIGHT_BITS,
        faiss.METRIC_INNER_PRODUCT,
        False,  # codes of the vectors themselves, not of their distance to the centroid
    )
    index.cp.spherical = True
    index.cp.min_points_per_centroid = 1  # the number of lists is ours; no warning wanted
    index.cp.niter = 10
    index.train(_sample(vectors, kind.lists * _TRAIN_PER_LIST))
    return index


def _sample(vectors: NDArray[np.float16], most: int) -> NDArray[np.float32]:
    """At most so many rows, the same ones every time."""
    if len(vectors) > most:
        chosen = np.random.default_rng(0).permutation(len(vectors))[:most]
        vectors = vectors[np.sort(chosen)]
    return np.asarray(vectors, np.float32)


def write_index(index: Any, path: Path) -> None:
    """Write a FAISS index; a full disk is an ``OSError`` like that of any other file."""
    failures: list[OSError] = []
    with path.open("wb") as file:

        def write(data: bytes) -> int:
            try:
                return file.write(data)
            except OSError as error:
                failures.append(error)
                raise

        try:
            faiss.write_index(index, faiss.PyCallbackIOWriter(write))
        except Exception:
            if failures:
                raise failures[0] from None
            raise


@contextmanager
def _one_core() -> Iterator[None]:
    """Keep FAISS from starting threads for one question; the setting is the calling thread's.

    They have nothing to do but to wait for each other, by spinning: on a busy machine that
    took a search of 0.03 ms to 23 ms at the 95th percentile.
    """
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)


class VectorIndex:
    """A FAISS index on disk, opened for searching; safe to use from several threads."""

    def __init__(self, path: Path, kind: IndexKind, vectors: NDArray[np.float16]):
        """Open ``path`` over ``vectors`` (n, d), the same rows in float16 for rescoring."""
        self._index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        self._kind = kind
        self._vectors = vectors

    def nearest(
        self, question: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None = None
    ) -> Hits:
        """The ``k`` nearest rows as (row, cosine), best first.

        Args:
            question: Unit vector (d,).
            k: How many rows at most.
            allowed: Which rows (n,) may be found; all when None.
        """
        if k <= 0 or not len(self._vectors):
            return []
        wanted = k if self._kind.kind == "exact" else max(k * _RESCORE, 64)
        wanted = min(wanted, len(self._vectors))
        query = np.ascontiguousarray(question, np.float32)[None, :]
        # FAISS reads the bitmap through a bare pointer: it must outlive the search.
        bitmap = None if allowed is None else np.packbits(allowed, bitorder="little")
        with _one_core():
            scores, rows = self._index.search(query, wanted, params=self._parameters(bitmap))
        found = rows[0] >= 0
        return self._rescored(question, rows[0][found], scores[0][found])[:k]

    def _parameters(self, bitmap: NDArray[np.uint8] | None) -> Any:
        selector = None if bitmap is None else faiss.IDSelectorBitmap(bitmap)
        if self._kind.kind == "ivf":
            return faiss.SearchParametersIVF(sel=selector, nprobe=self._kind.probes)
        return faiss.SearchParameters(sel=selector)

    def _rescored(
        self, question: NDArray[np.float32], rows: NDArray[np.int64], scores: NDArray[np.float32]
    ) -> Hits:
        if self._kind.kind != "exact":
            scores = np.asarray(self._vectors[rows], np.float32) @ question
        order = np.lexsort((rows, -scores))
        return [(int(rows[i]), float(scores[i])) for i in order]
