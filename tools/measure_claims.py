"""Measures the checker of claims: what lies get past it, what true sentences it holds back.

python -m tools.measure_claims            the table over tests/claims and seeds
python -m tools.measure_claims --model    the same small model by belegbot and by
                                          LlamaIndex's CitationQueryEngine (minutes)
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import platformdirs

from bot.language_model.claims.checker import Verdict, check
from bot.language_model.claims.meaning import (
    EncodedPassage,
    Limits,
    encode_claim,
    encode_passage,
)
from bot.language_model.sources import spoken_of
from index.articles import Article
from index.encoder import Encoder, load
from index.language import detect
from index.markup import plain
from index.segment import split
from index.sources.reading import Reader

ROOT = Path(__file__).resolve().parent.parent
CLAIMS = ROOT / "tests" / "claims"
TRUE = ("faithful", "faithful_more", "faithful_new", "faithful_blind")
LIES = ("numbers", "names", "quotes", "negations", "roles", "inventions", "lies_blind")

Row = dict[str, Any]


@dataclass
class Outcome:
    """What became of one file of claims.

    Attributes:
        passed, dropped: Ids.
        faults: Ids of the dropped by fault.
    """

    name: str
    passed: list[Row] = field(default_factory=list)
    dropped: list[Row] = field(default_factory=list)
    faults: dict[str, list[str]] = field(default_factory=dict)

    def add(self, row: Row, verdict: Verdict) -> None:
        """Notes one verdict."""
        (self.passed if verdict.passed else self.dropped).append(row)
        if verdict.fault:
            self.faults.setdefault(verdict.fault, []).append(row["id"])

    def share(self, half: str | None = None) -> str:
        """``passed/all``, of one half or of both."""
        passed = [row for row in self.passed if half in (None, row["half"])]
        dropped = [row for row in self.dropped if half in (None, row["half"])]
        return f"{len(passed)}/{len(passed) + len(dropped)}"


def rows(name: str) -> list[Row]:
    """The claims of one file."""
    lines = (CLAIMS / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


class Bench:
    """The seeds' passages, encoded once, and the checker."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._limits = Limits.of(encoder)
        self._encoded: dict[tuple[str, int], EncodedPassage] = {}
        self._articles = {key: (article, _passages(article)) for key, article in _articles()}

    def measure(self, name: str) -> Outcome:
        """Checks each claim of a file against the passage that it cites."""
        outcome = Outcome(name)
        for row in rows(name):
            outcome.add(row, self.verdict(row["claim"], row["article"], self._place(row)))
        return outcome

    def misplaced(self) -> Outcome:
        """True sentences that cite each other passage of their article."""
        outcome = Outcome("true, but another passage cited")
        for row in rows("faithful"):
            for number in range(len(self._articles[row["article"]][1])):
                if number != self._place(row):
                    outcome.add(row, self.verdict(row["claim"], row["article"], number))
        return outcome

    def verdict(self, claim: str, key: str, number: int) -> Verdict:
        """Checks one sentence against one passage of an article."""
        spoken = detect(claim, "de")
        encoded = encode_claim(self._encoder, claim, "de" if spoken == "de" else "en")
        return check(encoded, self._passage(key, number), self._limits)

    def _place(self, row: Row) -> int:
        passages, anchor = self._articles[row["article"]][1], plain(row["anchor"])
        return next(
            number
            for number, sentences in enumerate(passages)
            if any(anchor in sentence for sentence in sentences)
        )

    def _passage(self, key: str, number: int) -> EncodedPassage:
        if (key, number) not in self._encoded:
            article, passages = self._articles[key]
            everything = tuple(sentence for sentences in passages for sentence in sentences)
            language = article.language or "de"
            topic = (article.title, *everything[:2], *spoken_of(everything, language))
            self._encoded[key, number] = encode_passage(
                self._encoder, passages[number], language, topic
            )
        return self._encoded[key, number]


@cache
def _articles() -> tuple[tuple[str, Article], ...]:
    seeds = ROOT / "seeds"
    keys = sorted(path.relative_to(seeds).as_posix() for path in seeds.rglob("*.*"))
    with Reader(seeds) as reader:
        return tuple((key, reader.read(key).articles[0]) for key in keys)


def _passages(article: Article) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(plain(article.text[span.start : span.end]) for span in passage.sentences)
        for passage in split(article)
    )


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The lines of the table."""
    yield f"{'claims that pass':34} {'all':>9} {'tuned on':>9} {'held out':>9}   held back for"
    for outcome in outcomes:
        faults = ", ".join(f"{fault} {len(ids)}" for fault, ids in sorted(outcome.faults.items()))
        halves = [outcome.share(half) for half in (None, "tune", "held-out")]
        yield f"{outcome.name:34} " + " ".join(f"{half:>9}" for half in halves) + f"   {faults}"


def main() -> None:
    encoder = load("bundled", Path(platformdirs.user_cache_dir("belegbot")))
    if "--model" in sys.argv:
        from tools.compare_citations import compare

        print("\n".join(compare(encoder)))
        return
    bench = Bench(encoder)
    outcomes = [bench.measure(name) for name in (*TRUE, *LIES)]
    print("\n".join(table([*outcomes, bench.misplaced()])))
    for outcome in outcomes:
        wrong = outcome.dropped if outcome.name in TRUE else outcome.passed
        if "--list" in sys.argv:
            print(f"\n{outcome.name}: wrongly {'dropped' if outcome.name in TRUE else 'passed'}")
            print("\n".join(f"  {row['id']}: {row['claim']}" for row in wrong))


if __name__ == "__main__":
    main()
