"""One bot, one process: a second one ends, and leaves the one that serves alone."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from bot.state import StateError, serving_alone
from bot.telegram_app import Limits, TelegramError
from bot.telegram_app.rivals import Rivals
from tests.bot.telegram_world import ended, process, serving
from tests.fake_bot_api import FakeBotApi, Refuse

CONFLICT = Refuse(409, "Conflict: terminated by other getUpdates request")


class Clock:
    """A clock set by hand."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


async def test_a_second_process_on_the_same_state_ends_at_once(tmp_path: Path) -> None:
    async with FakeBotApi() as api, process(api.url, tmp_path) as first:
        anna = api.person("Anna")
        anna.says("Eins?")
        await anna.hears(20)
        polls = len(api.called("getUpdates"))
        async with process(api.url, tmp_path) as second:
            assert await ended(second) == (
                1,
                [
                    f"belegbot: this bot already runs here, as process {first.pid}: stop that one "
                    "first, or give this one a token of its own"
                ],
            )
        assert len(api.called("getUpdates")) == polls
        anna.says("Zwei?")
        await anna.hears(20)
        first.kill()
        await first.wait()
        async with process(api.url, tmp_path):
            anna.says("Drei?")
            await anna.hears(20)


def test_bots_are_locked_one_by_one(tmp_path: Path) -> None:
    with serving_alone(tmp_path / "new", 1), serving_alone(tmp_path / "new", 2):
        second = serving_alone(tmp_path / "new", 1)
        with pytest.raises(StateError, match="already runs here, as process"), second:
            pass
    with serving_alone(tmp_path / "new", 1):
        pass
    (tmp_path / "file").touch()
    with pytest.raises(StateError, match="cannot be used"), serving_alone(tmp_path / "file", 1):
        pass


async def test_the_one_that_started_later_gives_way(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settled = Limits(chat_seconds=0.02, settled_seconds=0.0)
    async with FakeBotApi() as api, serving(api, tmp_path / "a", limits=settled) as first:
        anna = api.person("Anna")
        anna.says("Eins?")
        await anna.hears()
        async with serving(api, tmp_path / "b") as second:
            async with asyncio.timeout(20):
                await asyncio.wait({first, second}, return_when=asyncio.FIRST_COMPLETED)
            assert isinstance(second.exception(), TelegramError)
            assert not first.done()
        anna.says("Zwei?")
        assert (await anna.hears(20)).text.startswith("Antwort: Zwei?")
    said = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
    assert any("another program fetches updates with this token (409)" in text for text in said)


async def test_a_settled_bot_gives_up_in_the_end(tmp_path: Path) -> None:
    limits = Limits(settled_seconds=0.0, rival_seconds=0.5)
    async with FakeBotApi() as api:
        api.faults.add("getUpdates", *[CONFLICT] * 5)
        async with serving(api, tmp_path, limits=limits) as bot:
            async with asyncio.timeout(10):
                await asyncio.wait({bot})
            assert "another program fetches updates" in str(bot.exception())


def test_who_gives_up_and_when() -> None:
    clock = Clock()
    rivals = Rivals(Limits(), clock)
    assert [rivals.has_won(clock()) for _ in range(3)] == [False, False, True]
    rivals = Rivals(Limits(), clock)
    clock.time += 30
    for _ in range(6):
        assert not rivals.has_won(clock())
        clock.time += 9.9
    clock.time += 0.7
    assert rivals.has_won(clock())


def test_a_rival_that_comes_and_goes_never_ends_a_settled_bot() -> None:
    clock = Clock()
    rivals = Rivals(Limits(), clock)
    clock.time += 3600
    for _ in range(100):  # its service manager starts it again and again
        for seconds in (12.0, 0.5, 1.0):
            asked = clock()
            clock.time += seconds
            assert not rivals.has_won(asked)
