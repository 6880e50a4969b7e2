"""Names and noun phrases of a text or question, found by their capitals and articles."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.reading import Reading, Word, listed
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
# "Die Chirurgin Paula Ehrlich leitet": a calling and a name at the head of a quote.
_TITLED = re.compile(
    r"(?:Der|Die) (?:[a-zäöüß]+e )?[A-ZÄÖÜ][a-zäöüß]+(?:in|or|ist|eur|loge|iker|ent|ant) "
    rf"(?P<name>{_NAME} {_NAME})\b"
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
_ADJECTIVE_ENDINGS = ("e", "en", "er", "es", "em")
_JOINING = frozenset(("und", "and"))
_DOES = frozenset(("do", "does", "did"))
_BEING = frozenset(("is", "are", "was", "were", "been", "has", "have", "had"))


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
    no_names = listed("nouns", "general") | listed("nouns", "calendar")
    for name, start in names_in(text):
        before = text[:start].rstrip().rpartition(" ")[2].lower()
        if before not in _PLACE_PREPOSITIONS and not set(name.lower().split()) <= no_names:
            return name
    return None


def person_in_quote(quote: str) -> str | None:
    """The name that leads a quote: two capitalised words, or one at the quote's head."""
    names = names_in(quote)
    if (titled := _TITLED.match(quote)) is not None:
        return titled["name"]
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


def named_phrases(reading: Reading) -> tuple[str, ...]:
    """The phrases of a question that name something, in order (``die Mauer``, ``in Berlin``).

    Empty in other languages than German and English, and where nothing shows what is a noun.
    """
    if reading.language not in ("de", "en"):
        return ()
    kept: set[int] = set()
    for position in range(max(0, reading.asks - 1), len(reading.words)):
        if _is_named(reading, position):
            kept |= {position, *_belonging(reading, position)}
    return tuple(_runs(reading, sorted(kept)))


def is_verb(reading: Reading, position: int) -> bool:
    """Whether an English word in small letters is rather a verb than a noun."""
    words, low = reading.words, reading.lows[position]
    before = reading.lows[position - 1] if position else ""
    if reading.language != "en" or words[position].capital or before in _DETERMINERS:
        return False
    if low in listed("verbs", "irregular_en") or low in listed("verbs", "common"):
        return True
    if position < reading.asks or (position == reading.asks > 0):
        # "What destroyed …", "Who discovered …"
        return low.endswith("ed") if position < reading.asks else True
    subject = words[position - 1] in reading.content and position - 1 >= reading.asks
    behind = reading.lows[position + 1 : position + 2]
    if _DOES & set(reading.lows[: reading.asks + 1]):
        return subject and (not behind or behind[0] in _DETERMINERS)
    return low.endswith("ed") and bool(_BEING & set(reading.lows[:position])) and subject


def _is_named(reading: Reading, position: int) -> bool:
    word = reading.words[position]
    if position < reading.asks:
        # "wie viele Stimmen", but not "wie viele Menschen": every topic has those.
        return word in reading.asked_noun
    if word in reading.content:
        return not is_verb(reading, position)
    if word.low in listed("nouns", "general") and position > 0:
        led = reading.lows[position - 1] in _DETERMINERS or _is_adjective(reading, position - 1)
        return word.capital or led
    opening = position == 0 and not reading.asks
    return word.capital and not opening and not _linking(word)


def _belonging(reading: Reading, position: int) -> list[int]:
    """Places of the article, preposition and adjectives that belong to the noun behind them."""
    found: list[int] = []
    for at in range(position - 1, reading.asks - 1, -1):
        word = reading.words[at]
        if not (_linking(word) or _is_adjective(reading, at)):
            break
        found.append(at)
    while found and reading.lows[found[-1]] in _JOINING and found[-1] - 1 < reading.asks:
        found.pop()
    return found


def _linking(word: Word) -> bool:
    return word.low in _DETERMINERS | listed("ask", "prepositions") | _JOINING | {"über"}


def _is_adjective(reading: Reading, at: int) -> bool:
    """Whether a word in small letters stands between an article and its noun."""
    word = reading.words[at]
    if word.capital or at == 0 or reading.lows[at - 1] not in _DETERMINERS:
        return False
    return reading.language == "en" or word.low.endswith(_ADJECTIVE_ENDINGS)


def _runs(reading: Reading, kept: list[int]) -> list[str]:
    runs: list[list[int]] = []
    for position in kept:
        if runs and runs[-1][-1] == position - 1:
            runs[-1].append(position)
        else:
            runs.append([position])
    words = reading.words
    return [reading.text[words[run[0]].start : words[run[-1]].end] for run in runs]


def _trimmed(name: str, start: int) -> tuple[str, int]:
    while name:
        head, _, tail = name.partition(" ")
        if head.lower() not in _no_names():
            first, _, last = name.rpartition(" ")
            return (first if first and last.lower().endswith(_OFFICES) else name), start
        name, start = tail, start + len(head) + 1
    return "", start


def _no_names() -> frozenset[str]:
    words = (words(name) for name in ("de", "en") for words in (function_words, question_words))
    return frozenset().union(*words) | listed("heads") | listed("ask", "prepositions")
