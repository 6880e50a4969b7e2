"""From text to keywords: folded, stemmed, compounds opened, numbers and dates in one spelling.

German comes first; text of other languages passes through the same steps unharmed: a word that
is not German meets itself, since passages and questions are treated alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import Stemmer

from index.compounds import parts
from index.function_words import FUNCTION_WORDS, QUESTION_WORDS

PART_WEIGHT = 0.5
"""What a compound's part counts in a question beside the whole word's 1."""

_MONTHS = (
    "januar jänner january jan",
    "februar feber february feb",
    "märz maerz march mar",
    "april apr",
    "mai may",
    "juni june jun",
    "juli july jul",
    "august aug",
    "september sept sep",
    "oktober october okt oct",
    "november nov",
    "dezember december dez dec",
)
_MONTH_NUMBERS = {
    name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()
}
_MONTH_NAMES = tuple(names.split()[0] for names in _MONTHS)
_SCALES = {
    "tsd": 10**3, "tausend": 10**3, "thousand": 10**3,
    "mio": 10**6, "million": 10**6, "millionen": 10**6, "millions": 10**6,
    "mrd": 10**9, "milliarde": 10**9, "milliarden": 10**9, "billions": 10**9, "bn": 10**9,
    "billion": 10**12, "billionen": 10**12,
}  # fmt: skip
_NUMBER_WORDS = {
    word: str(number)
    for number, words in enumerate(
        (
            "zwei two", "drei three", "vier four", "fünf five", "sechs six", "sieben seven",
            "acht eight", "neun nine", "zehn ten", "elf eleven", "zwölf twelve",
        ),
        start=2,
    )
    for word in words.split()
}  # fmt: skip
_SIGNS = {"%": "prozent", "€": "euro", "$": "dollar", "£": "pfund", "°": "grad"}
_UNITS = {"km": "kilometer", "kg": "kilogramm", "percent": "prozent", "mio": "million",
          "mrd": "milliarde", "tsd": "tausend", "st": "sankt"}  # fmt: skip

_MONTH = "|".join(sorted(_MONTH_NUMBERS, key=len, reverse=True))
_TOKEN = re.compile(
    # A word that no number follows comes first: nearly every token is one.
    rf"""
    (?P<plain>[^\W\d_]+(?:['’][^\W\d_]+)*)(?!\w)(?!\.?\s\d)
  | (?=\d) (?:
      (?P<iso>\b(?P<iy>\d{{4}})-(?P<im>\d\d)-(?P<id>\d\d)\b)
    | (?P<dotted>\b(?P<dd>\d{{1,2}})\.\s?(?P<dm>\d{{1,2}})\.\s?(?P<dy>\d{{4}})\b)
    | (?P<german>\b(?P<gd>\d{{1,2}})\.?\s(?P<gm>{_MONTH})\b\.?(?:,?\s(?P<gy>\d{{4}})\b)?)
    | (?P<number>\b\d+(?:[.,'’\u202f]\d+)*\b(?!\w))
      (?:[\s\u202f](?P<scale>{"|".join(_SCALES)})\b)?
    | (?P<ordinal>\b\d+)(?:er|ern|st|nd|rd|th|s|te|ten|ter)\b
    )
  | (?=[a-z]) (?P<english>\b(?P<em>{_MONTH})\.?\s(?P<ed>\d{{1,2}})(?:st|nd|rd|th)?
        (?:,?\s(?P<ey>\d{{4}})\b|(?!\w)))
  | (?P<word>[^\W_]+(?:['’][^\W_]+)*)
  | (?P<sign>[%€$£°])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PLAIN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[%€$£°]")
_DIGIT = re.compile(r"\d")
_stem = Stemmer.Stemmer("german").stemWord


def terms(text: str) -> list[str]:
    """The keywords of a passage, in reading order, repeated as often as they occur.

    A compound gives itself and its parts, a date its day in ISO form, its month and its year,
    a number its plain decimal form. Function words are left out.
    """
    return [term for term, _ in _weighted(text)]


def question_terms(text: str) -> dict[str, float]:
    """The keywords of a question with their weights, in reading order.

    Question words and function words are gone; a part of a compound weighs less than a word
    of its own.
    """
    weights: dict[str, float] = {}
    for term, weight in _weighted(text):
        weights[term] = max(weight, weights.get(term, 0.0))
    return weights


@lru_cache(maxsize=65536)
def word_terms(word: str) -> tuple[tuple[str, float], ...]:
    """The terms of one word or sign as it is written, each with its weight in a question."""
    if word in _SIGNS:
        return ((_stem(_SIGNS[word]), 1.0),)
    folded = _bare(word.lower())
    if folded in FUNCTION_WORDS or folded in QUESTION_WORDS:
        # NATO's "WHO" and the state "US" are written in capitals, "who" and "us" are not.
        return ((folded, 1.0),) if len(word) > 1 and word.isupper() and word.isascii() else ()
    if folded in _MONTH_NUMBERS and (folded != "may" or word[0].isupper()):
        return ((_MONTH_NAMES[_MONTH_NUMBERS[folded] - 1], 1.0),)
    if folded in _NUMBER_WORDS:
        return ((_NUMBER_WORDS[folded], PART_WEIGHT),)
    if folded in _UNITS:
        return ((_stem(_UNITS[folded]), 1.0),)
    stem = fold(folded)
    inner = tuple((part, PART_WEIGHT) for part in parts(folded) if part != stem)
    return ((stem, 1.0), *inner)


def _bare(word: str) -> str:
    """Without an ending behind an apostrophe (Tesla's, Fresno'nun), but O'Brien whole.

    The dot that lower-casing leaves of a Turkish İ goes too.
    """
    base, _, ending = word.replace("’", "'").replace("\u0307", "").partition("'")
    return base if len(base) > 2 or not ending else base + ending.replace("'", "")


def fold(word: str) -> str:
    """One lower-case word stemmed, without umlauts, accents and ß: Müller, Mueller → mull."""
    stem: str = _stem(word if word.isascii() else _without_accents(word))
    return stem


def _without_accents(word: str) -> str:
    """Latin letters without marks; umlauts and ß stay, for the stemmer knows them."""
    letters = []
    for letter in word:
        bare = unicodedata.normalize("NFD", letter)[0]
        letters.append(bare if bare.isascii() and letter not in "äöü" else letter)
    return "".join(letters)


def numbers(text: str) -> set[str]:
    """The numbers of a text in plain decimal form, those inside dates included."""
    found: set[str] = set()
    for match in _TOKEN.finditer(unicodedata.normalize("NFC", text)):
        if not match["plain"] and not match["word"] and not match["sign"]:
            found.update(term for term, _ in _match_terms(match) if term[0].isdigit())
    return found


def _weighted(text: str) -> list[tuple[str, float]]:
    text = unicodedata.normalize("NFC", text)
    if not _DIGIT.search(text):  # most sentences: words alone, three times as fast
        return [found for word in _PLAIN.findall(text) for found in word_terms(word)]
    return [found for match in _TOKEN.finditer(text) for found in _match_terms(match)]


def _match_terms(match: re.Match[str]) -> Iterator[tuple[str, float]]:
    word = match["plain"] or match["word"]
    if word:
        yield from word_terms(word)
    elif match["number"]:
        yield from _number_terms(match["number"], match["scale"])
    elif match["ordinal"]:
        yield match["ordinal"].lstrip("0") or "0", 1.0
    elif match["sign"]:
        yield from word_terms(match["sign"])
    else:
        yield from _date_terms(match)


def _date_terms(match: re.Match[str]) -> Iterator[tuple[str, float]]:
    """A day's ISO form, then its day, month and year, so that part of a date finds it too."""
    year = match["iy"] or match["dy"] or match["gy"] or match["ey"]
    day = int(match["id"] or match["dd"] or match["gd"] or match["ed"])
    name = match["gm"] or match["em"]
    month = _MONTH_NUMBERS[name.lower()] if name else int(match["im"] or match["dm"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        yield from ((part, 1.0) for part in re.findall(r"\d+", match[0]))
        return
    if year:
        yield f"{year}-{month:02}-{day:02}", 1.0
        yield year, 1.0
    yield f"{month:02}-{day:02}", 1.0
    yield _MONTH_NAMES[month - 1], PART_WEIGHT


def _number_terms(number: str, scale: str | None) -> Iterator[tuple[str, float]]:
    """A number's value; both values where German and English read it differently (3,500)."""
    for value in _values(re.sub("['’\u202f]", "", number)):
        if scale:
            yield _scaled(value, _SCALES[scale.lower()]), 1.0
            if scale.lower() == "billion":
                yield _scaled(value, 10**9), 1.0
        yield value, 1.0
    if scale:
        yield from word_terms(scale)


def _values(number: str) -> list[str]:
    if re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", number):
        return [_plain(number.replace(".", "").replace(",", "."))]
    if re.fullmatch(r"\d{1,3}(,\d{3}){2,}(\.\d+)?|\d{1,3},\d{3}\.\d+", number):
        return [_plain(number.replace(",", ""))]
    if re.fullmatch(r"\d{1,3},\d{3}", number):
        return [_plain(number.replace(",", "")), _plain(number.replace(",", "."))]
    if re.fullmatch(r"\d+[.,]\d+|\d+", number):
        return [_plain(number.replace(",", "."))]
    return [_plain(part) for part in re.findall(r"\d+", number)]


def _plain(number: str) -> str:
    """Without leading zeros before and closing zeros after the point."""
    whole, _, fraction = number.partition(".")
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def _scaled(value: str, factor: int) -> str:
    """The value times a power of ten, exact."""
    whole, _, fraction = value.partition(".")
    zeros = len(str(factor)) - 1
    digits = whole + fraction.ljust(zeros, "0")[:zeros] if len(fraction) <= zeros else ""
    return _plain(digits) if digits else value
