"""How an article would name a period that a question counts from today."""

from __future__ import annotations

from datetime import date

from index.periods.grammar import Period
from index.periods.words import words


def spelt(period: Period, language: str | None) -> str | None:
    """``letztes Jahr`` as ``2024``, ``gestern`` as ``12. Februar 2025``.

    Args:
        period: What was found in a question.
        language: Of the question; months are named in German or, for any other, in English.

    Returns:
        None where the text names it so already, or where no day, month or year holds it.
    """
    first, last = period.start, period.end
    named = any(sign.isdigit() for sign in period.text)
    if named or first == date.min or last == date.max or first.year != last.year:
        return None
    if first.month != last.month:
        return str(first.year)
    month = f"{_month(first.month, language)} {first.year}"
    if first != last:
        return month
    return f"{first.day}{'.' if language == 'de' else ''} {month}"


def _month(number: int, language: str | None) -> str:
    names = [name for name, month in words().months.items() if month == number]
    if language != "de":
        names = [name for name in names if name in words().sets["english_months"]]
    return names[0].capitalize()
