"""What can go wrong on the way, queued by method."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Fault:
    """Base of all faults; on its own it does nothing: the call goes through."""


@dataclass(frozen=True)
class TooMany(Fault):
    """429: the call is refused for so many seconds."""

    retry_after: int = 1


@dataclass(frozen=True)
class BadGateway(Fault):
    """502 with a proxy's HTML page instead of JSON; the work is not done."""


@dataclass(frozen=True)
class Drop(Fault):
    """The connection breaks before or after the work was done."""

    when: Literal["before", "after"] = "after"


@dataclass(frozen=True)
class Slow(Fault):
    """The work is done at once, the answer comes so many seconds late."""

    seconds: float = 1.0


@dataclass(frozen=True)
class Refuse(Fault):
    """Any other refusal: a status, Telegram's words for it, and what else it says."""

    status: int
    description: str
    parameters: tuple[tuple[str, int], ...] = ()


class Faults:
    """Queues of faults, first in first out per method; ``*`` counts for any method."""

    def __init__(self) -> None:
        self._queues: dict[str, deque[Fault]] = defaultdict(deque)

    def add(self, method: str, *faults: Fault) -> None:
        """Lets the next calls of the method meet these faults, one each, in order."""
        self._queues[method].extend(faults)

    def next(self, method: str) -> Fault:
        """Takes the fault that meets this call."""
        for name in (method, "*"):
            if self._queues[name]:
                return self._queues[name].popleft()
        return Fault()

    def left(self) -> int:
        """How many faults have met no call yet."""
        return sum(map(len, self._queues.values()))
