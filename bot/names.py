"""Names and noun phrases of a text that a pronoun may stand for, found by their capitals."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.reading import listed
from index.language import function_words, question_words

_NAME = r"[A-ZÄÖÜ][\w’-]*\w"
_RUN = re.compile(
    rf"\b{_NAME}(?: (?:(?:von|van|de|der|da|di|al|bin|of)(?: der| den| la)? )?{_NAME})*"
)
_ARTICLE = r"(?P<article>[Dd]er|[Dd]ie|[Dd]as|[Dd]en|[Dd]em|[Tt]he)"
_PHRASE = re.compile(
    rf"\b{_ARTICLE} (?P<noun>(?:\d{{4}} )?(?:[a-zäöüß]+e[nrs]? )?{_NAME}"
    rf"(?: {_NAME})*(?: \d+)?(?: (?:von|der|des|of|of the) {_NAME}(?: {_NAME})*(?: \d+)?)?)"
)
_PARTICLE = re.compile(r" (?:von|of) ")
# Offices that follow a name without belonging to it ("Seit wann ist Angela Merkel Kanzlerin?").
_OFFICES = (
    "kanzler", "kanzlerin", "präsident", "präsidentin", "minister", "ministerin", "papst", "könig",
    "königin", "kaiser", "chef", "chefin", "meister", "meisterin", "mitglied", "general",
)  # fmt: skip
_DETERMINERS = frozenset(
    [
        "der",
        "die",
        "das",
        "den",
        "dem",
        "des",
        "ein",
        "eine",
        "einen",
        "einem",
        "einer",
        "eines",
        "the",
        "a",
        "an",
        "im",
        "am",
        "zum",
        "zur",
        "vom",
        "beim",
    ]
)
_PLACE_PREPOSITIONS = frozenset(("in", "aus", "nach", "bei", "von", "at", "from", "near", "of"))


class Phrase(NamedTuple):
    """An article, its noun phrase, and where both stand."""

    article: str
    noun: str
    start: int
    end: int


def names_in(text: str) -> tuple[tuple[str, int], ...]:
    """Runs of capitalised words that stand without an article, and where each starts.

    Articles and question words at the head of the text or of a run are no part of a name.
    """
    found = []
    for match in _RUN.finditer(text):
        name, start = _trimmed(match.group(), match.start())
        before = text[:start].rstrip().rpartition(" ")[2].lower()
        if before in _DETERMINERS and (particle := _PARTICLE.search(name)):
            # "die Hauptstadt von Australien": two nouns, the second one without an article
            name, start = name[particle.end() :], start + particle.end()
            before = particle.group().split()[-1]
        if name and before not in _DETERMINERS:
            found.append((name, start))
    return tuple(found)


def person_in_question(text: str) -> str | None:
    """The first name in a question that may be a person's: not behind "in" or "from"."""
    for name, start in names_in(text):
        before = text[:start].rstrip().rpartition(" ")[2].lower()
        if before not in _PLACE_PREPOSITIONS and name.lower() not in listed("nouns", "general"):
            return name
    return None


def person_in_quote(quote: str) -> str | None:
    """The name that leads a quote: two capitalised words, or one at the quote's head."""
    names = names_in(quote)
    for name, start in names:
        before = quote[:start].rstrip().rpartition(" ")[2].lower()
        if " " in name and before not in _PLACE_PREPOSITIONS:
            return name
    if names and names[0][1] == 0 and quote[len(names[0][0]) :].lstrip()[:1].islower():
        return names[0][0]
    return None


def phrases_in(text: str) -> tuple[Phrase, ...]:
    """Noun phrases with a definite article, in order (``die Berliner Mauer``)."""
    return tuple(
        Phrase(m["article"].lower(), m["noun"], m.start(), m.end()) for m in _PHRASE.finditer(text)
    )


def _trimmed(name: str, start: int) -> tuple[str, int]:
    while name:
        head, _, tail = name.partition(" ")
        if head.lower() not in _grammar():
            first, _, last = name.rpartition(" ")
            return (first if first and last.lower().endswith(_OFFICES) else name), start
        name, start = tail, start + len(head) + 1
    return "", start


def _grammar() -> frozenset[str]:
    words = (words(name) for name in ("de", "en") for words in (function_words, question_words))
    return frozenset().union(*words) | listed("heads") | listed("ask", "prepositions")
