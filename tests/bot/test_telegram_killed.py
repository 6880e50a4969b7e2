"""A bot that dies while a language model writes: the next start finishes what was half-said."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.state import Inbox, State
from bot.telegram_app.outgoing import Outgoing, Place
from index.encoder import Encoder
from tests.bot.telegram_world import SmallAssistant, serving
from tests.bot.telegram_writing import (
    CROWD,
    END,
    FELL,
    ONE,
    QUESTION,
    QUICK,
    READ,
    TWO,
    WHOLE,
    Steps,
    Telling,
    built,
    soon,
    stepwise,
)
from tests.conftest import MODELS, ROOT
from tests.fake_bot_api import FakeBotApi, TooMany
from tests.fake_llm import FakeModel, Reply

ASKED = f"@belegtestbot {QUESTION}"
ALL = Reply((FELL, READ, CROWD))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    return built(tmp_path_factory.mktemp("killed"), encoder)


@asynccontextmanager
async def belegbot(
    api: FakeBotApi, model: FakeModel, index: Path, state: Path
) -> AsyncIterator[Process]:
    """``belegbot telegram``, the program as it is."""
    settings = {
        "BELEGBOT_SEEDS_DIR": str(index.parent / "seeds"),
        "BELEGBOT_INDEX_DIR": str(index),
        "BELEGBOT_STATE_DIR": str(state),
        "BELEGBOT_CACHE_DIR": str(MODELS),
        "BELEGBOT_LLM_URL": model.url,
        "BELEGBOT_TELEGRAM_TOKEN": api.token,
        "BELEGBOT_TELEGRAM_API_URL": api.url,
    }
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "telegram"),
        cwd=state.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
        stdout=DEVNULL,
        stderr=DEVNULL,
    )
    try:
        yield running
    finally:
        if running.returncode is None:
            running.kill()
        await running.wait()


def outgoing(inbox: Inbox) -> Mapping[str, Any]:
    """The first message of the oldest reply."""
    return (inbox.pending()[0].outgoing or ({},))[0]


async def test_what_was_half_said_is_finished(
    tmp_path: Path, index: Path, encoder: Encoder
) -> None:
    group_steps, own_steps = Steps(FELL, READ, END), Steps(FELL, READ, END)
    state = tmp_path / "state"
    with FakeModel(stepwise(group_steps), stepwise(own_steps), ALL) as model:
        async with FakeBotApi() as api:
            anna, group = api.person("Anna", language="de"), api.group("Redaktion")
            async with belegbot(api, model, index, state) as running:
                anna.says(ASKED, to=group)
                await soon(lambda: model.requests, 60)
                anna.says(QUESTION)
                group_steps.go(2)
                own_steps.go(2)
                half = await group.hears(20)
                await api.until(lambda: anna.drafted, 20)
                running.kill()
                await running.wait()
            assert half.text in {f"{ONE} …", f"{TWO} …"}
            assert (half.rows, anna.seen) == ([], [])
            inbox = State(state, api.bot["id"]).inbox
            async with belegbot(api, model, index, state):
                assert (await anna.hears(60)).text == WHOLE
                await api.until(lambda: half.rows, 60)
                await soon(lambda: not inbox.pending())
                assert await anna.silent()
            assert (half.text, len(group.seen)) == (WHOLE, 1)


async def test_an_answer_that_was_ready_is_edited_in_without_asking_again(
    tmp_path: Path, index: Path, encoder: Encoder
) -> None:
    steps, state = Steps(FELL, READ, CROWD, END), tmp_path / "state"
    with FakeModel(stepwise(steps), Reply(status=500)) as model:
        async with FakeBotApi() as api:
            anna, group = api.person("Anna", language="de"), api.group("Redaktion")
            async with belegbot(api, model, index, state) as running:
                anna.says(ASKED, to=group)
                steps.go()
                half = await group.hears(60)
                api.faults.add("editMessageText", TooMany(60))
                steps.go(3)
                await api.until(lambda: not api.faults.left(), 20)
                inbox = State(state, api.bot["id"]).inbox
                await soon(lambda: not outgoing(inbox)["half"])
                assert outgoing(inbox)["edits"] == half.message_id
                running.kill()
                await running.wait()
            async with belegbot(api, model, index, state):
                await api.until(lambda: half.rows, 60)
            assert (half.text, half.edits, len(group.seen)) == (WHOLE, 1, 1)
            assert len(model.requests) == 1


async def test_half_answers_end_also_without_the_model_or_the_permission(tmp_path: Path) -> None:
    state = tmp_path / "state"
    async with FakeBotApi() as api:
        anna, group, other = api.person("Anna"), api.group("Redaktion"), api.group("Elsewhere")
        async with serving(api, state, Telling(), limits=QUICK) as bot:
            for place in (group, other):
                anna.says("@belegtestbot Wann?", to=place)
            half, shut_out = await group.hears(), await other.hears()
            bot.cancel()
        async with serving(api, state, SmallAssistant(), limits=QUICK, allowed=(group.id,)):
            await api.until(lambda: half.rows and shut_out.deleted)
            assert half.text.startswith("Antwort: Wann? [1]\n\n[1] Der Fall der Berliner Mauer")
            assert await group.silent()
            assert await other.silent()
    assert State(state, api.bot["id"]).inbox.pending() == []


def test_messages_of_an_older_version_are_read() -> None:
    message = Outgoing(Place(-5, 7), "x", (), 3)
    older = {k: v for k, v in message.to_json().items() if k not in {"edits", "removes", "half"}}
    assert Outgoing.from_json(older) == message
    whole = replace(message, edits=1, removes=2, half=True)
    assert Outgoing.from_json(whole.to_json()) == whole
