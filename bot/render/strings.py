"""Every text that people see, one TOML file a language.

A file ``strings_de.toml`` holds tables of templates; ``strings("de").text("talk.greeting")``
finds one by its dotted name. Dates and numbers are written by the file's own ``[format]``
table, never by the machine's locale.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FALLBACK = "en"
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Strings:
    """The texts of one language.

    Attributes:
        language: ISO 639-1 code of the file that was read, which may be the fallback's.
        templates: Template (or list of words) by dotted name.
    """

    language: str
    templates: Mapping[str, str | tuple[str, ...]]

    def text(self, key: str, /, **values: object) -> str:
        """The text of that dotted name, its ``{placeholders}`` filled in.

        Raises:
            KeyError: There is no such text, or it needs a value that was not given.
        """
        template = self.templates[key]
        if not isinstance(template, str):
            raise KeyError(f"{key} is a list")
        return template.format(**values)

    def words(self, key: str) -> tuple[str, ...]:
        """The list of words of that dotted name.

        Raises:
            KeyError: There is no such list.
        """
        words = self.templates[key]
        if isinstance(words, str):
            raise KeyError(f"{key} is one text")
        return words

    def counted(self, key: str, count: int, **values: object) -> str:
        """The ``one`` or ``other`` form of a text; ``{count}`` is filled in, written out."""
        form = "one" if count == 1 else "other"
        return self.text(f"{key}.{form}", count=number(count, self.language), **values)


def strings(language: str | None) -> Strings:
    """The texts of the engine and the terminal; an unknown language gets English."""
    return load_strings(_HERE, "strings", language)


def interface_language(environ: Mapping[str, str] = os.environ) -> str:
    """The language of the person at this terminal: of the locale, where there are texts in it."""
    named = (environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return strings(next(filter(None, named), FALLBACK).partition(".")[0]).language


def languages(folder: Path = _HERE, stem: str = "strings") -> tuple[str, ...]:
    """The languages that have a file ``{stem}_{language}.toml`` in the folder, sorted."""
    return tuple(sorted(path.stem[len(stem) + 1 :] for path in folder.glob(f"{stem}_*.toml")))


@cache
def load_strings(folder: Path, stem: str, language: str | None) -> Strings:
    """Reads ``{stem}_{language}.toml``; an unknown language gets the English file.

    ``de-AT`` counts as ``de``.
    """
    primary = (language or FALLBACK).lower().replace("_", "-").split("-")[0]
    if primary not in languages(folder, stem):
        primary = FALLBACK
    with (folder / f"{stem}_{primary}.toml").open("rb") as file:
        return Strings(primary, dict(_flat(tomllib.load(file))))


def _flat(table: Mapping[str, object], prefix: str = "") -> list[tuple[str, str | tuple[str, ...]]]:
    entries: list[tuple[str, str | tuple[str, ...]]] = []
    for name, value in table.items():
        if isinstance(value, dict):
            entries += _flat(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            entries.append((prefix + name, tuple(map(str, value))))
        else:
            entries.append((prefix + name, str(value)))
    return entries


def long_date(iso: str | None, language: str | None) -> str:
    """``2024-11-09`` as ``9. November 2024`` or ``9 November 2024``; what is no date, as it is."""
    if not iso:
        return ""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    texts = strings(language)
    month = texts.words("format.months")[day.month - 1]
    return texts.text("format.date", day=day.day, month=month, year=day.year)


def number(value: float, language: str | None, decimals: int = 0) -> str:
    """``1028.5`` as ``1.028,5`` or ``1,028.5``."""
    texts = strings(language)
    whole, _, rest = f"{value:,.{decimals}f}".partition(".")
    whole = whole.replace(",", texts.text("format.thousands"))
    return whole + (texts.text("format.decimal") + rest if rest else "")
