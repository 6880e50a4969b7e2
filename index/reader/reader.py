"""Reads a question and an excerpt together, and says which sentence answers it, if any."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.reader.pages import QUESTION_PREFIX, lay_out, room, window
from index.reader.weights import Head


class Tokenizer(Protocol):
    """The bundled model's; see ``index.encoder.tokens``."""

    beginning: int
    end: int

    def __call__(self, text: str, prefix: str = "") -> NDArray[np.int64]:
        """Token ids without marks."""
        ...


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage to be read.

    Attributes:
        title: Of its article.
        sentences: Its sentences, as a person reads them.
        centre: The one that must be read; how many around it depends on their length.
    """

    title: str
    sentences: Sequence[str]
    centre: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader makes of an excerpt.

    Attributes:
        first: The first sentence that was read.
        logits: (sentences read,) that each answers, against that none of them does.
    """

    first: int
    logits: NDArray[np.float32]


class Reader:
    """A trained reader over ONNX Runtime; safe to use from several threads."""

    def __init__(
        self, session: Any, tokenizer: Tokenizer, head: Head, spread: Callable[..., Iterable[Any]]
    ) -> None:
        """``spread`` maps a function over some items, on several cores if it can."""
        self._session = session
        self._tokenizer = tokenizer
        self._head = head
        self._spread = spread

    def read(self, question: str, excerpts: Sequence[Excerpt]) -> Iterator[Reading]:
        """The readings, in order."""
        asked = self._tokenizer(question, QUESTION_PREFIX).tolist()
        marks = (self._tokenizer.beginning, self._tokenizer.end)

        def one(excerpt: Excerpt) -> Reading:
            title = self._tokenizer(excerpt.title).tolist()
            sentences = [self._tokenizer(text).tolist() for text in excerpt.sentences]
            sizes = [len(tokens) for tokens in sentences]
            inside = window(sizes, excerpt.centre, room(asked, title))
            page = lay_out(asked, title, [sentences[n] for n in inside], marks)
            inputs = {"ids": page.ids[None], "shares": page.shares()[None]}
            means = self._session.run(["vectors"], inputs)[0][0]
            return Reading(inside.start, self._head(means))

        yield from self._spread(one, excerpts)
