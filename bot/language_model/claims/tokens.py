"""A sentence cut into words, numbers and marks."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_TOKEN = re.compile(
    r"\d+(?:[.,:’'\u202f]\d+)*|[^\W\d_][^\W_]*(?:[-‑'’][^\W_]+)*|[^\w\s]", re.UNICODE
)
_ENDS = frozenset('.!?:…„“”"»«‚‘(–—')


class Token(NamedTuple):
    """A word, a number or one mark, with its place in the text.

    Attributes:
        low: In lower case.
        opens: Whether it begins a sentence, a quotation or a parenthesis.
    """

    text: str
    low: str
    start: int
    end: int
    opens: bool

    @property
    def is_word(self) -> bool:
        """Whether it begins with a letter."""
        return self.text[0].isalpha()

    @property
    def is_number(self) -> bool:
        """Whether it begins with a digit."""
        return self.text[0].isdigit()


def word_set(words: str) -> frozenset[str]:
    """Words with blanks between them as a set."""
    return frozenset(words.split())


def tokenize(text: str) -> tuple[Token, ...]:
    """Cuts a text into tokens; composed characters count as one."""
    text = unicodedata.normalize("NFC", text)
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        opens = not found or found[-1].text in _ENDS
        if opens and found and found[-1].text == "." and len(found) > 1:
            opens = not _abbreviates(found[-2], text[match.start() - 1])
        found.append(Token(match[0], match[0].lower(), match.start(), match.end(), opens))
    return tuple(found)


def _abbreviates(before: Token, between: str) -> bool:
    """Whether the full stop behind a token belongs to a number, an initial or "St."."""
    return before.is_number or len(before.text) <= 2 or not between.isspace()
