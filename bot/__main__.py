"""``python -m bot``: the same as ``belegbot``."""

from __future__ import annotations

import sys


def main() -> None:
    """Runs the program and ends the process with its exit status."""
    from bot.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
