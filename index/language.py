"""Which language a text is in, from its script and its function words.

Made for short questions, where statistical detectors guess wildly: a text without any sign
of a language (a bare name) has none, and the caller's fallback is used.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from functools import cache
from importlib import resources
from typing import NamedTuple

_READ_AT_MOST = 4000  # characters: more would change nothing but the time it takes

# Scripts that one language here uses alone, so that the script decides. Kana comes before
# the characters that Japanese shares with Chinese.
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("ka", re.compile(r"[\u10a0-\u10ff]")),
    ("hy", re.compile(r"[\u0530-\u058f]")),
)
_PERSIAN = re.compile(r"[پچژگکی]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_CYRILLIC_LANGUAGES = frozenset({"ru", "uk"})
_WORD = re.compile(r"[^\W\d_]+")

_ASK, _ASK_FIRST, _FUNCTION, _LETTER, _ENDING = 1.5, 2.5, 1.0, 1.2, 0.3
_ENOUGH = 0.5  # a lone function word of one or two languages; one ending is too little
_CLEAR = 1.15  # the winner must be this many times the second, or the fallback may decide


class _Signs(NamedTuple):
    ask: dict[str, tuple[str, ...]]
    words: dict[str, tuple[str, ...]]
    letters: dict[str, tuple[str, ...]]
    ends: tuple[tuple[str, str], ...]


def detect(text: str, fallback: str | None = None) -> str | None:
    """Name the language of a text, a short question above all.

    Args:
        text: Any text; the first 4,000 characters are read.
        fallback: ISO 639-1 code to return when the text does not give its language away
            (a bare name, digits), or gives away the fallback as much as another.

    Returns:
        ISO 639-1 code, or the fallback.
    """
    text = unicodedata.normalize("NFC", text[:_READ_AT_MOST])
    letters = sum(map(str.isalpha, text))
    if letters == 0:
        return fallback
    for language, pattern in _SCRIPTS:
        if len(pattern.findall(text)) * 3 > letters:
            return "fa" if language == "ar" and _PERSIAN.search(text) else language
    cyrillic = len(_CYRILLIC.findall(text)) * 3 > letters
    ranked = sorted(
        (-score, language)
        for language, score in _scores(text).items()
        if (language in _CYRILLIC_LANGUAGES) == cyrillic
    )
    return _decide(ranked, fallback) or (fallback if not cyrillic else "ru")


def question_words(language: str) -> frozenset[str]:
    """The words that open a question in a language, lower case; empty if it is unknown."""
    return _listed(language, "ask")


def function_words(language: str) -> frozenset[str]:
    """The other function words known of a language, lower case; empty if it is unknown."""
    return _listed(language, "words")


def _decide(ranked: list[tuple[float, str]], fallback: str | None) -> str | None:
    """Choose from (score below zero, language), the best first."""
    if not ranked or -ranked[0][0] < _ENOUGH:
        return None
    best, language = ranked[0]
    rivals = {name for score, name in ranked if score * _CLEAR <= best}
    return fallback if fallback in rivals else language


def _scores(text: str) -> dict[str, float]:
    signs = _signs()
    scores: dict[str, float] = defaultdict(float)
    for position, word in enumerate(_WORD.findall(text.replace("İ", "i"))):
        _count_word(scores, signs, word, first=position == 0)
    for letter in set(text.lower()):
        for language in (users := signs.letters.get(letter, ())):
            scores[language] += _LETTER / len(users)
    return scores


def _count_word(scores: dict[str, float], signs: _Signs, word: str, *, first: bool) -> None:
    low = word.lower()
    askers, users = signs.ask.get(low, ()), signs.words.get(low, ())
    for language in askers:
        scores[language] += (_ASK_FIRST if first else _ASK) / len(askers)
    for language in users:
        if language not in askers:
            scores[language] += _FUNCTION / len(users)
    # Endings count in no name, for names keep theirs in every language.
    if not askers and not users and len(low) > 4 and (first or word.islower()):
        for ending, language in signs.ends:
            if low.endswith(ending):
                scores[language] += _ENDING


@cache
def _signs() -> _Signs:
    table = _table()
    spaced = {name: {"letters": " ".join(signs["letters"])} for name, signs in table.items()}
    return _Signs(
        ask=_invert(table, "ask"),
        words=_invert(table, "words"),
        letters=_invert(spaced, "letters"),
        ends=tuple((end, name) for name, signs in table.items() for end in signs["ends"].split()),
    )


def _invert(table: dict[str, dict[str, str]], part: str) -> dict[str, tuple[str, ...]]:
    languages: dict[str, list[str]] = {}
    for language, signs in table.items():
        for word in dict.fromkeys(signs[part].split()):
            languages.setdefault(word, []).append(language)
    return {word: tuple(names) for word, names in languages.items()}


@cache
def _listed(language: str, part: str) -> frozenset[str]:
    return frozenset(_table().get(language, {}).get(part, "").split())


@cache
def _table() -> dict[str, dict[str, str]]:
    text = resources.files("index").joinpath("language.toml").read_text(encoding="utf-8")
    table: dict[str, dict[str, str]] = tomllib.loads(text)
    return table
