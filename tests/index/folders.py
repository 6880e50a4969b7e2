"""Folders of made-up articles for tests of the index."""

from __future__ import annotations

import random
from pathlib import Path

_SUBJECTS = [
    "Der Ausschuss",
    "Die Gemeinde",
    "Das Museum",
    "Die Bibliothek",
    "Der Verein",
    "Die Fähre",
]
_VERBS = [
    "beschließt",
    "eröffnet",
    "prüft",
    "verschiebt",
    "erneuert",
    "bespricht",
    "zählt",
    "verkauft",
]
_OBJECTS = [
    "die Brücke",
    "den Fahrplan",
    "das Archiv",
    "die Satzung",
    "den Haushalt",
    "die Orgel",
    "den Hafen",
    "das Dach",
    "die Wasserleitung",
    "den Spielplatz",
    "die Turmuhr",
    "das Denkmal",
    "den Radweg",
    "die Mühle",
]
_WHEN = ["im Januar", "am Montag", "nach langer Debatte", "zum dritten Mal", "ohne Gegenstimme"]


def article_text(number: int, sentences: int = 12) -> str:
    """An article that differs from all others: the same number gives the same text."""
    chance = random.Random(number)
    lines = [f"Meldung Nummer {number} aus dem Rathaus", ""]
    for place in range(sentences):
        words = [chance.choice(_SUBJECTS), chance.choice(_VERBS), chance.choice(_OBJECTS)]
        extra = f"{chance.choice(_WHEN)} mit {chance.randint(2, 99_999)} Stimmen"
        lines.append(f"{' '.join(words)} {extra}.")
        if place % 4 == 3:
            lines.append("")
    return "\n".join(lines) + "\n"


def make_seeds(folder: Path, articles: int, *, first: int = 0, sentences: int = 12) -> Path:
    """Write ``articles`` files named by their number."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, first + articles):
        (folder / f"{number:04d}.txt").write_text(article_text(number, sentences), encoding="utf-8")
    return folder
