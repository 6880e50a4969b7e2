"""Runs of days and their arithmetic: months, years, weeks, parts of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple


class Days(NamedTuple):
    """From the first day to the last, both included."""

    first: date
    last: date


def year_days(year: int) -> Days:
    """A calendar year."""
    return years_days(year, year)


def years_days(first: int, last: int) -> Days:
    """Whole calendar years, both included, kept inside the calendar."""
    first, last = _inside(first), _inside(last)
    return Days(date(first, 1, 1), date(last, 12, 31))


def month_days(year: int, month: int, count: int = 1) -> Days:
    """A run of calendar months; it may reach into the next year."""
    start = date(_inside(year), month, 1)
    return Days(start, _day_before(add_months(start, count)))


def week_days(day: date) -> Days:
    """The week of a day, Monday to Sunday."""
    monday = add_days(day, -day.weekday())
    return Days(monday, add_days(monday, 6))


def add_days(day: date, count: int) -> date:
    """A day so many days later, kept inside the calendar."""
    try:
        return day + timedelta(days=count)
    except OverflowError:
        return date.max if count > 0 else date.min


def add_months(day: date, count: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    if not date.min.year <= year <= date.max.year:
        return date.max if count > 0 else date.min
    for number in range(day.day, day.day - 4, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def part(days: Days, which: int, of: int) -> Days:
    """One of several equal parts: of years by years, of a year by months, else by days."""
    first, last = days
    whole_years = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    total = last.year - first.year + 1
    if whole_years and total >= of:
        return years_days(
            first.year + total * which // of, first.year + total * (which + 1) // of - 1
        )
    if whole_years and total == 1:
        return month_days(first.year, 1 + 12 * which // of, 12 // of)
    length = (last - first).days + 1
    if length < of:
        return days
    return Days(
        add_days(first, length * which // of), add_days(first, length * (which + 1) // of - 1)
    )


def _inside(year: int) -> int:
    return min(max(year, date.min.year), date.max.year)


def _day_before(day: date) -> date:
    return day if day == date.max else add_days(day, -1)
