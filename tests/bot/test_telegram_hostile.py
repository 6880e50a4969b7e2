"""People who try things: nothing breaks, nothing leaks, nobody is answered who must not be."""

from __future__ import annotations

import logging
import random
from pathlib import Path

import pytest

from bot.telegram_app import Limits
from tests.bot.telegram_world import serving
from tests.fake_bot_api import FakeBotApi

LIMITS = Limits(10_000, 10_000, chat_seconds=0.0)
NASTY = (
    "<b>fett</b><script>alert(1)</script>",
    "</blockquote></b>&lt;&amp;",
    "*_`[x](javascript:alert(1))",
    "\u202eRückwärts\u202d\u2066x\u2069",
    "\u200b\u200d\ufeff",
    "\ud83e\uddf1" * 300,
    "'; DROP TABLE inbox; --",
    "{0.__class__} %s %(x)s {id}",
    "\u0000\u0001\x1b[31m",
    "/ask",
    "//",
    "/start c_" + "\u00e4" * 40,
    "/start@anderer_bot",
    "a" * 4096,
    "?" * 4096,
)


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Everything at ERROR or above, whoever logged it."""
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


async def test_hostile_texts_get_valid_replies(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with FakeBotApi() as api, serving(api, tmp_path, limits=LIMITS):
        people = [api.person(f"<i>{n}</i>\u202e", language="<de>") for n in range(len(NASTY))]
        for person, text in zip(people, NASTY, strict=True):
            person.says(text)
            person.says("Geht es noch?")
        for person in people:
            await person.hears()
            seen = await person.hears()
            assert seen.text.startswith("Antwort: Geht es noch? [1]")
        assert {call.status for call in api.calls} == {200}
        assert all("\u202e" not in seen.text for seen in api.sent)
    assert said(caplog) == []


async def test_over_long_messages(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with FakeBotApi() as api, serving(api, tmp_path, limits=LIMITS):
        people = [api.person(f"P{n}", language="de") for n in range(25)]
        for number in range(100):
            people[number % 25].says("Warum? " * (150 + 4 * number))
        await api.until(lambda: len(api.sent) == 100, 20)
        assert {seen.text[:24] for seen in api.sent} == {"Die Frage ist zu lang. F"}
    assert said(caplog) == []


async def test_forged_callbacks(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    rng = random.Random(5)
    async with FakeBotApi() as api, serving(api, tmp_path, limits=LIMITS):
        anna, eve = api.person("Anna"), api.person("Eve")
        anna.says("Wann?")
        reply = await anna.hears()
        name = reply.button("👍")["callback_data"].split(":")[0]
        queries = []
        for _ in range(200):
            verb = rng.choice(("u", "d", "o1", "b", "a1", "y", "n", "", "o99", "\u0000"))
            key = rng.choice((name, name[:-1], name[::-1], "".join(rng.sample(name, 16)), ""))
            queries.append(eve.calls_back(f"{key}:{verb}"[:64], reply))
        await api.until(lambda: all(query in api.callback_answers for query in queries))
        assert len(api.sent) == 1
        assert reply.edits == 0
    assert said(caplog) == []


async def test_a_strangers_everything(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = {"file_id": "x", "file_unique_id": "y"}
    async with FakeBotApi() as api:
        anna, eve, group = api.person("Anna"), api.person("Eve"), api.group("G")
        async with serving(api, tmp_path, allowed=(anna.id,), limits=LIMITS):
            anna.says("Wann?")
            reply = await anna.hears()
            for text in (*NASTY, "/start", "/help", "/new", "/sources", "/privacy", "/forget",
                         "/index", "/stats", "/pending", "/ask Wann?"):  # fmt: skip
                eve.says(text)
                eve.says(f"@belegtestbot {text}", to=group)
            eve.edits(eve.says("a"), "b")
            eve.sends("document", file)
            eve.sends("photo", [file | {"width": 1, "height": 1}])
            eve.asks_inline("Wann?")
            for button in reply.buttons():
                if "callback_data" in button:
                    eve.calls_back(button["callback_data"], reply)
            anna.says("Fertig?")
            await anna.hears()
            assert await eve.silent(1.0) is False
            assert [seen.text[:30] for seen in eve.seen] == ["This bot is for a closed circl"]
            assert group.seen == []
            methods = {call.method for call in api.calls}
    assert methods == {
        "getMe",
        "deleteWebhook",
        "getUpdates",
        "setMyCommands",
        "sendChatAction",
        "sendMessage",
    }
    assert said(caplog) == []
