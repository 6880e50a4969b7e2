"""Periods in questions and sentences: single ones, open ones, ranges."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from index.articles import Span
from index.periods.days import Days, add_days
from index.periods.points import Point, read_day_number, read_point
from index.periods.relative import read_length
from index.periods.tokens import Reader
from index.periods.units import Unit, latest, read_unit
from index.periods.words import words

# Every absolute period has digits or one of these words: most sentences have neither.
_ABSOLUTE = re.compile(r"\d\d|\d\.? ?\w+ |chr|ziger|ties\b|jahrhundert|century", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Period:
    """A run of days that a text names.

    Attributes:
        start: The first day; ``date.min`` where the period has no beginning (``vor 2010``).
        end: The last day, included; ``date.max`` where it has no end (``seit 2021``).
        text: The words that named it, prepositions included; equal to ``text[span]``.
        span: Their place in the text, in code points.
    """

    start: date
    end: date
    text: str
    span: Span


class _Found(NamedTuple):
    days: Days
    next: int
    bare: bool = False


def find_period(text: str, today: date) -> Period | None:
    """Find the period that a question asks about.

    Weeks start on Monday. What has no year is the latest that has begun by ``today`` (``im
    Februar``, ``am Montag``). Of several periods the first with a preposition or more than a
    year's number wins.

    Args:
        text: A question in German or English; plain dates and years in any language.
        today: What ``gestern`` and ``letzte Woche`` are counted from.
    """
    found = list(_scan(Reader(text, today)))
    full = [period for period, bare in found if not bare]
    return full[0] if full else found[0][0] if found else None


def dates_in(text: str) -> tuple[Period, ...]:
    """Find the absolute periods in a sentence of an article, in order, not overlapping.

    What is counted from the day of writing (``gestern``, ``im Februar``) is left out.
    """
    if _ABSOLUTE.search(text) is None:
        return ()
    return tuple(period for period, _ in _scan(Reader(text, None)))


def _scan(reader: Reader) -> Iterator[tuple[Period, bool]]:
    at = 0
    while at < len(reader.tokens):
        found = _read(reader, at) if _may_start(reader, at) else None
        if found is None or found.days.first > found.days.last:
            at += 1
            continue
        span = Span(reader.tokens[at].start, reader.tokens[found.next - 1].end)
        yield Period(*found.days, reader.text[span.start : span.end], span), found.bare
        at = found.next


def _may_start(reader: Reader, at: int) -> bool:
    """A quick look that spares most words of a sentence the whole grammar."""
    core = reader.low(reader.skip_all(at, words().small, 5))
    return core.isdecimal() or core in words().cores


def _read(reader: Reader, at: int) -> _Found | None:
    return _range(reader, at) or _open(reader, at) or _single(reader, at)


def _single(reader: Reader, at: int) -> _Found | None:
    """A period with the prepositions and articles in front of it."""
    lead = reader.skip_all(at, words().sets["lead"])
    article = reader.skip_all(lead, words().sets["article"], 1)
    unit = read_unit(reader, article) or (read_unit(reader, at) if lead > at else None)
    if unit is None or not _supported(unit, lead > at, article > lead):
        return None
    if unit.bare and lead == at < article:
        return None  # "der 2017 gewählte Präsident": the article is not the year's
    return _Found(unit.days, unit.next, unit.bare and lead == at)


def _supported(unit: Unit, lead: bool, article: bool) -> bool:
    return not unit.needs or lead or (article and unit.needs == "article")


def _open(reader: Reader, at: int) -> _Found | None:
    """``seit 2021``, ``vor dem 3. Mai``, ``after 1990``, ``bis Ende 2020``."""
    sets, low = words().sets, reader.low(at)
    behind = at + 1
    if low in sets["since"]:
        length = read_length(reader, behind)
        if length is not None:
            return _Found(Days(length[0].first, date.max), length[1])
        return _bounded(reader, behind, lambda days: Days(days.first, date.max))
    if low in sets["before"]:
        # "vor drei Tagen" is a day, not all that came before it.
        ago = read_unit(reader, at)
        if ago is not None:
            return _Found(ago.days, ago.next)
        return _bounded(reader, behind, lambda days: Days(date.min, add_days(days.first, -1)))
    if low in sets["after"]:
        return _bounded(reader, behind, lambda days: Days(add_days(days.last, 1), date.max))
    if low in sets["until"]:
        return _bounded(reader, behind, lambda days: Days(date.min, days.last))
    return None


def _bounded(reader: Reader, at: int, bound: Callable[[Days], Days]) -> _Found | None:
    unit = read_unit(reader, _behind_joint(reader, at))
    return None if unit is None else _Found(bound(unit.days), unit.next)


def _range(reader: Reader, at: int) -> _Found | None:
    """``zwischen 1990 und 1995``, ``vom 3. bis 5. Mai 2020``, ``1949–1990``."""
    sets, low = words().sets, reader.low(at)
    if low in sets["between"]:
        return _joined(reader, _behind_joint(reader, at + 1), sets["and"])
    if low in sets["from"]:
        return _joined(reader, _behind_joint(reader, at + 1), sets["to"])
    head = _behind_joint(reader, at)
    return _joined(reader, head, sets["to"] | {"-", "–", "—"})


def _joined(reader: Reader, at: int, joints: frozenset[str]) -> _Found | None:
    left = read_point(reader, at) or read_day_number(reader, at)
    unit = None if left else read_unit(reader, at)
    behind = left.next if left else unit.next if unit else at
    if behind == at or reader.low(behind) not in joints:
        return None
    head = _behind_joint(reader, behind + 1)
    right = read_unit(reader, head)
    if right is None:
        return None
    first = (
        _left_days(reader, left, right, read_point(reader, head)) if left else unit and unit.days
    )
    return _Found(Days(first.first, right.days.last), right.next) if first else None


def _left_days(reader: Reader, left: Point, right: Unit, point: Point | None) -> Days | None:
    """The left end, with the year and month it lacks taken from the right one."""
    lacks_year = left.year is None
    if lacks_year and point is None:
        return latest(reader, left)
    year = right.days.first.year
    filled = left.filled(year, point.month if point else None)
    days = filled.days()
    if lacks_year and days is not None and days.first > right.days.first:
        return filled._replace(year=year - 1).days()
    return days


def _behind_joint(reader: Reader, at: int) -> int:
    return reader.skip_all(at, words().sets["joint"] | words().sets["article"])
