"""The webhook: only Telegram gets in, and nothing gets lost on the way."""

from __future__ import annotations

import asyncio
import io
import socket
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession

from bot.state import State
from bot.telegram_app import TelegramError, Webhook
from bot.telegram_app.webhook import address
from tests.bot.telegram_world import serving
from tests.fake_bot_api import FakeBotApi, Refuse

HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def hook() -> Webhook:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return Webhook(f"http://127.0.0.1:{port}/updates", f"127.0.0.1:{port}")


async def test_conversation(tmp_path: Path, hook: Webhook) -> None:
    async with FakeBotApi() as api:
        anna = api.person("Anna")
        async with serving(api, tmp_path, webhook=hook):
            await api.until(lambda: api.webhook["url"])
            anna.says("Eins?")
            assert (await anna.hears()).text.startswith("Antwort: Eins? [1]")
        anna.says("Zwei?")
        first = api.webhook["secret_token"]
        async with serving(api, tmp_path, webhook=hook):
            assert (await anna.hears()).text.startswith("Antwort: Zwei? [1]")
        assert api.webhook["secret_token"] != first
        assert len(first) >= 32
        assert len(anna.seen) == 2
        assert api.called("getUpdates") == []


async def test_only_telegram_gets_in(tmp_path: Path, hook: Webhook) -> None:
    async with FakeBotApi() as api, ClientSession() as session:
        anna = api.person("Anna")
        async with serving(api, tmp_path, webhook=hook):
            await api.until(lambda: api.webhook["url"])
            right = {HEADER: api.webhook["secret_token"]}
            update = {"update_id": 5, "message": anna.message(None) | {"text": "Eins?"}}

            async def post(headers: dict[str, str], **body: object) -> int:
                async with session.post(hook.url, headers=headers, **body) as response:  # type: ignore[arg-type]
                    return response.status

            assert await post({}, json=update) == 403
            assert await post({HEADER: "wrong ü"}, json=update) == 403
            assert await post(right, data=b"{") == 400
            assert await post(right, json=[1]) == 400
            assert await post(right, json={"update_id": "x"}) == 400
            with pytest.raises(ClientError):
                await post(right, data=io.BytesIO(b" " * (1 << 21)))
            assert anna.seen == []
            assert await post(right, json=update) == 200
            assert await post(right, json=update) == 200
            assert await post(right, json={"update_id": 6, "message": 17}) == 200
            await anna.hears()
            assert await anna.silent()
            async with session.get(hook.url.replace("updates", "health")) as response:
                assert (response.status, await response.text()) == (200, "ok\n")
        state = State(tmp_path, api.bot["id"])
    assert [number for number, _ in state.inbox.aside()] == [6]


async def test_a_taken_port_is_one_clear_line(tmp_path: Path, hook: Webhook) -> None:
    host, port = address(hook.listen)
    with socket.socket() as taken:
        taken.bind((host, port))
        taken.listen()
        async with FakeBotApi() as api, serving(api, tmp_path, webhook=hook) as task:
            with pytest.raises(TelegramError, match=r"cannot listen on .*BELEGBOT_WEBHOOK_LISTEN"):
                await asyncio.wait_for(task, 10)


async def test_a_refused_webhook_is_one_clear_line(tmp_path: Path, hook: Webhook) -> None:
    async with FakeBotApi() as api:
        api.faults.add("setWebhook", Refuse(400, "Bad Request: bad webhook: no TLS"))
        async with serving(api, tmp_path, webhook=hook) as task:
            with pytest.raises(TelegramError, match=r"no tls\): check BELEGBOT_WEBHOOK"):
                await asyncio.wait_for(task, 10)


def test_addresses() -> None:
    assert address("127.0.0.1:8443") == ("127.0.0.1", 8443)
    assert address("[::1]:80") == ("::1", 80)
    for wrong in ("8443", "127.0.0.1", "::1:80", "host:99999", ""):
        with pytest.raises(TelegramError, match="expected host:port"):
            address(wrong)
