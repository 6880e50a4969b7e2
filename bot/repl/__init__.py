"""The REPL: one conversation on a terminal, or one fed through a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from bot.render.strings import interface_language
from bot.repl.session import Session

if TYPE_CHECKING:
    from rich.console import Console

    from bot.repl.session import Engine


def run_repl(
    assistant: Engine,
    *,
    state_dir: Path,
    json_lines: bool = False,
    console: Console | None = None,
    stdin: TextIO | None = None,
    today: Callable[[], date] = date.today,
    language: str | None = None,
) -> int:
    """Talks with a person on a terminal, else answers each line of the input in order.

    Args:
        assistant: Answers questions and opens citations.
        state_dir: Where the history of what was typed is kept.
        json_lines: One JSON object for each line of the input instead of text.
        console: Where to write; None: standard output.
        stdin: Where lines come from; None: standard input.
        today: The clock.
        language: Of the interface until the first answer; None: the locale's.

    Returns:
        The exit status, 0: what goes wrong with one line is said in its place.

    Raises:
        BelegError: The index cannot be used at all.
    """
    from rich.console import Console

    console = console or Console(file=sys.stdout)
    stdin = stdin or sys.stdin
    session = Session(assistant, today, language or interface_language())
    assistant.cards()  # an index that cannot be used is said once, not at every line
    if json_lines or not (stdin.isatty() and console.is_terminal):
        from bot.repl.pipe import answer_lines

        answer_lines(session, stdin, console, json_lines=json_lines)
    else:
        from bot.repl.terminal import converse

        converse(session, console, state_dir)
    return 0
