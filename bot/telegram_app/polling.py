"""The bot whose updates are in the inbox before Telegram hears that they arrived."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError
from telegram.ext import ExtBot

from bot.state import Inbox

from .config import TelegramError as Failure
from .rivals import Rivals

log = logging.getLogger(__name__)

UPDATES = ["message", "edited_message", "callback_query", "inline_query"]
POLL_SECONDS = 25


class InboxBot(ExtBot[int]):
    """A bot that writes each batch of updates to its inbox before it asks for the next.

    Asking for the next batch is what confirms the last one to Telegram. Updates seen before are
    left out; those that cannot be read are set aside.
    """

    # The library's bots have slots; what is kept here is set through ``watch``.
    _inbox: Inbox
    _fail: Callable[[Failure], None]
    _rivals: Rivals
    _next: int
    _down: bool

    def watch(self, inbox: Inbox, rivals: Rivals, fail: Callable[[Failure], None]) -> None:
        """Names the inbox, who judges 409s, and whom to tell when polling cannot go on."""
        self._inbox, self._rivals, self._fail = inbox, rivals, fail
        self._next, self._down = 0, False

    async def get_updates(
        self,
        offset: int | None = None,
        limit: int | None = None,
        timeout: float | timedelta | None = None,
        allowed_updates: Sequence[str] | None = None,
        **_: Any,
    ) -> tuple[Update, ...]:
        """The updates that are new, all of them in the inbox.

        Raises:
            TelegramError: They could not be fetched or stored; to be tried again.
        """
        seconds = timeout.total_seconds() if isinstance(timeout, timedelta) else timeout or 0
        data: dict[str, Any] = {
            "timeout": int(seconds),
            "offset": max(offset or 0, self._next) or None,
            "limit": limit,
            "allowed_updates": allowed_updates,
        }
        asked = self._rivals.now()
        try:
            result: Any = await self._post("getUpdates", data, read_timeout=seconds + 10)
        except TelegramError as error:
            if not seconds:  # the library's farewell: what it would confirm is in the inbox
                return ()
            self._note_failure(error, asked)
            raise
        self._rivals.had_it_all(asked)
        if self._down:
            self._down = False
            log.warning("Telegram can be reached again")
        updates = self.take_in(result)
        if result:
            self._next = max(int(update["update_id"]) for update in result) + 1
        return updates

    def _note_failure(self, error: TelegramError, asked: float) -> None:
        if isinstance(error, InvalidToken):
            self._fail(token_refused())
        elif isinstance(error, Conflict):
            if self._rivals.has_won(asked):
                self._fail(another_poller(error))
            elif self._rivals.is_new:
                log.warning("another program fetches updates with this token (409); trying again")
        elif isinstance(error, NetworkError) and not self._down:
            self._down = True
            log.warning("Telegram cannot be reached (%s); trying again until it can", error)

    def take_in(self, raw: Sequence[Mapping[str, Any]]) -> tuple[Update, ...]:
        """Writes updates to the inbox; those that are new and can be read.

        Raises:
            NetworkError: They could not be written; Telegram is to send them again.
        """
        read: dict[int, Update] = {}
        try:
            for data in raw:
                update = self._read(data)
                if update is not None:
                    read[update.update_id] = update
            entries = [
                (int(data["update_id"]), place_of(read[data["update_id"]]), data)
                for data in raw
                if data["update_id"] in read
            ]
            fresh = self._inbox.accept(entries, time.time()) if entries else frozenset()
        except sqlite3.Error as error:
            log.error("updates could not be stored (%s); asking Telegram for them again", error)
            raise NetworkError(f"inbox: {error}") from error
        return tuple(update for number, update in read.items() if number in fresh)

    def _read(self, data: Mapping[str, Any]) -> Update | None:
        try:
            update = Update.de_json(dict(data), self)
            place_of(update)
        except Exception as error:
            log.warning("update %s cannot be read and is set aside", data["update_id"])
            note = f"cannot be read: {type(error).__name__}"
            self._inbox.set_aside(int(data["update_id"]), data, note, time.time())
            return None
        return update


def place_of(update: Update) -> str:
    """What updates are kept in order by: the chat, else the person."""
    if update.effective_chat is not None:
        return str(update.effective_chat.id)
    return f"user {update.effective_user.id if update.effective_user else 0}"


def token_refused() -> Failure:
    """The line for a 401."""
    return Failure(
        "Telegram refuses the token (401): get the current one from @BotFather and put it into "
        "BELEGBOT_TELEGRAM_TOKEN"
    )


def no_such_bot(api_url: str) -> Failure:
    """The line for a 404: another server than a Bot API's, or no token of a bot."""
    return Failure(
        f"{api_url} knows no such bot (404): check BELEGBOT_TELEGRAM_TOKEN and "
        "BELEGBOT_TELEGRAM_API_URL"
    )


def another_poller(error: object) -> Failure:
    """The line for a 409."""
    webhook = "webhook" in str(error)
    return Failure(
        "a webhook is set for this token (409): remove it, or set BELEGBOT_WEBHOOK_URL"
        if webhook
        else "another program fetches updates with this token (409): stop it, "
        "or use a token of its own for this one"
    )


async def connect(bot: InboxBot, api_url: str, pause: float = 5.0) -> None:
    """Calls ``getMe``; without a network it tries again for ever, and says so.

    Raises:
        Failure: Telegram refuses the token.
    """
    while True:
        try:
            await bot.initialize()
        except InvalidToken as error:
            if "Not Found" in str(error.__cause__):
                raise no_such_bot(api_url) from None
            raise token_refused() from None
        except TelegramError as error:
            log.warning(
                "%s cannot be reached (%s); trying again in %.0f s, Ctrl-C ends it",
                api_url,
                error,
                pause,
            )
            await asyncio.sleep(pause)
            pause = min(2 * pause, 60.0)
        else:
            return
