# ruff: noqa: T201
"""Try a bot without Telegram: ``python -m tests.fake_bot_api [--port N]``."""

from __future__ import annotations

import argparse
import asyncio
import sys

from .server import FakeBotApi


async def main(port: int) -> None:
    """Serves until the input ends; each line typed goes to the bot as a private message."""
    async with FakeBotApi(port=port) as api:
        print(f"BELEGBOT_TELEGRAM_API_URL={api.url}\nBELEGBOT_TELEGRAM_TOKEN={api.token}")
        print("Type a message; ‘!N’ presses the last message's N-th button. Ctrl-D ends.")
        you = api.person("You")
        printing = asyncio.create_task(_print(api))
        while line := await asyncio.to_thread(sys.stdin.readline):
            if line.startswith("!") and line[1:].strip().isdigit() and you.seen:
                buttons = you.seen[-1].buttons()
                you.presses(buttons[min(int(line[1:]), len(buttons)) - 1])
            elif line.strip():
                you.says(line.strip())
        printing.cancel()


async def _print(api: FakeBotApi) -> None:
    shown = 0
    while True:
        text = api.transcript()
        print(text[shown:], end="", flush=True)
        shown = len(text)
        await api.changed()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    asyncio.run(main(parser.parse_args().port))
