"""Who is let in: checked before every handler, whatever kind of update it is."""

from __future__ import annotations

import logging

from telegram import Chat, Update, User
from telegram.ext import ApplicationHandlerStop

from bot.render.telegram_html import escape

from .desk import Desk, texts_for

log = logging.getLogger(__name__)


def is_admin(desk: Desk, user: User | None) -> bool:
    """Whether someone may do what admins do."""
    return user is not None and user.id in desk.config.admins


def is_allowed(desk: Desk, user: User | None, chat: Chat | None) -> bool:
    """Whether someone, here, gets answers."""
    config = desk.config
    if not config.allowed:
        return True
    known = {*config.admins, *config.allowed}
    return (
        (user is not None and (user.id in known or desk.state.people.is_allowed(user.id)))
        or (chat is not None and chat.type != Chat.PRIVATE and chat.id in known)
    )  # fmt: skip


async def check(desk: Desk, update: Update) -> None:
    """Lets the update pass, or ends its way here.

    A stranger who writes to the bot in private sees one line, once; nothing else is answered.

    Raises:
        ApplicationHandlerStop: The person is not let in.
    """
    if is_allowed(desk, update.effective_user, update.effective_chat):
        return
    user, message = update.effective_user, update.message
    if user is not None and message is not None and message.chat.type == "private":
        await _turn_away(desk, update, user)
    raise ApplicationHandlerStop


async def _turn_away(desk: Desk, update: Update, user: User) -> None:
    texts = texts_for(user)
    with desk.state.database.transaction():
        new = desk.state.people.knock(user.id, user.full_name, texts.language, desk.now())
        if new:
            desk.prepare(update, [desk.to(update, escape(texts.text("stranger")))])
    if new:
        log.info("person %d is not on the allow-list; they wait in /pending", user.id)
        await desk.send_prepared(update)
