"""What the reader reads at once: a question, an article's title and some of its sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Tokens = Sequence[int]

QUESTION_PREFIX = "query: "
MOST_QUESTION, MOST_TITLE, MOST_TOKENS = 64, 24, 256
"""Tokens of a question and of a title beyond which they are cut; tokens of a page."""
_MARKS = 4


@dataclass(frozen=True, slots=True)
class Page:
    """Tokens and what each belongs to.

    Attributes:
        ids: (tokens,) ids.
        parts: (tokens,) 0 the question, 1, 2, … the sentences in order; -1 title and marks.
        sentences: How many sentences there are.
    """

    ids: NDArray[np.int64]
    parts: NDArray[np.int64]
    sentences: int

    def shares(self) -> NDArray[np.float32]:
        """(1 + sentences, tokens): each token's share of the mean of each part."""
        of = self.parts[None, :] == np.arange(1 + self.sentences)[:, None]
        return np.asarray(of / np.maximum(of.sum(axis=1, keepdims=True), 1), np.float32)


def lay_out(
    question: Tokens, title: Tokens, sentences: Sequence[Tokens], marks: tuple[int, int]
) -> Page:
    """One page: beginning, question, end, title, end, sentences, end.

    Args:
        question: Its token ids.
        title: The article's.
        sentences: Those of each sentence, in order; what does not fit is cut.
        marks: Ids of the marks of beginning and end.
    """
    beginning, end = marks
    ids, parts = [beginning], [-1]
    for tokens, part in ((question[:MOST_QUESTION], 0), (title[:MOST_TITLE], -1)):
        ids += [*tokens, end]
        parts += [part] * len(tokens) + [-1]
    for number, tokens in enumerate(sentences, start=1):
        kept = tokens[: max(MOST_TOKENS - 1 - len(ids), 0)]
        ids += kept
        parts += [number] * len(kept)
    return Page(np.array([*ids, end], np.int64), np.array([*parts, -1], np.int64), len(sentences))


def room(question: Tokens, title: Tokens, most: int = MOST_TOKENS) -> int:
    """How many tokens of sentences a page of at most so many can hold beside these two."""
    head = min(len(question), MOST_QUESTION) + min(len(title), MOST_TITLE)
    return most - head - _MARKS


def window(sizes: Sequence[int], centre: int, most: int) -> range:
    """The sentences around one that fit into so many tokens, it and those before it first.

    Args:
        sizes: Tokens of each sentence of a passage.
        centre: The sentence that must be in.
        most: Tokens that there is room for.
    """
    first = last = centre
    left = most - sizes[centre]
    growing = True
    while growing:
        growing = False
        if first and sizes[first - 1] <= left:
            first -= 1
            left -= sizes[first]
            growing = True
        if last + 1 < len(sizes) and sizes[last + 1] <= left:
            last += 1
            left -= sizes[last]
            growing = True
    return range(first, last + 1)
