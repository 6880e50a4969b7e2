"""Conversations with the bot: the real application, real HTTP, a strict Bot API."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from bot.telegram_app import Limits
from tests.bot.telegram_world import SmallAssistant, serving
from tests.fake_bot_api import FakeBotApi, Refuse, Seen, TooMany


def quotes(seen: Seen) -> list[str]:
    """What stands in expandable block quotes."""
    units = seen.text.encode("utf-16-le")
    return [
        units[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le")
        for e in seen.entities
        if e["type"] == "expandable_blockquote"
    ]


async def test_conversation(tmp_path: Path) -> None:
    async with FakeBotApi() as api, serving(api, tmp_path):
        anna = api.person("Anna", language="de")
        anna.says("/start")
        greeting = (await anna.hears()).text
        assert greeting.startswith("Hallo! Ich beantworte Fragen")
        assert (
            "zum Beispiel: Was gibt es Neues?\nGelesen habe ich unter anderem „Neu <3“." in greeting
        )
        anna.says("Wann fiel die Mauer?")
        reply = await anna.hears()
        assert reply.text == (
            "Antwort: Wann fiel die Mauer? [1]\n\n"
            "[1] Der Fall der Berliner Mauer · Geschichtsblatt · 9. November 2024 · S. 3\n"
            "Am 9. November 1989 öffnete die DDR ihre Grenzen."
        )
        assert quotes(reply) == ["Am 9. November 1989 öffnete die DDR ihre Grenzen."]
        assert [e["url"] for e in reply.entities if e["type"] == "text_link"] == [
            "https://example.org/mauerfall"
        ]
        assert not reply.preview
        assert reply.reply_to is None
        anna.says("Und wann fiel sie 2031?")
        refusal = await anna.hears()
        assert refusal.text.startswith("Dazu finde ich in den Artikeln nichts Belegtes.")
        assert [call.status for call in api.calls if call.status != 200] == []
        typing = [call.at for call in api.called("sendChatAction")]
        assert len(typing) == 2
        assert typing[0] < reply.at


async def test_language_of_everything_else_is_the_persons(tmp_path: Path) -> None:
    async with FakeBotApi() as api, serving(api, tmp_path):
        ben = api.person("Ben", language="en-GB")
        ben.says("/help")
        assert (await ben.hears()).text.startswith("Ask me a question in your own words.")
        luc = api.person("Luc", language=None)
        luc.says("/nonsense")
        assert (await luc.hears()).text == "I don't know that command. /help shows all."


async def test_new_forgets_the_conversation(tmp_path: Path) -> None:
    assistant = SmallAssistant()
    async with FakeBotApi() as api, serving(api, tmp_path, assistant):
        anna = api.person("Anna", language="de")
        for text in ("Eins?", "Zwei?", "/new", "Drei?"):
            anna.says(text)
            await anna.hears()
    questions = [[turn.question for turn in c.turns] for c in assistant.conversations]
    assert questions == [[], ["Eins?"], []]


async def test_conversation_outlives_a_restart_and_stays_in_its_chat(tmp_path: Path) -> None:
    assistant = SmallAssistant()
    async with FakeBotApi() as api:
        anna, ben = api.person("Anna"), api.person("Ben")
        async with serving(api, tmp_path, assistant):
            anna.says("Eins?")
            await anna.hears()
        async with serving(api, tmp_path, assistant):
            anna.says("Zwei?")
            await anna.hears()
            ben.says("Drei?")
            await ben.hears()
    questions = [[turn.question for turn in c.turns] for c in assistant.conversations]
    assert questions == [[], ["Eins?"], []]


@pytest.mark.parametrize("kind", ["photo", "voice", "document", "sticker", "location"])
async def test_only_text_is_read(tmp_path: Path, kind: str) -> None:
    file = {"file_id": "x", "file_unique_id": "y"}
    content: object = {
        "photo": [file | {"width": 1, "height": 1}],
        "voice": file | {"duration": 1},
        "document": file,
        "sticker": file
        | {"width": 1, "height": 1, "type": "regular", "is_animated": False, "is_video": False},
        "location": {"longitude": 1.0, "latitude": 2.0},
    }[kind]
    async with FakeBotApi() as api, serving(api, tmp_path):
        anna = api.person("Anna", language="de")
        anna.sends(kind, content)
        assert (await anna.hears()).text.startswith("Ich lese nur Text.")
        assert await anna.silent()


async def test_strangers_see_one_line_once(tmp_path: Path) -> None:
    async with FakeBotApi() as api:
        boss, anna, eve = api.person("Boss"), api.person("Anna"), api.person("Eve", language="de")
        group = api.group("Elsewhere")
        async with serving(api, tmp_path, admins=(boss.id,), allowed=(anna.id,)):
            eve.says("Wann fiel die Mauer?")
            assert (await eve.hears()).text == (
                "Dieser Bot ist nur für einen festen Kreis; wer ihn betreibt, kann dich einlassen."
            )
            eve.says("Hallo?")
            eve.says("/start c_" + "a" * 24)
            eve.sends("voice", {"file_id": "x", "file_unique_id": "y", "duration": 1})
            eve.says("@belegtestbot Wann?", to=group)
            eve.asks_inline("Wann fiel die Mauer?")
            anna.says("Wann?")
            reply = await anna.hears()
            eve.calls_back(reply.button("👍")["callback_data"], reply)
            boss.says("Wann?")
            await boss.hears()
            assert await eve.silent()
            assert group.seen == []
            assert api.called("answerCallbackQuery") == api.called("answerInlineQuery") == []


async def test_groups_are_answered_when_addressed(tmp_path: Path) -> None:
    assistant = SmallAssistant()
    async with FakeBotApi() as api, serving(api, tmp_path, assistant):
        anna = api.person("Anna")
        group = api.group("Redaktion", forum=True)
        anna.says("Privat?")
        await anna.hears()
        anna.says("Wann fiel die Mauer?", to=group, topic=7)
        anna.says("Wann, @belegtestbotanders?", to=group, topic=7)
        asked = anna.says("🧱 @BelegTestBot Wann fiel die Mauer?", to=group, topic=7)
        reply = await group.hears()
        assert (reply.reply_to, reply.topic) == (asked, 7)
        assert reply.text.startswith("Antwort: 🧱 Wann fiel die Mauer? [1]")
        anna.says("Und wo?", to=group, topic=7, reply_to=reply)
        assert (await group.hears()).text.startswith("Antwort: Und wo? [1]")
        anna.says("/ask@belegtestbot Wer war da?", to=group, topic=8)
        other = await group.hears()
        assert (other.text[:23], other.topic) == ("Antwort: Wer war da? [1", 8)
        anna.says("@belegtestbot", to=group, topic=7)
        assert (await group.hears()).text.startswith("Ask me something")
        assert await group.silent()
    questions = [[turn.question for turn in c.turns] for c in assistant.conversations]
    assert questions == [[], [], ["🧱 Wann fiel die Mauer?"], []]


async def test_edited_questions_are_answered_again(tmp_path: Path) -> None:
    assistant = SmallAssistant()
    async with FakeBotApi() as api, serving(api, tmp_path, assistant):
        anna = api.person("Anna")
        asked = anna.says("Wann viel die Mauer?")
        await anna.hears()
        anna.edits(asked, "Wann fiel die Mauer?")
        reply = await anna.hears()
        assert reply.text.startswith("Antwort: Wann fiel die Mauer? [1]")
        assert reply.reply_to == asked
        anna.edits(asked, "Wann fiel die Mauer?")
        assert await anna.silent()
    assert [len(c.turns) for c in assistant.conversations] == [0, 0]


async def test_long_answers_are_split_between_blocks(tmp_path: Path) -> None:
    async with FakeBotApi() as api, serving(api, tmp_path, limits=Limits()):
        anna = api.person("Anna")
        anna.says("Erzähl lang")
        pages = [await anna.hears() for _ in range(3)]
        assert [page.text.split("\n")[0][:12] for page in pages] == [
            "Aussage 1. [",
            "[3] Der Fall",
            "[5] Der Fall",
        ]
        assert [len(quotes(page)) for page in pages] == [2, 2, 2]
        assert [bool(page.rows) for page in pages] == [False, False, True]
        assert quotes(pages[0])[0].startswith("Zitat & 1 Wort 🧱")
        assert pages[1].at - pages[0].at >= 0.99


async def test_refused_markup_goes_out_as_plain_text(tmp_path: Path) -> None:
    async with FakeBotApi() as api, serving(api, tmp_path):
        api.faults.add("sendMessage", Refuse(400, "Bad Request: can't parse entities: nope"))
        anna = api.person("Anna")
        anna.says("Wann?")
        reply = await anna.hears()
        assert reply.entities == []
        assert "[1] Der Fall der Berliner Mauer (https://example.org/mauerfall)" in reply.text


async def test_errors_reach_the_chat_as_a_word_and_an_id(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with FakeBotApi() as api, serving(api, tmp_path):
        anna = api.person("Anna", language="de")
        anna.says("Fehler bitte, Geheimnis")
        reply = await anna.hears()
        assert reply.text.startswith("Da ist etwas schiefgegangen (Fehler ")
        assert "Geheimnis" not in reply.text
        name = reply.text.split("Fehler ")[1][:8]
        anna.says("Weiter?")
        assert (await anna.hears()).text.startswith("Antwort: Weiter? [1]")
    record = next(record for record in caplog.records if name in record.getMessage())
    assert record.levelno == logging.ERROR
    assert "Traceback" in record.getMessage()
    assert "RuntimeError: broken by <text>" in record.getMessage()


async def test_flooding_gets_a_kind_word(tmp_path: Path) -> None:
    async with FakeBotApi() as api, serving(api, tmp_path, limits=Limits(2, 3)):
        anna, ben = api.person("Anna"), api.person("Ben")
        for number in range(6):
            anna.says(f"Frage {number}?")
        ben.says("Und ich?")
        heard = [(await anna.hears()).text[:24] for _ in range(3)]
        assert (await ben.hears()).text.startswith("Antwort: Und ich?")
        assert heard == [
            "Antwort: Frage 0? [1]\n\n[",
            "Antwort: Frage 1? [1]\n\n[",
            "Those were many question",
        ]
        assert await anna.silent(1.2)


async def test_chats_do_not_wait_for_each_other(tmp_path: Path) -> None:
    async with FakeBotApi() as api, serving(api, tmp_path, limits=Limits()):
        anna, ben = api.person("Anna"), api.person("Ben")
        api.faults.add("sendMessage", TooMany(3))
        began = asyncio.get_running_loop().time()
        anna.says("Eins?")
        anna.says("Zwei?")
        await api.until(lambda: api.called("sendMessage"))
        ben.says("Drei?")
        assert (await ben.hears()).at - began < 2.5
        first, second = await anna.hears(), await anna.hears()
        assert first.text.startswith("Antwort: Eins?")
        assert second.text.startswith("Antwort: Zwei?")
        assert 3 <= first.at - began < 8
        assert 0.99 <= second.at - first.at < 5
