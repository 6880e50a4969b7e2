"""How fast requests leave, and which are repeated: the rate limiter of the bot.

Limits: 30 messages a second over all, one a second in a chat, 20 a minute in a group. Within a
chat messages leave in order. A 429 delays its own chat and no other.

A request that failed is repeated by what became of it:

* It never left (no connection): repeated until it does.
* Refused for the moment (429, 5xx): repeated; the work was not done.
* Its answer was lost: the message may have arrived. Repeated once, and logged as a possible
  repeat; if that is lost as well, ``LostError``.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, NoReturn

import httpx
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

log = logging.getLogger(__name__)

PER_SECOND = 30
CHAT_SECONDS = 1.0
GROUP_MESSAGES, GROUP_SECONDS = 20, 60.0
MAX_REFUSALS = 12
REPEATS = 1
"""Of a message whose answer was lost; ``rate_limit_args`` of a call says otherwise."""
_LONGEST_TRIP = 0.5
LONGEST_PAUSE = 30.0
_MESSAGES = frozenset({"sendMessage"})
_ONCE = frozenset({"sendChatAction", "getMe"})
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)

Work = Callable[[], Coroutine[Any, Any, Any]]


class LostError(Exception):
    """Nobody knows whether a message arrived, twice over."""


class _Chat:
    """One chat's turn: who waits for it, and from when on it may be."""

    __slots__ = ("free", "lock", "minute", "users")

    def __init__(self, group_messages: int) -> None:
        self.lock = asyncio.Lock()
        self.free = 0.0
        self.minute: deque[float] = deque(maxlen=group_messages)
        self.users = 0


class _Slot:
    """When a message left: first the moment meant, then the one when Telegram surely had it."""

    __slots__ = ("at",)

    def __init__(self, at: float) -> None:
        self.at = at

    def close(self, now: float) -> None:
        """The request came back; a slow one holds up no others."""
        self.at = min(now, self.at + _LONGEST_TRIP)


class Pace(BaseRateLimiter[int]):
    """See the module; other limits than Telegram's are for tests."""

    def __init__(
        self,
        per_second: int = PER_SECOND,
        chat_seconds: float = CHAT_SECONDS,
        group_messages: int = GROUP_MESSAGES,
        group_seconds: float = GROUP_SECONDS,
    ) -> None:
        self._chat_seconds = chat_seconds
        self._group_messages, self._group_seconds = group_messages, group_seconds
        self._recent: deque[_Slot] = deque(maxlen=per_second)
        self._chats: dict[int, _Chat] = {}

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        """Lets a request leave in its turn.

        Raises:
            LostError: It may or may not have arrived.
            TelegramError: It was refused for good.
        """
        repeats = REPEATS if rate_limit_args is None else rate_limit_args

        def work() -> Coroutine[Any, Any, Any]:
            return callback(*args, **kwargs)

        if endpoint in _ONCE:
            return await work()
        if endpoint not in _MESSAGES:
            return await _Attempts(endpoint, 3, idempotent=True).run(work)
        async with self._turn(int(data["chat_id"])) as chat:
            paced = partial(self._paced, int(data["chat_id"]), chat, work)
            return await _Attempts(endpoint, repeats, idempotent=False).run(paced, chat)

    @asynccontextmanager
    async def _turn(self, chat_id: int) -> AsyncIterator[_Chat]:
        chat = self._chats.setdefault(chat_id, _Chat(self._group_messages))
        chat.users += 1
        try:
            async with chat.lock:
                yield chat
        finally:
            chat.users -= 1
            self._forget_idle()

    async def _paced(self, chat_id: int, chat: _Chat, work: Work) -> Any:
        """Does it when the chat, and then all chats together, may have a message."""
        free = chat.free
        if chat_id < 0 and len(chat.minute) == self._group_messages:
            free = max(free, chat.minute[0] + self._group_seconds)
        await asyncio.sleep(max(0.0, free - _now()))
        slot = _Slot(_now())
        if len(self._recent) == self._recent.maxlen:
            slot.at = max(slot.at, self._recent[0].at + 1.0)
        self._recent.append(slot)
        await asyncio.sleep(max(0.0, slot.at - _now()))
        try:
            return await work()
        finally:
            now = _now()
            slot.close(now)
            chat.free = now + self._chat_seconds
            chat.minute.append(now)

    def _forget_idle(self) -> None:
        if len(self._chats) < 1000:
            return
        now = _now()
        self._chats = {
            number: chat
            for number, chat in self._chats.items()
            if chat.users or chat.free > now or (chat.minute and now - chat.minute[-1] < 60)
        }


class _Attempts:
    """One request, attempted until its fate is known."""

    def __init__(self, endpoint: str, repeats: int, *, idempotent: bool) -> None:
        self._endpoint, self._idempotent = endpoint, idempotent
        self._refusals, self._repeats = 0, repeats
        self._pause = 0.5

    async def run(self, work: Work, chat: _Chat | None = None) -> Any:
        while True:
            try:
                return await work()
            except RetryAfter as error:
                pause = _seconds(error)
                log.info("Telegram asks to wait %.0f s before the next %s", pause, self._endpoint)
                if chat is not None:
                    chat.free = _now() + pause
                else:
                    await asyncio.sleep(pause)
                self._refused(error)
            except BadRequest:
                raise
            except NetworkError as error:
                await self._failed(error)

    async def _failed(self, error: NetworkError) -> None:
        cause = error.__cause__
        if cause is None or isinstance(cause, TelegramError):  # an HTTP status, such as 502
            self._refused(error)
        elif not isinstance(cause, _NEVER_LEFT):
            self._lost_answer(error)
            return
        if isinstance(cause, httpx.PoolTimeout):  # our own crowd, which thins out
            self._pause = 0.5
        log.info("%s did not get through (%s); again in %.1f s", self._endpoint, error, self._pause)
        await asyncio.sleep(self._pause)
        self._pause = min(2 * self._pause, LONGEST_PAUSE)

    def _refused(self, error: TelegramError) -> None:
        self._refusals += 1
        if self._refusals > MAX_REFUSALS:
            self._give_up(error)

    def _lost_answer(self, error: NetworkError) -> None:
        self._repeats -= 1
        if self._repeats < 0:
            self._give_up(error)
        if not self._idempotent:
            log.warning("the answer to a %s was lost: a possible repeat follows", self._endpoint)

    def _give_up(self, error: TelegramError) -> NoReturn:
        if self._idempotent:
            raise error
        raise LostError(str(error)) from error


def _now() -> float:
    return asyncio.get_running_loop().time()


def _seconds(error: RetryAfter) -> float:
    """``retry_after`` may be a number or a timedelta, by a setting of the library."""
    value = error.retry_after
    return float(value) if isinstance(value, int) else value.total_seconds()
