"""Progress of a build, for a person at a terminal; silent where nobody watches."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import TaskID

LABELS = {"reading": "Reading", "embedding": "Embedding", "writing": "Writing"}


class ProgressBar:
    """A bar on standard error; nothing at all when that is no terminal.

    A bar appears only once a stage has work to do, so that a build of nothing shows nothing.
    """

    def __init__(self, *, enabled: bool | None = None) -> None:
        """``enabled``: None means "if standard error is a terminal"."""
        self._enabled = sys.stderr.isatty() if enabled is None else enabled
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> ProgressBar:
        if self._enabled:
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                TextColumn,
                TimeElapsedColumn,
                TimeRemainingColumn,
            )

            self._bar = Progress(
                TextColumn("{task.description:<10}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TextColumn("left"),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._enabled:
            self._bar.stop()

    def step(self, stage: str, done: int, total: int) -> None:
        """Shows that ``done`` of ``total`` pieces of a stage are finished."""
        if not self._enabled or total == 0:
            return
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(LABELS.get(stage, stage.title()), total=total)
        self._bar.update(self._tasks[stage], completed=done, total=total)
