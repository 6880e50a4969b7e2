"""What the bot remembers of chats: conversations, the answers behind buttons, thumbs."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

from .database import Database

_DAY = 86400.0
KEEP_ANSWERS = 30 * _DAY
KEEP_CONVERSATIONS = 30 * _DAY


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that was given, and what its buttons need.

    Attributes:
        kind: "answer", "refusal" or "talk" (which no figure counts).
        id: Opaque; what callback data start with.
        person: Who asked; only they may press the buttons.
        message: The id of the message that asked.
        citations: Ids of its citations, in order.
        nearest: Keys of the articles it offered for further reading.
        view: The message with the buttons, to come back to (an ``Outgoing`` as JSON object).
    """

    chat: int
    person: int
    message: int | None
    at: float
    question: str
    answer: str
    kind: str
    confidence: float
    generation: str
    citations: tuple[str, ...]
    nearest: tuple[str, ...]
    view: dict[str, Any]
    seconds: float
    id: str


@dataclass(frozen=True, slots=True)
class Thumb:
    """What someone thought of an answer: ``value`` is 1 (good) or -1 (bad)."""

    value: int
    at: float
    question: str
    answer: str
    generation: str
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stats:
    """Figures over a period; ``median`` and ``slow`` (95%) are seconds to an answer."""

    questions: int
    answered: int
    people: int
    up: int
    down: int
    median: float
    slow: float


class Records:
    """Conversations, answers and thumbs of one bot."""

    def __init__(self, database: Database, bot: int) -> None:
        self._database, self._bot = database, bot

    def conversation(self, chat: int, topic: int = 0) -> object | None:
        """The conversation of a place, as it was saved."""
        rows: list[Any] = self._database.rows(
            "SELECT turns FROM conversation WHERE bot = ? AND chat = ? AND topic = ?",
            self._bot,
            chat,
            topic,
        )
        return json.loads(rows[0][0]) if rows else None

    def save_conversation(self, chat: int, topic: int, turns: object, now: float) -> None:
        """Replaces the conversation of a place."""
        self._database.run(
            "INSERT OR REPLACE INTO conversation VALUES (?, ?, ?, ?, ?)",
            self._bot,
            chat,
            topic,
            json.dumps(turns, ensure_ascii=False),
            now,
        )

    def end_conversation(self, chat: int, topic: int) -> None:
        """Forgets the conversation of a place."""
        self._database.run(
            "DELETE FROM conversation WHERE bot = ? AND chat = ? AND topic = ?",
            self._bot,
            chat,
            topic,
        )

    def move_chat(self, old: int, new: int) -> None:
        """A group became a supergroup: what it had goes along."""
        with self._database.transaction():
            self._database.run(
                "UPDATE OR REPLACE conversation SET chat = ? WHERE bot = ? AND chat = ?",
                new,
                self._bot,
                old,
            )
            self._database.run(
                "UPDATE given SET chat = ? WHERE bot = ? AND chat = ?", new, self._bot, old
            )

    def add_given(self, given: Given) -> None:
        """Remembers an answer; its id must be new (``new_id``)."""
        self._database.run(
            "INSERT INTO given VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            given.id,
            self._bot,
            given.chat,
            given.person,
            given.message,
            given.at,
            given.question,
            given.answer,
            given.kind,
            given.confidence,
            given.generation,
            json.dumps(given.citations),
            json.dumps(given.nearest),
            json.dumps(given.view, ensure_ascii=False),
            given.seconds,
        )

    def given(self, identifier: str) -> Given | None:
        """The answer of that id."""
        return self._one_given("id = ?", identifier)

    def given_to(self, chat: int, message: int) -> Given | None:
        """The latest answer to that message."""
        return self._one_given("chat = ? AND message = ? ORDER BY at DESC LIMIT 1", chat, message)

    def _one_given(self, where: str, *values: object) -> Given | None:
        rows: list[Any] = self._database.rows(
            "SELECT chat, person, message, at, question, answer, kind, confidence,"  # noqa: S608
            " generation, citations, nearest, view, seconds, id FROM given"
            f" WHERE bot = ? AND {where}",
            self._bot,
            *values,
        )
        if not rows:
            return None
        row = list(rows[0])
        row[9], row[10] = tuple(json.loads(row[9])), tuple(json.loads(row[10]))
        row[11] = json.loads(row[11])
        return Given(*row)

    def rate(self, given: Given, person: int, value: int, now: float) -> None:
        """Stores a thumb; a later one by the same person replaces it."""
        self._database.run(
            "INSERT OR REPLACE INTO thumb VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self._bot,
            given.id,
            person,
            given.chat,
            value,
            now,
            given.question,
            given.answer,
            given.generation,
            json.dumps(given.citations),
        )

    def thumbs(self) -> list[Thumb]:
        """All thumbs, oldest first."""
        rows: list[Any] = self._database.rows(
            "SELECT value, at, question, answer, generation, citations FROM thumb"
            " WHERE bot = ? ORDER BY at",
            self._bot,
        )
        return [
            Thumb(value, at, question, answer, generation, tuple(json.loads(citations)))
            for value, at, question, answer, generation, citations in rows
        ]

    def stats(self, since: float) -> Stats:
        """Figures since a time."""
        rows: list[Any] = self._database.rows(
            "SELECT kind, person, seconds FROM given WHERE bot = ? AND at >= ?"
            " AND kind <> 'talk' ORDER BY seconds",
            self._bot,
            since,
        )
        values = [thumb.value for thumb in self.thumbs() if thumb.at >= since]
        return Stats(
            questions=len(rows),
            answered=sum(row[0] == "answer" for row in rows),
            people=len({row[1] for row in rows}),
            up=values.count(1),
            down=values.count(-1),
            median=rows[len(rows) // 2][2] if rows else 0.0,
            slow=rows[len(rows) * 95 // 100][2] if rows else 0.0,
        )

    def end_conversations(self, chat: int) -> None:
        """Forgets the conversations of a chat, in all its topics."""
        self._database.run("DELETE FROM conversation WHERE bot = ? AND chat = ?", self._bot, chat)

    def forget(self, person: int) -> None:
        """Deletes all that a person asked and thought."""
        for table in ("given", "thumb"):
            self._database.run(
                f"DELETE FROM {table} WHERE bot = ? AND person = ?",  # noqa: S608
                self._bot,
                person,
            )

    def prune(self, now: float) -> None:
        """Forgets conversations and answers of more than 30 days ago; thumbs stay."""
        self._database.run(
            "DELETE FROM given WHERE bot = ? AND at < ?", self._bot, now - KEEP_ANSWERS
        )
        self._database.run(
            "DELETE FROM conversation WHERE bot = ? AND changed < ?",
            self._bot,
            now - KEEP_CONVERSATIONS,
        )


def new_id() -> str:
    """A fresh opaque id: 96 random bits in 16 characters."""
    return secrets.token_urlsafe(12)
