"""A circuit breaker: a language model that keeps failing is left alone for a while."""

from __future__ import annotations

import threading
from collections.abc import Callable


class CircuitBreaker:
    """Counts failures in a row; open, it lets nothing through until a pause is over.

    After the pause one call is let through on trial; its outcome closes or opens the breaker.
    Safe to use from several threads.
    """

    def __init__(
        self, clock: Callable[[], float], *, failures: int = 3, pause_seconds: float = 60.0
    ) -> None:
        """``clock``: seconds that never go back, such as ``time.monotonic``."""
        self._clock = clock
        self._allowed = failures
        self._pause = pause_seconds
        self._lock = threading.Lock()
        self._failed = 0
        self._closed_until: float | None = None  # None: not open
        self._on_trial = False

    def lets_through(self) -> bool:
        """Whether a call may be made now; True takes the trial, where one is due."""
        with self._lock:
            if self._closed_until is None:
                return True
            if self._on_trial or self._clock() < self._closed_until:
                return False
            self._on_trial = True
            return True

    def succeeded(self) -> None:
        """A call went well."""
        with self._lock:
            self._failed, self._closed_until, self._on_trial = 0, None, False

    def failed(self) -> None:
        """A call went wrong."""
        with self._lock:
            self._failed += 1
            if self._on_trial or self._failed >= self._allowed:
                self._closed_until = self._clock() + self._pause
            self._on_trial = False
