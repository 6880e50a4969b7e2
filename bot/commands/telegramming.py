"""``belegbot telegram``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.indexing import build_if_missing

if TYPE_CHECKING:
    from bot.compose import Program
    from bot.telegram_app import Rebuild, TelegramConfig


def run_telegram(program: Program) -> int:
    """Serves until SIGTERM; the index follows its folder meanwhile.

    Raises:
        TelegramError: There is no token, or it is malformed.
        StateError: Another process serves this bot already.
    """
    from bot.state import serving_alone
    from bot.telegram_app import run

    assistant = program.assistant()
    keeper = program.kept_fresh(assistant)
    config = _config(program, keeper.refresh)
    # What stands in the way is said before anything is built; serving holds the lock for good.
    with serving_alone(program.settings.state_dir, config.bot_id):
        pass
    build_if_missing(program)
    assistant.warm_up()  # imports a language model's client beside the start
    with keeper:
        return run(config, assistant, program.settings.state_dir)


def _config(program: Program, rebuild: Rebuild) -> TelegramConfig:
    from bot.telegram_app import TelegramConfig, Webhook

    settings = program.settings
    webhook = None
    if settings.webhook_url:
        webhook = Webhook(settings.webhook_url, settings.webhook_listen)
    return TelegramConfig(
        token=settings.telegram_token.get_secret_value(),
        api_url=settings.telegram_api_url,
        admins=settings.telegram_admins,
        allowed=settings.telegram_allowed,
        webhook=webhook,
        seeds=program.seeds,
        rebuild=rebuild,
    )
