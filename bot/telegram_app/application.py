"""The bot put together: handlers, their order, and the menu of commands."""

from __future__ import annotations

import logging
from typing import Any

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    Update,
)
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.render.strings import FALLBACK, languages

from . import access, admin, buttons, commands, desk, inline, questions, upload
from .attempts import LostError
from .desk import Desk, texts_in
from .polling import InboxBot
from .turnstile import Turnstile

log = logging.getLogger(__name__)
App = Application[Any, Any, Any, Any, Any, Any]

_PRIVATE = ("ask", "new", "sources", "help", "privacy", "forget")
_GROUP = ("ask", "new", "sources", "help")
_ADMIN = (*_PRIVATE, "index", "stats", "pending")


def assemble(at: Desk, bot: InboxBot) -> App:
    """The library's application around the desk."""
    turnstile = Turnstile(at.config.limits, at.handle)
    at.is_excess = turnstile.excess.__contains__
    app: App = ApplicationBuilder().bot(bot).concurrent_updates(turnstile).job_queue(None).build()

    async def check(update: Update, _: Any) -> None:
        await access.check(at, update)

    async def failed(update: object, context: Any) -> None:
        if isinstance(update, Update):
            await at.failed(update, context.error)
        else:
            log.error("outside an update", exc_info=context.error)

    app.add_handler(TypeHandler(Update, check), group=-1)
    app.add_error_handler(failed)
    _add_commands(app, at)
    _add_texts(app, at)
    app.add_handler(CallbackQueryHandler(buttons.Buttons(at).pressed))
    app.add_handler(InlineQueryHandler(inline.Inline(at, turnstile.is_outdated).asked))
    return app


def _add_commands(app: App, at: Desk) -> None:
    says, asks, admins = commands.Commands(at), questions.Questions(at), admin.Admin(at)
    fresh = filters.UpdateType.MESSAGE
    for name, callback in {
        "start": says.start,
        "help": says.help,
        "new": says.new,
        "sources": says.sources,
        "privacy": says.privacy,
        "forget": says.forget,
        "ask": asks.asked_by_command,
        "index": admins.index,
        "stats": admins.stats,
        "pending": admins.pending,
    }.items():
        app.add_handler(CommandHandler(name, callback, filters=fresh))
    private_command = fresh & filters.ChatType.PRIVATE & filters.COMMAND
    app.add_handler(MessageHandler(private_command, says.unknown))


def _add_texts(app: App, at: Desk) -> None:
    asks = questions.Questions(at)
    fresh, private = filters.UpdateType.MESSAGE, filters.ChatType.PRIVATE
    words = (filters.TEXT & ~filters.COMMAND) | filters.CAPTION
    if at.config.admins and at.config.seeds is not None:
        documents = private & filters.Document.ALL & filters.User(at.config.admins)
        app.add_handler(MessageHandler(fresh & documents, upload.Upload(at).received))
        words &= ~documents  # what stands below an upload is no question
    app.add_handler(MessageHandler(fresh & words, asks.asked))
    app.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE & words, asks.edited))
    other = fresh & private & ~filters.TEXT & ~filters.StatusUpdate.ALL
    app.add_handler(MessageHandler(other, asks.no_text))


async def set_commands(bot: InboxBot, admins: tuple[int, ...]) -> None:
    """Sets the menus, by language and scope; what fails is logged and left as it was."""
    scopes: list[tuple[BotCommandScope, tuple[str, ...]]] = [
        (BotCommandScopeAllPrivateChats(), _PRIVATE),
        (BotCommandScopeAllGroupChats(), _GROUP),
    ]
    scopes += [(BotCommandScopeChat(admin_id), _ADMIN) for admin_id in admins]
    for language in languages(desk.HERE, "texts"):
        texts = texts_in(language)
        for scope, names in scopes:
            menu = [BotCommand(name, texts.text(f"commands.{name}")) for name in names]
            code = None if language == FALLBACK else language
            try:
                await bot.set_my_commands(menu, scope=scope, language_code=code)
            except (TelegramError, LostError) as error:
                log.info("the menu of %s was not set: %s", scope.type, error)
