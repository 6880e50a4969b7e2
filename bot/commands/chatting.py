"""``belegbot chat``: the REPL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.indexing import prepare

if TYPE_CHECKING:
    from bot.compose import Program


def run_chat(program: Program, *, json: bool) -> int:
    """Talks on a terminal, or answers the lines of a pipe."""
    from bot.repl import run_repl

    assistant = prepare(program)
    assistant.warm_up()  # imports a language model's client beside the first prompt
    with program.kept_fresh(assistant):
        return run_repl(assistant, state_dir=program.settings.state_dir, json_lines=json)
