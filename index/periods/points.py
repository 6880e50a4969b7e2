"""Days, months and years by the calendar: ``12.2.2025``, ``March 5, 2020``, ``Mai 1945``, ``1989``.

A point may lack its year, or its year and month: the words around it supply them.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from index.periods.days import Days, month_days, year_days
from index.periods.tokens import Reader
from index.periods.words import words

# Bare four-digit numbers outside these years are rather amounts.
_FIRST_BARE_YEAR, _LAST_BARE_YEAR = 1100, 2099
_OPENING = frozenset("(\"„“”»«'‚‘[–—")
_PERCENT_OR_MONEY = frozenset("%°€$£§")
_CONNECTIVES = frozenset({"und", "and", "bis", "to", "oder", "or", "-", "–"})
_ENGLISH_DAY_ENDS = ("st", "nd", "rd", "th")
# Months whose names are people's names and everyday words, too.
_AMBIGUOUS = frozenset({"may", "mai", "march", "april", "august", "june"})


class Point(NamedTuple):
    """A day, month or year; ``next`` is the position of the token behind it."""

    year: int | None
    month: int | None
    day: int | None
    next: int

    def filled(self, year: int | None, month: int | None) -> Point:
        """The same point with what it lacks taken from another."""
        return self._replace(
            year=year if self.year is None else self.year,
            month=month if self.month is None and self.year is None else self.month,
        )

    def days(self) -> Days | None:
        """The days it covers; None without a year, or where no calendar has it (31.2.)."""
        if self.year is None or not 1 <= self.year <= 9999:
            return None
        if self.month is None:
            return year_days(self.year) if self.day is None else None
        if self.day is None:
            return month_days(self.year, self.month)
        try:
            day = date(self.year, self.month, self.day)
        except ValueError:
            return None
        return Days(day, day)


def read_point(reader: Reader, at: int) -> Point | None:
    """Read a day, month or year; a leading weekday belongs to it (``Freitag, 13. März 2020``)."""
    start = at
    if reader.low(at) in words().weekdays:
        at = reader.skip(at + 1, ",")
        at = reader.skip(at, "dem", "den", "der", "the")
    for read in (_iso, _numeric, _day_month, _month_day):
        point = read(reader, at)
        if point is not None:
            return point
    return None if at != start else _month_year(reader, at) or _year_alone(reader, at)


def read_day_number(reader: Reader, at: int) -> Point | None:
    """Read the day alone at the head of a range (``3. bis 5. Mai``)."""
    day = reader.number(at, 1, 2)
    if day is None or not 1 <= day <= 31:
        return None
    return Point(None, None, day, reader.skip(at + 1, ".", *_ENGLISH_DAY_ENDS))


def read_year(reader: Reader, at: int, *, named: bool = False) -> int | None:
    """The year written there, unless the number rather counts or names something.

    Behind the word "year" (``named``) any number is one.
    """
    if named:
        year = reader.number(at, 1, 2, 3, 4)
        return year if year and not _before_christ(reader, at + 1) else None
    year = reader.number(at, 4)
    if year is None or not _plausible(year):
        return None
    if reader.low(at - 1) in words().sets["no_year_after"] or _before_christ(reader, at + 1):
        return None
    if reader.tight(at) and reader.low(at - 1) not in _OPENING and not _hyphened(reader, at):
        return None
    return None if _glued(reader, at + 1) or _counts(reader, at + 1, year) else year


def _plausible(year: int | None) -> bool:
    return year is not None and _FIRST_BARE_YEAR <= year <= _LAST_BARE_YEAR


def _hyphened(reader: Reader, at: int) -> bool:
    """Whether a year follows a hyphen as a year may: ``1914-1918``, ``mid-2020``."""
    before = reader.low(at - 2)
    return reader.low(at - 1) == "-" and (
        _plausible(reader.number(at - 2, 4)) or before in words().parts
    )


def _glued(reader: Reader, at: int) -> bool:
    """Whether what follows the number without a space makes it part of something longer."""
    if not reader.tight(at):
        return False
    mark, behind = reader.low(at), reader.low(at + 1)
    if mark.isalnum() or mark == "_":
        return True
    if mark in "-–" and _plausible(reader.number(at + 1, 4)):
        return False
    return reader.tight(at + 1) and behind.isalnum() and (mark in "-/" or behind.isdecimal())


def _counts(reader: Reader, at: int, number: int, *, joined: bool = True) -> bool:
    """Whether the number counts what follows it (``1989 Menschen``, ``2000 neue Stellen``)."""
    counted = words().sets["counted"]
    second = reader.number(at + 1, 3, 4, 5) if joined and reader.low(at) in _CONNECTIVES else None
    if second:
        return _counts(reader, at + 2, second, joined=False)
    for position in (at, at + 1):
        low, raw = reader.low(position), reader.raw(position)
        if (
            low in counted
            or low in _PERCENT_OR_MONEY
            or (raw[:1].isupper() and low.endswith(words().counted_endings))
        ):
            return True
        if raw[:1].isupper():
            # Round numbers in front of a noun are amounts more often than years.
            return position == at and number % 100 == 0
        if not low.endswith(("e", "en", "er")):
            return False
    return False


def _before_christ(reader: Reader, at: int) -> bool:
    word, second, third = (reader.low(at + step) for step in range(3))
    if word in ("bc", "bce") or (word == "vor" and second in ("christus", "christi")):
        return True
    return word in ("v", "b") and second == "." and third in ("chr", "c")


def _iso(reader: Reader, at: int) -> Point | None:
    year, month, day = (reader.number(at + 2 * step, 4 - 2 * (step > 0)) for step in range(3))
    mark = reader.low(at + 1)
    joined = mark in ("-", "/") and all(reader.tight(at + step) for step in (1, 2))
    if year is None or month is None or not joined or not 1 <= month <= 12:
        return None
    if (
        day is not None
        and reader.low(at + 3) == mark
        and reader.tight(at + 3)
        and reader.tight(at + 4)
    ):
        return Point(year, month, day, at + 5)
    return None if mark == "/" or _glued(reader, at + 3) else Point(year, month, None, at + 3)


def _numeric(reader: Reader, at: int) -> Point | None:
    """``12.2.2025``, ``12. 2. 2025``, ``12.02.25`` and ``12.2.``, the day first."""
    day, month = reader.number(at, 1, 2), reader.number(at + 2, 1, 2)
    if day is None or month is None or not 1 <= day <= 31 or not 1 <= month <= 12:
        return None
    if reader.low(at + 1) != "." or reader.low(at + 3) != "." or not reader.tight(at + 3):
        return None
    if reader.tight(at) and reader.low(at - 1) not in _OPENING:
        return None
    year = reader.number(at + 4, 4)
    if year is None and reader.tight(at + 4):
        short = reader.number(at + 4, 2)
        year = None if short is None else short + (2000 if short < 70 else 1900)
    if year is not None:
        return None if _more_digits(reader, at + 5) else Point(year, month, day, at + 5)
    ends = not (reader.tight(at + 4) and reader.low(at + 4).isalnum())
    return Point(None, month, day, at + 4) if ends else None


def _more_digits(reader: Reader, at: int) -> bool:
    return reader.tight(at) and reader.tight(at + 1) and reader.low(at + 1).isdecimal()


def _month(reader: Reader, at: int, *, short: bool) -> tuple[int, int] | None:
    """The month there and the position behind it; abbreviations only where ``short``."""
    low = reader.low(at)
    if low in words().months:
        return words().months[low], at + 1
    if short and low in words().short_months:
        return words().short_months[low], reader.skip(at + 1, ".")
    return None


def _day_month(reader: Reader, at: int) -> Point | None:
    """``12. Februar 2025``, ``1st of May, 2020``, ``12 de febrero de 2025``."""
    day = read_day_number(reader, at)
    if day is None or (reader.tight(at) and reader.low(at - 1) not in _OPENING):
        return None
    month = _month(reader, reader.skip(day.next, "of", "de"), short=True)
    if month is None:
        return None
    year, behind = _year_behind(reader, month[1])
    return Point(year, month[0], day.day, behind)


def _month_day(reader: Reader, at: int) -> Point | None:
    """``March 5, 2020``, ``Mar. 5th, 2020``, ``March 5``."""
    month = _month(reader, at, short=True)
    if month is None or reader.raw(at)[:1].islower():
        return None
    day = reader.number(month[1], 1, 2)
    if day is None or not 1 <= day <= 31:
        return None
    ended = reader.skip(month[1] + 1, *_ENGLISH_DAY_ENDS)
    year, behind = _year_behind(reader, ended)
    ordinal = ended > month[1] + 1
    sure = year is not None or ordinal or not _amount_behind_month(reader, at, ended)
    return Point(year, month[0], day, behind) if sure else None


def _amount_behind_month(reader: Reader, at: int, behind: int) -> bool:
    """Whether the number behind a month may be an amount (``im August 20 Menschen``)."""
    german = reader.low(at) not in words().sets["english_months"] or reader.low(at - 1) == "im"
    low = reader.low(behind)
    return low.isalnum() and (
        german or low in words().sets["counted"] or reader.raw(behind)[:1].isupper()
    )


def _year_behind(reader: Reader, at: int) -> tuple[int | None, int]:
    """The year behind a day or month, and the position behind it."""
    behind = reader.skip_all(at, frozenset({",", "of", "de", "des", "del", "jahres"}))
    year = read_year(reader, behind)
    return (None, at) if year is None else (year, behind + 1)


def _month_year(reader: Reader, at: int) -> Point | None:
    month = _month(reader, at, short=True)
    if month is None:
        return None
    year, behind = _year_behind(reader, month[1])
    low = reader.low(at)
    if year is None:
        whole = low in words().months
        verb = low in _AMBIGUOUS and reader.raw(at).islower() and low not in ("mai", "april")
        return Point(None, month[0], None, month[1]) if whole and not verb else None
    if low in _AMBIGUOUS and _part_of_a_name(reader, at):
        return None
    return Point(year, month[0], None, behind)


def _part_of_a_name(reader: Reader, at: int) -> bool:
    """Whether the month is rather a surname (``Was sagte Theresa May 2018?``)."""
    before = reader.raw(at - 1)
    known = words().sets["lead"] | words().sets["article"] | words().parts.keys()
    return at > 1 and before[:1].isupper() and before.isalpha() and before.lower() not in known


def _year_alone(reader: Reader, at: int) -> Point | None:
    filler = reader.low(at) in words().sets["filler"]
    named = at + 1 if filler else at
    year = read_year(reader, named, named=filler)
    if year is None:
        return None
    behind = named + 1
    if reader.low(behind) == "n" and reader.low(behind + 2) == "chr":
        behind += 4
    return Point(year, None, None, behind)
