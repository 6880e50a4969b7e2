"""From measurements to a table."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tools.bench.plan import Result, middle

MOST_EDITED = 0.015
"""Up to this share of edited articles, an update is held against its goal."""


@dataclass(frozen=True, slots=True)
class Goal:
    """Bounds on belegbot's figure over the other one.

    Attributes:
        reach: What the ratio should come to.
        beyond: What would be better still.
        least: Whether more is better.
        own: A bound on belegbot's own figure that would be better still.
    """

    reach: float
    beyond: float | None = None
    least: bool = False
    own: float | None = None

    def verdict(self, row: Row) -> str:
        """Whether a row gets there."""
        if self.own is not None and row.belegbot <= self.own and row.ratio <= self.reach:
            return "beyond"
        for name, bound in (("beyond", self.beyond), ("reached", self.reach)):
            if bound is not None and (row.ratio >= bound if self.least else row.ratio <= bound):
                return name
        return "missed"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Attributes:
        label: What was measured.
        belegbot: Its figure.
        beside: What it is held against.
        digits: After the decimal point.
        goal: Bounds of the ratio, where there are any.
    """

    label: str
    belegbot: float
    beside: float
    digits: int
    goal: Goal | None = None

    @property
    def ratio(self) -> float:
        """Belegbot's figure over the other one."""
        return self.belegbot / self.beside


def percentile(values: Sequence[float], share: int) -> float:
    """A percentile with linear interpolation."""
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def rows(found: Result) -> list[Row]:
    """All lines but the update's are belegbot beside the starter pipeline."""
    builds, first, warm = found["builds"], found["first"], found["warm"]
    mine, theirs = builds["belegbot"], builds["starter"]
    articles = mine[0]["articles"]
    answers, retrievals = warm["belegbot"], warm["starter"]
    return [
        Row(
            "articles indexed per second",
            articles / middle(mine, "seconds"),
            articles / middle(theirs, "seconds"),
            1,
            Goal(2, 4, least=True),
        ),
        Row("… processor seconds", middle(mine, "cpu_s"), middle(theirs, "cpu_s"), 1),
        Row("… peak memory, MB", middle(mine, "peak_mb"), middle(theirs, "peak_mb"), 0),
        Row("question, warm, median ms", *_at(answers, retrievals, 50), 1, Goal(1, 0.4)),
        Row("question, warm, 95th percentile ms", *_at(answers, retrievals, 95), 1, Goal(2, 0.4)),
        Row("… processor ms a question", _cpu_ms(answers), _cpu_ms(retrievals), 1),
        Row("… memory of its own, MB", answers["anonymous_mb"], retrievals["anonymous_mb"], 0),
        _first(first, "start to first answer, s", "seconds", 2, Goal(0.3, own=1.5)),
        _first(first, "… processor seconds", "cpu_s", 2, None),
        _first(first, "… peak memory, MB", "peak_mb", 0, Goal(0.5, 0.3)),
        _update(found["updates"], mine),
    ]


def _update(updates: Sequence[Result], builds: Sequence[Result]) -> Row:
    """Among few articles one is more than a hundredth: the goal does not apply."""
    share = updates[0]["edited"] / builds[0]["articles"]
    label = f"{share:.0%} of articles changed, s (beside a clean build)"
    goal = Goal(0.1) if share <= MOST_EDITED else None
    return Row(label, middle(updates, "seconds"), middle(builds, "seconds"), 2, goal)


def _cpu_ms(served: Result) -> float:
    return float(served["cpu_s"] / len(served["ms"]) * 1000)


def _at(answers: Result, retrievals: Result, share: int) -> tuple[float, float]:
    return percentile(answers["ms"], share), percentile(retrievals["ms"], share)


def _first(first: Result, label: str, name: str, digits: int, goal: Goal | None) -> Row:
    return Row(label, middle(first["belegbot"], name), middle(first["starter"], name), digits, goal)


def table(lines: Sequence[Row]) -> str:
    """The table for a terminal."""
    shown = [f"{'':<50}{'belegbot':>10}{'starter':>10}{'ratio':>8}{'goal':>16}"]
    for row in lines:
        mine, beside = (f"{value:.{row.digits}f}" for value in (row.belegbot, row.beside))
        verdict = f"{_bound(row.goal)} {row.goal.verdict(row)}" if row.goal else ""
        shown.append(f"{row.label:<50}{mine:>10}{beside:>10}{row.ratio:>8.2f}{verdict:>16}")
    return "\n".join(shown)


def _bound(goal: Goal) -> str:
    return f"{'≥' if goal.least else '≤'} {goal.reach:g}"


def notes(found: Result) -> list[str]:
    """What the table has no place for."""
    built, update = found["builds"]["belegbot"][0], found["updates"][0]
    encoding = percentile(found["warm"]["encoding"]["ms"], 50)
    return [
        f"{built['articles']} articles, {built['passages']} passages, "
        f"{built['sentences']} sentences; the starter pipeline made "
        f"{found['builds']['starter'][0]['nodes']} nodes of them",
        f"encoding a question alone: {encoding:.1f} ms",
        f"{update['edited']} edited articles: {update['embedded']} of {update['passages']} "
        "passages embedded",
    ]


def summary(found: Result, lines: Sequence[Row], **about: Any) -> dict[str, Any]:
    """What the JSON file holds."""
    table_rows = [
        {
            **asdict(row),
            "ratio": round(row.ratio, 4),
            "verdict": row.goal.verdict(row) if row.goal else None,
        }
        for row in lines
    ]
    return {**about, "notes": notes(found), "rows": table_rows, "measured": found}
