"""How fast requests leave, and which are repeated: the rate limiter of the bot.

Limits: 30 messages a second over all, one a second in a chat, 20 a minute in a group. Within a
chat messages leave in order. A 429 delays its own chat and no other.

What shows an answer on its way (drafts, and what is sent with ``DROPPABLE``) leaves at once or
not at all, is never repeated, and uses at most half of what the limits allow: the answer itself
never waits for it, but for a penalty of Telegram's.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any

from telegram.ext import BaseRateLimiter

from .attempts import Attempts, NotNowError, Work, attempt

PER_SECOND = 30
CHAT_SECONDS = 1.0
GROUP_MESSAGES, GROUP_SECONDS = 20, 60.0
REPEATS = 1
"""Of a message whose answer was lost; ``rate_limit_args`` of a call says otherwise."""
DROPPABLE = -1
"""As ``rate_limit_args``: the request leaves at once or not at all (``NotNowError``)."""
_LONGEST_TRIP = 0.5
_MESSAGES = frozenset({"sendMessage"})
_EDITS = frozenset({"editMessageText"})
_DRAFTS = frozenset({"sendMessageDraft"})
_ONCE = frozenset({"sendChatAction", "getMe"})


class _Chat:
    """One chat's turn: who waits for it, and from when on it may be.

    ``free`` is when its next message may leave, ``penalty`` until when Telegram wants nothing.
    """

    __slots__ = ("free", "lock", "minute", "penalty", "users")

    def __init__(self, group_messages: int) -> None:
        self.lock = asyncio.Lock()
        self.free = self.penalty = 0.0
        self.minute: deque[float] = deque(maxlen=group_messages)
        self.users = 0

    def penalise(self, seconds: float) -> None:
        """Telegram asks to leave the chat alone for so long."""
        self.penalty = max(self.penalty, _now() + seconds)
        self.free = max(self.free, self.penalty)


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
            NotNowError: It is droppable and was dropped.
            TelegramError: It was refused for good.
        """
        repeats = REPEATS if rate_limit_args is None else rate_limit_args
        chat_id = int(data.get("chat_id") or 0)

        def work() -> Coroutine[Any, Any, Any]:
            return callback(*args, **kwargs)

        if endpoint in _ONCE:
            return await work()
        if endpoint in _DRAFTS or repeats == DROPPABLE:
            with self._known(chat_id) as chat:
                return await self._at_once(chat_id, chat, work, message=endpoint not in _DRAFTS)
        edits = endpoint in _EDITS and chat_id < 0  # in groups they count as messages
        if endpoint not in _MESSAGES and not edits:
            return await Attempts(endpoint, 3, idempotent=True).run(work)
        attempts = Attempts(endpoint, 3 if edits else repeats, idempotent=edits)
        async with self._turn(chat_id) as chat:
            return await attempts.run(partial(self._paced, chat_id, chat, work), chat.penalise)

    @contextmanager
    def _known(self, chat_id: int) -> Iterator[_Chat]:
        chat = self._chats.setdefault(chat_id, _Chat(self._group_messages))
        chat.users += 1
        try:
            yield chat
        finally:
            chat.users -= 1
            self._forget_idle()

    @asynccontextmanager
    async def _turn(self, chat_id: int) -> AsyncIterator[_Chat]:
        with self._known(chat_id) as chat:
            async with chat.lock:
                yield chat

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
        return await self._counted(chat, slot, work)

    async def _counted(self, chat: _Chat, slot: _Slot, work: Work) -> Any:
        """Does it now, as a message to the chat."""
        try:
            return await work()
        finally:
            now = _now()
            slot.close(now)
            chat.free = max(chat.penalty, now + self._chat_seconds)
            chat.minute.append(now)

    async def _at_once(self, chat_id: int, chat: _Chat, work: Work, *, message: bool) -> Any:
        """Does it now or never; as a ``message`` in the chat's turn, else beside it."""
        pause = self._pause(chat_id, chat, message=message)
        if pause > 0:
            raise NotNowError(pause)
        slot = _Slot(_now())
        self._recent.append(slot)
        if not message:
            try:
                return await attempt(work, chat.penalise)
            finally:
                slot.close(_now())
        async with chat.lock:  # nobody has it: ``_pause`` looked, and nothing was awaited since
            return await attempt(partial(self._counted, chat, slot, work), chat.penalise)

    def _pause(self, chat_id: int, chat: _Chat, *, message: bool) -> float:
        """How long something droppable would have to wait; it leaves half of each limit alone."""
        free = chat.free if message else chat.penalty
        if message and chat.lock.locked():
            free = max(free, _now() + self._chat_seconds)
        half = max(1, self._group_messages // 2)
        if message and chat_id < 0 and len(chat.minute) >= half:
            free = max(free, chat.minute[-half] + self._group_seconds)
        half = max(1, (self._recent.maxlen or 0) // 2)
        if len(self._recent) >= half:
            free = max(free, self._recent[-half].at + 1.0)
        return free - _now()

    def _forget_idle(self) -> None:
        if len(self._chats) < 1000:
            return
        now = _now()
        self._chats = {
            number: chat
            for number, chat in self._chats.items()
            if chat.users or chat.free > now or (chat.minute and now - chat.minute[-1] < 60)
        }


def _now() -> float:
    return asyncio.get_running_loop().time()
