"""Measurements in processes of their own: what one needs or warms up is not another's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from tools.bench.questions import ROOT

OFFLINE = {"HF_HUB_OFFLINE": "1", "PYTHONPATH": str(ROOT)}


class Worker:
    """A process that answers each line on its standard input with a line of JSON."""

    def __init__(self, module: str, task: str, *arguments: object, log: Path):
        self._task = task
        self._log = log
        self._errors = log.open("wb")
        command = [sys.executable, "-m", module, task, *map(str, arguments)]
        self._process = subprocess.Popen(
            command,
            env={**os.environ, **OFFLINE},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )

    def read(self) -> Any:
        """The next result.

        Raises:
            SystemExit: The process failed; says what it wrote to standard error.
        """
        line = _pipe(self._process.stdout).readline()
        if not line:
            self.close()
            sys.exit(f"{self._task} failed:\n{self._log.read_text(encoding='utf-8')[-4000:]}")
        return json.loads(line)

    def ask(self, request: object) -> Any:
        """Sends one request and waits for its result."""
        pipe = _pipe(self._process.stdin)
        pipe.write(json.dumps(request) + "\n")
        pipe.flush()
        return self.read()

    def close(self) -> None:
        """Lets the process end, and waits until it has."""
        _pipe(self._process.stdin).close()
        self._process.wait()
        self._errors.close()

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def run(module: str, task: str, *arguments: object, log: Path) -> dict[str, Any]:
    """The one result of a task."""
    with Worker(module, task, *arguments, log=log) as worker:
        result: dict[str, Any] = worker.read()
    print(f"  {task}: done", file=sys.stderr)
    return result


def first_line(
    command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> dict[str, float]:
    """Runs a program; from its start to its first line of output, and its peak memory (RSS).

    The caller must be a small process: Linux counts what it holds as the program's, too.
    """
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=folder,
        env={**os.environ, **OFFLINE, **environment},
        stdout=subprocess.PIPE,
    )
    pipe = _pipe(process.stdout)
    line = pipe.readline()
    seconds = time.perf_counter() - began
    pipe.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or not line:
        sys.exit(f"failed: {' '.join(command)}")
    cpu = usage.ru_utime + usage.ru_stime
    return {"seconds": seconds, "peak_mb": usage.ru_maxrss / 1024, "cpu_s": cpu}


def _pipe(pipe: IO[Any] | None) -> IO[Any]:
    if pipe is None:
        raise ValueError("the process has no such pipe")
    return pipe
