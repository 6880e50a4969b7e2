"""The words that name periods, read from the table beside this module."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

_IN_FRONT = (
    "lead",
    "article",
    "since",
    "before",
    "after",
    "until",
    "between",
    "from",
    "to",
    "joint",
)
_OTHER_HEADS = frozenset(
    ["q", "'", "’", "day", "morgen", "heuer", "wochenende", "wochenendes", "weekend"]
)


@dataclass(frozen=True, slots=True)
class Words:
    """Lower-case words and what each stands for (see the comments of ``words.toml``)."""

    months: dict[str, int]
    short_months: dict[str, int]
    weekdays: dict[str, int]
    seasons: dict[str, int]
    decades: dict[str, int]
    numbers: dict[str, int]
    ordinals: dict[str, int]
    day_words: dict[str, int]
    units: dict[str, str]
    steps: dict[str, int]
    before_last: dict[str, str]
    parts: dict[str, tuple[int, int]]
    sets: dict[str, frozenset[str]]
    counted_endings: tuple[str, ...]  # of compounds that are counted
    small: frozenset[str]  # prepositions and articles that may stand in front
    cores: frozenset[str]  # what a period without a digit has at its head, behind those


@cache
def words() -> Words:
    """The tables, read once."""
    text = resources.files("index.periods").joinpath("words.toml").read_text(encoding="utf-8")
    tables: dict[str, dict[str, str]] = tomllib.loads(text)
    numbers = {
        name: {word: int(value) for word, value in _by_word(tables[name]).items()}
        for name in (
            "months", "short_months", "weekdays", "seasons", "decades",
            "numbers", "ordinals", "day_words", "steps",
        )
    }  # fmt: skip
    units, before_last = _by_word(tables["units"]), _by_word(tables["before_last"])
    parts = {word: _part(value) for word, value in _by_word(tables["parts"]).items()}
    sets = {name: frozenset(line.split()) for name, line in tables["words"].items()}
    heads: list[Iterable[str]] = [
        *numbers.values(),
        before_last,
        parts,
        sets["filler"],
        sets["some"],
        _OTHER_HEADS,
    ]
    return Words(
        **numbers,
        units=units,
        before_last=before_last,
        parts=parts,
        sets=sets,
        counted_endings=tuple(word for word in sets["counted"] if len(word) > 4),
        small=frozenset().union(*(sets[name] for name in _IN_FRONT)) - _OTHER_HEADS,
        cores=frozenset().union(*heads),
    )


def _by_word(table: dict[str, str]) -> dict[str, str]:
    return {word: value for value, line in table.items() for word in line.split()}


def _part(value: str) -> tuple[int, int]:
    which, of = value.split("/")
    return int(which), int(of)
