"""What is no question about the articles: greetings, thanks, nonsense, the collection itself.

Conservative: whatever could be a question about the articles is one, so that only messages
that a pattern covers from end to end count as something else.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from enum import Enum
from functools import cache
from importlib import resources


class Intent(Enum):
    """What a message is, when it asks nothing that an article could answer."""

    GREETING = "greeting"
    THANKS = "thanks"
    FAREWELL = "farewell"
    NONSENSE = "nonsense"
    ABOUT_BOT = "about_bot"
    COLLECTION_NEWS = "collection_news"
    COLLECTION_TOPICS = "collection_topics"
    SUMMARY = "summary"
    UNCLEAR = "unclear"  # leans on a question that was not asked: no words of its own show it


_ORDER = (
    Intent.COLLECTION_NEWS,
    Intent.COLLECTION_TOPICS,
    Intent.ABOUT_BOT,
    Intent.FAREWELL,
    Intent.THANKS,
    Intent.GREETING,
    Intent.NONSENSE,
)
_LONGEST = 10  # words: longer messages are no small talk, and would cost the patterns time
_KEYBOARD_ROWS = ("qwertzuiopü", "qwertyuiop", "asdfghjklöä", "yxcvbnm", "zxcvbnm")
_LETTERS = re.compile(r"[^\W\d_]+")
_VOWELS = frozenset("aeiouyäöüàáâèéêìíîòóôùúûåæøœı")


def small_talk(question: str) -> Intent | None:
    """Name the intent of a message that is no question about the articles, else None."""
    # Folded like the table, so that "GRÜSS" is "Grüß".
    words = re.sub(r"[^\w\s’'-]|_", " ", question.casefold().replace("’", "'"))
    words = " ".join(words.split())
    patterns = _patterns()
    for intent in _ORDER if words.count(" ") < _LONGEST else ():
        if patterns[intent].fullmatch(words):
            return intent
    if patterns[Intent.SUMMARY].match(words):
        return Intent.SUMMARY
    return Intent.NONSENSE if _is_nonsense(question) else None


@cache
def _patterns() -> dict[Intent, re.Pattern[str]]:
    text = resources.files("bot").joinpath("intents.toml").read_text(encoding="utf-8")
    table: dict[str, dict[str, list[str] | str]] = tomllib.loads(text.casefold())
    optional = "|".join(table["around"]["words"])
    patterns = {}
    for intent in (*_ORDER, Intent.SUMMARY):
        phrases = "|".join(table[intent.value]["phrases"])
        if intent is Intent.SUMMARY:
            pattern = rf"(?:(?:{optional}) )*(?:{phrases})(?: |$)"
        else:
            pattern = rf"(?:(?:{optional}) )*(?:{phrases})(?: (?:{optional}|{phrases}))*"
        patterns[intent] = re.compile(pattern)
    return patterns


def _is_nonsense(question: str) -> bool:
    """Only marks, digits or emoji, or keys hit at random."""
    words = [word.lower() for word in _LETTERS.findall(question)]
    if not words:
        # A year, a date or a number of an article may be meant.
        return not any(map(str.isdecimal, question)) or not re.search(r"\d{3}", question)
    return any(map(_is_mash, words)) and all(_is_mash(word) or _in_a_row(word) for word in words)


def _is_mash(word: str) -> bool:
    """Whether a word of four letters or more was hit at random."""
    if len(word) < 4 or not unicodedata.name(word[0], "").startswith("LATIN"):
        return False
    vowels = bool(_VOWELS & set(word))
    # German piles up six consonants in "selbstständig", more only with "ch" or "st".
    run = re.search(r"[bcdfghjklmnpqrstvwxz]{7,}", word) and not re.search("ch|ck|st", word)
    return len(set(word)) == 1 or _in_a_row(word) or bool(run) or (not vowels and len(word) > 5)


def _in_a_row(word: str) -> bool:
    """Whether its first letters lie side by side on a keyboard."""
    head = word[:4]
    if head == "wert":
        return False  # the one German word that a row holds
    return any(head in row or head in row[::-1] for row in _KEYBOARD_ROWS)
