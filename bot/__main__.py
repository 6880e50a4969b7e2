"""``python -m bot``: the same as ``belegbot``."""

from __future__ import annotations

import io
import sys


def main() -> None:
    """Runs the program and ends the process with its exit status."""
    from bot.cli import run

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot show a letter gets a question mark, not a traceback.
            stream.reconfigure(errors="replace")
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
