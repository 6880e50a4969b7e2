"""Numbers written as words, German and English."""

from __future__ import annotations

import re

_MONTH_NAMES = (
    "Januar Jänner January Jan", "Februar Feber February Feb", "März Maerz March Mar",
    "April Apr", "Mai May", "Juni June Jun", "Juli July Jul", "August Aug",
    "September Sept Sep", "Oktober October Okt Oct", "November Nov", "Dezember December Dez Dec",
)  # fmt: skip
MONTHS = {
    name.lower(): number
    for number, names in enumerate(_MONTH_NAMES, start=1)
    for name in names.split()
}
"""Month names in lower case to 1 to 12."""

MONTH = "|".join(sorted((n for names in _MONTH_NAMES for n in names.split()), key=len)[::-1])
SCALES = (
    r"hundert|hundred|tausend|thousand|tsd\.?|millionen|millions?|mio\.?|mn"
    r"|milliarden?|mrd\.?|billionen|billions?|bn"
)
DECADE = (
    r"(?:zwanzig|dreißig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig)er(?:n|jahren?)?"
    r"|(?:twent|thirt|fort|fift|sixt|sevent|eight|ninet)ies"
)
_SMALL = (
    "zwei two", "drei three", "vier four", "fünf five", "sechs six", "sieben seven", "acht eight",
    "neun nine", "zehn ten", "elf eleven", "zwölf twelve", "dreizehn thirteen",
    "vierzehn fourteen", "fünfzehn fifteen", "sechzehn sixteen", "siebzehn seventeen",
    "achtzehn eighteen", "neunzehn nineteen",
)  # fmt: skip
_TENS = (
    "zwanzig twenty", "dreißig thirty", "vierzig forty", "fünfzig fifty", "sechzig sixty",
    "siebzig seventy", "achtzig eighty", "neunzig ninety",
)  # fmt: skip
_UNITS = ["ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"]
_UNITS_EN = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def _cardinals() -> dict[str, str]:
    found = {}
    for number, names in enumerate(_SMALL, start=2):
        found.update(dict.fromkeys(names.split(), str(number)))
    for ten, names in enumerate(_TENS, start=2):
        german, english = names.split()
        found[german] = found[english] = str(ten * 10)
        for one, (unit, unit_en) in enumerate(zip(_UNITS, _UNITS_EN, strict=True), start=1):
            found[f"{unit}und{german}"] = str(ten * 10 + one)
            found[f"{english}-{unit_en}"] = str(ten * 10 + one)
    for number, name in enumerate(_UNITS[1:], start=2):
        found[f"{name}einhalb"] = f"{number}.5"
        found[f"{name}mal"] = str(number)
        found[f"{name}hundert"] = f"{number}00"
        found[f"{name}tausend"] = f"{number}000"
    found |= {"anderthalb": "1.5", "eineinhalb": "1.5", "twice": "2", "dutzend": "12"}
    found |= {"dozen": "12", "hundert": "100", "tausend": "1000", "hälfte": "0.5", "half": "0.5"}
    return found | {"zwölfjährige": "12", "zwölfjährigen": "12", "zwölfjähriger": "12"}


_CARDINALS = _cardinals()
WORD = "|".join(sorted(_CARDINALS, key=len, reverse=True))
"""A number as a word."""

_ORDINAL_PAIRS = (
    "zweit second", "dritt third", "viert fourth", "fünft fifth", "sechst sixth",
    "siebt seventh", "acht eighth", "neunt ninth", "zehnt tenth", "elft eleventh",
    "zwölft twelfth",
)  # fmt: skip
_ORDINALS_DE, _ORDINALS_EN = zip(*(pair.split() for pair in _ORDINAL_PAIRS), strict=True)
_ORDINAL = {
    stem: str(number)
    for stems in (_ORDINALS_DE, _ORDINALS_EN)
    for number, stem in enumerate(stems, start=2)
} | {"neunzehnt": "19", "zwanzigst": "20", "nineteenth": "19", "twentieth": "20",
     "eighteenth": "18", "achtzehnt": "18"}  # fmt: skip
_STEMS = sorted(_ORDINAL, key=len, reverse=True)
ORDINAL = (
    "(?:" + "|".join(s for s in _STEMS if s not in _ORDINALS_EN and s[-2:] != "th") + ")"
    r"(?:e[nrsm]?|ens|el[ns]?|(?=\w{3,}ste[nrsm]?\b)\w+)"
    "|" + "|".join(s + "s?" for s in _STEMS if s in _ORDINALS_EN or s.endswith("th"))
)
"""An ordinal as a word, also at the head of a superlative: zweitlängste."""


def word_value(word: str) -> list[str]:
    """The value of a number as a word."""
    return [_CARDINALS[word.lower()]]


def ordinal(word: str) -> str:
    """The number of an ordinal as a word."""
    low = word.lower()
    stem = next(stem for stem in _STEMS if re.match(stem, low))
    return _ORDINAL[stem]
