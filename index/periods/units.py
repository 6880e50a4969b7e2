"""Longer periods by the calendar: decades, centuries, seasons, quarters, parts of them."""

from __future__ import annotations

from typing import NamedTuple

from index.periods.days import Days, add_months, month_days, part, years_days
from index.periods.points import Point, read_point, read_year
from index.periods.relative import read_relative
from index.periods.tokens import Reader
from index.periods.words import words

_CENTURIES = range(1, 22)


class Unit(NamedTuple):
    """The days a run of tokens names, and the position behind it.

    ``needs`` says what must stand in front of it, because the words alone mean other things
    as often: nothing, an article or a preposition (``""``, ``"article"``, ``"lead"``).
    """

    days: Days
    next: int
    needs: str = ""
    bare: bool = False  # a year with nothing around it


def read_unit(reader: Reader, at: int) -> Unit | None:
    """Read one period at a position, without the preposition in front of it."""
    return _part(reader, at) or _whole(reader, at)


def _whole(reader: Reader, at: int) -> Unit | None:
    return (
        _decade(reader, at)
        or _century(reader, at)
        or _season(reader, at)
        or _years(reader, at)
        or _quarter(reader, at)
        or _point(reader, at)
        or _relative(reader, at)
    )


def latest(reader: Reader, point: Point) -> Days | None:
    """The days of a point; one without a year is the latest that has begun by today."""
    if point.year is not None or reader.today is None:
        return point.days()
    # Four years back is far enough for a 29 February, but for a century's turn.
    for year in range(reader.today.year, reader.today.year - 9, -1):
        days = point.filled(year, None).days()
        if days is not None and days.first <= reader.today:
            return days
    return None


def _point(reader: Reader, at: int) -> Unit | None:
    point = read_point(reader, at)
    if point is None:
        return None
    days = latest(reader, point)
    if days is None:
        return None
    needs = "" if point.year is not None else "lead" if point.day is None else "article"
    return Unit(days, point.next, needs, bare=point.month is None and point.next == at + 1)


def _relative(reader: Reader, at: int) -> Unit | None:
    found = read_relative(reader, at)
    return None if found is None else Unit(found.days, found.next, "lead" if found.weak else "")


def _part(reader: Reader, at: int) -> Unit | None:
    """``Anfang 2020``, ``mid-1980s``, ``Ende des 19. Jahrhunderts``, ``first half of 2023``."""
    which = words().parts.get(reader.low(at))
    behind = at + 1
    if which is None:
        ordinal = words().ordinals.get(reader.low(at), 0)
        if ordinal not in (1, 2) or reader.low(at + 1) not in words().sets["half"]:
            return None
        which, behind = (ordinal - 1, 2), at + 2
    behind = reader.skip_all(behind, words().sets["joint"] | {"-"})
    whole = _whole(reader, reader.skip(behind, "monats"))
    return whole and Unit(part(whole.days, *which), whole.next)


def _decade(reader: Reader, at: int) -> Unit | None:
    """``1980er Jahre``, ``80er-Jahre``, ``1980s``, ``'80s``, ``Achtzigerjahre``."""
    if reader.low(at) in words().decades:
        start = 1900 + words().decades[reader.low(at)]
        behind, named = _years_word(reader, at + 1)
        sure = named or reader.low(at).endswith(("jahre", "jahren"))
        return Unit(years_days(start, start + 9), behind, "" if sure else "article")
    first = reader.skip(at, "'", "’")
    number, ending = reader.number(first, 2, 4), reader.low(first + 1)
    if (
        number is None
        or number % 10
        or ending not in ("er", "ern", "s")
        or not reader.tight(first + 1)
    ):
        return None
    if len(reader.low(first)) == 4:
        length = 99 if ending == "s" and number % 100 == 0 and number < 2000 else 9
        needs = ""
    else:
        number, length, needs = number + 1900, 9, "article"
    behind, named = _years_word(reader, first + 2)
    if not 1000 <= number < 2100 or (number < 1920 and len(reader.low(first)) == 2):
        return None
    return Unit(years_days(number, number + length), behind, "" if named else needs)


def _years_word(reader: Reader, at: int) -> tuple[int, bool]:
    """The position behind ``Jahre`` or ``-Jahren``, and whether it is there."""
    word = reader.skip(at, "-")
    named = reader.low(word) in ("jahre", "jahren", "jahres")
    return (word + 1, True) if named else (at, False)


def _ordinal(reader: Reader, at: int) -> tuple[int, int] | None:
    """An ordinal number (``dritten``, ``3.``, ``3rd``) and the position behind it."""
    if reader.low(at) in words().ordinals:
        return words().ordinals[reader.low(at)], at + 1
    number = reader.number(at, 1, 2)
    if number is None or reader.low(at + 1) not in (".", "st", "nd", "rd", "th"):
        return None
    return number, at + 2


def _century(reader: Reader, at: int) -> Unit | None:
    ordinal = _ordinal(reader, at)
    if ordinal is None or ordinal[0] not in _CENTURIES:
        return None
    number, behind = ordinal
    behind = reader.skip(behind, "-")
    if reader.low(behind) not in words().sets["century"]:
        return None
    behind = reader.skip(behind + 1, ".") if reader.low(behind) in ("jh", "jhs") else behind + 1
    if reader.low(behind) in ("v", "vor", "bc", "bce"):
        return None
    return Unit(years_days(100 * number - 99, 100 * number), behind)


def _season(reader: Reader, at: int) -> Unit | None:
    """``Sommer 2015``, ``Winter 1942/43``, ``fall of 1989``, and the latest ``Sommer``."""
    month = words().seasons.get(reader.low(at))
    if month is None:
        return None
    behind = reader.skip_all(at + 1, frozenset({",", "of", "des", "jahres"}))
    double = _double_year(reader, behind)
    if double is not None and month == 12:
        return Unit(month_days(double[0], month, 3), double[2])
    year = read_year(reader, behind)
    if year is not None:
        return Unit(month_days(year, month, 3), behind + 1)
    # Without a year, "fall" and "spring" are rather verbs and nouns of their own.
    if reader.today is None or reader.low(at) in ("fall", "spring"):
        return None
    started = (reader.today.year, month) if reader.today.month >= month else None
    season_year = started[0] if started else reader.today.year - 1
    return Unit(month_days(season_year, month, 3), at + 1, "lead")


def _double_year(reader: Reader, at: int) -> tuple[int, int, int] | None:
    """``2015/16``, ``1914–18``: first and last year and the position behind."""
    first, last = reader.number(at, 4), reader.number(at + 2, 2)
    mark = reader.low(at + 1)
    tight = reader.tight(at + 1) and reader.tight(at + 2)
    if first is None or last is None or mark not in ("/", "-", "–") or not tight:
        return None
    if reader.tight(at + 3) and reader.low(at + 3) not in ".,;:?!)\"“”»«'":
        return None
    full = first - first % 100 + last
    # "2025-02" is a month, "2001-02" a season.
    years = mark != "-" or last > 12 or full == first + 1
    likely = years and first < full and 1100 <= first < 2100
    return (first, full, at + 3) if likely else None


def _years(reader: Reader, at: int) -> Unit | None:
    double = _double_year(reader, at)
    return double and Unit(years_days(double[0], double[1]), double[2])


def _quarter(reader: Reader, at: int) -> Unit | None:
    """``dritten Quartal 2023``, ``Q3/2023``, ``third quarter of 2023``, ``1. Halbjahr 2023``."""
    number: int | None = None
    months, behind = 3, at
    if reader.low(at) == "q" and reader.tight(at + 1):
        number, behind = reader.number(at + 1, 1), at + 2
    elif (ordinal := _ordinal(reader, at)) is not None:
        number, behind = ordinal
        if reader.low(behind) in words().sets["half"]:
            months = 6
        elif reader.low(behind) not in words().sets["quarter"]:
            return None
        behind += 1
    if number is None or not 1 <= number <= 12 // months:
        return None
    # "In the fourth quarter" is sport as often as a part of a year.
    sport = reader.low(behind - 1) == "quarter"
    return _in_year(reader, behind, (number - 1) * months + 1, months, dated=sport)


def _in_year(reader: Reader, at: int, month: int, months: int, *, dated: bool) -> Unit | None:
    """The months in the year behind them, or, unless that must be ``dated``, the latest ones."""
    behind = reader.skip_all(at, frozenset({",", "of", "des", "jahres", "/"}))
    year = read_year(reader, behind) or (reader.number(behind, 4) if behind > at else None)
    if year is not None:
        return Unit(month_days(year, month, months), behind + 1)
    if reader.today is None or dated:
        return None
    days = month_days(reader.today.year, month, months)
    if days.first > reader.today:
        days = month_days(add_months(days.first, -12).year, month, months)
    return Unit(days, at, "lead")
