"""Cuts tokenised texts into windows a model can read, and says which tokens make which vector."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.articles import Span
from index.encoder.protocol import DocumentVectors, Vectors
from index.encoder.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Run:
    """Tokens ``first`` to ``last`` (exclusive) of a window, whose mean goes into a vector.

    Attributes:
        row: Which vector.
        weight: How much this mean counts beside those of the text's other windows.
    """

    row: int
    first: int
    last: int
    weight: float


@dataclass(frozen=True, slots=True)
class Window:
    """What the model reads at once: a text, or a part of a long one.

    Attributes:
        text: Number of the text.
        ids: Token ids, the marks of beginning and end included.
        runs: The whole window for the text's own vector, then the sentences in it.
        last: Whether the text ends here.
    """

    text: int
    ids: NDArray[np.int64]
    runs: tuple[Run, ...]
    last: bool


def cut(
    text: int,
    tokens: Tokens,
    marks: tuple[int, int],
    size: int,
    spans: Sequence[Span],
    first_row: int,
) -> Iterator[Window]:
    """Windows of at most ``size`` tokens, without overlap.

    The vector of a text longer than a window is the windows' mean, each counting by its tokens.

    Args:
        text: Number of the text; also the row of its own vector.
        tokens: Its tokens.
        marks: Ids of the marks of beginning and end.
        size: The model's limit, marks included.
        spans: Character spans of the sentences.
        first_row: Row of the first sentence's vector.
    """
    begins = np.searchsorted(tokens.starts[1:], [span.start for span in spans], side="right")
    ends = np.searchsorted(tokens.starts[:-1], [span.end for span in spans], side="left")
    step = size - 2
    for at in range(0, max(len(tokens.ids), 1), step):
        part = tokens.ids[at : at + step]
        runs = [Run(text, 0, len(part) + 2, max(len(part), 1))]
        firsts = np.maximum(begins - at, 0).tolist()
        lasts = np.minimum(ends - at, len(part)).tolist()
        for number, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
            if last > first:
                runs.append(Run(first_row + number, first + 1, last + 1, last - first))
        ids = np.array([marks[0], *part, marks[1]], np.int64)
        yield Window(text, ids, tuple(runs), last=at + step >= len(tokens.ids))


def shares(window: Window) -> NDArray[np.float32]:
    """Shape (1, runs, tokens): each token's share of each run's mean."""
    found = np.zeros((1, len(window.runs), len(window.ids)), np.float32)
    for number, run in enumerate(window.runs):
        found[0, number, run.first : run.last] = 1 / (run.last - run.first)
    return found


def finish(sums: NDArray[np.float64], owners: Sequence[int], texts: int) -> DocumentVectors:
    """Unit vectors from the weighted sums of all windows.

    A span without a token of its own (nothing but spaces) gets its text's vector.

    Args:
        sums: Shape (texts + sentences, dimension).
        owners: For each sentence the number of its text.
        texts: How many of the rows are texts' own.
    """
    passages = unit(sums[:texts])
    sentences = sums[texts:]
    empty = ~sentences.any(axis=1)
    sentences[empty] = passages[np.array(owners, np.int64)[empty]]
    return DocumentVectors(passages, unit(sentences))


def unit(rows: NDArray[np.floating]) -> Vectors:
    """Rows scaled to length one."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Vectors = (rows / np.maximum(lengths, 1e-12)).astype(np.float32)
    return scaled
