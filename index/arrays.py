"""Arrays on disk: written row by row, read through a memory map."""

from __future__ import annotations

import re
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

_HEADER = re.compile(r"\{'descr': '([^']+)', 'fortran_order': False, 'shape': \(([\d, ]*)\)")


class ArrayWriter:
    """Writes a ``.npy`` file in pieces, so that an array never has to fit into memory.

    NumPy pads the header for a first axis that grows, so the final length is written over
    the first header when the file is closed.
    """

    def __init__(self, path: Path, dtype: DTypeLike, row: tuple[int, ...] = ()):
        self.rows = 0
        self._dtype = np.dtype(dtype)
        self._row = row
        self._file = path.open("wb")
        self._write_header()

    def append(self, values: ArrayLike) -> None:
        """Append rows: ``values`` has the shape (n, *row)."""
        block = np.ascontiguousarray(values, self._dtype).reshape(-1, *self._row)
        self._file.write(block.data if block.size else b"")
        self.rows += len(block)

    def close(self) -> None:
        """Write the final length and close the file."""
        if self._file.closed:
            return
        with self._file:
            self._file.seek(0)
            self._write_header()

    def __enter__(self) -> ArrayWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _write_header(self) -> None:
        header: dict[str, Any] = {
            "descr": np.lib.format.dtype_to_descr(self._dtype),
            "fortran_order": False,
            "shape": (self.rows, *self._row),
        }
        np.lib.format.write_array_header_1_0(self._file, header)


def open_array(path: Path) -> NDArray[Any]:
    """Map a ``.npy`` file into memory, read-only.

    The header is read here and not by NumPy: its way leads through the interpreter's syntax
    tree, which CPython 3.11 gets wrong when several threads do it at once.
    """
    with path.open("rb") as file:
        np.lib.format.read_magic(file)
        header = file.read(int.from_bytes(file.read(2), "little")).decode("latin-1")
        start = file.tell()
    found = _HEADER.match(header)
    if found is None:
        raise ValueError(f"{path} has a header of another kind")
    shape = tuple(int(size) for size in found[2].split(",") if size.strip())
    dtype = np.dtype(found[1])
    if 0 in shape:
        return np.empty(shape, dtype)
    return np.asarray(np.memmap(path, dtype, "r", start, shape))


def to_bytes_rows(vectors: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Unit rows (n, d) as signed bytes (n, d) and one scale a row (n,): row ≈ bytes x scale."""
    peaks = np.abs(vectors).max(axis=1, initial=0.0)
    scales = np.where(peaks > 0, peaks / 127, 1).astype(np.float32)
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales


def from_bytes_rows(rows: NDArray[np.int8], scales: NDArray[np.float32]) -> NDArray[np.float32]:
    """Unit rows (n, d) from what ``to_bytes_rows`` made of them."""
    vectors = rows.astype(np.float32) * scales[:, None]
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(norms > 0, norms, 1), np.float32)
