"""In groups: one message that grows while a language model writes, and ends as the answer."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from bot.state import State
from index.encoder import Encoder
from tests.bot.telegram_world import serving
from tests.bot.telegram_writing import (
    CROWD,
    END,
    FELL,
    LIE,
    ONE,
    QUESTION,
    QUICK,
    READ,
    THREE,
    TWO,
    WHOLE,
    Steps,
    Telling,
    built,
    soon,
    stepwise,
    writer,
)
from tests.fake_bot_api import BadGateway, Call, Drop, FakeBotApi, Fault, Refuse, Slow, TooMany
from tests.fake_llm import FakeModel, Reply

ASKED = f"@belegtestbot {QUESTION}"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    return built(tmp_path_factory.mktemp("growing"), encoder)


def written(api: FakeBotApi) -> list[Call]:
    """What was sent and edited, in order, refused or not."""
    return [c for c in api.calls if c.method in {"sendMessage", "editMessageText"}]


def texts(api: FakeBotApi) -> list[str]:
    return [call.parameters["text"] for call in written(api)]


async def test_a_message_is_sent_edited_and_ends_as_the_answer(
    tmp_path: Path, index: Path, encoder: Encoder
) -> None:
    steps = Steps(FELL, LIE, READ, CROWD, END)
    limits = replace(QUICK, edit_seconds=0.5)
    with FakeModel(stepwise(steps)) as model:
        async with (
            FakeBotApi() as api,
            serving(api, tmp_path, writer(index, encoder, model), limits=limits),
        ):
            anna, group = api.person("Anna", language="de"), api.group("Redaktion", forum=True)
            asked = anna.says(ASKED, to=group, topic=7)
            await soon(lambda: model.requests)
            assert group.seen == []
            steps.go()
            half = await group.hears()
            assert (half.text, half.rows) == (f"{ONE} …", [])
            assert (half.reply_to, half.topic, half.preview) == (asked, 7, False)
            steps.go(2)
            await api.until(lambda: half.edits == 1)
            assert (half.text, half.rows) == (f"{TWO} …", [])
            steps.go(2)
            await api.until(lambda: half.rows)
            assert await group.silent()
            anna.presses(half.button("🔎 3"))
            await api.until(lambda: api.called("answerCallbackQuery"))
            assert "Rund 70.000" in half.text
        assert State(tmp_path, api.bot["id"]).inbox.pending() == []
    calls = written(api)
    grown = [f"{ONE} …", f"{TWO} …", f"{THREE} …"]
    assert texts(api)[:-2] in (grown, grown[:2])
    assert texts(api)[-2].startswith(f"{THREE}\n\n[1] Die Nacht der Mauer")
    assert [call.method for call in calls] == ["sendMessage"] + ["editMessageText"] * (
        len(calls) - 1
    )
    times = [call.at for call in calls[:-1]]
    assert all(later - earlier >= 0.49 for earlier, later in itertools.pairwise(times))
    rows = json.loads(calls[-2].parameters["reply_markup"])["inline_keyboard"]
    labels = [row[0]["text"][:4] for row in rows]
    assert labels == ["🔎 1 ", "🔎 2 ", "🔎 3 ", "👍"]
    assert api.called("sendMessageDraft") == api.called("deleteMessage") == []
    assert "10. November" not in api.transcript()
    assert len(group.seen) == 1


async def test_edits_keep_their_distance_and_say_the_newest(
    tmp_path: Path, index: Path, encoder: Encoder
) -> None:
    steps = Steps(FELL, READ, CROWD, END)
    limits = replace(QUICK, edit_seconds=1.0)
    with FakeModel(stepwise(steps)) as model:
        async with (
            FakeBotApi() as api,
            serving(api, tmp_path, writer(index, encoder, model), limits=limits),
        ):
            anna, group = api.person("Anna", language="de"), api.group("Redaktion")
            anna.says(ASKED, to=group)
            steps.go()
            message = await group.hears()
            steps.go(2)
            await api.until(lambda: message.edits == 1)
            steps.go()
            await api.until(lambda: message.rows)
    assert texts(api)[:2] == [f"{ONE} …", f"{THREE} …"]
    assert (message.text, message.edits) == (WHOLE, 2)
    first, second, last = (call.at for call in written(api))
    assert second - first >= 0.99
    assert last - second >= 0.99


@pytest.mark.parametrize("fault", [TooMany(1), BadGateway(), Drop("before"), Drop("after")])
async def test_an_edit_that_fails_is_made_up_for(
    tmp_path: Path, index: Path, encoder: Encoder, fault: Fault
) -> None:
    steps = Steps(FELL, READ, CROWD, END)
    with FakeModel(stepwise(steps)) as model:
        async with (
            FakeBotApi() as api,
            serving(api, tmp_path, writer(index, encoder, model), limits=QUICK),
        ):
            anna, group = api.person("Anna", language="de"), api.group("Redaktion")
            anna.says(ASKED, to=group)
            steps.go()
            message = await group.hears()
            api.faults.add("editMessageText", fault)
            steps.go()
            await api.until(lambda: not api.faults.left())
            steps.go()
            await api.until(lambda: message.text == f"{THREE} …")
            steps.go()
            await api.until(lambda: message.rows)
            assert await group.silent()
    assert message.text == WHOLE
    refused = [call.at for call in written(api) if call.status == 429]
    after = [call.at for call in written(api) if refused and call.at > refused[0]]
    assert not refused or after[0] - refused[0] >= 1.0


async def test_the_answer_waits_out_a_penalty_of_the_edits(
    tmp_path: Path, index: Path, encoder: Encoder
) -> None:
    steps = Steps(FELL, READ, END)
    with FakeModel(stepwise(steps)) as model:
        async with (
            FakeBotApi() as api,
            serving(api, tmp_path, writer(index, encoder, model), limits=QUICK),
        ):
            anna, group = api.person("Anna", language="de"), api.group("Redaktion")
            anna.says(ASKED, to=group)
            steps.go()
            message = await group.hears()
            api.faults.add("editMessageText", TooMany(2))
            steps.go()
            await api.until(lambda: not api.faults.left())
            steps.go()
            await api.until(lambda: message.rows)
            assert await group.silent()
    _, refused, last = written(api)
    assert (refused.status, last.status, message.edits) == (429, 200, 1)
    assert 2.0 <= last.at - refused.at < 4.0


@pytest.mark.parametrize(
    "fault",
    [
        Refuse(400, "Bad Request: message can't be edited"),
        Refuse(400, "Bad Request: message to edit not found"),
        Refuse(400, "Bad Request: can't parse entities: nope"),
    ],
)
async def test_an_answer_that_can_not_end_where_it_began_is_sent_anew(
    tmp_path: Path, index: Path, encoder: Encoder, fault: Fault
) -> None:
    steps = Steps(FELL, END)
    with FakeModel(stepwise(steps)) as model:
        async with (
            FakeBotApi() as api,
            serving(api, tmp_path, writer(index, encoder, model), limits=QUICK),
        ):
            anna, group = api.person("Anna", language="de"), api.group("Redaktion")
            asked = anna.says(ASKED, to=group)
            steps.go()
            half = await group.hears()
            api.faults.add("editMessageText", fault)
            steps.go()
            reply = await group.hears()
            await api.until(lambda: half.deleted)
            assert await group.silent()
            anna.presses(reply.button("🔎 1"))
            await api.until(lambda: reply.edits == 1)
    assert (half.deleted, half.edits, reply.deleted, reply.reply_to) == (True, 0, False, asked)
    assert texts(api)[2].startswith(f"{ONE}\n\n[1] Die Nacht der Mauer")


async def test_an_answer_of_several_messages_is_sent_anew(tmp_path: Path) -> None:
    assistant = Telling()
    async with FakeBotApi() as api, serving(api, tmp_path, assistant, limits=QUICK):
        anna, group = api.person("Anna"), api.group("Redaktion")
        anna.says("@belegtestbot Erzähl lang", to=group)
        half = await group.hears()
        said = "".join(f"Aussage {n}. [{n}] " for n in range(1, 7)) + "…"
        await api.until(lambda: half.text == said)
        assistant.gate.set()
        pages = [await group.hears() for _ in range(3)]
        await api.until(lambda: half.deleted)
        assert await group.silent()
    assert [page.text[:5] for page in pages] == ["Aussa", "[3] D", "[5] D"]
    assert [page.deleted for page in pages] == [False] * 3
    methods = [c.method for c in api.calls if c.method in {"sendMessage", "deleteMessage"}]
    assert methods == ["sendMessage"] * 4 + ["deleteMessage"]


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_first_message_of_unknown_fate_is_not_repeated(
    tmp_path: Path, index: Path, encoder: Encoder, when: str, caplog: pytest.LogCaptureFixture
) -> None:
    steps = Steps(FELL, READ, CROWD, END)
    with FakeModel(stepwise(steps)) as model:
        async with (
            FakeBotApi() as api,
            serving(api, tmp_path, writer(index, encoder, model), limits=QUICK),
        ):
            anna, group = api.person("Anna", language="de"), api.group("Redaktion")
            api.faults.add("sendMessage", Drop(when))  # type: ignore[arg-type]
            anna.says(ASKED, to=group)
            steps.go(3)
            await api.until(lambda: not api.faults.left())
            await asyncio.sleep(0.5)
            steps.go()
            await api.until(lambda: group.seen and group.seen[-1].rows)
    seen = [(message.text, message.edits) for message in group.seen]
    assert seen == [(f"{ONE} …", 0)] * (when == "after") + [(WHOLE, 0)]
    warnings = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
    assert warnings == ["the answer to a sendMessage was lost: half an answer may be left"]


async def test_a_first_message_that_meets_a_penalty_comes_later(
    tmp_path: Path, index: Path, encoder: Encoder
) -> None:
    steps = Steps(FELL, READ, CROWD, END)
    with FakeModel(stepwise(steps)) as model:
        async with (
            FakeBotApi() as api,
            serving(api, tmp_path, writer(index, encoder, model), limits=QUICK),
        ):
            anna, group = api.person("Anna", language="de"), api.group("Redaktion")
            api.faults.add("sendMessage", TooMany(1))
            anna.says(ASKED, to=group)
            steps.go(3)
            message = await group.hears()
            assert message.text == f"{THREE} …"
            steps.go()
            await api.until(lambda: message.rows)
    assert [call.status for call in written(api)] == [429, 200, 200]


async def test_a_slow_first_message_is_waited_for(
    tmp_path: Path, index: Path, encoder: Encoder
) -> None:
    with FakeModel(Reply((FELL, READ, CROWD))) as model:
        async with (
            FakeBotApi() as api,
            serving(api, tmp_path, writer(index, encoder, model), limits=QUICK),
        ):
            anna, group = api.person("Anna", language="de"), api.group("Redaktion")
            api.faults.add("sendMessage", Slow(1.5))
            anna.says(ASKED, to=group)
            message = await group.hears()
            await api.until(lambda: message.rows)
            assert await group.silent()
    assert message.text == WHOLE


async def test_an_error_takes_half_an_answer_back(tmp_path: Path) -> None:
    assistant = Telling(RuntimeError("broken"))
    async with FakeBotApi() as api, serving(api, tmp_path, assistant, limits=QUICK):
        anna, group = api.person("Anna", language="de"), api.group("Redaktion")
        anna.says("@belegtestbot Wann?", to=group)
        half = await group.hears()
        assistant.gate.set()
        assert (await group.hears()).text.startswith("Da ist etwas schiefgegangen (Fehler ")
        await api.until(lambda: half.deleted)
    assert State(tmp_path, api.bot["id"]).inbox.pending() == []


async def test_telegrams_limits_hold_for_a_group_that_asks_a_lot(
    tmp_path: Path, index: Path, encoder: Encoder
) -> None:
    limits = replace(QUICK, chat_seconds=1.0, edit_seconds=1.0)
    with FakeModel(Reply((FELL, READ, CROWD), pause=0.6)) as model:
        async with (
            FakeBotApi(enforce_rates=True) as api,
            serving(api, tmp_path, writer(index, encoder, model), limits=limits),
        ):
            group = api.group("Redaktion")
            for number in range(4):
                api.person(f"P{number}", language="de").says(ASKED, to=group)
            await api.until(lambda: sum(bool(seen.rows) for seen in group.seen) == 4, 60)
    assert {call.status for call in written(api)} == {200}
    assert [seen.text for seen in group.seen] == [WHOLE] * 4
