"""The fake Bot API itself: at least as strict as Telegram."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession

from tests.fake_bot_api import (
    BadGateway,
    Drop,
    FakeBotApi,
    MarkupError,
    Refuse,
    Slow,
    TooMany,
    parse_html,
    utf16_length,
)


class Bot:
    """A client without any manners."""

    def __init__(self, api: FakeBotApi, session: ClientSession) -> None:
        self._api, self._session = api, session
        self.token = api.token

    async def __call__(self, method: str, **parameters: Any) -> tuple[int, Any]:
        url = f"{self._api.url}/bot{self.token}/{method}"
        async with self._session.post(url, json=parameters) as response:
            body = await response.json()
            return response.status, body.get("result", body.get("description"))


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("a &lt; b &#8364; &#x20ac;", "a < b € €", []),
        ("🧱<b>x</b>", "🧱x", [{"type": "bold", "offset": 2, "length": 1}]),
        (
            '<a href="https://a.example/?b&amp;c">l</a>',
            "l",
            [{"type": "text_link", "offset": 0, "length": 1, "url": "https://a.example/?b&c"}],
        ),
        (
            "<blockquote expandable><i>q</i></blockquote>",
            "q",
            [
                {"type": "expandable_blockquote", "offset": 0, "length": 1},
                {"type": "italic", "offset": 0, "length": 1},
            ],
        ),
        (
            '<pre><code class="language-py">x</code></pre>',
            "x",
            [
                {"type": "pre", "offset": 0, "length": 1},
                {"type": "code", "offset": 0, "length": 1, "language": "py"},
            ],
        ),
    ],
)
def test_markup(html: str, text: str, entities: list[dict[str, Any]]) -> None:
    parsed, found = parse_html(html)
    assert parsed == text
    assert sorted(found, key=str) == sorted(entities, key=str)


@pytest.mark.parametrize(
    "html",
    [
        "a < b",
        "a & b",
        "&nbsp;",
        "<b>x",
        "x</b>",
        "<b><i>x</b></i>",
        "<script>x</script>",
        "<br>",
        "<b class='x'>x</b>",
        "<b></b>",
        "<a>x</a>",
        '<a href="javascript:x">x</a>',
        '<a href="https://">x</a>',
        "<blockquote>a<blockquote>b</blockquote></blockquote>",
        "<code><b>x</b></code>",
        "<b>x</b>" * 101,
        "x" * 32769,
    ],
)
def test_broken_markup(html: str) -> None:
    with pytest.raises(MarkupError):
        parse_html(html)


def test_units() -> None:
    assert [utf16_length(text) for text in ("", "aä€", "🧱x")] == [0, 3, 3]


async def test_limits() -> None:
    async with FakeBotApi() as api, ClientSession() as session:
        bot, chat = Bot(api, session), api.person("Anna").id

        async def refused(method: str, **parameters: Any) -> str:
            status, description = await bot(method, **parameters)
            assert status == 400
            return str(description)

        def keyboard(**button: Any) -> dict[str, Any]:
            return {"inline_keyboard": [[{"text": "x"} | button]]}

        send = {"chat_id": chat, "text": "x"}
        assert (await bot("sendMessage", **send | {"text": "🧱" * 2048}))[0] == 200
        for wrong, words in {
            "too long": {"text": "🧱" * 2048 + "x"},
            "is empty": {"text": " \n"},
            "parse entities": {"text": "<b>", "parse_mode": "HTML"},
            "unsupported parse_mode": {"parse_mode": "Markdown"},
            "chat not found": {"chat_id": 1},
            "expected an integer": {"chat_id": "@anna"},
            "unknown parameter": {"colour": "red"},
            "BUTTON_DATA_INVALID": {"reply_markup": keyboard(callback_data="ä" * 33)},
            "COPY_TEXT_INVALID": {"reply_markup": keyboard(copy_text={"text": "x" * 257})},
            "wrong link": {"reply_markup": keyboard(url="tg://user?id=1")},
            "exactly one thing": {"reply_markup": keyboard()},
        }.items():
            assert wrong in await refused("sendMessage", **send | words)
        assert "text missing" in await refused("sendMessage", chat_id=chat)
        assert "query is too old" in await refused("answerCallbackQuery", callback_query_id="1")
        long = {"callback_query_id": "1", "text": "x" * 201}
        assert "longer than 200" in await refused("answerCallbackQuery", **long)
        results = [{"type": "article", "id": str(n), "title": "t"} for n in range(51)]
        query = api.person("Ben").asks_inline("x")
        many = {"inline_query_id": query, "results": results}
        assert "RESULTS_TOO_MUCH" in await refused("answerInlineQuery", **many)
        commands = [{"command": "Wrong", "description": "x"}]
        assert "BOT_COMMAND_INVALID" in await refused("setMyCommands", commands=commands)
        assert await bot("sendRichMessage", chat_id=chat) == (404, "Not Found")
        bot.token = "1:wrong"
        assert await bot("getMe") == (401, "Unauthorized")


async def test_edits() -> None:
    async with FakeBotApi() as api, ClientSession() as session:
        bot, anna = Bot(api, session), api.person("Anna")
        _, sent = await bot("sendMessage", chat_id=anna.id, text="x")
        place = {"chat_id": anna.id, "message_id": sent["message_id"]}
        assert "not modified" in (await bot("editMessageText", **place, text="x"))[1]
        assert (await bot("editMessageText", **place, text="y"))[0] == 200
        assert [seen.text for seen in anna.seen] == ["y"]
        assert (await bot("deleteMessage", **place))[0] == 200
        assert "not found" in (await bot("editMessageText", **place, text="z"))[1]


async def test_drafts() -> None:
    async with FakeBotApi() as api, ClientSession() as session:
        bot, anna, group = Bot(api, session), api.person("Anna"), api.group("Redaktion")
        draft = {"chat_id": anna.id, "draft_id": 7, "text": "<b>x</b>", "parse_mode": "HTML"}
        assert await bot("sendMessageDraft", **draft) == (200, True)
        assert (anna.draft(), anna.seen, anna.drafted[0].html) == ("x", [], "<b>x</b>")
        for wrong, words in {
            "private chats": {"chat_id": group.id},
            "non-zero": {"draft_id": 0},
            "is empty": {"text": " "},
            "too long": {"text": "x" * 4097},
            "parse entities": {"text": "<b>x"},
            "expected an integer": {"draft_id": "x"},
            "unknown parameter reply_markup": {"reply_markup": {"inline_keyboard": []}},
            "unknown parameter link_preview_options": {"link_preview_options": {}},
        }.items():
            status, description = await bot("sendMessageDraft", **draft | words)
            assert (status, wrong in description) == (400, True)
        assert anna.draft() == "x"
        await bot("sendMessage", chat_id=anna.id, text="y")
        assert (anna.draft(), len(anna.drafted)) == (None, 1)
        assert api.transcript() == "Bot → Anna (draft):\n    x\nBot → Anna:\n    y"


async def test_updates_are_confirmed_by_the_offset() -> None:
    async with FakeBotApi() as api, ClientSession() as session:
        bot, anna = Bot(api, session), api.person("Anna")
        for text in ("a", "b"):
            anna.says(text)
        _, both = await bot("getUpdates")
        assert [update["message"]["text"] for update in both] == ["a", "b"]
        assert await bot("getUpdates") == (200, both)
        assert await bot("getUpdates", offset=both[0]["update_id"] + 1) == (200, both[1:])
        waiting = asyncio.create_task(bot("getUpdates", offset=both[1]["update_id"] + 1, timeout=9))
        await asyncio.sleep(0.2)
        anna.says("/c @belegtestbot", reply_to=None)
        _, (update,) = await waiting
        assert [entity["type"] for entity in update["message"]["entities"]] == [
            "bot_command",
            "mention",
        ]


async def test_a_second_poller_ends_the_first_ones_wait() -> None:
    async with FakeBotApi() as api, ClientSession() as session:
        bot = Bot(api, session)
        first = asyncio.create_task(bot("getUpdates", timeout=9))
        await asyncio.sleep(0.2)
        second = asyncio.create_task(bot("getUpdates", timeout=9))
        status, description = await first
        assert (status, description[:9]) == (409, "Conflict:")
        api.person("Anna").says("x")
        assert (await second)[0] == 200


async def test_faults_are_met_first_in_first_out() -> None:
    async with FakeBotApi() as api, ClientSession() as session:
        bot, anna = Bot(api, session), api.person("Anna")
        api.faults.add("getMe", BadGateway())
        api.faults.add(
            "sendMessage", TooMany(7), Refuse(403, "Forbidden: no"), Drop("before"), Drop("after")
        )
        send = {"chat_id": anna.id, "text": "x"}
        assert (await bot("sendMessage", **send)) == (429, "Too Many Requests: retry after 7")
        assert (await bot("sendMessage", **send)) == (403, "Forbidden: no")
        for delivered in (0, 1):
            with pytest.raises(ClientError):
                await bot("sendMessage", **send)
            assert len(anna.seen) == delivered
        with pytest.raises(ClientError):
            await bot("getMe")
        assert api.faults.left() == 0
        api.faults.add("*", Slow(0.3))
        began = asyncio.get_running_loop().time()
        assert (await bot("sendMessage", **send))[0] == 200
        assert asyncio.get_running_loop().time() - began >= 0.3


async def test_blocked_and_rates() -> None:
    async with FakeBotApi(enforce_rates=True) as api, ClientSession() as session:
        bot, anna = Bot(api, session), api.person("Anna")
        send = {"chat_id": anna.id, "text": "x"}
        assert [(await bot("sendMessage", **send))[0] for _ in range(2)] == [200, 429]
        group = api.group("Redaktion")
        _, sent = await bot("sendMessage", chat_id=group.id, text="x")
        edit = {"chat_id": group.id, "message_id": sent["message_id"], "text": "y"}
        assert (await bot("editMessageText", **edit))[0] == 429
        anna.blocks()
        assert await bot("sendMessage", **send) == (403, "Forbidden: bot was blocked by the user")


async def test_transcript() -> None:
    async with FakeBotApi() as api, ClientSession() as session:
        bot, anna = Bot(api, session), api.person("Anna")
        anna.says("Hallo")
        html = '<b>🧱</b> <a href="https://a.example">x</a>\n<blockquote>q</blockquote>'
        rows = {"inline_keyboard": [[{"text": "A", "callback_data": "1"}]]}
        await bot("sendMessage", chat_id=anna.id, text=html, parse_mode="HTML", reply_markup=rows)
        assert api.transcript() == (
            "Anna: Hallo\nBot → Anna:\n    *🧱* x <https://a.example>\n    │ q\n    [A]"
        )
