"""The Telegram front end: nothing lost, nothing leaked.

``run`` serves until SIGTERM and returns the exit status; ``serve`` is the same for those who
have an event loop.
"""

from __future__ import annotations

from pathlib import Path

from .config import API_URL, Assistant, Limits, Rebuild, TelegramConfig, TelegramError, Webhook

__all__ = [
    "API_URL",
    "Assistant",
    "Limits",
    "Rebuild",
    "TelegramConfig",
    "TelegramError",
    "Webhook",
    "run",
    "serve",
]


def run(config: TelegramConfig, assistant: Assistant, state_dir: Path) -> int:
    """Serves until SIGTERM or SIGINT; the exit status. A failure is one line on stderr."""
    from .serving import run

    return run(config, assistant, state_dir)


async def serve(config: TelegramConfig, assistant: Assistant, state_dir: Path) -> None:
    """Serves until SIGTERM or SIGINT, or until this task is cancelled.

    Raises:
        TelegramError: The token is malformed or refused, or somebody else uses it.
        StateError: The state folder cannot be used, or another process serves the bot from it.
    """
    from .serving import serve

    await serve(config, assistant, state_dir)
