"""Periods counted from today: ``gestern``, ``letzte Woche``, ``vor drei Tagen``, ``last May``."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from index.periods.days import Days, add_days, add_months, month_days, week_days, year_days
from index.periods.tokens import Reader
from index.periods.words import words

# How many are meant by "the last days", "the last few weeks".
_FEW = {"hour": 24, "day": 7, "week": 4, "month": 6, "quarter": 4, "year": 5, "weekend": 1}
_SPELT_AGO = 200  # "vor 2000 Jahren" is no year of the calendar


class Relative(NamedTuple):
    """The days meant, the position behind the words, whether a preposition must stand before."""

    days: Days
    next: int
    weak: bool = False


def read_relative(reader: Reader, at: int) -> Relative | None:
    """Read a period counted from today; None where only absolute dates count."""
    today = reader.today
    if today is None:
        return None
    return (
        _day_word(reader, at, today)
        or _ago(reader, at, today)
        or _stepped(reader, at, today)
        or _named_before_last(reader, at, today)
        or _lone(reader, at, today)
    )


def read_length(reader: Reader, at: int) -> tuple[Days, int] | None:
    """Read a length of time up to today (behind ``seit``: ``drei Jahren``)."""
    if reader.today is None:
        return None
    amount = _amount(reader, at)
    unit = amount and words().units.get(reader.low(amount[1]))
    if not amount or not unit or amount[0] > _SPELT_AGO:
        return None
    return Days(_back(reader.today, unit, amount[0]), reader.today), amount[1] + 1


def _day_word(reader: Reader, at: int, today: date) -> Relative | None:
    low = reader.low(at)
    if low == "day" and [reader.low(at + step) for step in (1, 2)] == ["before", "yesterday"]:
        return _one_day(add_days(today, -2), at + 3)
    if low == "last" and reader.low(at + 1) == "night":
        return _one_day(add_days(today, -1), at + 2)
    if low in ("this", "heute") and reader.low(at + 1) in (
        "morning",
        "afternoon",
        "evening",
        "morgen",
    ):
        return _one_day(today, at + 2)
    if low == "heuer":
        return Relative(year_days(today.year), at + 1)
    # "Morgen" with a capital is the morning; so is it behind a weekday or "am".
    if low == "morgen" and reader.raw(at) == "morgen" and reader.low(at - 1) not in ("am", "jeden"):
        return _one_day(add_days(today, 1), at + 1)
    shift = words().day_words.get(low)
    if shift is None or (shift == 0 and _nowadays(reader, at)):
        return None
    return _one_day(add_days(today, shift), at + 1)


def _nowadays(reader: Reader, at: int) -> bool:
    """Whether "today" is no day but these times (``noch heute``, ``das heute als … bekannte``)."""
    before, behind = reader.low(at - 1), reader.low(at + 1)
    known = before in ("noch", "auch", "even", "still") or behind in ("noch", "als", "still")
    return known or before in words().sets["article"]


def _one_day(day: date, behind: int) -> Relative:
    return Relative(Days(day, day), behind)


def _amount(reader: Reader, at: int) -> tuple[int, int] | None:
    """A count (``drei``, ``3``, ``a``) and the position behind it."""
    low = reader.low(at)
    if low in words().numbers:
        return words().numbers[low], at + 1
    number = reader.number(at, 1, 2, 3, 4)
    return None if number is None else (number, at + 1)


def _ago(reader: Reader, at: int, today: date) -> Relative | None:
    """``vor drei Tagen``, ``three years ago``: the day, week, month or year so far back."""
    german = reader.low(at) == "vor"
    few = reader.skip(at + german, "ein", "a")
    if reader.low(few) in words().sets["some"]:
        return _few_ago(reader, reader.skip(few + 1, "of"), today, german=german)
    amount = _amount(reader, at + 1 if german else at)
    if amount is None or not 0 < amount[0] <= _SPELT_AGO:
        return None
    unit = words().units.get(reader.low(amount[1]))
    behind = amount[1] + 1
    if unit is None or (not german and reader.low(behind) != "ago"):
        return None
    day = _back(today, unit, amount[0])
    return Relative(_around(day, unit), behind if german else behind + 1)


def _few_ago(reader: Reader, at: int, today: date, *, german: bool) -> Relative | None:
    unit = words().units.get(reader.low(at))
    if unit is None or (not german and reader.low(at + 1) != "ago"):
        return None
    return Relative(_run(today, unit, -_FEW[unit]), at + (1 if german else 2))


def _stepped(reader: Reader, at: int, today: date) -> Relative | None:
    """``letzte Woche``, ``diesen Sommer``, ``last Monday``, ``den letzten drei Tagen``."""
    step = words().steps.get(reader.low(at))
    if step is None:
        return None
    few = reader.low(at + 1) in words().sets["some"]
    amount = _amount(reader, at + 1)
    behind = at + 2 if few else amount[1] if amount else at + 1
    low = reader.low(behind)
    unit = words().units.get(low)
    if unit is not None:
        plural = few or amount is not None or low.endswith(_plural_ending(reader, at))
        if plural and step != 0 and (unit != "weekend" or amount is not None):
            count = amount[0] if amount else _FEW[unit]
            return Relative(_run(today, unit, count * step), behind + 1)
        return (
            None
            if unit == "hour"
            else Relative(_around(_moved(today, unit, step), unit), behind + 1)
        )
    return _stepped_name(reader, at, today, step) if behind == at + 1 else None


def _plural_ending(reader: Reader, at: int) -> tuple[str, ...]:
    """The endings that make a unit plural here: ``in den letzten Wochen``, ``the last days``."""
    if reader.low(at) in ("last", "past", "previous", "next", "coming", "this", "current"):
        return ("ys", "ks", "hs", "rs", "ds")
    return ("agen", "chen", "aten", "hren", "alen", "age", "ate", "ahre", "ale", "nden")


def _stepped_name(reader: Reader, at: int, today: date, step: int) -> Relative | None:
    """``letzten Montag``, ``last March``, ``vergangenen Sommer``."""
    low = reader.low(at + 1)
    if low in words().weekdays:
        ahead = (words().weekdays[low] - today.weekday()) % 7
        if step < 0:
            ahead -= 7
        elif step > 0:
            ahead = ahead or 7
        else:
            ahead = words().weekdays[low] - today.weekday()
        return _one_day(add_days(today, ahead), at + 2)
    month = words().months.get(low) or words().seasons.get(low)
    if month is None:
        return None
    length = 3 if low in words().seasons else 1
    for year in (today.year + 1, today.year, today.year - 1, today.year - 2):
        days = month_days(year, month, length)
        if step > 0 and days.first <= today:
            days = month_days(year + 1, month, length)
            return Relative(days, at + 2)
        if (step == 0 and year == today.year) or (step < 0 and days.last < today):
            return Relative(days, at + 2)
    return None


def _named_before_last(reader: Reader, at: int, today: date) -> Relative | None:
    unit = words().before_last.get(reader.low(at))
    if unit is None:
        return None
    return Relative(_around(_moved(today, unit, -1), unit), at + 1)


def _lone(reader: Reader, at: int, today: date) -> Relative | None:
    """``am Montag``, ``am Wochenende``: the latest that has begun by today."""
    low = reader.low(at)
    if low in words().weekdays:
        day = add_days(today, -((today.weekday() - words().weekdays[low]) % 7))
        return Relative(Days(day, day), at + 1, weak=True)
    if words().units.get(low) == "weekend":
        saturday = add_days(today, -((today.weekday() - 5) % 7))
        return Relative(Days(saturday, add_days(saturday, 1)), at + 1, weak=True)
    return None


def _back(today: date, unit: str, count: int) -> date:
    if unit in ("day", "week", "weekend", "hour"):
        days = {"day": count, "week": 7 * count, "weekend": 7 * count, "hour": -(-count // 24)}
        return add_days(today, -days[unit])
    return add_months(today, -count * {"month": 1, "quarter": 3, "year": 12}[unit])


def _moved(today: date, unit: str, step: int) -> date:
    return _back(today, unit, -step)


def _run(today: date, unit: str, count: int) -> Days:
    """From so many units back up to today, or from today so many ahead."""
    other = _moved(today, unit, count)
    return Days(other, today) if count < 0 else Days(today, other)


def _around(day: date, unit: str) -> Days:
    """The whole week, month, quarter or year that a day lies in."""
    if unit == "week":
        return week_days(day)
    if unit == "weekend":
        saturday = add_days(week_days(day).first, 5)
        return Days(saturday, add_days(saturday, 1))
    if unit == "month":
        return month_days(day.year, day.month)
    if unit == "quarter":
        return month_days(day.year, day.month - (day.month - 1) % 3, 3)
    return year_days(day.year) if unit == "year" else Days(day, day)
