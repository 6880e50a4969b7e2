"""Growth curves as a table and as a plot."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.bench.plots import drawing

Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One figure over all sizes.

    Attributes:
        label: What it is.
        of: Takes it out of the measurements of one size.
        digits: After the decimal point.
        goal: What a million passages should reach, in words.
    """

    label: str
    of: Callable[[Result], float]
    digits: int
    goal: str = ""


def _search(kind: str, figure: str) -> Callable[[Result], float]:
    return lambda result: float(result["search"][kind][figure])


def _adding(figure: str) -> Callable[[Result], float]:
    return lambda result: float(statistics.median(one[figure] for one in result["add"]))


LINES = (
    Line("vector recall@10", lambda result: float(result["exact"]["recall"]), 3, "≥ .98, .99"),
    Line("one vector search, median ms", _search("vectors", "median_ms"), 2),
    Line("… 95th percentile ms", _search("vectors", "p95_ms"), 2, "≤ 5"),
    Line("… best of three, 95th percentile ms", _search("vectors", "best_p95_ms"), 2),
    Line("… processor ms", _search("vectors", "cpu_ms"), 2),
    Line("one BM25 search, median ms", _search("keywords", "median_ms"), 2),
    Line("… 95th percentile ms", _search("keywords", "p95_ms"), 2, "≤ 50, 15"),
    Line("… best of three, 95th percentile ms", _search("keywords", "best_p95_ms"), 2),
    Line("… processor ms", _search("keywords", "cpu_ms"), 2),
    Line("whole answer, median ms", _search("answers", "median_ms"), 1),
    Line("… 95th percentile ms", _search("answers", "p95_ms"), 1),
    Line("… processor ms", _search("answers", "cpu_ms"), 1),
    Line("serving, memory of its own (RssAnon), MB", lambda r: r["search"]["anonymous_mb"], 0,
         "≤ 1500, 700"),
    Line("opening, s", lambda result: float(result["search"]["open_s"]), 2),
    Line("adding one article, s", _adding("seconds"), 2, "≤ 5, 1"),
    Line("… processor seconds", _adding("cpu_s"), 2),
    Line("… peak memory (RSS, mapped files too), MB", _adding("peak_mb"), 0),
    Line("on disk, MB", lambda r: sum(r["write"]["megabytes"].values()), 0),
    Line("writing the collection, s", lambda result: float(result["write"]["seconds"]), 0),
)  # fmt: skip


def table(results: Sequence[Result]) -> str:
    """The table for a terminal: a column a size."""
    head = "".join(f"{result['passages']:>14,}" for result in results)
    shown = [f"{'passages':<44}{head}  goal"]
    for line in LINES:
        cells = "".join(f"{line.of(result):>14.{line.digits}f}" for result in results)
        shown.append(f"{line.label:<44}{cells}  {line.goal}".rstrip())
    kinds = "".join(f"{_kind(result):>14}" for result in results)
    return "\n".join([*shown, f"{'FAISS index':<44}{kinds}"])


def _kind(result: Result) -> str:
    kind, lists, probes = result["write"]["kind"]
    return f"{kind} {lists}/{probes}" if lists else str(kind)


def plot(results: Sequence[Result], path: Path) -> bool:
    """Draws the curves; False when there is no matplotlib."""
    plt = drawing()
    if plt is None:
        return False
    figure, (times, memory, work) = plt.subplots(1, 3, figsize=(14, 4))
    sizes = [result["passages"] for result in results]
    for kind, label in (("vectors", "vectors"), ("keywords", "BM25"), ("answers", "whole answer")):
        middle = [result["search"][kind]["median_ms"] for result in results]
        (line,) = times.plot(sizes, middle, "o-", label=label)
        upper = [result["search"][kind]["p95_ms"] for result in results]
        times.plot(sizes, upper, "^:", color=line.get_color())
    memory.plot(sizes, [r["search"]["anonymous_mb"] for r in results], "o-", label="RssAnon")
    memory.set_ylim(0, 1.3 * max(r["search"]["anonymous_mb"] for r in results))
    work.plot(sizes, [r["search"]["open_s"] for r in results], "o-", label="opening")
    work.plot(sizes, [_adding("seconds")(r) for r in results], "o-", label="adding one article")
    for axes, label in ((times, "ms (dotted: 95th percentile)"), (memory, "MB"), (work, "s")):
        axes.set_xscale("log")
        axes.set_xlabel("passages")
        axes.set_ylabel(label)
        axes.legend()
    times.set_yscale("log")
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    return True
