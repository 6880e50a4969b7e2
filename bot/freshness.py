"""Keeps the index of a running program in step with its folder, beside the questions."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from bot.library import Library
from index.errors import BelegError
from index.watch import watch

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0


class Keeper:
    """A context in which the library follows the seeds folder and other processes' builds.

    One thread brings the index up to date at the start and whenever files change; another
    takes up generations that somebody else built. Neither disturbs a question in flight.
    """

    def __init__(self, seeds: Path, library: Library, refresh: Callable[[None], object]) -> None:
        self._seeds = seeds
        self._library = library
        self._bring_up_to_date = refresh
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._follow_folder, name="follow-folder", daemon=True),
            threading.Thread(target=self._follow_index, name="follow-index", daemon=True),
        ]

    def __enter__(self) -> Keeper:
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

    def _follow_folder(self) -> None:
        try:
            watch(self._seeds, self._refresh, self._stop)
        except (BelegError, OSError) as error:
            log.warning("no longer watching %s: %s", self._seeds, error)

    def _refresh(self) -> None:
        if self._stop.is_set():
            return
        try:
            self._bring_up_to_date(None)
        except BelegError as error:
            # What serves goes on serving: a folder that is gone for a moment is no reason to stop.
            log.warning("the index was not brought up to date: %s", error)

    def _follow_index(self) -> None:
        while not self._stop.wait(POLL_SECONDS):
            self._library.refresh()
