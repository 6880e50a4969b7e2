"""The end of the bot: what is in hand is finished, the rest is kept."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

from tests.bot.telegram_world import ended, process
from tests.fake_bot_api import TOKEN, FakeBotApi


async def test_a_second_process_takes_over_only_with_a_conflict(tmp_path: Path) -> None:
    async with FakeBotApi() as api, process(api.url, tmp_path) as first:
        anna = api.person("Anna")
        anna.says("Eins?")
        await anna.hears(20)
        async with process(api.url, tmp_path / "other") as second:
            async with asyncio.timeout(20):
                while first.returncode is None and second.returncode is None:
                    await asyncio.sleep(0.05)
            status, lines = await ended(first if first.returncode is not None else second)
            assert (status, "another program fetches updates" in lines[-1]) == (1, True)


async def test_sigterm_finishes_what_is_in_hand(tmp_path: Path) -> None:
    async with FakeBotApi() as api:
        anna = api.person("Anna")
        async with process(api.url, tmp_path, TOKEN, "1.0") as running:
            for number in range(5):
                anna.says(f"Frage {number}?")
            await api.until(lambda: api.called("sendChatAction"), 20)
            running.send_signal(signal.SIGTERM)
            began = asyncio.get_running_loop().time()
            status, lines = await ended(running)
            assert asyncio.get_running_loop().time() - began < 10
            assert status == 0
            assert not any("Traceback" in text for text in lines)
            assert [seen.text[:17] for seen in anna.seen] == ["Antwort: Frage 0?"]
        async with process(api.url, tmp_path) as running:
            await api.until(lambda: len(anna.seen) == 5, 30)
    assert [seen.text[:17] for seen in anna.seen] == [f"Antwort: Frage {n}?" for n in range(5)]


async def test_work_that_takes_too_long_does_not_hold_up_the_end(tmp_path: Path) -> None:
    async with FakeBotApi() as api:
        anna = api.person("Anna")
        async with process(api.url, tmp_path, TOKEN, "60") as running:
            anna.says("Dauert?")
            await api.until(lambda: api.called("sendChatAction"), 20)
            running.send_signal(signal.SIGTERM)
            began = asyncio.get_running_loop().time()
            status, _ = await ended(running)
            assert asyncio.get_running_loop().time() - began < 10
            assert status == 0
        async with process(api.url, tmp_path) as running:
            assert (await anna.hears(20)).text.startswith("Antwort: Dauert? [1]")
