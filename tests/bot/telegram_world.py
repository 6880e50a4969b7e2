"""A bot at work for the tests: the real application against the fake Bot API."""

from __future__ import annotations

import asyncio
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from bot.answer import Answer, Claim
from bot.citations import Opened
from bot.conversation import Conversation
from bot.language_model.writing import OnClaim
from bot.telegram_app import Limits, TelegramConfig
from bot.telegram_app.serving import serve
from index.articles import Article, Section, Span
from index.errors import UsageError
from tests.bot.samples import ANSWER, CITATION, GREETING, OPENED, REFUSAL
from tests.fake_bot_api import TOKEN, FakeBotApi

ROOT = Path(__file__).parents[2]


class SmallAssistant:
    """Knows one answer in several sizes; what a question holds decides which.

    Anything else is answered with its own words, so that tests see what was understood.
    """

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.conversations: deque[Conversation] = deque(maxlen=100)

    def answer(
        self,
        question: str,
        conversation: Conversation | None = None,
        *,
        today: date,
        on_claim: OnClaim | None = None,
    ) -> Answer:
        self.conversations.append(conversation or Conversation())
        time.sleep(self.seconds)
        if len(question) > 1000:
            raise UsageError("too long")
        if "Fehler" in question:
            raise RuntimeError(f"broken by {question}")
        if "2031" in question:
            return replace(REFUSAL, question=question)
        if "Hallo" in question:
            return replace(GREETING, question=question)
        if "lang" in question:
            return self._long(question)
        text = f"Antwort: {question}"
        return replace(ANSWER, question=question, answer=f"{text} [1]", claims=(Claim(text, (1,)),))

    def _long(self, question: str) -> Answer:
        numbers = range(1, 7)
        quotes = [f"<b>Zitat</b> & {n} " + "Wort 🧱 " * 180 for n in numbers]
        citations = [
            replace(CITATION, n=n, quote=quote) for n, quote in zip(numbers, quotes, strict=True)
        ]
        claims = tuple(Claim(f"Aussage {n}.", (n,)) for n in numbers)
        return replace(ANSWER, question=question, claims=claims, citations=tuple(citations))

    def open(self, identifier: str) -> Opened:
        if identifier != CITATION.id:
            raise UsageError("no such citation")
        return OPENED

    def find(self, name: str) -> Opened | Article | None:
        if name == CITATION.id:
            return OPENED
        if name == "a.md":
            text = "Ein Artikel über <Mauern> & Grenzen."
            return Article("a.md", text, "Ein Artikel", (Section(Span(0, len(text))),))
        return None

    def cards(self) -> Sequence[Any]:
        return [Card("Alt", "2020-01-02"), Card("Neu <3", "2024-11-09", "Blatt"), Card("Ohne")]


class Card:
    """An article without its text."""

    def __init__(self, title: str, day: str | None = None, source: str | None = None) -> None:
        self.title, self.date, self.source, self.url = title, day, source, None


@asynccontextmanager
async def serving(
    api: FakeBotApi, state: Path, assistant: SmallAssistant | None = None, **config: Any
) -> AsyncIterator[asyncio.Task[None]]:
    """The bot at work while the block runs; it is stopped behind it.

    Tests that do not ask for other limits need not wait a second between messages.
    """
    config.setdefault("limits", Limits(chat_seconds=0.02))
    told = TelegramConfig(token=api.token, api_url=api.url, **config)
    task = asyncio.create_task(serve(told, assistant or SmallAssistant(), state))
    try:
        yield task
    finally:
        if not task.done():
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def process(url: str, state: Path, token: str = TOKEN, *more: str) -> AsyncIterator[Process]:
    """The bot as a process of its own."""
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", "-m", "tests.bot.telegram_process"),
        *(url, str(state), token, *more),
        cwd=ROOT,
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        yield running
    finally:
        if running.returncode is None:
            running.kill()
        await running.communicate()


async def ended(running: Process) -> tuple[int | None, list[str]]:
    """Exit status and the lines on standard error."""
    _, errors = await asyncio.wait_for(running.communicate(), 30)
    return running.returncode, errors.decode().splitlines()


async def line(running: Process, words: str) -> str:
    """The next line on standard error that holds these words."""
    assert running.stderr is not None
    async with asyncio.timeout(30):
        while words not in (text := (await running.stderr.readline()).decode()):
            assert text, "standard error ended"
    return text
