"""Dates as documents write them, into ISO 8601; never guessed where the words leave it open."""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_to_datetime

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?![\d])")
_COMPACT = re.compile(r"(?:D:)?(\d{4})(\d{2})(\d{2})(?:\d{6}.*)?$")
_SLASHED_ISO = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?!\d)")
_GERMAN = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)")
_NAMED = re.compile(r"(\d{1,2})\.?\s+([^\W\d_]+)\.?,?\s+(\d{4})(?!\d)")
_ENGLISH = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)")
_WEEKDAY = re.compile(r"(?:[^\W\d_]+\.?,\s*)?(?:de[nm]\s+|am\s+)?", re.IGNORECASE)
_MONTHS = (
    ("jan", "jän"),
    ("feb",),
    ("mär", "mar", "maerz"),
    ("apr",),
    ("mai", "may"),
    ("jun",),
    ("jul",),
    ("aug",),
    ("sep",),
    ("okt", "oct"),
    ("nov",),
    ("dez", "dec"),
)


def iso_date(value: str) -> str | None:
    """Reads a full calendar date at the head of a document's date field.

    Knows ISO 8601 (with or without a time), ``12.2.2025``, ``12. Februar 2025``,
    ``February 12, 2025``, RFC 5322 and PDF dates.

    Returns:
        ``2025-02-12``, or None for anything else: a month alone, ``2/12/2025``, no such day.
    """
    value = value.strip()[:100]
    for pattern in (_ISO, _COMPACT, _SLASHED_ISO):
        if match := pattern.match(value):
            return _checked(int(match[1]), int(match[2]), int(match[3]))
    weekday = _WEEKDAY.match(value)
    value_after = value[weekday.end() :] if weekday else value
    if match := _GERMAN.match(value_after):
        return _checked(int(match[3]), int(match[2]), int(match[1]))
    if match := _NAMED.match(value_after):
        return _checked(int(match[3]), _month(match[2]), int(match[1]))
    if match := _ENGLISH.match(value_after):
        return _checked(int(match[3]), _month(match[1]), int(match[2]))
    return _mail_date(value)


def _month(name: str) -> int:
    name = name.lower()
    found = (at for at, heads in enumerate(_MONTHS, 1) if name.startswith(heads))
    return next(found, 0)


def _checked(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _mail_date(value: str) -> str | None:
    try:
        return parsedate_to_datetime(value).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
