"""A text cut into words, numbers and marks, and a reader that walks over them."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

_TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\w\s]|_")


class Token(NamedTuple):
    """A word, a run of digits or a single mark, with its place in the text."""

    text: str
    low: str
    start: int
    end: int


class Reader:
    """The tokens of a text; positions beyond its ends read as empty.

    ``today`` is None where only absolute dates count (the sentences of articles).
    """

    def __init__(self, text: str, today: date | None) -> None:
        self.text = text
        self.today = today
        self.tokens = tuple(
            Token(match.group(), match.group().lower(), match.start(), match.end())
            for match in _TOKEN.finditer(text)
        )

    def low(self, position: int) -> str:
        """The token in lower case, ``""`` outside the text."""
        return self.tokens[position].low if 0 <= position < len(self.tokens) else ""

    def raw(self, position: int) -> str:
        """The token as written, ``""`` outside the text."""
        return self.tokens[position].text if 0 <= position < len(self.tokens) else ""

    def tight(self, position: int) -> bool:
        """Whether the token follows the one before it without a space."""
        inside = 0 < position < len(self.tokens)
        return inside and self.tokens[position - 1].end == self.tokens[position].start

    def number(self, position: int, *digits: int) -> int | None:
        """The number there, if it is written with one of these counts of digits."""
        word = self.low(position)
        return int(word) if word.isdecimal() and word.isascii() and len(word) in digits else None

    def skip(self, position: int, *lows: str) -> int:
        """The position behind the token if it is one of these, else the same position."""
        return position + 1 if self.low(position) in lows else position

    def skip_all(self, position: int, lows: frozenset[str], most: int = 2) -> int:
        """The position behind up to ``most`` tokens of a set."""
        for _ in range(most):
            if self.low(position) not in lows:
                break
            position += 1
        return position
