"""What the bot remembers between updates and between runs, in one SQLite file."""

from __future__ import annotations

from pathlib import Path

from .alone import serving_alone
from .database import FILE, Database, StateError
from .inbox import Inbox, Pending
from .people import Knock, People, Standing
from .records import Given, Records, Stats, Thumb, new_id

__all__ = [
    "FILE",
    "Given",
    "Inbox",
    "Knock",
    "Pending",
    "People",
    "Records",
    "Standing",
    "State",
    "StateError",
    "Stats",
    "Thumb",
    "new_id",
    "serving_alone",
]


class State:
    """The state of one bot (its id is the number before the colon of its token).

    Several processes may open the folder, but only one may serve a bot: ``serving_alone``.
    """

    def __init__(self, folder: Path, bot: int) -> None:
        """Opens the state, made where there is none.

        Raises:
            StateError: The folder cannot be used, or a newer belegbot wrote it.
        """
        self.database = Database(folder)
        self.inbox = Inbox(self.database, bot)
        self.records = Records(self.database, bot)
        self.people = People(self.database, bot)

    def prune(self, now: float) -> None:
        """Forgets what is older than promised."""
        with self.database.transaction():
            self.inbox.prune(now)
            self.records.prune(now)

    def forget(self, chat: int | None, person: int) -> None:
        """Deletes what is kept of a person, and the conversation in their private chat."""
        with self.database.transaction():
            if chat is not None:
                self.inbox.forget(str(chat))
                self.records.end_conversations(chat)
            self.records.forget(person)
            self.people.forget(person)

    def close(self) -> None:
        """Closes the file."""
        self.database.close()
