"""Numbers, dates and times of a sentence in one form, whichever language spelt them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.language_model.claims.lexicon import units
from bot.language_model.claims.number_words import (
    DECADE,
    MONTH,
    MONTHS,
    ORDINAL,
    SCALES,
    WORD,
    ordinal,
    word_value,
)

_FINE = re.IGNORECASE | re.VERBOSE


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number, date or time.

    Attributes:
        kind: ``date``, ``time``, ``decade``, ``century``, ``ordinal`` or ``number``.
        values: The readings of it (two for 3,500); of a date one ``year-month-day`` with
            ``?`` for what is not said.
        unit: Number of the unit behind it, where there is a known one.
        bound: ``>``, ``<``, ``before`` or ``after``, where a word before it says so.
    """

    kind: str
    values: frozenset[str]
    unit: int | None
    bound: str | None
    start: int
    end: int

    @property
    def year(self) -> str | None:
        """The year of a date, where it is said."""
        if self.kind != "date":
            return None
        year = next(iter(self.values)).split("-")[0]
        return year if year != "?" else None


_PATTERN = re.compile(
    rf"""
    (?P<iso>\b(?P<iy>\d{{4}})-(?P<im>\d\d)-(?P<id>\d\d)\b)
  | (?P<dotted>\b(?P<dd>\d{{1,2}})\.\s?(?P<dm>\d{{1,2}})\.\s?(?P<dy>\d{{4}})\b)
  | (?P<clock>\b(?P<ch>\d{{1,2}})(?:[.:](?P<cm>\d\d))?\s?(?:(?P<uhr>uhr\b)|(?P<half>[ap])\.?m\b\.?))
  | (?P<colon>\b(?P<oh>\d{{1,2}}):(?P<om>\d\d)\b)
  | (?P<century>\b(?:(?P<cn>\d{{1,2}})(?:\.|st|nd|rd|th)|(?P<cw>{ORDINAL}))\s
        (?:jahrhundert\w*|century)\b)
  | (?P<day>\b(?P<gd>\d{{1,2}})(?:\.|st|nd|rd|th)?\s(?:of\s)?(?-i:(?P<gm>{MONTH}))\b\.?
        (?:,?\s(?P<gy>\d{{4}})\b)?)
  | (?P<english>(?-i:\b(?P<em>{MONTH}))\.?\s(?P<ed>\d{{1,2}})(?:st|nd|rd|th)?(?![\d.:])\b
        (?:,?\s(?P<ey>\d{{4}})\b)?)
  | (?P<month>(?-i:\b(?P<mm>{MONTH}))\b(?:,?\s(?:of\s)?(?P<my>\d{{4}})\b)?)
  | (?P<decade>\b(?:(?P<en>\d{{4}}|\d\d)(?:s|er(?:\sjahren?|n|jahren?)?)|(?P<ew>{DECADE}))\b)
  | (?P<plain>\b\d+(?:[.,'’\u202f]\d+)*)(?P<nth>(?:st|nd|rd|th)\b)?
        (?:[\s\u202f-]?(?P<scale>{SCALES})\b)?
  | \b(?P<nthword>{ORDINAL})\b
  | \b(?P<word>{WORD})\b(?:[\s-](?P<wscale>{SCALES})\b)?
    """,
    _FINE,
)
_BEHIND = re.compile(r"[\s-]*(?:%|[^\W\d_][^\W_]*(?:-years?)?)")
_BOUNDS = (
    (">", re.compile(r"\b(?:mehr als|more than|over|über|mindestens|at least|exceed\w*)\s*$")),
    ("<", re.compile(r"\b(?:weniger als|less than|fewer than|unter|höchstens|at most|up to)\s*$")),
    ("before", re.compile(r"\b(?:vor|before)(?: dem)?\s*$")),
    ("after", re.compile(r"\b(?:nach|after)(?: dem)?\s*$")),
)
_FAMILIES = (frozenset("><"), frozenset({"before", "after"}))


def quantities(text: str, language: str) -> tuple[Quantity, ...]:
    """All quantities of a text in reading order; "ein", "one" and "first" count as words."""
    return tuple(_found(text, language))


def _found(text: str, language: str) -> Iterator[Quantity]:
    for match in _PATTERN.finditer(text):
        kind, values = _reading(match, language)
        if not values:
            continue
        unit = None
        if kind == "number" and (behind := _BEHIND.match(text, match.end())):
            unit = _unit(behind[0])
        before = text[max(0, match.start() - 24) : match.start()].lower()
        bound = next((sign for sign, pattern in _BOUNDS if pattern.search(before)), None)
        yield Quantity(kind, frozenset(values), unit, bound, match.start(), match.end())


def satisfied(
    wanted: Quantity, there: tuple[Quantity, ...], years: frozenset[str] = frozenset()
) -> bool:
    """Whether a quantity of a claim stands among those of a source.

    Args:
        wanted: Of the claim.
        there: Of the source.
        years: Years of the context, good for a date that the source gives without its year.
    """
    return any(_agrees(wanted, one, years) for one in there)


def bounds_clash(wanted: Quantity, there: tuple[Quantity, ...]) -> bool:
    """Whether the source says "less than" of a number where the claim says "more than"."""
    same = [one for one in there if one.kind == wanted.kind and one.values & wanted.values]
    signs = {one.bound for one in same}
    family = next((f for f in _FAMILIES if wanted.bound in f), None)
    return family is not None and wanted.bound not in signs and bool(signs & family)


def _agrees(wanted: Quantity, one: Quantity, years: frozenset[str]) -> bool:
    if wanted.kind == "date" or (one.kind == "date" and wanted.kind == "number"):
        return _same_date(wanted, one, years)
    if wanted.kind == "decade" and one.kind == "date" and one.year:
        return one.year[2] + "0" in wanted.values
    if wanted.kind != one.kind or not wanted.values & one.values:
        return False
    return wanted.unit is None or one.unit is None or wanted.unit == one.unit


def _same_date(wanted: Quantity, one: Quantity, years: frozenset[str]) -> bool:
    if wanted.kind == "number":
        return one.year in wanted.values and wanted.unit is None
    if one.kind == "number":
        return wanted.year in one.values and next(iter(wanted.values)).endswith("-?-?")
    if one.kind != "date":
        return False
    mine, theirs = (next(iter(q.values)).split("-") for q in (wanted, one))
    for position, (a, b) in enumerate(zip(mine, theirs, strict=True)):
        if a in ("?", b):
            continue
        if position == 0 and b == "?" and a in years:
            continue
        return False
    return True


def _reading(match: re.Match[str], language: str) -> tuple[str, set[str]]:
    if match["plain"]:
        return _plain_number(match, language)
    if match["word"]:
        scale = match["wscale"]
        return "number", {_scaled(value, scale) for value in word_value(match["word"])}
    if match["nthword"]:
        return "ordinal", {ordinal(match["nthword"])}
    if match["century"]:
        return "century", {match["cn"] or ordinal(match["cw"])}
    if match["decade"]:
        return "decade", {match["en"][-2:] if match["en"] else word_decade(match["ew"])}
    if match["clock"] or match["colon"]:
        return "time", {_time(match)}
    return _date(match)


def word_decade(word: str) -> str:
    """``Sechzigerjahre`` or ``sixties`` as ``60``."""
    low = word.lower()
    tens = ("zwanzig twent", "dreißig thirt", "vierzig fort", "fünfzig fift", "sechzig sixt",
            "siebzig sevent", "achtzig eight", "neunzig ninet")  # fmt: skip
    number = next(
        n for n, names in enumerate(tens, start=2) if low.startswith(tuple(names.split()))
    )
    return f"{number}0"


def _plain_number(match: re.Match[str], language: str) -> tuple[str, set[str]]:
    digits, scale = match["plain"], match["scale"]
    if match["nth"]:
        return "ordinal", {digits}
    if re.fullmatch(r"1\d{3}|20\d\d", digits) and not scale:
        return "date", {f"{digits}-?-?"}
    values = _values(digits, language)
    many = {_scaled(value, scale) for value in values}
    if scale and scale.lower() == "billion":
        many |= {_scaled(value, "milliarde") for value in values}
    return "number", many


def _values(digits: str, language: str) -> list[str]:
    digits = re.sub("['’\u202f]", "", digits)
    point, comma = (",", ".") if language == "de" else (".", ",")
    if re.fullmatch(rf"\d{{1,3}}(?:[{comma}]\d{{3}})+(?:[{point}]\d+)?", digits):
        return [_trim(digits.replace(comma, "").replace(point, "."))]
    if re.fullmatch(rf"\d{{1,3}}(?:[{point}]\d{{3}})+", digits):
        return [_trim(digits.replace(point, "")), _trim(digits.replace(point, ".", 1))]
    return [_trim(digits.replace(",", "."))]


def _trim(number: str) -> str:
    whole, _, fraction = number.partition(".")
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def _scaled(value: str, scale: str | None) -> str:
    if not scale:
        return value
    low = scale.lower().rstrip(".")
    zeros = next(
        zeros
        for zeros, starts in (
            (2, ("hundert", "hundred")),
            (3, ("tausend", "thousand", "tsd")),
            (9, ("milliard", "mrd", "bn")),
            (12, ("billion",)),
            (6, ("mi", "mn")),
        )
        if low.startswith(starts)
    )
    whole, _, fraction = value.partition(".")
    moved = whole + fraction.ljust(zeros, "0")[:zeros]
    rest = fraction[zeros:]
    return _trim(f"{moved}.{rest}" if rest else moved)


def _time(match: re.Match[str]) -> str:
    hour = int(match["ch"] or match["oh"])
    if match["half"] and match["half"].lower() == "p" and hour < 12:
        hour += 12
    return f"{hour}:{match['cm'] or match['om'] or '00'}"


def _date(match: re.Match[str]) -> tuple[str, set[str]]:
    name = match["gm"] or match["em"] or match["mm"]
    month = str(MONTHS[name.lower()]) if name else str(int(match["im"] or match["dm"]))
    day = match["id"] or match["dd"] or match["gd"] or match["ed"] or "?"
    year = match["iy"] or match["dy"] or match["gy"] or match["ey"] or match["my"] or "?"
    return "date", {f"{year}-{month}-{day.lstrip('0')}"}


def _unit(behind: str) -> int | None:
    word = behind.lower().strip(" -")
    known = units()
    for candidate in (word, word.partition("-")[0]):
        if candidate in known:
            return known[candidate]
    return known["jährig"] if word.startswith("jährig") else None
