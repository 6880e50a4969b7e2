"""``belegbot feedback``: thumbs from Telegram as a question set that ``eval`` reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.feedback import question_set
from index.errors import UsageError

if TYPE_CHECKING:
    from bot.compose import Program
    from bot.state import Thumb


def run_feedback(program: Program, target: Path) -> int:
    """Writes the set: each praised answer a question with its quotes.

    Raises:
        TelegramError: There is no token, so it is unknown whose thumbs are meant.
        UsageError: The file cannot be written.
    """
    thumbs = _thumbs(program)
    assistant = program.assistant()
    text = json.dumps(question_set(thumbs, assistant.find), ensure_ascii=False, indent=1)
    try:
        target.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror}") from None
    good = sum(thumb.value > 0 for thumb in thumbs)
    typer.echo(f"{len(thumbs)} thumbs ({good} up, {len(thumbs) - good} down) written to {target}")
    return 0


def _thumbs(program: Program) -> list[Thumb]:
    from bot.state import State
    from bot.telegram_app import TelegramConfig

    settings = program.settings
    bot = TelegramConfig(token=settings.telegram_token.get_secret_value()).bot_id
    state = State(settings.state_dir, bot)
    try:
        return state.records.thumbs()
    finally:
        state.close()
