"""People outside the allow-list: who knocked, and whom an admin let in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Literal

from .database import Database

Standing = Literal["waiting", "allowed", "denied"]


@dataclass(frozen=True, slots=True)
class Knock:
    """Someone who asked to be let in; ``key`` is what buttons name them by."""

    id: int
    name: str
    language: str
    standing: Standing
    since: float
    key: str


class People:
    """The standing of people with one bot."""

    def __init__(self, database: Database, bot: int) -> None:
        self._database, self._bot = database, bot

    def knock(self, person: int, name: str, language: str, now: float) -> bool:
        """Notes that someone asked to be let in; False if that was known already."""
        return bool(
            self._database.run(
                "INSERT OR IGNORE INTO person VALUES (?, ?, ?, ?, 'waiting', ?, ?)",
                self._bot,
                person,
                name,
                language,
                now,
                secrets.token_urlsafe(12),
            )
        )

    def decide(self, person: int, standing: Standing) -> None:
        """Lets someone in, or not."""
        self._database.run(
            "UPDATE person SET standing = ? WHERE bot = ? AND id = ?", standing, self._bot, person
        )

    def find(self, person: int) -> Knock | None:
        """What is known of someone."""
        found = self._select("AND id = ?", person)
        return found[0] if found else None

    def named(self, key: str) -> Knock | None:
        """The one whom a button names."""
        found = self._select("AND key = ?", key)
        return found[0] if found else None

    def waiting(self) -> list[Knock]:
        """Those who wait to be let in, the longest first."""
        return self._select("AND standing = 'waiting' ORDER BY since, id")

    def is_allowed(self, person: int) -> bool:
        """Whether an admin let them in."""
        found = self.find(person)
        return found is not None and found.standing == "allowed"

    def forget(self, person: int) -> None:
        """Deletes what is known of someone; of those let in their number stays."""
        self._database.run(
            "DELETE FROM person WHERE bot = ? AND id = ? AND standing = 'waiting'",
            self._bot,
            person,
        )
        self._database.run(
            "UPDATE person SET name = '' WHERE bot = ? AND id = ?", self._bot, person
        )

    def _select(self, rest: str, *values: object) -> list[Knock]:
        rows: list[Any] = self._database.rows(
            f"SELECT id, name, language, standing, since, key FROM person WHERE bot = ? {rest}",  # noqa: S608
            self._bot,
            *values,
        )
        return [Knock(*row) for row in rows]
