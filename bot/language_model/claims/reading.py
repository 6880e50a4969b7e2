"""A sentence as the checker sees it: tokens, names, quantities, content words, quotations."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.language_model.claims.lexicon import is_function_word
from bot.language_model.claims.naming import Name, find_names, table_keys, word_keys
from bot.language_model.claims.quantities import Quantity, quantities
from bot.language_model.claims.tokens import Token, tokenize
from index.compounds import parts

_QUOTED = re.compile(r"[„“\"»«]([^„“”\"»«]{1,400})[“”\"«»]")


@dataclass(frozen=True, slots=True)
class Word:
    """A content word: ``keys`` are what it may be met by, ``inner`` the parts of a compound."""

    keys: frozenset[str]
    inner: frozenset[str]
    position: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in a sentence.

    Attributes:
        quotes: What stands in quotation marks.
        names, quantities: Outside of the quotation marks alone.
        keys: Of every word, compounds' parts and names of the table included.
    """

    text: str
    language: str
    tokens: tuple[Token, ...]
    names: tuple[Name, ...]
    quantities: tuple[Quantity, ...]
    words: tuple[Word, ...]
    quotes: tuple[str, ...]
    keys: frozenset[str]


@lru_cache(maxsize=1024)
def read(text: str, language: str) -> Reading:
    """Reads a sentence (or a run of two) in German, or in English as any other language."""
    text = unicodedata.normalize("NFC", text)
    tokens = tokenize(text)
    inside = [match.span(1) for match in _QUOTED.finditer(text)]
    numbers = tuple(q for q in quantities(text, language) if not _within(q.start, inside))
    named = tuple(
        n for n in find_names(tokens, language) if not _within(tokens[n.first].start, inside)
    )
    words = _words(tokens, quantities(text, language))
    return Reading(
        text=text,
        language=language,
        tokens=tokens,
        names=named,
        quantities=numbers,
        words=words,
        quotes=tuple(text[start:end] for start, end in inside),
        keys=_all_keys(tokens, find_names(tokens, language)),
    )


def _within(position: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= position < end for start, end in spans)


def _words(tokens: Sequence[Token], numbers: Sequence[Quantity]) -> tuple[Word, ...]:
    found = []
    for position, token in enumerate(tokens):
        if not token.is_word or is_function_word(token.low) or len(token.text) < 2:
            continue
        if any(q.start <= token.start < q.end for q in numbers):
            continue
        inner = frozenset(parts(token.low)) | _pieces(token)
        found.append(Word(word_keys(token.text), inner, position, token.start, token.end))
    return tuple(found)


def _all_keys(tokens: Sequence[Token], named: Sequence[Name]) -> frozenset[str]:
    found: set[str] = set(table_keys(tokens))
    for token in tokens:
        if token.is_word:
            found |= word_keys(token.text) | set(parts(token.low)) | _pieces(token)
    for name in named:
        found |= name.keys
    return frozenset(found)


def _pieces(token: Token) -> frozenset[str]:
    """The keys of the words that hyphens join."""
    pieces = re.split("[-‑]", token.text)
    if len(pieces) == 1:
        return frozenset()
    return frozenset().union(*(word_keys(piece) for piece in pieces if len(piece) > 1))
