"""Reading one file of the seeds folder, whatever it holds."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType

from index.sources.child import Child
from index.sources.limits import IN_PROCESS, MOST_BYTES, ending
from index.sources.opening import read_bytes
from index.sources.outcome import FileRead, Skipped, Unreadable, visible
from index.sources.text import read_text


class Reader:
    """Reads files below one seeds folder, one at a time.

    Text and Markdown are read in this process. Everything that a foreign parser touches is
    read in a worker process with limits, started when the first such file comes.

    Args:
        seeds: The seeds folder.
        memory_mb: How much memory the worker may have, in megabytes.
        seconds: How long one file may take there.
    """

    def __init__(self, seeds: Path, *, memory_mb: int = 1024, seconds: float = 30.0) -> None:
        self._seeds = Path(os.path.realpath(seeds))
        self._child = Child(memory_mb, seconds)

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, relative: str) -> FileRead:
        """Reads one file; a bad one comes back as skipped, with its reason.

        Args:
            relative: Path below the seeds folder with ``/``, as :func:`scan` found it.
        """
        suffix = ending(relative)
        try:
            if suffix not in MOST_BYTES:
                raise Unreadable(f"format {visible(suffix, 20)} is not read")
            path = self._inside(relative)
            if suffix in IN_PROCESS:
                return FileRead((read_text(relative, read_bytes(path, MOST_BYTES[suffix])),))
            return self._child.read(path, relative)
        except Unreadable as reason:
            return FileRead(skipped=(Skipped(relative, str(reason)),))

    def close(self) -> None:
        """Ends the worker process, if one was started."""
        self._child.close()

    @property
    def seeds(self) -> Path:
        """The seeds folder, links resolved."""
        return self._seeds

    @property
    def worker_pid(self) -> int | None:
        """The process id of the worker; None while none runs."""
        return self._child.pid

    def _inside(self, relative: str) -> Path:
        """The file's path, unless a link on the way to it leads out of the seeds folder."""
        path = self._seeds / relative
        if "/" in relative and os.path.realpath(path.parent) != str(path.parent):
            raise Unreadable("lies behind a link; put the file itself here")
        return path
