"""Who and what a sentence speaks of: names grouped to mentions, with their place in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.language_model.claims.lexicon import role_words
from bot.language_model.claims.naming import Name
from bot.language_model.claims.reading import Reading
from bot.language_model.claims.tokens import Token, word_set

_LINKS = word_set("von van de der den di da le la del zu bin ibn .")
_STOPS = frozenset(',;:()–—„“”"»«.!?')


@dataclass(frozen=True, slots=True)
class Mention:
    """Names that stand together: first name, surname.

    Attributes:
        preposition: The preposition that governs it, lower case; None for a subject, an object
            or a possessor.
    """

    names: tuple[Name, ...]
    preposition: str | None

    @property
    def first(self) -> int:
        """Position of its first token."""
        return self.names[0].first

    @property
    def listed(self) -> bool:
        """Whether all of it is of the table of names."""
        return all(name.listed for name in self.names)

    @property
    def text(self) -> str:
        """Its names with blanks."""
        return " ".join(name.text for name in self.names)


@lru_cache(maxsize=1024)
def mentions(reading: Reading) -> tuple[Mention, ...]:
    """The mentions of a sentence in reading order."""
    groups: list[list[Name]] = []
    for name in reading.names:
        if groups and _continues(groups[-1][-1], name, reading.tokens):
            groups[-1].append(name)
        else:
            groups.append([name])
    return tuple(Mention(tuple(group), _place(reading.tokens, group[0].first)) for group in groups)


def _place(tokens: Sequence[Token], position: int) -> str | None:
    """The preposition, or the article of a possessor right behind a noun: die Flieger der DDR."""
    preposition = governing(tokens, position)
    if preposition is None and position > 1 and tokens[position - 1].low in ("der", "einer"):
        noun = tokens[position - 2]
        return "des" if noun.text[0].isupper() and not noun.opens else None
    return preposition


def governing(tokens: Sequence[Token], position: int) -> str | None:
    """The preposition before a noun phrase, over its article and attributes.

    Seen from the end: a noun behind an attribute or a verb belongs to another phrase.
    """
    attribute = article = False
    for at in range(position - 1, max(-1, position - 6), -1):
        token = tokens[at]
        if token.low in role_words("prepositions") or token.low in ("des", "eines"):
            return None if token.opens and token.low in ("als", "as") else token.low
        counts = token.is_number and at == position - 1
        if article or not (token.is_word or counts) or token.low in _FINITE:
            return None
        if token.text[0].isupper() and attribute and not token.opens:
            return None
        article = token.low in _ARTICLES
        attribute = attribute or token.text[0].islower()
    return None


_ARTICLES = word_set(
    "der die das den dem ein eine einen einem einer the a an his her its their seine seinen "
    "seinem seiner ihre ihren ihrem ihrer dieser diese dieses diesem diesen"
)
_FINITE = word_set(
    "hat haben hatte hatten ist sind war waren wird werden wurde wurden kann konnte soll "
    "sollte will wollte dass weil wenn nachdem that denen deren dessen has have had is are "
    "was were will would can could und and sowie oder or"
)


def _continues(before: Name, name: Name, tokens: Sequence[Token]) -> bool:
    between = tokens[before.last + 1 : name.first]
    if before.listed != name.listed:
        return False
    if not between:
        return not before.listed and not before.text.lower().endswith(("'s", "’s"))
    small = all(token.low in _LINKS or len(token.text) == 1 for token in between)
    marks = any(token.text in ",;:()" for token in between)
    return small and not marks and len(between) <= 2 and not before.listed
