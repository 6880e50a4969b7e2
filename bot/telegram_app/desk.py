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

from telegram import Message, Update, User
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ExtBot

from bot.render.strings import Strings, load_strings
from bot.render.telegram_html import escape
from bot.state import Pending, State
from index.errors import NoIndexError

from .addressed import words_of
from .attempts import LostError
from .config import Assistant, TelegramConfig
from .delivery import NO_PREVIEW, Delivery, unless_the_same
from .outgoing import Outgoing, Place, Rows, in_place_of, keyboard
from .polling import place_of
from .workers import Workers

log = logging.getLogger(__name__)
T = TypeVar("T")

HERE = Path(__file__).parent
_TYPING_SECONDS = 4.5  # Telegram shows "typing" for five


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
        self.delivery = Delivery(bot, state.records)
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
            if pending.outgoing is None or _half_of(pending) is not None:
                await handlers
                await self._leave_nothing_half_said(number)
            else:
                await self._resume(update, pending)
        except asyncio.CancelledError:
            inbox.put_back(number)
            raise
        if number in self._unfinished:
            self._unfinished.discard(number)
        else:
            inbox.finish(number)

    async def _leave_nothing_half_said(self, number: int) -> None:
        """Takes half an answer back when no reply came to take its place."""
        pending = self.state.inbox.find(number)
        half = _half_of(pending) if pending is not None else None
        if half is not None and half.edits is not None:
            await self.delivery.take_back(half.place.chat, half.edits)

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
        """Writes a reply down, in place of what is half-said; a crash only delays it now."""
        half = self.half_said(update)
        if half is not None:
            messages = in_place_of(half, messages)
        self.state.inbox.prepare(update.update_id, [message.to_json() for message in messages])

    def prepare_half(self, update: Update, message: Outgoing) -> None:
        """Writes down that the chat has half an answer: a new start finds and finishes it."""
        self.state.inbox.prepare(update.update_id, [message.to_json()])

    def half_said(self, update: Update) -> int | None:
        """The id of the message that holds half an answer to the update."""
        pending = self.state.inbox.find(update.update_id)
        half = _half_of(pending) if pending is not None else None
        return half.edits if half is not None else None

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
        """Brings one message to its chat; see ``Delivery.send``."""
        await self.delivery.send(message)

    async def send_aside(self, message: Outgoing) -> None:
        """Sends a message beside an update's reply; what fails is only logged."""
        try:
            await self.send(message)
        except (TelegramError, LostError) as error:
            log.info("a message to %d was not sent: %s", message.place.chat, error)

    async def edit(self, update: Update, message: Outgoing) -> None:
        """Puts a message in the place of the one whose button was pressed."""
        query = update.callback_query
        assert query is not None  # noqa: S101 - handlers of buttons only
        with _unless_gone(), unless_the_same():
            await query.edit_message_text(
                message.html,
                parse_mode="HTML",
                reply_markup=keyboard(message.rows),
                link_preview_options=NO_PREVIEW,
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
def _unless_gone() -> Iterator[None]:
    try:
        yield
    except BadRequest as error:
        if "not found" not in str(error):
            raise


def _messages(pending: Pending) -> list[Outgoing]:
    return [Outgoing.from_json(data) for data in pending.outgoing or ()]


def _half_of(pending: Pending) -> Outgoing | None:
    """Half an answer, where that is all there is to the update yet."""
    messages = _messages(pending)
    return messages[0] if messages and messages[0].half else None
