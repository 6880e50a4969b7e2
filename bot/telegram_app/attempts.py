"""What becomes of a request, and whether it is tried again.

A request that failed is repeated by what became of it:

* It never left (no connection): repeated until it does.
* Refused for the moment (429, 5xx): repeated; the work was not done.
* Its answer was lost: the message may have arrived. Repeated once, and logged as a possible
  repeat; if that is lost as well, ``LostError``.

Something droppable is tried once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

import httpx
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

log = logging.getLogger(__name__)

MAX_REFUSALS = 12
LONGEST_PAUSE = 30.0
_FIRST_PAUSE = 0.5
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)

Work = Callable[[], Coroutine[Any, Any, Any]]
Penalise = Callable[[float], None]


class LostError(Exception):
    """Nobody knows whether a message arrived, twice over."""


class NotNowError(Exception):
    """A droppable request was certainly not done; worth another try after ``seconds``."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not before {seconds:.1f} s")
        self.seconds = seconds


class Attempts:
    """One request, attempted until its fate is known."""

    def __init__(self, endpoint: str, repeats: int, *, idempotent: bool) -> None:
        self._endpoint, self._idempotent = endpoint, idempotent
        self._refusals, self._repeats = 0, repeats
        self._pause = _FIRST_PAUSE

    async def run(self, work: Work, penalise: Penalise | None = None) -> Any:
        """Does it, as often as it takes.

        Args:
            work: The request.
            penalise: Told for how many seconds Telegram wants nothing; ``work`` must heed it.
                None: waited here.

        Raises:
            LostError: It may or may not have arrived, and a repeat would not be the same.
            TelegramError: It was refused for good.
        """
        while True:
            try:
                return await work()
            except RetryAfter as error:
                pause = _seconds(error)
                log.info("Telegram asks to wait %.0f s before the next %s", pause, self._endpoint)
                if penalise is not None:
                    penalise(pause)
                else:
                    await asyncio.sleep(pause)
                self._refused(error)
            except BadRequest:
                raise
            except NetworkError as error:
                await self._failed(error)

    async def _failed(self, error: NetworkError) -> None:
        cause = error.__cause__
        if _is_status(error):
            self._refused(error)
        elif not isinstance(cause, _NEVER_LEFT):
            self._lost_answer(error)
            return
        if isinstance(cause, httpx.PoolTimeout):  # our own crowd, which thins out
            self._pause = _FIRST_PAUSE
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


async def attempt(work: Work, penalise: Penalise) -> Any:
    """The only attempt at something droppable.

    Raises:
        LostError: It may or may not have arrived.
        NotNowError: It certainly did not.
        TelegramError: It was refused for good.
    """
    try:
        return await work()
    except RetryAfter as error:
        penalise(_seconds(error))
        raise NotNowError(_seconds(error)) from error
    except BadRequest:
        raise
    except NetworkError as error:
        if _is_status(error) or isinstance(error.__cause__, _NEVER_LEFT):
            raise NotNowError(_FIRST_PAUSE) from error
        raise LostError(str(error)) from error


def _is_status(error: NetworkError) -> bool:
    """Whether the server answered, with an HTTP status such as 502."""
    return error.__cause__ is None or isinstance(error.__cause__, TelegramError)


def _seconds(error: RetryAfter) -> float:
    """``retry_after`` may be a number or a timedelta, by a setting of the library."""
    value = error.retry_after
    return float(value) if isinstance(value, int) else value.total_seconds()
