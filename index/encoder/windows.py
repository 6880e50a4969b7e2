"""Cuts tokenised texts into windows that the model can read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoder.protocol import Vectors


@dataclass(frozen=True, slots=True)
class Window:
    """What the model reads at once: a text, or a part of a long one.

    Attributes:
        text: Number of the text.
        ids: Token ids, the marks of beginning and end included.
        weight: How much its vector counts beside those of the text's other windows.
        last: Whether the text ends here.
    """

    text: int
    ids: NDArray[np.int64]
    weight: int
    last: bool


def cut(
    text: int, tokens: NDArray[np.int64], marks: tuple[int, int], size: int
) -> Iterator[Window]:
    """Windows of at most ``size`` tokens, without overlap.

    The vector of a text longer than a window is the windows' mean, each counting by its tokens.

    Args:
        text: Number of the text.
        tokens: Its token ids.
        marks: Ids of the marks of beginning and end.
        size: The model's limit, marks included.
    """
    step = size - 2
    for at in range(0, max(len(tokens), 1), step):
        part = tokens[at : at + step]
        ids = np.array([marks[0], *part, marks[1]], np.int64)
        yield Window(text, ids, max(len(part), 1), last=at + step >= len(tokens))


def unit(rows: NDArray[np.floating]) -> Vectors:
    """Rows scaled to length one."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Vectors = (rows / np.maximum(lengths, 1e-12)).astype(np.float32)
    return scaled
