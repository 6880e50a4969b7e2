"""Two programs that fetch updates with one token: which of them gives up.

Each fetch ends the other's, with a 409. A bot that has just started gives way after a few;
one that has served for a while goes on, lest a second start by mistake should end both.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from .config import Limits

MAX_CONFLICTS = 3
QUIET_SECONDS = 10.0
"""A fetch that lasted so long before its 409 had the updates to itself: a new rival."""


class Rivals:
    """Counts the 409s of one bot."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits, self._clock = limits, clock
        self._started = clock()
        self._conflicts = 0
        self._began: float | None = None

    def now(self) -> float:
        """Seconds on the clock that fetches are timed by."""
        return self._clock()

    @property
    def is_new(self) -> bool:
        """Whether the latest 409 was the first of its kind."""
        return self._conflicts == 1

    def has_won(self, asked: float) -> bool:
        """Notes the 409 of a fetch begun at ``asked``; whether this bot has to give up."""
        now = self._clock()
        if self._began is None or now - asked >= QUIET_SECONDS:
            self._began, self._conflicts = now, 0
        self._conflicts += 1
        if self._began - self._started < self._limits.settled_seconds:
            return self._conflicts >= MAX_CONFLICTS
        return now - self._began >= self._limits.rival_seconds

    def had_it_all(self, asked: float) -> None:
        """Notes that a fetch begun at ``asked`` succeeded."""
        if self._clock() - asked >= QUIET_SECONDS:
            self._began = None
