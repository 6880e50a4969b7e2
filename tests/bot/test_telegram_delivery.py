"""How messages leave: the pace, what is repeated, what ends a chat's queue."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import httpx
import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TimedOut

from bot.state import State
from bot.telegram_app import Limits
from bot.telegram_app.attempts import MAX_REFUSALS, LostError, NotNowError
from bot.telegram_app.pace import DROPPABLE, Pace
from tests.bot.telegram_world import serving
from tests.fake_bot_api import Drop, FakeBotApi, Refuse, Slow, TooMany


def now() -> float:
    return asyncio.get_running_loop().time()


class Wire:
    """A way out on which things happen in order."""

    def __init__(self, *events: Exception | None) -> None:
        self.events = list(events)
        self.times: list[float] = []

    async def __call__(self) -> str:
        self.times.append(now())
        event = self.events.pop(0) if self.events else None
        if event is not None:
            raise event
        return "sent"


def caused(cause: Exception | None, error: NetworkError | None = None) -> NetworkError:
    error = error or NetworkError("trouble")
    error.__cause__ = cause
    return error


def send(
    pace: Pace,
    wire: Wire,
    chat: int = 1,
    endpoint: str = "sendMessage",
    repeats: int | None = None,
) -> Any:
    callback: Callable[..., Coroutine[Any, Any, Any]] = wire
    return pace.process_request(callback, (), {}, endpoint, {"chat_id": chat}, repeats)


async def test_one_message_a_second_in_a_chat() -> None:
    pace, wire = Pace(chat_seconds=0.1), Wire()
    await asyncio.gather(*(send(pace, wire) for _ in range(4)))
    gaps = [b - a for a, b in zip(wire.times, wire.times[1:], strict=False)]
    assert all(0.099 <= gap < 2 for gap in gaps)


async def test_all_chats_together_are_bounded() -> None:
    pace, wire = Pace(per_second=10), Wire()
    await asyncio.gather(*(send(pace, wire, chat) for chat in range(1, 26)))
    times = sorted(wire.times)
    assert all(later - earlier >= 0.99 for earlier, later in zip(times, times[10:], strict=False))
    assert times[9] - times[0] < 0.9


async def test_groups_have_a_limit_of_their_own() -> None:
    pace, group, person = Pace(100, 0.0, 3, 0.5), Wire(), Wire()
    await asyncio.gather(
        *(send(pace, group, -5) for _ in range(7)), *(send(pace, person, 5) for _ in range(7))
    )
    times = group.times
    assert all(later - earlier >= 0.49 for earlier, later in zip(times, times[3:], strict=False))
    assert person.times[-1] - person.times[0] < times[-1] - times[0]


async def test_what_never_left_is_repeated_until_it_does() -> None:
    never = [httpx.ConnectError(""), httpx.ConnectTimeout("")]
    pool = caused(httpx.PoolTimeout(""), TimedOut())
    wire = Wire(*map(caused, never), pool)
    assert await send(Pace(), wire) == "sent"
    assert len(wire.times) == 4


async def test_a_refusal_of_the_moment_is_repeated_but_not_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    assert await send(Pace(), Wire(caused(None))) == "sent"
    wire = Wire(*(RetryAfter(0) for _ in range(100)))
    with pytest.raises(LostError):
        await send(Pace(chat_seconds=0.0), wire)
    assert len(wire.times) == MAX_REFUSALS + 1


@pytest.mark.parametrize("cause", [httpx.ReadTimeout(""), httpx.RemoteProtocolError("")])
async def test_a_lost_answer_is_repeated_once(
    cause: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    wire = Wire(caused(cause))
    assert await send(Pace(), wire) == "sent"
    assert [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING] == [
        "the answer to a sendMessage was lost: a possible repeat follows"
    ]
    twice = Wire(caused(cause), caused(cause))
    with pytest.raises(LostError):
        await send(Pace(), twice)
    assert len(twice.times) == 2
    with pytest.raises(LostError):
        await send(Pace(), Wire(caused(cause)), repeats=0)


async def test_what_changes_nothing_by_repeating_is_repeated_more() -> None:
    wire = Wire(*(caused(httpx.ReadTimeout("")) for _ in range(3)))
    assert await send(Pace(), wire, endpoint="editMessageText") == "sent"


async def test_refusals_for_good_are_not_repeated() -> None:
    for error in (BadRequest("no"), Forbidden("no")):
        wire = Wire(error)
        with pytest.raises(type(error)):
            await send(Pace(), wire)
        assert len(wire.times) == 1


async def test_idle_chats_are_forgotten() -> None:
    pace = Pace(per_second=10_000, chat_seconds=0.0)
    for chat in range(1, 1500):
        await send(pace, Wire(), chat)
    assert len(pace._chats) <= 1499
    await asyncio.sleep(0)


async def test_edits_count_in_a_groups_limit_and_nowhere_else() -> None:
    pace, group, person = Pace(100, 0.0, 3, 0.5), Wire(), Wire()
    for number in range(4):
        await send(pace, group, -5, "editMessageText" if number % 2 else "sendMessage")
    assert group.times[3] - group.times[0] >= 0.49
    for _ in range(8):
        await send(pace, person, 5, "editMessageText")
    assert person.times[-1] - person.times[0] < 0.4


async def test_drafts_are_dropped_while_telegram_wants_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    pace, wire = Pace(chat_seconds=0.0), Wire(RetryAfter(1))
    with pytest.raises(NotNowError) as refused:
        await send(pace, wire, endpoint="sendMessageDraft")
    assert refused.value.seconds == 1.0
    with pytest.raises(NotNowError):
        await send(pace, wire, endpoint="sendMessageDraft")
    assert len(wire.times) == 1
    other = Wire()
    await send(pace, other, 2, "sendMessageDraft")
    assert other.times[0] - wire.times[0] < 0.9
    await send(pace, wire)
    assert wire.times[1] - wire.times[0] >= 1.0


async def test_drafts_hold_up_no_message() -> None:
    pace, wire = Pace(chat_seconds=5.0), Wire()
    for _ in range(3):
        await send(pace, wire, endpoint="sendMessageDraft")
    await send(pace, wire)
    await send(pace, wire, endpoint="sendMessageDraft")
    assert wire.times[-1] - wire.times[0] < 2.0


@pytest.mark.parametrize(
    ("event", "raised"),
    [
        (caused(None), NotNowError),
        (caused(httpx.ConnectError("")), NotNowError),
        (caused(httpx.ReadTimeout("")), LostError),
        (BadRequest("no"), BadRequest),
    ],
)
async def test_what_is_droppable_is_tried_once(event: Exception, raised: type[Exception]) -> None:
    for endpoint, repeats in (("sendMessageDraft", None), ("sendMessage", DROPPABLE)):
        wire = Wire(event)
        with pytest.raises(raised):
            await send(Pace(), wire, -1, endpoint, repeats)
        assert len(wire.times) == 1


async def test_half_of_each_limit_is_left_to_answers() -> None:
    pace, wire = Pace(10, 0.0, 4, 60.0), Wire()
    for _ in range(2):
        await send(pace, wire, -5, "editMessageText", DROPPABLE)
    with pytest.raises(NotNowError):
        await send(pace, wire, -5, "editMessageText", DROPPABLE)
    for _ in range(2):
        await send(pace, wire, -5)
    pace, wire = Pace(4, 0.0), Wire()
    for chat in (1, 2):
        await send(pace, wire, chat, "sendMessageDraft")
    with pytest.raises(NotNowError):
        await send(pace, wire, 3, "sendMessageDraft")
    for chat in (4, 5):
        await send(pace, wire, chat)
    assert wire.times[-1] - wire.times[0] < 0.9


async def test_what_is_droppable_takes_its_turn_or_none() -> None:
    pace, wire, slow = Pace(chat_seconds=0.3), Wire(), asyncio.Event()

    async def waiting() -> None:
        await slow.wait()

    sending = asyncio.create_task(
        pace.process_request(waiting, (), {}, "sendMessage", {"chat_id": -5}, None)
    )
    await asyncio.sleep(0)
    with pytest.raises(NotNowError):
        await send(pace, wire, -5, "editMessageText", DROPPABLE)
    slow.set()
    await sending
    with pytest.raises(NotNowError) as spaced:
        await send(pace, wire, -5, "editMessageText", DROPPABLE)
    await asyncio.sleep(spaced.value.seconds + 0.01)
    await send(pace, wire, -5, "editMessageText", DROPPABLE)


async def test_a_block_ends_the_chats_queue(tmp_path: Path) -> None:
    async with FakeBotApi() as api:
        anna, ben = api.person("Anna"), api.person("Ben")
        async with serving(api, tmp_path):
            api.faults.add("sendMessage", TooMany(1))
            for number in range(4):
                anna.says(f"Frage {number}?")
            await api.until(lambda: api.called("sendMessage"))
            anna.blocks()
            ben.says("Und ich?")
            await ben.hears()
            await asyncio.sleep(1.5)
            refused = [c for c in api.called("sendMessage") if c.status == 403]
            assert len(refused) == 1
            anna.gone = None
            anna.says("Wieder da?")
            assert (await anna.hears()).text.startswith("Antwort: Wieder da? [1]")
        assert State(tmp_path, api.bot["id"]).inbox.pending() == []


async def test_a_lost_answer_over_http(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with FakeBotApi() as api, serving(api, tmp_path):
        anna = api.person("Anna")
        api.faults.add("sendMessage", Drop("before"))
        anna.says("Eins?")
        await anna.hears()
        assert await anna.silent()
        api.faults.add("sendMessage", Drop("after"))
        anna.says("Zwei?")
        first, second = await anna.hears(), await anna.hears()
        assert first.text == second.text
    lines = [r.getMessage() for r in caplog.records if "possible repeat" in r.getMessage()]
    assert len(lines) == 2


async def test_slow_typing_takes_no_connections_away(tmp_path: Path) -> None:
    async with FakeBotApi() as api, serving(api, tmp_path):
        people = [api.person(f"P{number}") for number in range(70)]
        api.faults.add("sendChatAction", *[Slow(1.3)] * 140)
        for _ in range(2):  # more than there are connections
            for person in people:
                person.says("Wann?")
        await api.until(lambda: len(api.sent) == 140, 60)


async def test_a_group_that_moves_is_followed(tmp_path: Path) -> None:
    async with FakeBotApi() as api, serving(api, tmp_path):
        anna, old, new = api.person("Anna"), api.group("Alt"), api.group("Neu")
        moved = Refuse(
            400, "Bad Request: group chat was upgraded", (("migrate_to_chat_id", new.id),)
        )
        api.faults.add("sendMessage", moved)
        anna.says("@belegtestbot Wann?", to=old)
        assert (await new.hears()).text.startswith("Antwort: Wann? [1]")
        assert old.seen == []


async def test_the_limits_hold_where_telegram_counts(tmp_path: Path) -> None:
    limits = Limits()
    async with FakeBotApi(enforce_rates=True) as api, serving(api, tmp_path, limits=limits):
        people = [api.person(f"P{number}") for number in range(20)]
        for number in range(40):
            people[number % 20].says(f"Frage {number}?")
        await api.until(lambda: len(api.sent) == 40)
        assert {call.status for call in api.called("sendMessage")} == {200}
