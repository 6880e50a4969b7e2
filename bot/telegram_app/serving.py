"""The bot's life: start, serve, stop."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import Updater
from telegram.request import HTTPXRequest

from bot.state import State, serving_alone
from index.errors import BelegError

from .application import assemble, set_commands
from .config import Assistant, TelegramConfig
from .config import TelegramError as Failure
from .desk import Desk
from .pace import Pace
from .polling import POLL_SECONDS, UPDATES, InboxBot, connect
from .redaction import redacted
from .rivals import Rivals
from .turnstile import Turnstile
from .webhook import WebhookReceiver

log = logging.getLogger(__name__)

FINISH_SECONDS = 7.0  # of the ten that a service manager may give us
_FETCH_SECONDS = 3.0
_PRUNE_SECONDS = 3600.0


def run(config: TelegramConfig, assistant: Assistant, state_dir: Path) -> int:
    """Serves until SIGTERM or SIGINT; the exit status. A failure is one line on stderr."""
    _set_up_logging()
    try:
        asyncio.run(serve(config, assistant, state_dir))
    except BelegError as error:
        sys.stderr.write(f"belegbot: {error}\n")
        return 1
    except TelegramError as error:  # of the library's, and of no kind that was foreseen
        log.debug("ended by", exc_info=error)
        sys.stderr.write(f"belegbot: Telegram says no ({error}): please try again later\n")
        return 1
    except KeyboardInterrupt:
        pass
    return 0


async def serve(config: TelegramConfig, assistant: Assistant, state_dir: Path) -> None:
    """Serves until SIGTERM or SIGINT, or until this task is cancelled.

    Raises:
        TelegramError: The token is malformed or refused, or somebody else uses it.
        StateError: The state folder cannot be used, or another process serves the bot from it.
    """
    bot_id, stop = config.bot_id, asyncio.Event()
    # The library's own switch: without it every 429 raises a deprecation warning.
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    with serving_alone(state_dir, bot_id), redacted(config.token), _signals(stop):
        state = State(state_dir, bot_id)
        try:
            await _Service(config, assistant, state, stop).run()
        finally:
            state.close()


class _Service:
    """One run of the bot."""

    def __init__(
        self, config: TelegramConfig, assistant: Assistant, state: State, stop: asyncio.Event
    ) -> None:
        self._config, self._state, self._stop = config, state, stop
        self._failure: Failure | None = None
        # Whoever waits for a free connection waits on: giving up just as one comes free would
        # leave it in the pool for good, unusable (httpcore 1.0). No call waits long for a reply.
        self._requests = (
            HTTPXRequest(connection_pool_size=2, pool_timeout=None),
            HTTPXRequest(connection_pool_size=64, read_timeout=10, pool_timeout=None),
        )
        self._bot = _bot(config, *self._requests)
        self._bot.watch(state.inbox, Rivals(config.limits), self._fail)
        self._app = assemble(Desk(config, state, assistant, self._bot), self._bot)
        self._receiver: WebhookReceiver | None = None
        if config.webhook is not None:
            self._receiver = WebhookReceiver(config.webhook, self._bot, self._take)

    async def run(self) -> None:
        """From the first call to Telegram to the last."""
        try:
            await self._run()
        finally:
            for request in self._requests:
                await request.shutdown()
        if self._failure is not None:
            raise self._failure

    async def _run(self) -> None:
        self._state.prune(time.time())
        connecting = connect(self._bot, self._config.api_url)
        if not await _unless_stopped(self._stop, connecting):
            return
        async with self._app:
            self._recover()
            await self._app.start()
            chores = asyncio.create_task(self._chores())
            try:
                await self._serve()
            finally:
                chores.cancel()
                await self._finish()

    async def _serve(self) -> None:
        receiver = self._receiver
        starting = receiver.start() if receiver is not None else self._start_polling()
        if await _unless_stopped(self._stop, starting):
            log.info("serving @%s", self._bot.username)
            await self._stop.wait()

    async def _start_polling(self) -> None:
        await self._updater.start_polling(
            timeout=POLL_SECONDS,
            bootstrap_retries=-1,
            allowed_updates=UPDATES,
            error_callback=_already_logged,
        )

    async def _take(self, data: Mapping[str, Any]) -> None:
        """One update from the webhook."""
        for update in self._bot.take_in([data]):
            await self._app.update_queue.put(update)

    def _fail(self, failure: Failure) -> None:
        self._failure = self._failure or failure
        self._stop.set()

    def _recover(self) -> None:
        """Takes up what was not replied to before the last end."""
        turnstile = self._turnstile
        for pending in self._state.inbox.pending():
            update = Update.de_json(dict(pending.payload), self._bot)
            turnstile.recovered.add(pending.update_id)
            self._app.update_queue.put_nowait(update)
        if turnstile.recovered:
            log.info("%d updates from before are taken up", len(turnstile.recovered))

    @property
    def _updater(self) -> Updater:
        updater = self._app.updater
        assert isinstance(updater, Updater)  # noqa: S101 - the builder made one
        return updater

    @property
    def _turnstile(self) -> Turnstile:
        processor = self._app.update_processor
        assert isinstance(processor, Turnstile)  # noqa: S101 - ``assemble`` put it there
        return processor

    async def _chores(self) -> None:
        await set_commands(self._bot, self._config.admins)
        while True:
            await asyncio.sleep(_PRUNE_SECONDS)
            self._state.prune(time.time())

    async def _finish(self) -> None:
        """Fetches nothing more, finishes what is in hand; the rest stays in the inbox."""
        await asyncio.gather(self._stop_fetching(), self._turnstile.drain(FINISH_SECONDS))
        await self._app.stop()

    async def _stop_fetching(self) -> None:
        if self._receiver is not None:
            await self._receiver.stop()
        if self._updater.running:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._updater.stop(), _FETCH_SECONDS)


def _bot(config: TelegramConfig, polling: HTTPXRequest, calling: HTTPXRequest) -> InboxBot:
    return InboxBot(
        config.token,
        base_url=f"{config.api_url.rstrip('/')}/bot",
        base_file_url=f"{config.api_url.rstrip('/')}/file/bot",
        request=calling,
        get_updates_request=polling,
        rate_limiter=Pace(chat_seconds=config.limits.chat_seconds),
    )


def _already_logged(_: Exception) -> None:
    """Failures of polling are logged where they are counted."""


async def _unless_stopped(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Runs the work; False if ``stop`` was set first."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            return False
        working.result()
        return True
    finally:
        working.cancel()
        stopping.cancel()


@contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    """SIGTERM and SIGINT ask to stop; a second one changes nothing."""
    loop = asyncio.get_running_loop()
    added = []
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError, RuntimeError, ValueError):  # not the main thread
            loop.add_signal_handler(number, stop.set)
            added.append(number)
    try:
        yield
    finally:
        for number in added:
            loop.remove_signal_handler(number)


def _set_up_logging() -> None:
    """To standard error, unless the program has said otherwise; requests only at DEBUG."""
    if not logging.getLogger().handlers:
        logging.basicConfig(
            level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
        )
        for name in ("httpx", "telegram", "tornado", "watchfiles"):
            logging.getLogger(name).setLevel(logging.WARNING)
        # It logs a proxy's 502 page with a traceback; what it means is logged where it counts.
        logging.getLogger("telegram.request").setLevel(logging.CRITICAL)
