"""Plots of a benchmark, where matplotlib is installed (the ``bench`` extra)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tools.bench.report import Row

_COLOURS = ("#1b6ca8", "#b0b7bf", "#d98c2b")


def drawing() -> Any:
    """Matplotlib's pyplot without a screen; None when it is not installed."""
    try:
        import matplotlib as mpl
    except ImportError:
        return None
    mpl.use("Agg")
    import matplotlib.pyplot as plt

    return plt


def side_by_side(lines: Sequence[Row], times: dict[str, list[float]], path: Path) -> bool:
    """Ratios and the spread of warm answers; False when there is no matplotlib."""
    plt = drawing()
    if plt is None:
        return False
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4.5))
    held = [row for row in lines if row.goal]
    places = range(len(held))
    left.barh(places, [row.ratio for row in held], color=_COLOURS[0])
    for place, row in enumerate(held):
        if row.goal:
            left.plot([row.goal.reach] * 2, [place - 0.4, place + 0.4], color=_COLOURS[2])
    left.set_yticks(places, [row.label for row in held], fontsize=8)
    left.invert_yaxis()
    left.set_xlabel("belegbot ÷ starter pipeline (a line: the goal)")
    for (name, values), colour in zip(times.items(), _COLOURS, strict=False):
        shares = [number / len(values) for number in range(1, len(values) + 1)]
        right.plot(sorted(values), shares, label=name, color=colour)
    right.set_xscale("log")
    right.set_xlabel("ms a question, warm")
    right.set_ylabel("share of questions")
    right.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    return True
