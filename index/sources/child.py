"""The parent's side of the worker process: started at first need, replaced when it fails."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.sources.limits import MEGABYTE
from index.sources.outcome import FileRead, Skipped, Unreadable
from index.sources.wire import DONE, FAILED, line, outcome_of

_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); from index.sources.worker import main; "
    "main(int(sys.argv[2]), float(sys.argv[3]))"
)
_ROOT = str(Path(__file__).resolve().parents[2])
_MOST_LINE_BYTES = 96 * MEGABYTE
_START_SECONDS = 30.0


class _DiedError(Exception):
    """The worker ended, or said what it must not say, before it was done."""


class Child:
    """One worker process after another; at most one at a time.

    Args:
        memory_mb: How much memory it may have, in megabytes.
        seconds: How long it may be silent over one file.
    """

    def __init__(self, memory_mb: int, seconds: float) -> None:
        self._memory_mb = memory_mb
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._served = 0

    def read(self, path: Path, key: str) -> FileRead:
        """Has one file read.

        Raises:
            Unreadable: If the worker died, hung or ran out of memory over it.
        """
        try:
            return self._ask(path, key)
        except _DiedError:
            # What earlier files left behind may be to blame: a fresh worker tells.
            if self._served == 0:
                raise Unreadable(self._death()) from None
        self.close()
        try:
            return self._ask(path, key)
        except _DiedError:
            raise Unreadable(self._death()) from None

    def close(self) -> None:
        """Ends the worker, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        process.wait()

    @property
    def pid(self) -> int | None:
        """The worker's process id; None while there is none."""
        return self._process.pid if self._process is not None else None

    def _ask(self, path: Path, key: str) -> FileRead:
        outcomes = []
        try:
            process = self._running()
            os.write(_handle(process.stdin), line({"path": str(path), "key": key}))
            for message in self._messages(process, self._seconds):
                if DONE in message:
                    break
                if FAILED in message:
                    raise _DiedError
                outcomes.append(outcome_of(message))
        except (OSError, ValueError, KeyError, TypeError):
            raise _DiedError from None
        self._served += 1
        skipped = tuple(outcome for outcome in outcomes if isinstance(outcome, Skipped))
        return FileRead(tuple(o for o in outcomes if not isinstance(o, Skipped)), skipped)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._served = 0
            # A session of its own keeps an interrupt at the terminal for the parent alone.
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-c", _START, _ROOT, str(self._memory_mb), str(self._seconds)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            next(self._messages(self._process, _START_SECONDS))  # it says that it is ready
        return self._process

    def _messages(
        self, process: subprocess.Popen[bytes], patience: float
    ) -> Iterator[dict[str, Any]]:
        """Yields what the worker says, as long as it says something in time."""
        handle = _handle(process.stdout)
        held = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(handle, selectors.EVENT_READ)
            deadline = time.monotonic() + patience
            while True:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    self.close()
                    raise Unreadable(f"takes longer than {patience:g} s to read; split it")
                data = os.read(handle, MEGABYTE)
                if not data or len(held) > _MOST_LINE_BYTES:
                    raise _DiedError
                held += data
                if b"\n" in data:
                    *lines, rest = held.split(b"\n")
                    held = bytearray(rest)
                    deadline = time.monotonic() + patience
                    yield from map(json.loads, lines)

    def _death(self) -> str:
        """Says why the worker ended, and clears it away."""
        process = self._process
        status = None
        if process is not None:
            try:
                status = process.wait(1)
            except subprocess.TimeoutExpired:
                status = None
        self.close()
        if status == 0:
            return f"needs more than {self._memory_mb:,} MB of memory to read; split it"
        return "made its parser crash; is it damaged?"


def _handle(pipe: Any) -> int:
    return int(pipe.fileno())
