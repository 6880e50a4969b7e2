"""How one message reaches its chat: sent, edited into another's place, shown half-said."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from telegram import LinkPreviewOptions, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError
from telegram.ext import ExtBot

from bot.render.telegram_html import plain_messages

from .attempts import LostError
from .outgoing import Outgoing, Place, keyboard
from .pace import DROPPABLE

if TYPE_CHECKING:
    from bot.state import Records

log = logging.getLogger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_SECOND_TRY = 10.0


class Delivery:
    """The way out of one bot."""

    def __init__(self, bot: ExtBot[int], records: Records) -> None:
        """``records``: they move along when a group does."""
        self._bot, self._records = bot, records

    async def send(self, message: Outgoing) -> None:
        """Brings one message to its chat; what it replaces or removes is gone then.

        Raises:
            Forbidden: The chat can't be written to.
            LostError: Nobody knows whether it arrived.
        """
        stale = message.removes
        if message.edits is None:
            await self._send_anew(message)
        elif not await self._put_in_place(message):
            await self._send_anew(message)
            stale = message.edits
        if stale is not None:
            await self.take_back(message.place.chat, stale)

    async def show(self, message: Outgoing) -> int:
        """Sends (or edits) half an answer, now or never; the id of the message.

        Raises:
            NotNowError: It was not done, for the moment.
            LostError: Nobody knows whether it arrived.
            TelegramError: It was refused.
        """
        if message.edits is None:
            return await self._send(message, message.html, parse_mode="HTML", repeats=DROPPABLE)
        with unless_the_same():
            await self._edit(message, repeats=DROPPABLE)
        return message.edits

    async def draft(self, place: Place, number: int, html: str) -> None:
        """Shows a draft in a private chat, now or never; ``number`` tells answers apart.

        Raises:
            NotNowError, LostError, TelegramError: As ``show``.
        """
        await self._bot.send_message_draft(
            place.chat, number, html, message_thread_id=place.topic, parse_mode="HTML"
        )

    async def take_back(self, chat: int, message: int) -> None:
        """Deletes a message; that it is gone already is no failure."""
        try:
            await self._bot.delete_message(chat, message)
        except TelegramError as error:
            if "not found" not in str(error):
                log.warning("half an answer in chat %d could not be deleted: %s", chat, error)

    async def _send_anew(self, message: Outgoing) -> None:
        """Sends one message, as plain text if Telegram refuses its markup."""
        try:
            await self._send_html(message)
        except LostError:
            await asyncio.sleep(_SECOND_TRY)
            log.warning("the answers to a message were lost: one last, possible repeat")
            await self._send_html(message, repeats=0)
        except ChatMigrated as error:
            self._records.move_chat(message.place.chat, error.new_chat_id)
            await self._send_html(message.moved(error.new_chat_id))
        except BadRequest as error:
            log.warning("a message was refused (%s); it goes out as plain text", error)
            for text in plain_messages(message.html):
                await self._send(message, text)

    async def _put_in_place(self, message: Outgoing) -> bool:
        """Edits the other message into this one; False where that can't be done."""
        try:
            with unless_the_same():
                await self._edit(message)
        except Forbidden:
            raise
        except TelegramError as error:
            log.warning("an answer can't end where it began (%s): it is sent anew", error)
            return False
        return True

    async def _send_html(self, message: Outgoing, repeats: int | None = None) -> None:
        markup = keyboard(message.rows)
        await self._send(
            message, message.html, parse_mode="HTML", reply_markup=markup, repeats=repeats
        )

    async def _send(
        self, message: Outgoing, text: str, *, repeats: int | None = None, **more: Any
    ) -> int:
        reply = None
        if message.reply_to is not None:
            reply = ReplyParameters(message.reply_to, allow_sending_without_reply=True)
        sent = await self._bot.send_message(
            message.place.chat,
            text,
            message_thread_id=message.place.topic,
            reply_parameters=reply,
            link_preview_options=NO_PREVIEW,
            rate_limit_args=repeats,
            **more,
        )
        return sent.message_id

    async def _edit(self, message: Outgoing, repeats: int | None = None) -> None:
        await self._bot.edit_message_text(
            message.html,
            message.place.chat,
            message.edits,
            parse_mode="HTML",
            reply_markup=keyboard(message.rows),
            link_preview_options=NO_PREVIEW,
            rate_limit_args=repeats,
        )


@contextlib.contextmanager
def unless_the_same() -> Iterator[None]:
    """An edit that changes nothing has succeeded."""
    try:
        yield
    except BadRequest as error:
        if "not modified" not in str(error):
            raise
