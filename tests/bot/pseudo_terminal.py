"""A program run in a terminal of its own, 80 columns wide."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from pathlib import Path
from types import TracebackType

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\r")
_WHERE_IS_THE_CURSOR = "\x1b[6n"
_PATIENCE = 30.0  # seconds


class Terminal:
    """A context: starts the program, and ends it whatever happens."""

    def __init__(self, command: list[str], *, cwd: Path, **environment: str) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
        self._child = subprocess.Popen(
            command,
            cwd=cwd,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={
                **{name: value for name, value in os.environ.items() if name != "COLUMNS"},
                "LC_ALL": "de_DE.UTF-8",
                "PYTHONUTF8": "1",
                "TERM": "xterm",
                "NO_COLOR": "1",
                **environment,
            },
            start_new_session=True,
        )
        os.close(theirs)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._child.kill()
        self._child.wait()
        os.close(self._ours)

    def type(self, keys: str) -> None:
        """Strikes these keys."""
        os.write(self._ours, keys.encode())

    def read_until(self, *texts: str) -> str:
        """What is written until these texts have been, in this order; without escapes."""
        wanted = re.compile(".*".join(map(re.escape, texts)), re.DOTALL)
        seen, deadline = b"", time.monotonic() + _PATIENCE
        while not wanted.search(shown := _ESCAPES.sub("", seen.decode("utf-8", "replace"))):
            assert time.monotonic() < deadline, shown
            if select.select([self._ours], [], [], 0.2)[0]:
                new = os.read(self._ours, 65536)
                seen += new
                if _WHERE_IS_THE_CURSOR.encode() in new:
                    self.type("\x1b[1;1R")
        return shown

    def wait(self) -> int:
        """The exit status."""
        return self._child.wait(timeout=_PATIENCE)
