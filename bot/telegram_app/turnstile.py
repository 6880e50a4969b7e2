"""Order and bounds: one update at a time in a chat, many chats at once, no one floods."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from .config import Limits
from .polling import place_of

log = logging.getLogger(__name__)

_MANY = 1_000_000  # bounded by the inbox and by each person's limits, not by a number here


class _Lane:
    """The order in one chat."""

    __slots__ = ("lock", "users")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.users = 0


class Turnstile(BaseUpdateProcessor):
    """Lets updates through in the order of their chat.

    Attributes:
        recovered: Ids of updates from before the start; they were let in already.
        excess: Ids of messages beyond their sender's limits, until they are handled.
    """

    __slots__ = ("_busy", "_handle", "_inline", "_lanes", "_limits", "_stopping", "_tasks",
                 "_times", "excess", "recovered")  # fmt: skip

    def __init__(
        self, limits: Limits, handle: Callable[[Update, Awaitable[Any]], Awaitable[None]]
    ) -> None:
        super().__init__(_MANY)
        self._limits, self._handle = limits, handle
        self._lanes: defaultdict[str, _Lane] = defaultdict(_Lane)
        self._busy: defaultdict[int, int] = defaultdict(int)
        self._times: dict[int, deque[float]] = {}
        self._inline: dict[int, int] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._stopping = False
        self.recovered: set[int] = set()
        self.excess: set[int] = set()

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Waits for the chat's turn and handles the update."""
        if not isinstance(update, Update):
            await coroutine
            return
        person = self._enter(update)
        place = place_of(update)
        lane = self._lanes[place]
        lane.users += 1
        try:
            async with lane.lock:
                if self._stopping:
                    _drop(coroutine)
                    return
                await self._in_hand(update, coroutine)
        finally:
            lane.users -= 1
            if not lane.users:
                self._lanes.pop(place, None)
            self._leave(update, person)

    async def _in_hand(self, update: Update, coroutine: Awaitable[Any]) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - for the type checker
        self._tasks.add(task)
        try:
            await self._handle(update, coroutine)
        finally:
            self._tasks.discard(task)
            _drop(coroutine)

    def _enter(self, update: Update) -> int | None:
        """Counts a person's message; the person, if it was one."""
        user = update.effective_user
        if user is None:
            return None
        if update.inline_query is not None:
            self._inline[user.id] = update.update_id
        if update.message is None and update.edited_message is None:
            return None
        if update.update_id not in self.recovered:
            now = asyncio.get_running_loop().time()
            times = self._times.setdefault(user.id, deque())
            while times and now - times[0] > 60:
                times.popleft()
            full = self._busy[user.id] >= self._limits.in_flight
            if full or len(times) >= self._limits.per_minute:
                self.excess.add(update.update_id)
            else:
                times.append(now)
        self._busy[user.id] += update.update_id not in self.excess
        return user.id

    def _leave(self, update: Update, person: int | None) -> None:
        if person is not None:
            self._busy[person] -= update.update_id not in self.excess
            if not self._busy[person]:
                del self._busy[person]
        query = update.inline_query
        if query is not None and self._inline.get(query.from_user.id) == update.update_id:
            del self._inline[query.from_user.id]
        self.recovered.discard(update.update_id)
        self.excess.discard(update.update_id)
        if len(self._times) > 10_000:
            now = asyncio.get_running_loop().time()
            self._times = {k: v for k, v in self._times.items() if v and now - v[-1] <= 60}

    def is_outdated(self, update: Update) -> bool:
        """Whether the person has typed on since this inline query."""
        query = update.inline_query
        return query is not None and self._inline.get(query.from_user.id) != update.update_id

    async def drain(self, seconds: float) -> None:
        """Starts nothing more, waits for what is in hand, and then cuts it short."""
        self._stopping = True
        tasks = set(self._tasks)
        if tasks:
            log.info("finishing %d updates in hand", len(tasks))
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            if late:
                log.warning("%d updates stay in the inbox for the next start", len(late))
                await asyncio.wait(late, timeout=1)


def _drop(coroutine: Awaitable[Any]) -> None:
    """Closes a coroutine that may not have been awaited."""
    close = getattr(coroutine, "close", None)
    if close is not None:
        close()
