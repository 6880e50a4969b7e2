"""What admins may say: ``/index``, ``/stats`` and ``/pending``."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from telegram import Update
from telegram.error import TelegramError

from bot.render.passages import one_line
from bot.render.strings import Strings, number
from bot.render.telegram_html import clipped, escape
from index.errors import BelegError, LockHeldError

from .access import is_admin
from .buttons import waiting
from .desk import Desk, place_in, texts_for
from .reasons import reason_in

if TYPE_CHECKING:
    from telegram import Message

    from index.build import BuildReport

log = logging.getLogger(__name__)

_MONTH = 30 * 86400.0
_EDIT_SECONDS = 3.0
_MOST_WAITS = 60
_SHOWN_SKIPPED = 5


class Admin:
    """For the people in ``BELEGBOT_TELEGRAM_ADMINS``; others are told so."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def pending(self, update: Update, _: Any) -> None:
        """Who waits to be let in."""
        if await self._may(update):
            texts = texts_for(update.effective_user)
            html, rows = waiting(self._desk.state.people.waiting(), texts)
            await self._desk.reply(update, html, rows)

    async def stats(self, update: Update, _: Any) -> None:
        """Figures of the last 30 days."""
        if not await self._may(update):
            return
        texts = texts_for(update.effective_user)
        stats = self._desk.state.records.stats(self._desk.now() - _MONTH)
        cards = await self._desk.blocking(self._desk.assistant.cards)
        language = texts.language
        share = number(100 * stats.answered / max(1, stats.questions), language) + " %"
        text = texts.text(
            "stats.text",
            questions=number(stats.questions, language),
            people=number(stats.people, language),
            share=share,
            up=stats.up,
            down=stats.down,
            median=number(stats.median, language, 2),
            slow=number(stats.slow, language, 2),
            articles=number(len(cards), language),
        )
        await self._desk.reply(update, escape(text))

    async def index(self, update: Update, _: Any) -> None:
        """Brings the index up to date, with a message that follows its progress."""
        if not await self._may(update):
            return
        texts = texts_for(update.effective_user)
        message = update.effective_message
        if self._desk.config.rebuild is None or message is None:
            await self._desk.reply(update, escape(texts.text("index.unavailable")))
            return
        await self._desk.reply(update, escape(await rebuilt(self._desk, message, texts)))

    async def _may(self, update: Update) -> bool:
        if is_admin(self._desk, update.effective_user):
            return True
        texts = texts_for(update.effective_user)
        await self._desk.reply(update, escape(texts.text("admins_only")))
        return False


class _Progress:
    """How far a build is, written on its thread and read on the event loop's."""

    def __init__(self) -> None:
        self.state: tuple[str, int, int] | None = None

    def step(self, stage: str, done: int, total: int) -> None:
        """One step of the build."""
        self.state = (stage, done, total)


async def rebuilt(
    desk: Desk, message: Message, texts: Strings, first: Callable[[], object] | None = None
) -> str:
    """Builds, and shows how far it is in a message of its own; what came of it, as text.

    ``first`` changes the seeds folder; done again, it changes nothing.
    """
    progress, finished = _Progress(), asyncio.Event()
    shown = await message.reply_text(
        texts.text("index.running"), message_thread_id=place_in(message).topic
    )
    following = asyncio.create_task(_follow(progress, shown, texts, finished))
    try:
        return _reported(await _build(desk, progress, first), texts)
    except BelegError as error:
        return texts.text("index.failed", reason=clipped(one_line(str(error)), 500))
    finally:
        finished.set()
        await asyncio.wait({following}, timeout=_EDIT_SECONDS)


async def _build(
    desk: Desk, progress: _Progress, first: Callable[[], object] | None
) -> BuildReport:
    """The build, after any other that is at work; questions go on meanwhile."""
    rebuild = desk.config.rebuild
    assert rebuild is not None  # noqa: S101 - the callers checked
    for _ in range(_MOST_WAITS):
        with contextlib.suppress(LockHeldError):
            return await desk.builder.run(lambda: rebuild(progress, first))
        await asyncio.sleep(_EDIT_SECONDS)
    return await desk.builder.run(lambda: rebuild(progress, first))


async def _follow(
    progress: _Progress, shown: Message, texts: Strings, finished: asyncio.Event
) -> None:
    last = None
    while not finished.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(finished.wait(), _EDIT_SECONDS)
            return
        if progress.state is not None and progress.state != last:
            stage, done, total = last = progress.state
            text = texts.text(f"index.{stage}", done=done, total=total)
            with contextlib.suppress(TelegramError):
                await shown.edit_text(text)


def _reported(report: BuildReport, texts: Strings) -> str:
    show: Callable[[float], str] = lambda value: number(value, texts.language)  # noqa: E731
    lines = [
        texts.text(
            "index.done",
            seconds=number(report.seconds, texts.language, 1),
            articles=show(report.articles),
            added=show(report.added),
            changed=show(report.changed),
            removed=show(report.removed),
        )
    ]
    if report.skipped:
        lines.append(texts.text("index.skipped", count=show(len(report.skipped))))
        for skipped in report.skipped[:_SHOWN_SKIPPED]:
            reason = reason_in(texts.language, one_line(skipped.reason))
            where = "" if skipped.path == "." else f"{one_line(skipped.path)}: "
            lines.append(clipped(f"• {where}{reason}", 300))
    return "\n".join(lines)
