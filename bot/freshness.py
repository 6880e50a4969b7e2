"""Keeps the index of a running program in step with its folder, beside the questions."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Generic, TypeVar

from bot.library import Library
from index.errors import BelegError, LockHeldError
from index.watch import watch

if TYPE_CHECKING:
    from index.build import Progress

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
Report = TypeVar("Report")


class Keeper(Generic[Report]):
    """A context in which the library follows the seeds folder and other processes' builds.

    One thread brings the index up to date at the start and whenever files change; another
    takes up generations that somebody else built. Neither disturbs a question in flight.
    """

    def __init__(
        self, seeds: Path, library: Library, build: Callable[[Progress | None], Report]
    ) -> None:
        self._seeds = seeds
        self._library = library
        self._build = build
        self._building = threading.Lock()
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._follow_folder, name="follow-folder", daemon=True),
            threading.Thread(target=self._follow_index, name="follow-index", daemon=True),
        ]

    def __enter__(self) -> Keeper[Report]:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=5)

    def refresh(
        self, progress: Progress | None = None, first: Callable[[], object] | None = None
    ) -> Report:
        """Brings the index up to date, after any build of this program that is at work.

        Args:
            progress: Hears how far it is.
            first: Changes the folder; no other build of this program takes that up before.

        Raises:
            BelegError: The folders or the model cannot be used, or another process builds.
        """
        with self._building:
            if first is not None:
                first()
            return self._build(progress)

    def _follow_folder(self) -> None:
        try:
            watch(self._seeds, self._follow_change, self._stop)
        except (BelegError, OSError) as error:
            log.warning("no longer watching %s: %s", self._seeds, error)

    def _follow_change(self) -> None:
        waited = False
        while not self._stop.is_set():
            try:
                self.refresh()
            except LockHeldError:
                if not waited:
                    log.info("another process builds the index; this one looks again after it")
                waited = True
                self._stop.wait(POLL_SECONDS)
                continue
            except BelegError as error:
                # What serves goes on serving: a folder gone for a moment is no reason to stop.
                log.warning("the index was not brought up to date: %s", error)
            return

    def _follow_index(self) -> None:
        while not self._stop.wait(POLL_SECONDS):
            self._library.refresh()
