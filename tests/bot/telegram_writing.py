"""A language model that writes step by step, for the tests of what Telegram shows meanwhile."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bot.answer import Answer
from bot.answering import Answerer
from bot.assistant import Assistant
from bot.conversation import Conversation
from bot.language_model.endpoint import language_model
from bot.language_model.speaking import Bounds, Message, Speaker
from bot.language_model.writing import OnClaim, Writer
from bot.library import Library
from bot.telegram_app import Limits
from index.build import build
from index.encoder import Encoder
from tests.bot.telegram_world import SmallAssistant
from tests.fake_llm import FakeModel, Reply, saying

QUESTION = "Wann fiel die Berliner Mauer?"
ARTICLE = """---
title: Die Nacht der Mauer
date: 2024-11-09
---

Am 9. November 1989 fiel die Berliner Mauer. Günter Schabowski hatte am Abend eine neue
Reiseregelung verlesen. Rund 70.000 Menschen waren am 9. Oktober in Leipzig auf die Straße gegangen.
"""
FELL = "Die Berliner Mauer fiel am 9.11.1989 [1]. "
LIE = "Günter Schabowski verlas am 10. November eine neue Reiseregelung [1]. "
READ = "Günter Schabowski hatte eine neue Reiseregelung verlesen [1]. "
CROWD = "In Leipzig gingen am 9. Oktober rund 70.000 Menschen auf die Straße [1]. "
END = ""

ONE = "Die Berliner Mauer fiel am 9.11.1989. [1]"
TWO = f"{ONE} Günter Schabowski hatte eine neue Reiseregelung verlesen. [2]"
THREE = f"{TWO} In Leipzig gingen am 9. Oktober rund 70.000 Menschen auf die Straße. [3]"
_HEAD = "Die Nacht der Mauer · 9. November 2024"
SOURCES = (
    f"[1] {_HEAD}\nAm 9. November 1989 fiel die Berliner Mauer.",
    f"[2] {_HEAD}\nGünter Schabowski hatte am Abend eine neue Reiseregelung verlesen.",
    f"[3] {_HEAD}\nRund 70.000 Menschen waren am 9. Oktober in Leipzig auf die Straße gegangen.",
)
WHOLE = "\n\n".join((THREE, *SOURCES))

QUICK = Limits(chat_seconds=0.02, draft_seconds=0.1, edit_seconds=0.2, renew_seconds=20.0)


class Steps:
    """Pieces of a reply that leave one by one, when told to."""

    def __init__(self, *pieces: str) -> None:
        self._pieces = pieces
        self._gate = threading.Semaphore(0)

    def __iter__(self) -> Iterator[str]:
        for piece in self._pieces:
            if not self._gate.acquire(timeout=30):
                return
            yield piece

    def go(self, count: int = 1) -> None:
        """Lets the next pieces leave."""
        self._gate.release(count)


def stepwise(steps: Steps) -> Reply:
    """A reply in these steps."""
    return Reply(steps)  # type: ignore[arg-type]


async def soon(condition: Callable[[], object], seconds: float = 20) -> None:
    """Waits for what the Bot API does not see.

    Raises:
        TimeoutError: It did not come true in time.
    """
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


def built(folder: Path, encoder: Encoder) -> Path:
    """An index over the one article, below a folder that also holds its ``seeds``."""
    (folder / "seeds").mkdir()
    (folder / "seeds" / "mauer.md").write_text(ARTICLE, "utf-8")
    build(folder / "seeds", folder / "index", lambda: encoder)
    with FakeModel(saying("bereit")) as model:  # its client's imports take a second or two, once
        Speaker(lambda: language_model(model.url, "x", "")).say([Message("user", "Hallo")])
    return folder / "index"


def writer(index: Path, encoder: Encoder, model: FakeModel | None, **bounds: Any) -> Assistant:
    """The real assistant, with a language model to write its answers."""
    library = Library(index, lambda: encoder)
    if model is None:
        return Assistant(library, Answerer(library))
    url, bounds = model.url, {"retry_after_seconds": 0.0} | bounds
    speaker = Speaker(lambda: language_model(url, "x", ""), bounds=Bounds(**bounds))
    return Assistant(library, Answerer(library, writer=Writer(speaker)))


class Telling(SmallAssistant):
    """Tells of each claim of its answers, waits to be let on, and may then fail."""

    def __init__(self, error: Exception | None = None) -> None:
        super().__init__()
        self.error, self.gate = error, threading.Event()

    def answer(
        self,
        question: str,
        conversation: Conversation | None = None,
        *,
        today: date,
        on_claim: OnClaim | None = None,
    ) -> Answer:
        answer = super().answer(question, conversation, today=today)
        for claim in answer.claims if on_claim is not None else ():
            on_claim(claim, tuple(c for c in answer.citations if c.n in claim.citations))
        self.gate.wait(20)
        if self.error is not None:
            raise self.error
        return answer
