"""Bad input at the start, and the end: one clear line each, no traceback."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.telegram_app import TelegramConfig, TelegramError
from tests.bot.telegram_world import ended, line, process
from tests.fake_bot_api import TOKEN, FakeBotApi, Refuse


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


async def test_a_server_that_knows_no_bot_ends_the_process(tmp_path: Path) -> None:
    async with FakeBotApi() as api, process(f"{api.url}/elsewhere", tmp_path) as running:
        assert await ended(running) == (
            1,
            [
                f"belegbot: {api.url}/elsewhere knows no such bot (404): check "
                "BELEGBOT_TELEGRAM_TOKEN and BELEGBOT_TELEGRAM_API_URL"
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


def test_the_log_is_the_bot_s_own() -> None:
    code = (
        "import logging, pathlib\n"
        "from bot.telegram_app import TelegramConfig, run\n"
        "run(TelegramConfig('nonsense'), None, pathlib.Path())\n"
        "names = ('bot', 'watchfiles.main', 'httpx', 'tornado.access')\n"
        "print([logging.getLogger(name).isEnabledFor(logging.INFO) for name in names])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[True, False, False, False]\n"


def test_state_is_private(tmp_path: Path) -> None:
    from bot.state import FILE, State

    State(tmp_path, 1).close()
    assert os.stat(tmp_path / FILE).st_mode & 0o077 == 0  # noqa: PTH116
