"""Bad input at the start, and the end: one clear line each, no traceback."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.telegram_app import TelegramConfig, TelegramError
from tests.bot.telegram_world import serving
from tests.fake_bot_api import TOKEN, BadGateway, FakeBotApi, Refuse

ROOT = Path(__file__).parents[2]


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


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What this front end warned of."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.WARNING and record.name.startswith("bot.")
    ]


@pytest.mark.parametrize("token", ["", "abc", "123:", "12 34:abc", "123:äöü", "bot123:abcdefgh"])
def test_a_malformed_token_is_said_to_be_one(token: str) -> None:
    with pytest.raises(TelegramError, match="BELEGBOT_TELEGRAM_TOKEN") as raised:
        _ = TelegramConfig(token).bot_id
    assert not token or token not in str(raised.value)
    assert token not in repr(TelegramConfig(token)) or not token


async def test_malformed_token_ends_the_process(tmp_path: Path) -> None:
    async with process("http://127.0.0.1:9", tmp_path, "nonsense") as running:
        assert await ended(running) == (
            1,
            [
                "belegbot: BELEGBOT_TELEGRAM_TOKEN is malformed: expected digits, a colon and "
                "letters, as @BotFather shows it"
            ],
        )


async def test_refused_token_ends_the_process(tmp_path: Path) -> None:
    wrong = "4242424242:AAWrongWrongWrong"
    async with FakeBotApi() as api, process(api.url, tmp_path, wrong) as running:
        assert await ended(running) == (
            1,
            [
                "belegbot: Telegram refuses the token (401): get the current one from @BotFather "
                "and put it into BELEGBOT_TELEGRAM_TOKEN"
            ],
        )


async def test_another_poller_ends_the_process(tmp_path: Path) -> None:
    conflict = Refuse(409, "Conflict: terminated by other getUpdates request")
    async with FakeBotApi() as api, process(api.url, tmp_path) as running:
        api.faults.add("getUpdates", *[conflict] * 5)
        status, lines = await ended(running)
        assert status == 1
        assert lines[-1] == (
            "belegbot: another program fetches updates with this token (409): stop it, "
            "or use a token of its own for this one"
        )
        assert not any("Traceback" in text for text in lines)


async def test_no_network_at_the_start_is_tried_again(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with process(f"http://127.0.0.1:{port}", tmp_path) as running:
        text = await line(running, "cannot be reached")
        assert f"http://127.0.0.1:{port} cannot be reached" in text
        assert "trying again in 5 s, Ctrl-C ends it" in text
        assert TOKEN not in text
        running.send_signal(signal.SIGTERM)
        assert await ended(running) == (0, [])


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


async def test_an_update_that_cannot_be_read_is_set_aside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with FakeBotApi() as api, serving(api, tmp_path):
        anna = api.person("Anna")
        anna.says("Vorher?")
        api.deliver(message={"text": "no id, no chat, no date"})
        anna.says("Nachher?")
        assert [(await anna.hears()).text[:12] for _ in range(2)] == [
            "Antwort: Vor",
            "Antwort: Nac",
        ]
        api.deliver(message=17)
        await asyncio.sleep(0.5)
        polls = len(api.called("getUpdates"))
    assert polls < 10
    lines = warnings(caplog)
    assert lines == [
        "update 700000002 cannot be read and is set aside",
        "update 700000004 cannot be read and is set aside",
    ]


async def test_trouble_while_polling_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with FakeBotApi() as api, serving(api, tmp_path):
        anna = api.person("Anna")
        anna.says("Eins?")
        await anna.hears()
        api.faults.add("getUpdates", BadGateway(), BadGateway())
        anna.says("Zwei?")
        assert (await anna.hears()).text.startswith("Antwort: Zwei?")
        anna.says("Drei?")
        assert (await anna.hears()).text.startswith("Antwort: Drei?")
    lines = warnings(caplog)
    assert [text[:27] for text in lines] == [
        "Telegram cannot be reached ",
        "Telegram can be reached aga",
    ]


async def test_no_token_in_any_log_at_any_level(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from tests.fake_bot_api import Drop, TooMany

    caplog.set_level(logging.DEBUG)
    secret = TOKEN.split(":")[1]
    async with FakeBotApi() as api, serving(api, tmp_path):
        anna = api.person("Anna")
        anna.says("/start")
        await anna.hears()
        logging.getLogger("somebody").warning("a token: %s", TOKEN)
        try:
            raise RuntimeError(f"broken at /bot{TOKEN}/sendMessage")
        except RuntimeError:
            logging.getLogger("somebody").exception("oh")
        api.faults.add("sendMessage", TooMany(1), BadGateway(), Drop("after"))
        for text in ("Wann fiel die Mauer?", "Fehler?"):
            anna.says(text)
        while not (await anna.hears()).text.startswith("Something went wrong"):
            pass
    formatter = logging.Formatter()
    lines = [formatter.format(record) for record in caplog.records]
    assert len(lines) > 100
    assert [text for text in lines if secret in text] == []
    assert any("<token>" in text for text in lines)
    shown = [r.getMessage() for r in caplog.records if r.levelno > logging.DEBUG]
    assert [text for text in shown if "Mauer" in text] == []


def test_state_is_private(tmp_path: Path) -> None:
    from bot.state import FILE, State

    State(tmp_path, 1).close()
    assert os.stat(tmp_path / FILE).st_mode & 0o077 == 0  # noqa: PTH116
