"""Calling a language model with bounds: time-outs, one retry, a breaker, an end."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.language_model.breaker import CircuitBreaker
from index.errors import BelegError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM


class LanguageModelError(BelegError):
    """The language model is down, slow or talks nonsense."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long a model may take and how much it may say.

    Attributes:
        first_seconds: Until its first words.
        pause_seconds: Between two pieces of its answer.
        total_seconds: For all of it.
        characters: Of one answer; what comes after is not read.
        retry_after_seconds: How long to wait before the one retry.
    """

    first_seconds: float = 30.0
    pause_seconds: float = 15.0
    total_seconds: float = 90.0
    characters: int = 6_000
    retry_after_seconds: float = 0.5


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a prompt; ``role`` is ``system``, ``user`` or ``assistant``."""

    role: str
    text: str


class Speaker:
    """A language model that can be called without fear. Safe to use from several threads."""

    def __init__(
        self,
        model: Callable[[], LLM],
        *,
        bounds: Bounds | None = None,
        clock: Callable[[], float] = time.monotonic,
        breaker: CircuitBreaker | None = None,
    ) -> None:
        """``model``: makes the model, at the first call, for importing its parts takes time."""
        self._make = model
        self._model: LLM | None = None
        self._lock = threading.Lock()
        self.bounds = bounds or Bounds()
        self._clock = clock
        self._breaker = breaker or CircuitBreaker(clock)

    def warm_up(self) -> None:
        """Makes the model ready beside other work, so that the first question need not wait."""
        threading.Thread(target=self._ready, daemon=True).start()

    def stream(
        self, messages: Sequence[Message], idle: Callable[[], bool] = lambda: False
    ) -> Iterator[str]:
        """The model's answer in pieces; asked at once, read as they are taken.

        Args:
            messages: The prompt.
            idle: Called again and again while nothing has come yet; does a little work and
                says whether there is more.

        Raises:
            LanguageModelError: From the iterator: it is down, too slow, or paused after failures.
        """
        if not self._breaker.lets_through():
            raise LanguageModelError("the language model is paused after failures")
        return self._bounded(messages, _Call(self._ready, messages), idle)

    def say(self, messages: Sequence[Message]) -> str:
        """The model's whole answer.

        Raises:
            LanguageModelError: As ``stream``.
        """
        return "".join(self.stream(messages))

    def _ready(self) -> LLM:
        with self._lock:
            if self._model is None:
                self._model = self._make()
            return self._model

    def _bounded(
        self, messages: Sequence[Message], call: _Call, idle: Callable[[], bool]
    ) -> Iterator[str]:
        try:
            try:
                yield from self._pieces(call, idle)
            except _NothingSaidError:
                call.stop()
                self._wait()
                call = _Call(self._ready, messages)
                yield from self._pieces(call, idle)
        except LanguageModelError:
            self._breaker.failed()
            raise
        finally:
            call.stop()
        self._breaker.succeeded()

    def _pieces(self, call: _Call, idle: Callable[[], bool]) -> Iterator[str]:
        bounds, began = self.bounds, self._clock()
        patience, said = bounds.first_seconds, 0
        while said < bounds.characters:
            while call.waiting and idle():
                pass
            left = began + bounds.total_seconds - self._clock()
            piece = call.next(min(patience, left))
            if piece is None:
                break
            patience = bounds.pause_seconds
            said += len(piece)
            yield piece
        if not said:
            raise LanguageModelError("the language model says nothing")

    def _wait(self) -> None:
        threading.Event().wait(self.bounds.retry_after_seconds)


class _NothingSaidError(LanguageModelError):
    """It failed at once, before its first words: worth one more try."""


class _Call:
    """One call in a thread of its own, so that a silent server blocks nobody."""

    def __init__(self, model: Callable[[], LLM], messages: Sequence[Message]) -> None:
        self._said = False
        self._stopped = threading.Event()
        self._pieces: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()
        thread = threading.Thread(target=self._read, args=(model, messages), daemon=True)
        thread.start()

    @property
    def waiting(self) -> bool:
        """Whether nothing is there to be read."""
        return self._pieces.empty()

    def next(self, seconds: float) -> str | None:
        """The next piece; None at the end."""
        try:
            piece = self._pieces.get(timeout=max(seconds, 0.001))
        except queue.Empty:
            raise LanguageModelError("the language model is too slow") from None
        if isinstance(piece, Exception):
            kind = LanguageModelError if self._said else _NothingSaidError
            raise kind(f"the language model fails ({type(piece).__name__})") from piece
        self._said = self._said or piece is not None
        return piece

    def stop(self) -> None:
        """Lets go of the call; its thread ends with the next piece or its time-out."""
        self._stopped.set()

    def _read(self, model: Callable[[], LLM], messages: Sequence[Message]) -> None:
        try:
            from llama_index.core.base.llms.types import ChatMessage

            chat = [ChatMessage(role=one.role, content=one.text) for one in messages]
            for chunk in model().stream_chat(chat):
                if self._stopped.is_set():
                    break
                if chunk.delta:
                    self._pieces.put(chunk.delta)
            self._pieces.put(None)
        except Exception as error:  # whatever a provider's client raises
            self._pieces.put(error)
