"""One measurement in a process of its own: ``python -m tools.bench.worker TASK …`` prints JSON.

A fresh process a task, so that start-up and peak memory are those of that task alone.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

TODAY = date(2026, 1, 1)


def _started() -> float:
    """When this process was started, on the clock of ``time.time`` (Linux)."""
    ticks = float(Path("/proc/self/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[19])
    boot = next(
        line
        for line in Path("/proc/stat").read_text(encoding="ascii").splitlines()
        if line.startswith("btime")
    )
    return float(boot.split()[1]) + ticks / os.sysconf("SC_CLK_TCK")


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _rss_anon_mb() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in status if line.startswith("RssAnon"))


def _belegbot(index: Path, cache: Path) -> Any:
    from bot.answering import Answerer
    from bot.assistant import Assistant
    from bot.library import Library
    from index.encoder import load

    library = Library(index, lambda: load("bundled", cache))
    return Assistant(library, Answerer(library))


def belegbot_build(articles: str, index: str, cache: str) -> dict[str, Any]:
    """Files to a finished generation."""
    from index.build import build
    from index.encoder import load

    began = time.perf_counter()
    report = build(Path(articles), Path(index), lambda: load("bundled", Path(cache)))
    return {
        "seconds": time.perf_counter() - began,
        "articles": report.articles,
        "passages": report.passages,
        "sentences": report.sentences,
        "embedded": report.embedded,
        "peak_mb": _peak_mb(),
    }


def belegbot_first(index: str, cache: str, question: str) -> dict[str, Any]:
    """Process start to the first answer over an existing index."""
    answer = _belegbot(Path(index), Path(cache)).answer(question, today=TODAY)
    return {"seconds": time.time() - _started(), "peak_mb": _peak_mb(), "answer": answer.answer}


def belegbot_warm(index: str, cache: str, questions: str) -> dict[str, Any]:
    """Finished cited answers, warm."""
    assistant = _belegbot(Path(index), Path(cache))
    times = _timed(lambda question: assistant.answer(question, today=TODAY), questions)
    return {"ms": times, "rss_anon_mb": _rss_anon_mb()}


def starter_build(articles: str, stored: str, model: str) -> dict[str, Any]:
    """Files to a stored index."""
    from tools.bench import starter

    began = time.perf_counter()
    nodes = starter.build(Path(articles), Path(stored), Path(model))
    return {"seconds": time.perf_counter() - began, "nodes": nodes, "peak_mb": _peak_mb()}


def starter_first(stored: str, model: str, question: str) -> dict[str, Any]:
    """Process start to the first retrieval over a stored index."""
    from tools.bench import starter

    starter.load(Path(stored), Path(model)).retrieve(question)
    return {"seconds": time.time() - _started(), "peak_mb": _peak_mb()}


def starter_warm(stored: str, model: str, questions: str) -> dict[str, Any]:
    """Retrievals, warm."""
    from tools.bench import starter

    retriever = starter.load(Path(stored), Path(model))
    return {"ms": _timed(retriever.retrieve, questions), "rss_anon_mb": _rss_anon_mb()}


def _timed(ask: Callable[[str], object], questions: str) -> list[float]:
    times = []
    asked = json.loads(Path(questions).read_text(encoding="utf-8"))
    ask(asked[0])  # warms up
    for question in asked:
        began = time.perf_counter()
        ask(question)
        times.append((time.perf_counter() - began) * 1000)
    return times


TASKS = (
    belegbot_build,
    belegbot_first,
    belegbot_warm,
    starter_build,
    starter_first,
    starter_warm,
)

if __name__ == "__main__":
    task = next(task for task in TASKS if task.__name__ == sys.argv[1])
    print(json.dumps(task(*sys.argv[2:])))
