"""In private chats: what is seen of an answer while a language model writes it."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

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
    SOURCES,
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
from tests.fake_bot_api import BadGateway, Draft, Drop, FakeBotApi, Fault, Refuse, Slow, TooMany
from tests.fake_llm import FakeModel, Reply
from tests.fake_llm.server import pieces_of


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    return built(tmp_path_factory.mktemp("drafts"), encoder)


def gaps(drafts: Sequence[Draft]) -> list[float]:
    return [later.at - earlier.at for earlier, later in itertools.pairwise(drafts)]


async def test_drafts_grow_claim_by_claim_to_one_message(
    tmp_path: Path, index: Path, encoder: Encoder
) -> None:
    steps = Steps(FELL, LIE, READ, CROWD, END)
    with FakeModel(stepwise(steps)) as model:
        async with (
            FakeBotApi() as api,
            serving(api, tmp_path, writer(index, encoder, model), limits=QUICK),
        ):
            anna = api.person("Anna", language="de")
            anna.says(QUESTION)
            await soon(lambda: model.requests)
            assert anna.drafted == []
            steps.go()
            await api.until(lambda: len(anna.drafted) == 1)
            steps.go()
            await asyncio.sleep(0.5)
            assert (len(anna.drafted), anna.draft()) == (1, ONE)
            steps.go()
            await api.until(lambda: len(anna.drafted) == 2)
            steps.go()
            await api.until(lambda: len(anna.drafted) == 3)
            assert (anna.draft(), anna.seen) == (THREE, [])
            steps.go()
            reply = await anna.hears()
            assert await anna.silent()
    assert [draft.text for draft in anna.drafted] == [ONE, TWO, THREE]
    assert len({draft.draft_id for draft in anna.drafted}) == 1
    assert (reply.text, reply.edits, anna.draft()) == (WHOLE, 0, None)
    labels = [button["text"][:4] for button in reply.buttons()[::2]]
    assert labels == ["🔎 1 ", "🔎 2 ", "🔎 3 ", "👍"]
    assert {call.status for call in api.calls if call.method != "getUpdates"} == {200}
    assert len(api.called("sendMessage")) == 1
    assert "10. November" not in api.transcript()


async def test_half_a_sentence_or_marker_is_never_seen(
    tmp_path: Path, index: Path, encoder: Encoder
) -> None:
    text = FELL + LIE + READ + CROWD
    limits = replace(QUICK, draft_seconds=0.0)
    with FakeModel(Reply(pieces_of(text, 3), pause=0.01)) as model:
        async with (
            FakeBotApi() as api,
            serving(api, tmp_path, writer(index, encoder, model), limits=limits),
        ):
            anna = api.person("Anna", language="de")
            anna.says(QUESTION)
            assert (await anna.hears()).text == WHOLE
    seen = [draft.text for draft in anna.drafted]
    assert set(seen) <= {ONE, TWO, THREE}
    assert seen[0] == ONE
    assert seen == sorted(seen, key=len)


async def test_drafts_keep_their_distance(tmp_path: Path, index: Path, encoder: Encoder) -> None:
    steps = Steps(FELL, READ, CROWD, END)
    limits = replace(QUICK, draft_seconds=1.0)
    with FakeModel(stepwise(steps)) as model:
        async with (
            FakeBotApi() as api,
            serving(api, tmp_path, writer(index, encoder, model), limits=limits),
        ):
            anna = api.person("Anna", language="de")
            anna.says(QUESTION)
            steps.go()
            await api.until(lambda: anna.drafted)
            steps.go(2)
            await api.until(lambda: len(anna.drafted) == 2)
            steps.go()
            await anna.hears()
    assert [draft.text for draft in anna.drafted] == [ONE, THREE]
    assert gaps(anna.drafted)[0] >= 0.99


async def test_a_draft_is_renewed_before_it_vanishes(
    tmp_path: Path, index: Path, encoder: Encoder
) -> None:
    steps = Steps(FELL, END)
    limits = replace(QUICK, renew_seconds=0.4)
    with FakeModel(stepwise(steps)) as model:
        async with (
            FakeBotApi() as api,
            serving(api, tmp_path, writer(index, encoder, model), limits=limits),
        ):
            anna = api.person("Anna", language="de")
            anna.says(QUESTION)
            steps.go()
            await api.until(lambda: len(anna.drafted) == 3)
            steps.go()
            await anna.hears()
    assert {draft.text for draft in anna.drafted} == {ONE}
    assert all(gap >= 0.39 for gap in gaps(anna.drafted))


async def test_what_is_quoted_is_not_drafted(tmp_path: Path, index: Path, encoder: Encoder) -> None:
    with FakeModel(Reply(status=500)) as down, FakeModel(Reply((LIE,))) as lying:
        for number, model in enumerate((None, down, lying)):
            assistant = writer(index, encoder, model)
            async with FakeBotApi() as api, serving(api, tmp_path / str(number), assistant):
                anna, group = api.person("Anna", language="de"), api.group("Redaktion")
                anna.says(QUESTION)
                quoted = await anna.hears()
                assert quoted.text.startswith("Am 9. November 1989 fiel die Berliner Mauer. [1]")
                anna.says(f"@belegtestbot {QUESTION}", to=group)
                assert (await group.hears()).edits == 0
                methods = {call.method for call in api.calls}
                assert not methods & {"sendMessageDraft", "editMessageText", "deleteMessage"}
                assert len(api.sent) == 2


@pytest.mark.parametrize(
    ("fault", "goes_on"),
    [
        (Refuse(400, "Bad Request: TEXTDRAFT_PEER_INVALID"), False),
        (Refuse(404, "Not Found"), False),  # an older Bot API server
        (Refuse(403, "Forbidden: no drafts here"), False),
        (BadGateway(), True),
        (Drop("before"), True),
        (Drop("after"), True),
    ],
)
async def test_a_draft_that_fails_costs_nothing(
    tmp_path: Path, index: Path, encoder: Encoder, fault: Fault, goes_on: bool
) -> None:
    steps = Steps(FELL, READ, CROWD, END)
    with FakeModel(stepwise(steps)) as model:
        async with (
            FakeBotApi() as api,
            serving(api, tmp_path, writer(index, encoder, model), limits=QUICK),
        ):
            anna = api.person("Anna", language="de")
            api.faults.add("sendMessageDraft", fault)
            anna.says(QUESTION)
            steps.go(3)
            await api.until(lambda: not api.faults.left())
            if goes_on:
                await api.until(lambda: anna.draft() == THREE)
            else:
                await asyncio.sleep(0.5)
            steps.go()
            reply = await anna.hears()
            assert await anna.silent()
    assert reply.text == WHOLE
    assert bool(anna.drafted) == goes_on
    assert goes_on or len(api.called("sendMessageDraft")) == 1


async def test_a_penalty_stops_drafts_and_holds_the_answer_no_longer_than_it_lasts(
    tmp_path: Path, index: Path, encoder: Encoder
) -> None:
    steps = Steps(FELL, READ, CROWD, END)
    with FakeModel(stepwise(steps)) as model:
        async with (
            FakeBotApi() as api,
            serving(api, tmp_path, writer(index, encoder, model), limits=QUICK),
        ):
            anna, ben = api.person("Anna", language="de"), api.person("Ben")
            api.faults.add("sendMessageDraft", TooMany(2))
            anna.says(QUESTION)
            steps.go(4)
            ben.says("/help")
            helped = await ben.hears()
            reply = await anna.hears()
    (draft,) = api.called("sendMessageDraft")
    assert draft.status == 429
    assert reply.text == WHOLE
    assert 2.0 <= reply.at - draft.at < 4.0
    assert helped.at < draft.at + 2.0


async def test_after_a_penalty_the_drafts_go_on(
    tmp_path: Path, index: Path, encoder: Encoder
) -> None:
    steps = Steps(FELL, READ, CROWD, END)
    with FakeModel(stepwise(steps)) as model:
        async with (
            FakeBotApi() as api,
            serving(api, tmp_path, writer(index, encoder, model), limits=QUICK),
        ):
            anna = api.person("Anna", language="de")
            api.faults.add("sendMessageDraft", TooMany(1))
            anna.says(QUESTION)
            steps.go(3)
            await api.until(lambda: anna.drafted)
            steps.go()
            assert (await anna.hears()).text == WHOLE
    refused, shown = api.called("sendMessageDraft")
    assert (refused.status, shown.status, anna.drafted[0].text) == (429, 200, THREE)
    assert shown.at - refused.at >= 1.0


async def test_a_slow_draft_holds_the_answer_for_a_second_at_most(
    tmp_path: Path, index: Path, encoder: Encoder
) -> None:
    with FakeModel(Reply((FELL, READ, CROWD))) as model:
        async with (
            FakeBotApi() as api,
            serving(api, tmp_path, writer(index, encoder, model), limits=QUICK),
        ):
            anna = api.person("Anna", language="de")
            api.faults.add("sendMessageDraft", Slow(5.0))
            anna.says(QUESTION)
            reply = await anna.hears()
    assert reply.text == WHOLE
    assert reply.at - anna.drafted[0].at < 3.0


async def test_a_model_that_breaks_off_leaves_what_had_passed(
    tmp_path: Path, index: Path, encoder: Encoder
) -> None:
    with FakeModel(Reply((FELL, READ, "Am Abend"), pause=0.3, garbage_after=2)) as model:
        async with (
            FakeBotApi() as api,
            serving(api, tmp_path, writer(index, encoder, model), limits=QUICK),
        ):
            anna = api.person("Anna", language="de")
            anna.says(QUESTION)
            reply = await anna.hears()
            assert await anna.silent()
    assert anna.drafted[0].text == ONE
    assert reply.text.startswith("\n\n".join((TWO, *SOURCES[:2])))
    assert reply.text.endswith("Das Sprachmodell brach ab; hier steht, was belegt ist.")


async def test_an_error_after_a_draft_is_said_as_ever(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assistant = Telling(RuntimeError("broken"))
    async with FakeBotApi() as api, serving(api, tmp_path, assistant, limits=QUICK):
        anna = api.person("Anna", language="de")
        anna.says("Wann?")
        await api.until(lambda: anna.drafted)
        assistant.gate.set()
        assert (await anna.hears()).text.startswith("Da ist etwas schiefgegangen (Fehler ")
        assert await anna.silent()
    assert [r.levelno for r in caplog.records if r.levelno >= logging.ERROR] == [logging.ERROR]


async def test_markup_in_claims_is_shown_as_it_is(tmp_path: Path) -> None:
    assistant = Telling()
    async with FakeBotApi() as api, serving(api, tmp_path, assistant, limits=QUICK):
        anna = api.person("Anna")
        anna.says("Was ist <b>fett</b> & 🧱?")
        await api.until(lambda: anna.drafted)
        assistant.gate.set()
        await anna.hears()
    (draft,) = anna.drafted
    assert draft.text == "Antwort: Was ist <b>fett</b> & 🧱? [1]"
