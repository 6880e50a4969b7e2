"""The SQLite file in the state folder: how it is opened, and how its schema moves on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from index.errors import BelegError

from .schema import MIGRATIONS

FILE = "state.sqlite3"


class StateError(BelegError):
    """The state folder cannot be used, or a newer belegbot wrote it."""


class Database:
    """One connection, to be used from one thread.

    Commits outlive a killed process at once. They outlive a power cut where ``durable`` was
    asked for; others may be undone by one, back to some earlier commit.
    """

    def __init__(self, folder: Path, migrations: Sequence[str] = MIGRATIONS) -> None:
        """Opens ``folder/state.sqlite3``, made or brought up to date first.

        Raises:
            StateError: The folder cannot be written, the file is no database, or newer.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(folder / FILE, isolation_level=None, timeout=10)
            (folder / FILE).chmod(0o600)  # private conversations
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA secure_delete = ON")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._migrate(folder, migrations)
        except (OSError, sqlite3.Error) as error:
            raise StateError(
                f"the state folder {folder} cannot be used ({error}): "
                "check its permissions and space, or name another in BELEGBOT_STATE_DIR"
            ) from None

    def _migrate(self, folder: Path, migrations: Sequence[str]) -> None:
        """Applies what is missing, each migration in a transaction of its own."""
        version = self.version
        if version > len(migrations):
            self.close()
            raise StateError(
                f"the state in {folder} was written by a newer belegbot: update this one, "
                "or name another folder in BELEGBOT_STATE_DIR"
            )
        for number, script in enumerate(migrations[version:], version + 1):
            with self.transaction():
                for statement in script.split(";"):
                    self._connection.execute(statement)
                self._connection.execute(f"PRAGMA user_version = {number}")

    @property
    def version(self) -> int:
        """How many migrations were applied."""
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    @contextmanager
    def transaction(self, *, durable: bool = False) -> Iterator[None]:
        """All or nothing; inside another transaction, a part of that one."""
        if self._connection.in_transaction:
            yield
            return
        if durable:
            self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        finally:
            if durable:
                self._connection.execute("PRAGMA synchronous = NORMAL")

    def run(self, statement: str, *values: object) -> int:
        """Executes one statement; returns how many rows it changed."""
        return self._connection.execute(statement, values).rowcount

    def rows(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """All rows of a query."""
        return self._connection.execute(statement, values).fetchall()

    def close(self) -> None:
        """Closes the file; a second call does nothing."""
        self._connection.close()
