"""Names in a sentence: of people, places, organisations and things."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.language_model.claims.lexicon import (
    is_common,
    is_function_word,
    is_noun,
    names,
    opens_sentence,
)
from bot.language_model.claims.number_words import MONTHS, ORDINAL, WORD
from bot.language_model.claims.tokens import Token, word_set
from index.analysis import fold
from index.compounds import parts

_DAYS = word_set(
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag monday tuesday "
    "wednesday thursday friday saturday sunday"
)
_SCALE = re.compile(r"(?:million|milliarde|billion|hundert|tausend|dutzend)\w*$")
_WHERE = word_set("in nach aus bei von in from to at near")
_TOWN = re.compile(
    r"\w{2,}(?:berg|burg|dorf|stadt|bach|feld|hausen|heim|furt|wald|brück|stein|hafen)$"
)
_AFTER_GERUND = word_set("on the a an in to for by from with as at his her its their")
# Function words that German writes with a capital inside a sentence.
_POLITE = word_set("sie ihr ihre ihren ihrem ihrer ihres ihnen die der das den dem")
_NUMBER = re.compile(f"(?:{WORD}|{ORDINAL})$")
_ADJECTIVE = ("an", "ish", "ese", "ch", "ic", "ss")
_ROMAN = re.compile(r"[IVX]+$")


@dataclass(frozen=True, slots=True)
class Name:
    """One word or fixed group of words that names somebody or something.

    Attributes:
        keys: Any of them makes it the same name; a name of the table has one, ``#`` and its
            number there.
        first, last: Positions of its tokens, both inclusive.
        proper: False for adjectives of the table ("deutsch"), which no sentence is about.
    """

    keys: frozenset[str]
    first: int
    last: int
    text: str
    proper: bool

    @property
    def listed(self) -> bool:
        """Whether it is of the table."""
        return any(key.startswith("#") for key in self.keys)


def find_names(tokens: Sequence[Token], language: str) -> tuple[Name, ...]:
    """The names among the tokens, in reading order."""
    return tuple(_names(tokens, language))


def word_keys(word: str) -> frozenset[str]:
    """What a word may be compared by: itself without declension, and as a town's adjective."""
    low = word.lower().replace("’", "'").removesuffix("'s").rstrip("'")
    keys = {fold(low), fold(low.removesuffix("s"))}
    if low.endswith("er") and len(low) > 5:
        keys.add(fold(low[:-2]))
    return frozenset(keys)


def table_keys(tokens: Sequence[Token]) -> frozenset[str]:
    """The keys of all names of the table among the tokens, whatever their capitals."""
    found: set[str] = set()
    for position in range(len(tokens)):
        if hit := _in_table(tokens, position):
            found |= hit[0]
    return frozenset(found)


def _names(tokens: Sequence[Token], language: str) -> Iterator[Name]:
    position, last_name = 0, -2
    while position < len(tokens):
        token = tokens[position]
        hit = _in_table(tokens, position)
        if hit:
            keys, length = hit
            last = position + length - 1
            last, keys = _with_number(tokens, position, last, keys)
            text = " ".join(one.text for one in tokens[position : last + 1])
            proper = token.text[0].isupper() and not _qualifies(tokens, last, language)
            yield Name(keys, position, last, text, proper)
            position = last + 1
            continue
        follows = last_name == position - 1 and _may_be_surname(token, language)
        if token.is_word and (follows or _is_name(tokens, position, language)):
            last_name = position
            yield from _of_token(tokens, position)
        position += 1


def _may_be_surname(token: Token, language: str) -> bool:
    """Whether a German noun right behind a name belongs to it: Helmut Kohl."""
    noun = language == "de" and token.text[0].isupper() and "-" not in token.text
    return noun and token.low not in MONTHS and not is_function_word(token.low)


def _qualifies(tokens: Sequence[Token], last: int, language: str) -> bool:
    """Whether an English name is but an attribute: a British engineer."""
    if language == "de" or last + 1 >= len(tokens):
        return False
    behind = tokens[last + 1]
    if not behind.is_word or behind.text[0].isupper() or is_function_word(behind.low):
        return False
    return tokens[last].low.endswith(_ADJECTIVE)


def _of_token(tokens: Sequence[Token], position: int) -> Iterator[Name]:
    """The name, or the names among the parts of a word with hyphens."""
    token = tokens[position]
    pieces = re.split("[-‑]", token.text)
    if len(pieces) == 1:
        if head := _first_part(token.low):
            yield Name(head, position, position, token.text, True)
            return
        last, keys = _with_number(tokens, position, position, word_keys(token.text))
        text = " ".join(one.text for one in tokens[position : last + 1])
        yield Name(keys, position, last, text, True)
        return
    for piece in pieces:
        low = piece.lower()
        if len(piece) > 1 and piece[0].isupper() and not is_common(low):
            hit = None if low.endswith("ers") else names().forms.get((fold(low),))
            keys = frozenset(f"#{number}" for number, _ in hit) if hit else word_keys(piece)
            yield Name(keys, position, position, piece, True)


def _with_number(
    tokens: Sequence[Token], first: int, last: int, keys: frozenset[str]
) -> tuple[int, frozenset[str]]:
    """Draws the number of Voyager 1 or Salut 6 into the name."""
    if last + 1 >= len(tokens) or not tokens[first].text[0].isupper():
        return last, keys
    number = tokens[last + 1]
    if not number.text.isdigit() or len(number.text) > 2 or tokens[last].low in MONTHS:
        return last, keys
    behind = tokens[last + 2] if last + 2 < len(tokens) else None
    counted = behind is not None and behind.is_word and not is_function_word(behind.low)
    if counted and behind is not None and (behind.text[0].isupper() or _SCALE.match(behind.low)):
        return last, keys
    return last + 1, frozenset(f"{key} {number.text}" for key in keys)


def _in_table(tokens: Sequence[Token], position: int) -> tuple[frozenset[str], int] | None:
    """Keys and length of the longest name of the table that begins at a position."""
    table = names()
    for length in range(min(table.longest, len(tokens) - position), 0, -1):
        group = tokens[position : position + length]
        if not all(token.is_word or token.text == "." for token in group):
            continue
        for words in _readings(group):
            hits = table.forms.get(words)
            capital = group[0].text[0].isupper()
            fitting = [number for number, upper in hits or () if capital or not upper]
            if fitting and not (length == 1 and _is_opening_word(group[0])):
                return frozenset(f"#{number}" for number in fitting), length
    return None


def _readings(group: Sequence[Token]) -> Iterator[tuple[str, ...]]:
    plain = [token.low.removesuffix("'s").removesuffix("’s") for token in group]
    if plain[-1].endswith("ers"):  # Berners is not of Bern
        return
    yield tuple(fold(low) for low in plain)
    last = plain[-1]
    for ending in ("s", "es", "er", "e", "in", "innen"):
        if last.endswith(ending) and len(last) - len(ending) > 3:
            yield (*(fold(low) for low in plain[:-1]), fold(last.removesuffix(ending)))


def _is_opening_word(token: Token) -> bool:
    """Words of the table that are also ordinary ones at the head of a sentence or anywhere."""
    return is_function_word(token.low) and not (token.text.isupper() and len(token.text) > 1)


def _is_name(tokens: Sequence[Token], position: int, language: str) -> bool:
    token = tokens[position]
    low = token.low
    known = low in MONTHS or low in _DAYS or _SCALE.match(low) or _NUMBER.match(low)
    if known or len(token.text) == 1:
        return False
    capitals = sum(letter.isupper() for letter in token.text)
    if not token.text[0].isupper():
        return capitals > 0 or any(c.isdigit() for c in token.text)
    if capitals > 1 and "-" not in token.text and not _ROMAN.match(token.text):
        return True
    if token.opens:
        return _opens_as_name(tokens, position, language)
    if is_function_word(low):
        return language == "de" and low not in _POLITE and not is_noun(low)
    if language != "de" or "-" in token.text or "‑" in token.text:
        return True
    if not is_common(low) or _first_part(low):
        return True
    before = tokens[position - 1]
    return before.low in _WHERE and bool(_TOWN.search(low)) and not is_noun(low)


def _opens_as_name(tokens: Sequence[Token], position: int, language: str) -> bool:
    token = tokens[position]
    if not opens_sentence(token.low, language):
        return True
    behind = tokens[position + 1] if position + 1 < len(tokens) else None
    if behind is None or language == "de" or is_function_word(token.low):
        return False
    if token.low.endswith("ing") and behind.low not in _AFTER_GERUND:
        return True
    return behind.is_word and behind.text[0].isupper() and behind.low not in MONTHS


def _first_part(low: str) -> frozenset[str]:
    """The keys of the name that a compound begins with: Kremlchef, Ukrainekrieg."""
    pieces = parts(low)
    if len(pieces) != 2 or not is_noun(pieces[1]):
        return frozenset()
    hits = names().forms.get((pieces[0],), ())
    return frozenset(f"#{number}" for number, upper in hits if upper)
