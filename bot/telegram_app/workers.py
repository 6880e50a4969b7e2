"""Blocking work beside the event loop, on threads that never hold up the process's end."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from functools import partial
from typing import TypeVar

T = TypeVar("T")


class Workers:
    """At most ``count`` pieces of blocking work at a time.

    The standard pools wait for their threads when a process ends, however long those take; a
    bot that is asked to stop must not.
    """

    def __init__(self, count: int) -> None:
        self._free = asyncio.Semaphore(count)

    async def run(self, work: Callable[[], T]) -> T:
        """The result of ``work()``, or what it raised."""
        async with self._free:
            loop = asyncio.get_running_loop()
            future: asyncio.Future[T] = loop.create_future()

            def settle(result: T | None, error: BaseException | None) -> None:
                if future.cancelled():
                    return
                if error is not None:
                    future.set_exception(error)
                else:
                    future.set_result(result)  # type: ignore[arg-type]

            def target() -> None:
                result, error = None, None
                try:
                    result = work()
                except BaseException as raised:
                    error = raised
                with contextlib.suppress(RuntimeError):  # the loop is gone: nobody waits
                    loop.call_soon_threadsafe(partial(settle, result, error))

            threading.Thread(target=target, daemon=True, name="answering").start()
            return await future
