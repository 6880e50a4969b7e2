"""Made-up articles for tests of the index, and folders of them."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

from index.analysis import terms
from index.articles import Article, Section, Span
from index.build import BuildReport, build
from index.storage import Generation, open_current
from tests.index.hashing import HashingEncoder

ARTICLE = Article(
    key="ort/ä.md",
    text="Erste Zeile.\nZweite – „Zeile“ 😀.",
    title="Titel",
    sections=(Section(Span(0, 12), "Kopf"), Section(Span(13, 30), None, 4)),
    date="2024-11-09",
    author="Autorin",
    source="Quelle",
    url="https://example.org/a",
    language="de",
)

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


class Folders:
    """A seeds folder and an index folder, and short ways to use them."""

    def __init__(self, root: Path):
        self.seeds = root / "seeds"
        self.index = root / "index"
        self.encoder = HashingEncoder()

    def build(self, **options: bool) -> BuildReport:
        return build(self.seeds, self.index, lambda: self.encoder, **options)

    def open(self) -> Generation:
        return open_current(self.index)

    def write(self, name: str, text: str) -> None:
        path = self.seeds / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        # Old enough to be trusted by its time: see "settled" in the build.
        old = time.time() - 60
        os.utime(path, (old, old))


def counts(report: BuildReport) -> tuple[int, int, int, int, int]:
    return report.added, report.changed, report.moved, report.removed, report.unchanged


def answers(generation: Generation) -> list[list[tuple[str, str, float]]]:
    """What both searches find, told by what the passages say and not by their ids."""
    questions = ["Das Museum prüft die Orgel", "Der Verein verkauft den Hafen im Januar"]
    found = []
    for question in questions:
        vector = HashingEncoder().question(question)
        weights = dict.fromkeys(terms(question), 1.0)
        for hits in (generation.nearest(vector, 200), generation.keywords(weights, 200)):
            told = []
            for passage_id, score in hits:
                passage = generation.passage(passage_id)
                article = generation.article(passage.article_id).article
                told.append((article.key, article.text[slice(*passage.span)], round(score, 5)))
            found.append(sorted(told, key=lambda one: (-one[2], one[0], one[1])))
    return found
