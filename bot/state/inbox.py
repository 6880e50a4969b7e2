"""Updates from Telegram, kept until they are answered.

An update is written here before Telegram is told that it arrived. Its reply is written beside
it before the first message leaves, and each message is ticked off when Telegram has it. After
a crash the reply goes on with the message that was not ticked off; at most that one message,
which was on the wire, is seen twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .database import Database

_DAY = 86400.0
KEEP_DONE = 2 * _DAY
"""Telegram repeats an unconfirmed update for 24 hours: so long its id must be known."""
KEEP_ASIDE = 14 * _DAY
MAX_ATTEMPTS = 10
"""So many times an update may end the process before it is set aside."""


@dataclass(frozen=True, slots=True)
class Pending:
    """An update that still needs its reply.

    Attributes:
        place: The chat (or, without one, the person) it came from.
        outgoing: The messages of its reply, if that is ready.
        sent: How many of them Telegram has.
    """

    update_id: int
    place: str
    payload: Mapping[str, Any]
    outgoing: tuple[Mapping[str, Any], ...] | None
    sent: int


class Inbox:
    """The updates of one bot, by update id."""

    def __init__(self, database: Database, bot: int) -> None:
        self._database, self._bot = database, bot

    def accept(
        self, updates: Iterable[tuple[int, str, Mapping[str, Any]]], now: float
    ) -> frozenset[int]:
        """Writes updates (id, place, JSON object) in one durable step; the ids not seen before."""
        fresh = set()
        with self._database.transaction(durable=True):
            for update_id, place, payload in updates:
                if self._insert(update_id, place, "pending", payload, None, now):
                    fresh.add(update_id)
        return frozenset(fresh)

    def set_aside(self, update_id: int, payload: object, note: str, now: float) -> None:
        """Keeps an update that cannot be handled, for someone to look at, out of the way."""
        if not self._insert(update_id, "", "aside", payload, note, now):
            self._database.run(
                "UPDATE inbox SET state = 'aside', note = ? WHERE bot = ? AND update_id = ?",
                note,
                self._bot,
                update_id,
            )

    def _insert(
        self, update_id: int, place: str, state: str, payload: object, note: str | None, now: float
    ) -> int:
        return self._database.run(
            "INSERT OR IGNORE INTO inbox (bot, update_id, place, received, state, payload, note)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            self._bot,
            update_id,
            place,
            now,
            state,
            json.dumps(payload, ensure_ascii=False),
            note,
        )

    def pending(self) -> list[Pending]:
        """All that still need their reply, oldest first."""
        return self._select("ORDER BY update_id")

    def find(self, update_id: int) -> Pending | None:
        """The update, if it still needs its reply."""
        found = self._select("AND update_id = ?", update_id)
        return found[0] if found else None

    def _select(self, rest: str, *values: object) -> list[Pending]:
        rows: list[Any] = self._database.rows(
            "SELECT update_id, place, payload, outgoing, sent FROM inbox"  # noqa: S608
            f" WHERE bot = ? AND state = 'pending' {rest}",
            self._bot,
            *values,
        )
        return [
            Pending(
                update_id,
                place,
                json.loads(payload),
                tuple(json.loads(outgoing)) if outgoing is not None else None,
                sent,
            )
            for update_id, place, payload, outgoing, sent in rows
        ]

    def begin(self, update_id: int) -> bool:
        """Counts an attempt; False, and set aside, if there were too many."""
        self._database.run(
            "UPDATE inbox SET attempts = attempts + 1,"
            " state = CASE WHEN attempts >= ? THEN 'aside' ELSE state END,"
            " note = CASE WHEN attempts >= ? THEN 'too many attempts' ELSE note END"
            " WHERE bot = ? AND update_id = ?",
            MAX_ATTEMPTS,
            MAX_ATTEMPTS,
            self._bot,
            update_id,
        )
        return self.find(update_id) is not None

    def put_back(self, update_id: int) -> None:
        """Takes an attempt back: the process was asked to stop, the update is not at fault."""
        self._database.run(
            "UPDATE inbox SET attempts = attempts - 1 WHERE bot = ? AND update_id = ?",
            self._bot,
            update_id,
        )

    def prepare(self, update_id: int, outgoing: Sequence[Mapping[str, Any]]) -> None:
        """Writes the messages of the reply; from now on the update is only sent, not handled.

        A half message, which a group sees while a language model writes, is no reply yet: the
        update is handled again, and that message becomes its answer.
        """
        self._database.run(
            "UPDATE inbox SET outgoing = ?, sent = 0 WHERE bot = ? AND update_id = ?",
            json.dumps(outgoing, ensure_ascii=False),
            self._bot,
            update_id,
        )

    def tick(self, update_id: int, sent: int) -> None:
        """Notes that Telegram has the first ``sent`` messages of the reply."""
        self._database.run(
            "UPDATE inbox SET sent = ? WHERE bot = ? AND update_id = ?", sent, self._bot, update_id
        )

    def finish(self, update_id: int) -> None:
        """Nothing more to do; what was written is forgotten, its id is kept a while."""
        self._database.run(
            "UPDATE inbox SET state = 'done', payload = '{}', outgoing = NULL"
            " WHERE bot = ? AND update_id = ? AND state = 'pending'",
            self._bot,
            update_id,
        )

    def finish_place(self, place: str) -> int:
        """Drops all that is pending from a place that can't be written to; how many."""
        return self._database.run(
            "UPDATE inbox SET state = 'done', payload = '{}', outgoing = NULL"
            " WHERE bot = ? AND place = ? AND state = 'pending'",
            self._bot,
            place,
        )

    def forget(self, place: str) -> None:
        """Removes the contents of what was set aside from a place."""
        self._database.run(
            "UPDATE inbox SET payload = '{}' WHERE bot = ? AND place = ? AND state = 'aside'",
            self._bot,
            place,
        )

    def aside(self) -> list[tuple[int, str]]:
        """Updates set aside (id, why), oldest first."""
        rows: list[Any] = self._database.rows(
            "SELECT update_id, note FROM inbox WHERE bot = ? AND state = 'aside'"
            " ORDER BY update_id",
            self._bot,
        )
        return [(update_id, note or "") for update_id, note in rows]

    def prune(self, now: float) -> None:
        """Forgets what is done for two days and what was set aside two weeks ago."""
        for state, age in (("done", KEEP_DONE), ("aside", KEEP_ASIDE)):
            self._database.run(
                "DELETE FROM inbox WHERE bot = ? AND state = ? AND received < ?",
                self._bot,
                state,
                now - age,
            )
