"""Loads, crashes and storms for the Telegram bot, as a process of its own.

``python -m tests.bot.telegram_stress`` measures at full size; the tests run small ones.
"""
# ruff: noqa: T201

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import re
import sys
import tempfile
from asyncio.subprocess import DEVNULL, Process
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.fake_bot_api import BadGateway, Drop, FakeBotApi, Fault, Person, Slow, TooMany

ROOT = Path(__file__).parents[2]
_NUMBER = re.compile(r"Antwort: Frage (\d+)\?")


@dataclass
class Result:
    """What became of the questions.

    Attributes:
        asked: When each question was sent, by number, on the event loop's clock.
        seen: When each answer was seen, by number; more than one time: it was repeated.
        kills: When the process was killed.
    """

    asked: dict[int, float] = field(default_factory=dict)
    chat: dict[int, int] = field(default_factory=dict)
    seen: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    order: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    kills: list[float] = field(default_factory=list)

    def lost(self) -> list[int]:
        """Questions without an answer."""
        return [number for number in self.asked if not self.seen[number]]

    def repeated(self) -> list[int]:
        """Questions answered more than once."""
        return [number for number, times in self.seen.items() if len(times) > 1]

    def disordered(self) -> int:
        """How many answers came before one to an earlier question of their chat."""
        firsts = [list(dict.fromkeys(numbers)) for numbers in self.order.values()]
        return sum(a > b for numbers in firsts for a, b in itertools.pairwise(numbers))

    def off_the_wire(self, seconds: float = 1.0) -> list[int]:
        """Repeated answers whose first copy did not arrive just before a kill."""
        return [
            number
            for number in self.repeated()
            if not any(-0.05 <= kill - self.seen[number][0] <= seconds for kill in self.kills)
        ]

    def busiest_second(self) -> int:
        """The most answers that arrived within one second."""
        times = sorted(at for all_times in self.seen.values() for at in all_times)
        return max(sum(at <= t < at + 1.0 for t in times) for at in times)

    def late(self) -> list[float]:
        """By how many seconds each answer came later than the limits allow, sorted."""
        allowed: dict[int, float] = {}
        recent: list[float] = []
        free: dict[int, float] = defaultdict(float)
        for number in sorted(self.asked, key=self.asked.__getitem__):
            at = max(self.asked[number], free[self.chat[number]])
            if len(recent) >= 30:
                at = max(at, recent[-30] + 1.0)
            recent.append(at)
            recent.sort()
            free[self.chat[number]] = at + 1.0
            allowed[number] = at
        return sorted(self.seen[n][0] - allowed[n] for n in self.asked if self.seen[n])


async def start(api: FakeBotApi, state: Path) -> Process:
    """The bot as a process."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bot.telegram_process", api.url, str(state), api.token),
        cwd=ROOT,
        stderr=DEVNULL,
    )


@asynccontextmanager
async def running(api: FakeBotApi, state: Path) -> AsyncIterator[Process]:
    """The bot as a process while the block runs, polling from its beginning on."""
    process = await start(api, state)
    try:
        await api.until(lambda: api.called("setMyCommands"), 60)
        yield process
    finally:
        process.terminate()
        await process.wait()


async def ask(
    api: FakeBotApi, people: list[Person], count: int, per_second: float, result: Result
) -> None:
    """Asks numbered questions, each person in turn but shuffled, at a steady pace."""
    rng, clock = random.Random(7), asyncio.get_running_loop()
    order = [people[n % len(people)] for n in range(count)]
    rng.shuffle(order)
    began = clock.time()
    for number, person in enumerate(order):
        await asyncio.sleep(max(0.0, began + number / per_second - clock.time()))
        result.asked[number], result.chat[number] = clock.time(), person.id
        person.says(f"Frage {number}?")


def gather(api: FakeBotApi, result: Result) -> Result:
    """Reads off what was seen."""
    for seen in api.sent:
        match = _NUMBER.match(seen.text)
        if match:
            result.seen[int(match[1])].append(seen.at)
            result.order[seen.chat_id].append(int(match[1]))
    return result


def answered(api: FakeBotApi, count: int) -> Callable[[], bool]:
    """Whether so many questions have an answer."""
    numbers: set[int] = set()
    done = 0

    def check() -> bool:
        nonlocal done
        for seen in api.sent[done:]:
            match = _NUMBER.match(seen.text)
            if match:
                numbers.add(int(match[1]))
        done = len(api.sent)
        return len(numbers) >= count

    return check


async def load(state: Path, count: int, chats: int, per_second: float) -> Result:
    """Many people at once."""
    result = Result()
    async with FakeBotApi() as api, running(api, state):
        people = [api.person(f"P{n}") for n in range(chats)]
        await ask(api, people, count, per_second, result)
        await api.until(answered(api, count), 120)
        return gather(api, result)


async def kills(state: Path, count: int, chats: int, per_second: float, times: int) -> Result:
    """Killed at random instants under load, and started again."""
    result, rng = Result(), random.Random(11)
    async with FakeBotApi() as api:
        people = [api.person(f"P{n}") for n in range(chats)]
        asking = asyncio.create_task(ask(api, people, count, per_second, result))
        for _ in range(times):
            before = len(api.sent)
            process = await start(api, state)
            await api.until(lambda before=before: len(api.sent) > before, 60)  # type: ignore[misc]
            await asyncio.sleep(rng.uniform(0.0, 0.6))
            process.kill()
            result.kills.append(asyncio.get_running_loop().time())
            await process.wait()
            if asking.done() and answered(api, len(result.asked))():
                await ask_more(api, people[0], result)
        process = await start(api, state)
        await asking
        await api.until(answered(api, len(result.asked)), 180)
        await asyncio.sleep(1.5)
        process.terminate()
        await process.wait()
        return gather(api, result)


async def ask_more(api: FakeBotApi, person: Person, result: Result) -> None:
    """One more question, so that there is something to kill."""
    number = len(result.asked)
    result.asked[number], result.chat[number] = asyncio.get_running_loop().time(), person.id
    person.says(f"Frage {number}?")


async def storm(state: Path, count: int, chats: int, per_second: float) -> tuple[Result, int]:
    """10% 502, 5% dropped, 5% 429, 2% slow; and how many drops came after the work."""
    rng, result, after = random.Random(3), Result(), 0
    async with FakeBotApi() as api:
        for _ in range(4 * count):
            chance = rng.random()
            fault = Fault()
            if chance < 0.10:
                fault = BadGateway()
            elif chance < 0.15:
                fault = Drop(rng.choice(("before", "after")))
            elif chance < 0.20:
                fault = TooMany(1)
            elif chance < 0.22:
                fault = Slow(2.0)
            api.faults.add("sendMessage", fault)
        queued = list(api.faults._queues["sendMessage"])
        async with running(api, state):
            people = [api.person(f"P{n}") for n in range(chats)]
            await ask(api, people, count, per_second, result)
            await api.until(answered(api, count), 300)
            await asyncio.sleep(1.5)
        met = queued[: len(queued) - api.faults.left()]
        after = sum(fault == Drop("after") for fault in met)
        return gather(api, result), after


async def memory(state: Path, chats: int, *marks: int) -> list[int]:
    """Resident kilobytes after so many questions; no more than 30 wait at a time."""
    sizes = []
    async with FakeBotApi() as api, running(api, state) as process:
        people = [api.person(f"P{n}") for n in range(chats)]
        for number in range(marks[-1]):
            people[number % chats].says(f"Frage {number}?")
            await api.until(lambda number=number: len(api.sent) > number - 30, 60)  # type: ignore[misc]
            api.calls.clear()
            if number + 1 in marks:
                await api.until(lambda number=number: len(api.sent) > number, 60)  # type: ignore[misc]
                await asyncio.sleep(2)
                sizes.append(_resident(process.pid))
    return sizes


def _resident(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1])  # type: ignore[index]


def _show(name: str, result: Result) -> None:
    late = result.late()
    print(
        f"{name}: asked {len(result.asked)}, lost {len(result.lost())}, "
        f"repeated {len(result.repeated())} ({len(result.off_the_wire())} not on the wire), "
        f"disordered {result.disordered()}, late: median {late[len(late) // 2]:.2f} s, "
        f"95% {late[len(late) * 95 // 100]:.2f} s, busiest second {result.busiest_second()}",
        flush=True,
    )


async def main(names: list[str]) -> None:
    """The figures of the full-size runs."""
    with tempfile.TemporaryDirectory() as folder:
        if "load" in names:
            _show("load", await load(Path(folder, "a"), 1000, 200, 30.0))
        if "kills" in names:
            result = await kills(Path(folder, "b"), 600, 40, 12.0, 30)
            _show(f"{len(result.kills)} kills", result)
        if "storm" in names:
            result, after = await storm(Path(folder, "c"), 500, 50, 15.0)
            _show(f"storm ({after} dropped after the work)", result)
        if "memory" in names:
            first, last = await memory(Path(folder, "d"), 100, 1000, 10_000)
            print(f"memory: {first} kB after 1,000, {last} kB after 10,000 ({last / first:.3f})")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=["load", "kills", "storm"])
    asyncio.run(main(parser.parse_args().names))
