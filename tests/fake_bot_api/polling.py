"""Updates that wait for the bot, and who may fetch them."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from typing import Any


class Poll:
    """The queue behind ``getUpdates``: an offset confirms, a new poller ends the old one's wait."""

    def __init__(self) -> None:
        self.waiting: deque[dict[str, Any]] = deque()
        self.allowed: list[str] = []
        self._ids = itertools.count(700_000_001)
        self._poller: asyncio.Future[str] | None = None

    def add(self, update: dict[str, Any]) -> None:
        """Queues an update under the next id (or its own, if it names one)."""
        kind = next(iter(update))
        if self.allowed and kind not in self.allowed:
            return
        self.waiting.append({"update_id": next(self._ids)} | update)
        self._wake("update")

    async def get(
        self,
        offset: int = 0,
        limit: int = 100,
        timeout: int = 0,
        allowed_updates: list[str] | None = None,
    ) -> list[dict[str, Any]] | None:
        """What waits; None if another poller came meanwhile."""
        self._wake("conflict")
        if allowed_updates is not None:
            self.allowed = allowed_updates
        while self.waiting and self.waiting[0]["update_id"] < offset:
            self.waiting.popleft()
        if not self.waiting and timeout:
            self._poller = poller = asyncio.get_running_loop().create_future()
            try:
                reason = await asyncio.wait_for(poller, timeout)
            except TimeoutError:
                reason = "quiet"
            finally:
                if self._poller is poller:
                    self._poller = None
            if reason == "conflict":
                return None
        return list(self.waiting)[: max(1, min(limit, 100))]

    def close(self) -> None:
        """Sends whoever waits home."""
        self._wake("closed")

    def _wake(self, reason: str) -> None:
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(reason)
        self._poller = None
