"""What the logs say, and what they never do."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from tests.bot.telegram_world import serving
from tests.fake_bot_api import TOKEN, BadGateway, Drop, FakeBotApi, TooMany


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What this front end warned of."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.WARNING and record.name.startswith("bot.")
    ]


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
