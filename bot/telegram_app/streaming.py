"""An answer on its way: claims are shown as they pass, while the language model still writes.

In a private chat as drafts, which Telegram shows for 30 seconds and never keeps; elsewhere as
one message that grows by edits and ends as the answer. What is shown is a help, never the
answer: a draft or an edit that fails is left out, and nothing waits for it but what must not
overtake it. A quoted answer tells of no claims, and so nothing is shown before it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

from telegram import Update
from telegram.error import TelegramError

from bot.answer import joined
from bot.render.passages import one_line
from bot.render.telegram_html import escape, fits

from .attempts import LostError, NotNowError

if TYPE_CHECKING:
    from bot.answer import Citation, Claim

    from .desk import Desk

log = logging.getLogger(__name__)

_LAST_DRAFT = 1.0  # seconds that an answer waits for a draft still on the wire
_MORE = " …"


class Stream:
    """What people see of one answer before it is whole; open it around the answering."""

    def __init__(self, desk: Desk, update: Update) -> None:
        message = update.effective_message
        assert message is not None  # noqa: S101 - questions are messages
        limits = desk.config.limits
        self._desk, self._update = desk, update
        self._private = message.chat.type == "private"
        self._interval = limits.draft_seconds if self._private else limits.edit_seconds
        self._renewal = limits.renew_seconds if self._private else None
        self._loop = asyncio.get_running_loop()
        self._claims: list[str] = []
        self._shown = ""
        self._last: float | None = None
        self._grown, self._over = asyncio.Event(), asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def told(self, claim: Claim, _: tuple[Citation, ...]) -> None:
        """A claim has passed: to be called on the thread that answers."""
        with contextlib.suppress(RuntimeError):  # the loop is gone: nobody looks
            self._loop.call_soon_threadsafe(self._passed, claim)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Shows nothing more, and lets what is on the wire arrive first.

        It is never cancelled: that would leave its connection in the pool for good, unusable,
        and the id of a message that did arrive unknown. A late edit would overwrite the answer;
        its requests' own time-outs bound the wait. A late draft is gone in a moment.
        """
        self._over.set()
        self._grown.set()
        if self._task is not None:
            bounded = self._private or isinstance(error, asyncio.CancelledError)
            await asyncio.wait({self._task}, timeout=_LAST_DRAFT if bounded else None)

    async def rest(self) -> None:
        """Waits until the answer may be edited into what was shown."""
        if not self._private and self._last is not None:
            await asyncio.sleep(self._last + self._interval - self._loop.time())

    def _passed(self, claim: Claim) -> None:
        if self._over.is_set():
            return
        self._claims.append(one_line(joined((claim,))))
        self._grown.set()
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        try:
            while not self._over.is_set():
                self._grown.clear()
                pause = await self._attempt()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._over.wait(), pause)
                with contextlib.suppress(TimeoutError):  # then the draft would soon be gone
                    await asyncio.wait_for(self._grown.wait(), self._renewal)
        except (TelegramError, LostError) as error:
            log.info("an answer on its way is not shown any further: %s", error)
        except Exception as error:  # whatever it is, the answer must not pay for it
            log.error("an answer on its way can't be shown: %s", type(error).__name__)
            log.debug("it was this", exc_info=error)

    async def _attempt(self) -> float:
        """Shows what there is, if it can be done now; for how long to leave it at that."""
        try:
            await self._show(self._html())
        except NotNowError as error:
            self._grown.set()
            return max(self._interval, error.seconds)
        except LostError:
            if not self._private and self._desk.half_said(self._update) is None:
                log.warning("the answer to a sendMessage was lost: half an answer may be left")
                raise
            self._grown.set()
        self._last = self._loop.time()
        return self._interval

    async def _show(self, html: str) -> None:
        desk, half = self._desk, self._desk.to(self._update, html)
        if html == self._shown and not self._private:
            return
        if self._private:
            await desk.delivery.draft(half.place, self._update.update_id, html)
        else:
            half = replace(half, edits=desk.half_said(self._update), half=True)
            half = replace(half, edits=await desk.delivery.show(half))
            desk.prepare_half(self._update, half)
        self._shown = html

    def _html(self) -> str:
        """As many claims as fit into a message; where it stays, with a sign that more comes."""
        more = "" if self._private else _MORE
        for count in range(len(self._claims), 0, -1):
            html = escape(" ".join(self._claims[:count])) + more
            if fits(html):
                return html
        return self._shown
