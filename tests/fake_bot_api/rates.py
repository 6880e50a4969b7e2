"""How often a bot may write."""

from __future__ import annotations

from collections import defaultdict, deque


class Rates:
    """Counts messages: 1 a second in a chat, 20 a minute in a group, 30 a second over all."""

    def __init__(self) -> None:
        self._times: dict[int, deque[float]] = defaultdict(deque)

    def allow(self, chat_id: int, now: float) -> bool:
        """Counts one more message, unless it is one too many."""
        limits = [(chat_id, 1, 0.9), (0, 31, 1.0)]
        if chat_id < 0:
            limits.append((chat_id, 20, 59.5))
        for key, most, seconds in limits:
            if sum(now - at < seconds for at in self._times[key]) >= most:
                return False
        for key in {chat_id, 0}:
            self._times[key].append(now)
            while now - self._times[key][0] > 60:
                self._times[key].popleft()
        return True
