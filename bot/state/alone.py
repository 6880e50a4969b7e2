"""One process serves a bot: a lock in the state folder, freed by the kernel however it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .database import StateError


@contextmanager
def serving_alone(folder: Path, bot: int) -> Iterator[None]:
    """Holds the bot's lock in the state folder while the block runs.

    Raises:
        StateError: Another process holds it, named in the message; or the folder is unusable.
    """
    path = folder / f"bot-{bot}.lock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise _unusable(folder, error) from None
    try:
        _lock(handle, folder)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, folder: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        number = os.pread(handle, 20, 0).decode(errors="replace").strip()
        raise StateError(
            f"this bot already runs here, as process {number or '(just starting)'}: stop that "
            "one first, or give this one a token of its own"
        ) from None
    except OSError as error:
        raise _unusable(folder, error) from None


def _unusable(folder: Path, error: OSError) -> StateError:
    return StateError(
        f"the state folder {folder} cannot be used ({error.strerror or error}): "
        "check its permissions and space, or name another in BELEGBOT_STATE_DIR"
    )
