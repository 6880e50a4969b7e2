"""Reading one file of the seeds folder, whatever it holds."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

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
        self._seeds = seeds
        self._memory_mb = memory_mb
        self._seconds = seconds

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
            if suffix not in IN_PROCESS:
                raise Unreadable(f"format {visible(suffix, 20)} is not read")
            data = read_bytes(self._seeds / relative, MOST_BYTES[suffix])
            return FileRead((read_text(relative, data),))
        except Unreadable as reason:
            return FileRead(skipped=(Skipped(relative, str(reason)),))

    def close(self) -> None:
        """Ends the worker process, if one was started."""
