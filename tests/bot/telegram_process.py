"""The bot as a process of its own: ``python -m tests.bot.telegram_process URL STATE TOKEN [S]``.

It answers with the small assistant, after S seconds.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bot.telegram_app import Limits, TelegramConfig, run
from tests.bot.telegram_world import SmallAssistant

if __name__ == "__main__":
    url, state, token, *seconds = sys.argv[1:]
    config = TelegramConfig(token, url, limits=Limits(in_flight=10_000, per_minute=10_000))
    assistant = SmallAssistant(float(seconds[0]) if seconds else 0.0)
    sys.exit(run(config, assistant, Path(state)))
