"""What every handler works with: the inbox, the assistant, and the way out."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

from telegram import LinkPreviewOptions, Message, ReplyParameters, Update, User
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError
from telegram.ext import ExtBot

from bot.render.strings import Strings, load_strings
from bot.render.telegram_html import escape, plain_messages
from bot.state import Pending, State
from index.errors import NoIndexError

from .addressed import words_of
from .attempts import LostError
from .config import Assistant, TelegramConfig
from .outgoing import Outgoing, Place, Rows, keyboard
from .polling import place_of
from .workers import Workers

log = logging.getLogger(__name__)
T = TypeVar("T")

HERE = Path(__file__).parent
_SECOND_TRY = 10.0
_TYPING_SECONDS = 4.5  # Telegram shows "typing" for five
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def texts_in(language: str | None) -> Strings:
    """The texts of this front end."""
    return load_strings(HERE, "texts", language)


def texts_for(user: User | None) -> Strings:
    """The texts in a person's language."""
    return texts_in(user.language_code if user else None)


def place_in(message: Message) -> Place:
    """Where a message was written: its chat, and its topic if the chat has topics."""
    topic = message.message_thread_id if message.is_topic_message else None
    return Place(message.chat_id, topic)


class Desk:
    """One bot at work."""

    def __init__(
        self,
        config: TelegramConfig,
        state: State,
        assistant: Assistant,
        bot: ExtBot[int],
        workers: int = 4,
    ) -> None:
        self.config, self.state, self.assistant, self.bot = config, state, assistant, bot
        self._workers = Workers(workers)
        self.builder = Workers(1)
        self.is_excess: Callable[[int], bool] = lambda _: False
        self._unfinished: set[int] = set()
        self._typing: set[asyncio.Task[None]] = set()

    # --- taking updates -------------------------------------------------------------------

    async def handle(self, update: Update, handlers: Awaitable[Any]) -> None:
        """Brings one update to its end: replied to, given up, or kept for the next start."""
        inbox, number = self.state.inbox, update.update_id
        pending = inbox.find(number)
        if pending is None:  # dropped meanwhile, with its chat
            return
        if not inbox.begin(number):
            log.error("update %d ended the process too often and is set aside", number)
            return
        try:
            if pending.outgoing is None:
                await handlers
            else:
                await self._resume(update, pending)
        except asyncio.CancelledError:
            inbox.put_back(number)
            raise
        if number in self._unfinished:
            self._unfinished.discard(number)
        else:
            inbox.finish(number)

    async def _resume(self, update: Update, pending: Pending) -> None:
        try:
            await self._send_from(
                update.update_id, _messages(pending)[pending.sent :], pending.sent
            )
        except Exception as error:
            await self.failed(update, error)

    async def failed(self, update: Update, error: Exception) -> None:
        """What is done about an update whose handling raised."""
        if isinstance(error, Forbidden):
            dropped = self.state.inbox.finish_place(place_of(update))
            log.info("a chat can't be written to (%s): %d updates dropped", error, dropped)
        elif isinstance(error, LostError):
            log.error("update %d stays in the inbox: %s", update.update_id, error)
            self._unfinished.add(update.update_id)
        elif isinstance(error, BadRequest) and "query is too old" in str(error):
            log.info("a query was answered too late")
        else:
            await self._apologise(update, error)

    async def _apologise(self, update: Update, error: Exception) -> None:
        """The log has it all; the chat has a word and an id to find it by."""
        name = secrets.token_hex(4)
        message = update.effective_message
        trace = "".join(traceback.format_exception(error)).rstrip()
        words = words_of(message) if message is not None else ""
        if words:  # what people write is logged at DEBUG only
            trace = trace.replace(words, "<text>")
        log.error("error %s in update %d\n%s", name, update.update_id, trace)
        log.debug("error %s", name, exc_info=error)
        if message is None:
            return
        texts = texts_for(update.effective_user)
        key = "error.no_index" if isinstance(error, NoIndexError) else "error.internal"
        text = escape(texts.text(key, id=name))
        with contextlib.suppress(TelegramError, LostError):
            await self.send(Outgoing(place_in(message), text))

    # --- replying -------------------------------------------------------------------------

    def prepare(self, update: Update, messages: Sequence[Outgoing]) -> None:
        """Writes a reply down; from here on a crash only delays it."""
        self.state.inbox.prepare(update.update_id, [message.to_json() for message in messages])

    async def send_prepared(self, update: Update) -> None:
        """Sends the reply that was written down."""
        pending = self.state.inbox.find(update.update_id)
        if pending is not None:
            await self._send_from(update.update_id, _messages(pending), 0)

    async def reply(self, update: Update, html: str, rows: Rows = ()) -> None:
        """Replies to the update's message, once, whatever happens."""
        await self.reply_all(update, [self.to(update, html, rows)])

    async def reply_all(self, update: Update, messages: Sequence[Outgoing]) -> None:
        """Writes a reply of several messages down and sends it."""
        self.prepare(update, messages)
        await self.send_prepared(update)

    def to(self, update: Update, html: str, rows: Rows = ()) -> Outgoing:
        """A message to where the update came from; in a group as a reply."""
        message = update.effective_message
        assert message is not None  # noqa: S101 - handlers of messages and buttons only
        private = message.chat.type == "private"
        quote = not private or update.edited_message is not None
        return Outgoing(place_in(message), html, rows, message.message_id if quote else None)

    async def _send_from(self, number: int, messages: Sequence[Outgoing], done: int) -> None:
        for sent, message in enumerate(messages, done + 1):
            await self.send(message)
            self.state.inbox.tick(number, sent)

    async def send(self, message: Outgoing) -> None:
        """Sends one message, as plain text if Telegram refuses its markup.

        Raises:
            Forbidden: The chat can't be written to.
            LostError: Nobody knows whether it arrived.
        """
        try:
            await self._send_html(message)
        except LostError:
            await asyncio.sleep(_SECOND_TRY)
            log.warning("the answers to a message were lost: one last, possible repeat")
            await self._send_html(message, repeats=0)
        except ChatMigrated as error:
            self.state.records.move_chat(message.place.chat, error.new_chat_id)
            await self._send_html(message.moved(error.new_chat_id))
        except BadRequest as error:
            log.warning("a message was refused (%s); it goes out as plain text", error)
            for text in plain_messages(message.html):
                await self._send(message, text)

    async def send_aside(self, message: Outgoing) -> None:
        """Sends a message beside an update's reply; what fails is only logged."""
        try:
            await self.send(message)
        except (TelegramError, LostError) as error:
            log.info("a message to %d was not sent: %s", message.place.chat, error)

    async def _send_html(self, message: Outgoing, repeats: int | None = None) -> None:
        markup = keyboard(message.rows)
        await self._send(
            message, message.html, parse_mode="HTML", reply_markup=markup, rate_limit_args=repeats
        )

    async def _send(self, message: Outgoing, text: str, **more: Any) -> None:
        reply = None
        if message.reply_to is not None:
            reply = ReplyParameters(message.reply_to, allow_sending_without_reply=True)
        await self.bot.send_message(
            message.place.chat,
            text,
            message_thread_id=message.place.topic,
            reply_parameters=reply,
            link_preview_options=_NO_PREVIEW,
            **more,
        )

    async def edit(self, update: Update, message: Outgoing) -> None:
        """Puts a message in the place of the one whose button was pressed."""
        query = update.callback_query
        assert query is not None  # noqa: S101 - handlers of buttons only
        with _unless_the_same():
            await query.edit_message_text(
                message.html,
                parse_mode="HTML",
                reply_markup=keyboard(message.rows),
                link_preview_options=_NO_PREVIEW,
            )

    # --- working --------------------------------------------------------------------------

    @asynccontextmanager
    async def typing(self, place: Place) -> AsyncIterator[None]:
        """Shows "typing" while the block runs; never in its way."""
        done = asyncio.Event()
        task = asyncio.create_task(self._keep_typing(place, done))
        self._typing.add(task)
        task.add_done_callback(self._typing.discard)
        try:
            yield
        finally:
            # Let the last one arrive first: shown after the answer, it would be a lie. It is
            # never cancelled: that would leave its connection in the pool for good, unusable.
            done.set()
            await asyncio.wait({task}, timeout=1.0)

    async def _keep_typing(self, place: Place, done: asyncio.Event) -> None:
        with contextlib.suppress(TelegramError):
            while True:
                await self.bot.send_chat_action(place.chat, "typing", message_thread_id=place.topic)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(done.wait(), _TYPING_SECONDS)
                    return

    async def blocking(self, work: Callable[[], T]) -> T:
        """Runs blocking work on a thread."""
        return await self._workers.run(work)

    @staticmethod
    def now() -> float:
        """Seconds since 1970."""
        return time.time()

    @staticmethod
    def today() -> date:
        """What "yesterday" counts from: the day here."""
        return datetime.now(UTC).astimezone().date()


@contextmanager
def _unless_the_same() -> Iterator[None]:
    try:
        yield
    except BadRequest as error:
        if "not modified" not in str(error) and "not found" not in str(error):
            raise


def _messages(pending: Pending) -> list[Outgoing]:
    return [Outgoing.from_json(data) for data in pending.outgoing or ()]
