"""How a question is built: its head, what it asks with, its content, what points back.

Signs only, for German and English; of other languages it knows the function words.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any

from index.language import function_words, question_words

_TOKEN = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*|[,;]")
_LANGUAGES = ("de", "en", "es", "fr", "it", "ru", "tr", "uk", "pl", "nl")
_BEING = frozenset({"ist", "sind", "war", "waren"})
_SUBJECTS = frozenset(
    (low,) for low in ("er", "sie", "es", "ihr", "man", "das", "der", "die", "ein", "eine", "dort")
)
_PREFIX = 5  # letters by which two forms of a word are held to be the same


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question with its place; a comma counts as one."""

    text: str
    low: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        """Whether it has a capital (also inside: al-Muwaffaq, iPhone)."""
        return any(map(str.isupper, self.text))


class Reading:
    """A question taken apart.

    Attributes:
        raw: The question as typed, without the words at its head that say nothing.
        text: The same with a capital at its head.
        connective: Whether it began with "und", "and" and the like.
        words: Its words in order.
    """

    def __init__(self, question: str, language: str) -> None:
        self.language = language
        words = _split(question)
        behind = _behind_heads(words)
        self.connective = any(word.low in listed("connectives") for word in words[:behind])
        if behind == len(words):
            behind = max(0, len(words) - 1)
        start = words[behind].start if words else 0
        self.raw = question[start:].strip()
        self.text = capitalised(self.raw) if behind else question.strip()
        self._lower_case = not any(map(str.isupper, question))
        self.words = _split(self.text)

    @cached_property
    def lows(self) -> tuple[str, ...]:
        """The words in lower case."""
        return tuple(word.low for word in self.words)

    @cached_property
    def asks(self) -> int:
        """How many words its question phrase has (``in welcher Stadt``: 3); 0 without one."""
        if self.language not in ("de", "en"):
            return int(self.lows[:1] != () and self.lows[0] in question_words(self.language))
        if self.language == "en" and self.lows[:1] == ("was",):
            return 0
        return _question_phrase(self.words)

    @cached_property
    def adverbial(self) -> bool:
        """Whether the question phrase asks for a circumstance: it may replace another one."""
        return bool(self.asks) and _adverbial(self.lows[: self.asks])

    @cached_property
    def content(self) -> tuple[Word, ...]:
        """The words that name a topic of its own, in order."""
        return tuple(
            word
            for position, word in enumerate(self.words[self.asks :], self.asks)
            if _has_topic(word, self.language, lower_case=self._lower_case)
            and not _participle(self, position)
            and not (position == 0 and self._opens_with_verb)
        )

    @cached_property
    def asked_noun(self) -> tuple[Word, ...]:
        """The noun of its question phrase (``wie viele Stimmen``), if it names a topic."""
        word = self.words[self.asks - 1] if self.asks > 1 else None
        named = word is not None and _has_topic(
            word, self.language, lower_case=self._lower_case or self.language == "en"
        )
        return (word,) if word is not None and named else ()

    @property
    def _opens_with_verb(self) -> bool:
        """Whether a German question without a question word starts with its verb."""
        return self.language == "de" and not self.asks and self.lows[1:2] in _SUBJECTS

    @cached_property
    def unknown(self) -> tuple[str, ...]:
        """The words behind the question phrase that are no function words, in lower case."""
        general = _general(self.language)
        return tuple(low for low in self.lows[self.asks :] if low not in general and low.isalnum())

    def has(self, kind: str) -> bool:
        """Whether it contains a word of a list of anaphors or verbs."""
        return any(low in listed(*kind.split(".")) for low in self.lows)

    @property
    def quality(self) -> str | None:
        """The adjective that a degree is asked of (``wie hoch``, ``how old``)."""
        asked = self.lows[: self.asks]
        return asked[1] if len(asked) == 2 and asked[1] in listed("ask", "quality") else None

    def without_question(self) -> str:
        """What it says of its topic, the question word gone and a German verb at the end."""
        rest = self.text.rstrip(" ?!.")
        if not self.asks or self.language not in ("de", "en"):
            return rest[self.words[self.asks].start :] if self.asks < len(self.words) else ""
        asked = self.words[: self.asks]
        noun = asked[-1].text if len(asked) > 1 and asked[-1].low not in _general("de") else ""
        behind = self.words[self.asks :]
        if not behind:
            return noun
        verb, tail = behind[0], rest[behind[0].end :].strip()
        parts = [noun, tail, self.quality or ""]
        if self.language == "en" and verb.low not in listed("verbs", "auxiliary_en"):
            parts[1] = rest[verb.start :]
        elif self.language == "de" and verb.low not in _BEING:
            parts.append(verb.text)
        return " ".join(part for part in parts if part)


@cache
def listed(*path: str) -> frozenset[str]:
    """The words of one list of ``question_words.toml``."""
    value: Any = _table()
    for name in path:
        value = value[name]
    return frozenset(str(value).split())


@cache
def listed_phrases(name: str) -> tuple[str, ...]:
    """The phrases of one list of ``question_words.toml``, the longest first."""
    return tuple(sorted(_table()[name], key=len, reverse=True))


def capitalised(text: str) -> str:
    """The text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def same_word(one: str, other: str) -> bool:
    """Whether two lower-case words are forms of one (``mauer``, ``mauern``)."""
    length = min(len(one), len(other))
    return one == other or (
        length >= _PREFIX and one[: max(_PREFIX, length - 2)] == other[: max(_PREFIX, length - 2)]
    )


@cache
def _table() -> dict[str, Any]:
    text = resources.files("bot").joinpath("question_words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _split(text: str) -> tuple[Word, ...]:
    return tuple(
        Word(m.group(), m.group().lower(), m.start(), m.end()) for m in _TOKEN.finditer(text)
    )


def _behind_heads(words: tuple[Word, ...]) -> int:
    """The position behind the words at the head that say nothing."""
    position = 0
    while position < len(words) and words[position].low in listed("heads") | {",", ";"}:
        # "Nein" and "also" may stand before a name; "Und dann?" keeps its last word.
        position += 1
    return position


def _question_phrase(words: tuple[Word, ...]) -> int:
    at = 0
    if len(words) > 1 and words[0].low in listed("ask", "prepositions"):
        at = 1
    if at >= len(words):
        return 0
    word = words[at].low
    if word not in listed("ask", "adverbial") | listed("ask", "other"):
        return 0
    behind = words[at + 1].low if at + 1 < len(words) else ""
    if word in ("wie", "how") and behind in (
        listed("ask", "manner") | listed("ask", "amount") | listed("ask", "quality")
    ):
        amount = behind in listed("ask", "amount") and at + 2 < len(words)
        noun = amount and words[at + 2].low not in listed("verbs", "light")
        return at + 3 if noun else at + 2
    if word.startswith("welche") or word in ("which", "what"):
        return at + 1 + _noun_phrase(words, at + 1, asked=word)
    return at + 2 if behind in ("genau", "exactly") else at + 1


def _noun_phrase(words: tuple[Word, ...], at: int, *, asked: str) -> int:
    """How many words behind "welche" or "what" belong to it: up to its noun."""
    if at >= len(words) or words[at].low in listed("verbs", "light"):
        return 0
    if asked.startswith("welche"):
        for length in range(1, 4):
            if at + length <= len(words) and words[at + length - 1].capital:
                return length
        return 1
    return 1


def _adverbial(lows: tuple[str, ...]) -> bool:
    if any(low in listed("ask", "adverbial") for low in lows):
        return True
    if lows[0] in ("wie", "how"):
        return len(lows) == 1 or lows[1] in listed("ask", "manner")
    # "in welcher Stadt", "at what time", but not "von wem".
    return lows[0] in listed("ask", "prepositions") and len(lows) > 2


def _has_topic(word: Word, language: str, *, lower_case: bool) -> bool:
    if word.low in _general(language) or word.text in (",", ";"):
        return False
    if word.low.isdecimal():
        return True
    # German writes nouns and names with a capital: what has none is no topic, unless the
    # whole question was typed in lower case.
    return language != "de" or word.capital or lower_case


def _participle(reading: Reading, position: int) -> bool:
    """Whether an English word is rather a verb (``who was arrested``), without a topic."""
    word = reading.words[position]
    return (
        reading.language == "en"
        and not word.capital
        and word.low.endswith("ed")
        and any(low in listed("verbs", "auxiliary_en") for low in reading.lows[:position])
    )


@cache
def _general(language: str) -> frozenset[str]:
    """The words of a language that name no topic."""
    ours = [listed("verbs", "light"), listed("verbs", "common"), listed("nouns", "general")]
    ours += [listed("heads"), listed("filler"), listed("more"), listed("sequence")]
    ours += [listed("ask", "adverbial"), listed("ask", "other")]
    ours += [listed("ask", kind) for kind in ("manner", "amount", "quality", "prepositions")]
    ours += [listed("anaphors", kind) for kind in _table()["anaphors"]]
    known = {language} & set(_LANGUAGES) or {"de", "en"}
    grammar = [words(name) for name in known for words in (function_words, question_words)]
    return frozenset().union(*ours, *grammar)
