"""Watching the seeds folder, so that the index keeps up with it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from index.errors import SeedsError

_QUIET_MS = 150
_PATIENCE_MS = 1_500
_LOOK_MS = 500


def watch(seeds: Path, on_change: Callable[[], None], stop: threading.Event) -> None:
    """Call ``on_change`` whenever something below the seeds folder has changed.

    Changes that come close together are one call. The first call comes as soon as the folder
    is being watched: what happened before that is not missed. Changes made while
    ``on_change`` is at work lead to another call after it. Blocks until ``stop`` is set.

    Args:
        seeds: The folder to watch, with all below it.
        on_change: Brings the index up to date; what it raises ends the watch.
        stop: Ends the watch within half a second.

    Raises:
        SeedsError: There is no such folder.
    """
    from watchfiles import watch as changes

    if not seeds.is_dir():
        raise SeedsError(f"There is no seeds folder {seeds} to watch: make it first.")

    started = False
    for changed in changes(
        seeds,
        watch_filter=None,
        debounce=_PATIENCE_MS,
        step=_QUIET_MS,
        stop_event=stop,
        rust_timeout=_LOOK_MS,
        yield_on_timeout=True,
        ignore_permission_denied=True,
    ):
        if changed or not started:
            started = True
            on_change()
        if stop.is_set():
            return
