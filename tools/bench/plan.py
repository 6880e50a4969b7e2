"""What is measured, in which order: the two programs take turns, so that noise meets both."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.bench.processes import Worker, first_line, run
from tools.bench.questions import edit_some

WORKER = "tools.bench.worker"
QUESTIONS = 100
BLOCK = 10
"""Questions that one program answers before it is the other one's turn."""
STARTS = 5
ROUNDS = 3
ENOUGH_S = 90.0
"""Builds are repeated up to ``ROUNDS`` times, until they have taken so long."""
PAUSE_S = 0.3  # PyTorch's threads keep a core busy for a while after their work
Result = dict[str, Any]


@dataclass(slots=True)
class Bench:
    """One run of the benchmark in a temporary folder.

    Attributes:
        work: Holds the copied articles, both indexes and logs.
        asked: The questions.
        cache: The cache folder of models; empty for that of the settings.
    """

    work: Path
    asked: Sequence[str]
    cache: str = ""
    model: str = field(init=False)

    def __post_init__(self) -> None:
        self.model = run(WORKER, "model", self.cache, log=self._log("model"))["folder"]

    def measure(self) -> Result:
        """All figures."""
        builds = self.builds()
        found = {"builds": builds, "first": self.first(), "warm": self.warm()}
        found["updates"] = self.updates()
        return found

    def builds(self) -> dict[str, list[Result]]:
        """Both build from nothing, by turns, each time in new processes."""
        found: dict[str, list[Result]] = {"belegbot": [], "starter": []}
        began = time.monotonic()
        for number in range(ROUNDS):
            for name in _in_turn(("belegbot", "starter"), number):
                place = self.work / f"{name}-{number}"
                with_model = self.cache if name == "belegbot" else self.model
                arguments = (self.articles, place, with_model)
                log = self._log(f"{name}-build")
                found[name].append(run(WORKER, f"{name}_build", *arguments, log=log))
            if time.monotonic() - began > ENOUGH_S:
                break
        return found

    def first(self) -> dict[str, list[Result]]:
        """From the start of a process to its first answer; each one's first start is left out."""
        asking = {
            "belegbot": lambda question: (
                ["-m", "bot", "ask", "--json", "--index", str(self.index), "--", question]
            ),
            "starter": lambda question: (
                ["-m", WORKER, "starter_first", str(self.stored), self.model, question]
            ),
        }
        found: dict[str, list[Result]] = {"belegbot": [], "starter": []}
        environment = {"BELEGBOT_SEEDS_DIR": str(self.articles), **self._cache_setting()}
        for number in range(STARTS + 1):
            question = self.asked[number % len(self.asked)]
            for name in _in_turn(tuple(asking), number):
                started = first_line(asking[name](question), self.work, environment)
                if number:
                    found[name].append(started)
        print("  first answers: done", file=sys.stderr)
        return found

    def warm(self) -> dict[str, Result]:
        """Answers beside retrievals, and the encoding of the questions alone."""
        workers = {
            "belegbot": self._serving("belegbot_serve", self.index, self.cache),
            "starter": self._serving("starter_serve", self.stored, self.model),
            "encoding": self._serving("encoder_serve", self.cache),
        }
        for worker in workers.values():
            worker.read()
            worker.ask(list(self.asked[:BLOCK]))
        found: dict[str, Result] = {name: {"ms": [], "cpu_s": 0.0} for name in workers}
        for number, start in enumerate(range(0, len(self.asked), BLOCK)):
            block = list(self.asked[start : start + BLOCK])
            for name in _in_turn(tuple(workers), number):
                time.sleep(PAUSE_S)
                result = workers[name].ask(block)
                for sums in ("ms", "cpu_s"):
                    result[sums] = found[name][sums] + result[sums]
                found[name] = result
        for worker in workers.values():
            worker.close()
        print("  warm questions: done", file=sys.stderr)
        return found

    def updates(self) -> list[Result]:
        """One article in a hundred changes and the index follows, several times."""
        found = []
        for number in range(ROUNDS):
            edited = edit_some(self.articles, 0.01, number)
            log = self._log("belegbot-update")
            arguments = (self.articles, self.index, self.cache)
            result = run(WORKER, "belegbot_build", *arguments, log=log)
            found.append({**result, "edited": edited})
        return found

    @property
    def articles(self) -> Path:
        """The copy of the articles that is indexed and edited."""
        return self.work / "articles"

    @property
    def index(self) -> Path:
        """Belegbot's index."""
        return self.work / "belegbot-0"

    @property
    def stored(self) -> Path:
        """The starter pipeline's index."""
        return self.work / "starter-0"

    def _serving(self, task: str, *arguments: object) -> Worker:
        return Worker(WORKER, task, *arguments, log=self._log(task))

    def _cache_setting(self) -> Mapping[str, str]:
        return {"BELEGBOT_CACHE_DIR": self.cache} if self.cache else {}

    def _log(self, name: str) -> Path:
        return self.work / f"{name}.log"


def _in_turn(names: Sequence[str], number: int) -> list[str]:
    """The names, another one first each time."""
    first = number % len(names)
    return [*names[first:], *names[:first]]


def middle(results: Sequence[Mapping[str, Any]], name: str) -> float:
    """The median of one figure over repeated measurements."""
    return float(statistics.median(result[name] for result in results))
