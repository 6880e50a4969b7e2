"""What the checker knows about words: common nouns, names in two languages, contrasts, units."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from index.analysis import fold
from index.compounds import parts
from index.function_words import FUNCTION_WORDS, QUESTION_WORDS

_NOUN_ENDINGS = re.compile(
    r"(?:ung|ungen|heit|heiten|keit|keiten|schaft|schaften|tion|tionen|tät|täten|ismus|nis|nisse"
    r"|nissen|ment|mente|logie|grafie|graphie|innen)$"
)
_PARTICIPLE = re.compile(
    r"^(?:ge|be|ver|er|ent|zer|unter|über|auf|aus|an|ab|ein|vor|nach|zu|um)\w{2,}(?:t|en)$"
)
_OPENING_DE = re.compile(r"\w{3,}(?:lich|weise|mals|falls|ens|ig|isch|wegs|wärts|los|bar)$")
_OPENING_EN = re.compile(r"\w{3,}(?:ly|ing|ed|tions?|ments?|ness|ity|ists|ers)$")


_SHORTEST_FIRST, _SHORTEST_HEAD = 4, 5


@dataclass(frozen=True, slots=True)
class Names:
    """Names with several spellings: word sequences (folded) to the number of the name."""

    forms: dict[tuple[str, ...], tuple[tuple[int, bool], ...]]
    longest: int


def is_function_word(low: str) -> bool:
    """Whether a word, lower case, carries grammar rather than content."""
    return low in FUNCTION_WORDS or low in QUESTION_WORDS


@lru_cache(maxsize=16384)
def is_common(low: str) -> bool:
    """Whether a German word, lower case, is a common noun and so no name for its capital."""
    if is_function_word(low) or fold(low) in _common_stems() or _NOUN_ENDINGS.search(low):
        return True
    pieces = parts(low)
    if len(pieces) > 1 and all(piece in _common_stems() for piece in pieces[:-1]):
        return True
    heads = (low[cut:] for cut in range(_SHORTEST_FIRST, len(low) - _SHORTEST_HEAD + 1))
    return any(map(_heads_compound, heads))


def _heads_compound(word: str) -> bool:
    """Whether a noun may end a compound whose beginning is unknown: Programmiersprache."""
    listed = _listed("common", "de")
    known = word in listed or (not word.endswith("er") and is_noun(word))
    return known and fold(word) not in _name_ends()


def is_noun(low: str) -> bool:
    """Whether a German word, lower case, is itself in the list of common nouns."""
    return fold(low) in _common_stems()


@lru_cache(maxsize=4096)
def opens_sentence(low: str, language: str) -> bool:
    """Whether a word may begin a sentence with a capital without being a name."""
    if is_function_word(low):
        return True
    if language == "de":
        known = low in _listed("common", "opening_de") or is_common(low)
        return known or bool(_PARTICIPLE.search(low) or _OPENING_DE.search(low))
    return low in _listed("common", "en") or bool(_OPENING_EN.search(low))


@cache
def names() -> Names:
    """The table of names."""
    table = _read("names.toml")
    forms: dict[tuple[str, ...], set[tuple[int, bool]]] = {}
    lines = [line for part in table.values() for line in part.strip().splitlines()]
    for number, line in enumerate(lines):
        for form in line.split():
            words = tuple(fold(word.lower()) for word in form.split("_"))
            forms.setdefault(words, set()).add((number, form[0].isupper()))
    found = {words: tuple(sorted(numbers)) for words, numbers in forms.items()}
    return Names(found, max(map(len, found)))


@cache
def contrasts() -> tuple[tuple[re.Pattern[str], ...], ...]:
    """Sets of sides that exclude one another, each side a pattern for one word, lower case."""
    return tuple(
        tuple(_any_of(side) for side in line.split("|")) for line in _read_list("contrast", "sets")
    )


@cache
def units() -> dict[str, int]:
    """Unit words, lower case, to the number of their unit."""
    lines = enumerate(_read_list("units", "sets"))
    return {word.rstrip("~"): number for number, line in lines for word in line.split()}


@cache
def harmless() -> re.Pattern[str]:
    """Phrases that hold a negation and deny nothing."""
    phrases = sorted(_read_list("polarity", "harmless"), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, phrases)) + r")\b", re.IGNORECASE)


@cache
def denials() -> re.Pattern[str]:
    """Words that deny what they govern."""
    starts = _read("lexicon.toml")["polarity"]["denials"].split()
    return re.compile("|".join(starts))


def negations() -> frozenset[str]:
    """Words that turn their clause into its opposite."""
    return _listed("polarity", "negations")


def role_words(kind: str) -> frozenset[str]:
    """Words that say who does what: ``prepositions``, ``by``, ``passive`` and so on."""
    return _listed("roles", kind)


@cache
def _common_stems() -> frozenset[str]:
    return frozenset(fold(word) for word in _listed("common", "de"))


@cache
def _name_ends() -> frozenset[str]:
    return frozenset(fold(word) for word in _listed("common", "ends_names"))


@cache
def _listed(table: str, key: str) -> frozenset[str]:
    return frozenset(_read("lexicon.toml")[table][key].split())


def _read_list(table: str, key: str) -> list[str]:
    found: list[str] = _read("lexicon.toml")[table][key]
    return found


def _any_of(words: str) -> re.Pattern[str]:
    whole = "|".join(word.replace("~", r"\w*") for word in words.split())
    return re.compile(f"(?:{whole})$")


@cache
def _read(name: str) -> dict[str, Any]:
    text = resources.files("bot.language_model.claims").joinpath(name).read_text(encoding="utf-8")
    return tomllib.loads(text)
