"""``/start``, ``/help``, ``/new``, ``/sources``, ``/privacy`` and ``/forget``."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from telegram import Update

from bot.citations import is_citation_id
from bot.render.passages import one_line
from bot.render.strings import Strings, long_date
from bot.render.telegram_html import Block, clipped, escape, link, messages, opened_block
from index.errors import BelegError, UsageError

from .access import is_admin
from .addressed import after_command
from .desk import Desk, place_in, texts_for
from .outgoing import Outgoing

if TYPE_CHECKING:
    from index.storage import Card

_NEWEST = 5


class Commands:
    """What everybody may say with a slash."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def start(self, update: Update, _: Any) -> None:
        """Greets; with a citation in the deep link, opens that."""
        message = update.message
        payload = after_command(message) if message is not None else ""
        if payload.startswith("c_"):
            await self._open(update, payload.removeprefix("c_"))
        else:
            await self._greet(update)

    async def help(self, update: Update, _: Any) -> None:
        """What can be done, for admins with what they may do."""
        texts = texts_for(update.effective_user)
        text = texts.text("help", username=self._desk.bot.username)
        if is_admin(self._desk, update.effective_user):
            text += "\n\n" + texts.text("help_admin")
        await self._desk.reply(update, escape(text))

    async def new(self, update: Update, _: Any) -> None:
        """Forgets the conversation of this place."""
        message = update.effective_message
        if message is not None:
            place = place_in(message)
            self._desk.state.records.end_conversation(place.chat, place.topic or 0)
            await self._say(update, "new")

    async def privacy(self, update: Update, _: Any) -> None:
        """What is kept, and for how long."""
        await self._say(update, "privacy")

    async def forget(self, update: Update, _: Any) -> None:
        """Deletes what is kept of this person."""
        message, user = update.effective_message, update.effective_user
        if message is not None and user is not None:
            own = message.chat.type == "private"
            self._desk.state.forget(message.chat_id if own else None, user.id)
            await self._say(update, "forgotten")

    async def unknown(self, update: Update, _: Any) -> None:
        """A command that does not exist, in a private chat."""
        await self._say(update, "unknown_command")

    async def sources(self, update: Update, _: Any) -> None:
        """What was read: how many articles, from when to when, the newest."""
        cards = await self._desk.blocking(self._desk.assistant.cards)
        texts = texts_for(update.effective_user)
        pages = messages(_sources(cards, texts))
        await self._desk.reply_all(update, [self._desk.to(update, page) for page in pages])

    async def _greet(self, update: Update) -> None:
        """With an example out of the index: one that it does answer, and something it holds."""
        texts = texts_for(update.effective_user)
        example = texts.text("example.none")
        with contextlib.suppress(BelegError):  # no index yet, or none that can be read
            cards = await self._desk.blocking(self._desk.assistant.cards)
            if cards:
                newest = max(cards, key=lambda card: card.date or "")
                example = texts.text("example.newest", title=clipped(one_line(newest.title), 120))
        await self._desk.reply(update, escape(texts.text("start", example=example)))

    async def _say(self, update: Update, key: str) -> None:
        texts = texts_for(update.effective_user)
        await self._desk.reply(update, escape(texts.text(key)))

    async def _open(self, update: Update, identifier: str) -> None:
        texts = texts_for(update.effective_user)
        html = escape(texts.text("citation.unknown"))
        if is_citation_id(identifier):
            try:
                opened = await self._desk.blocking(lambda: self._desk.assistant.open(identifier))
                html = opened_block(opened, texts.language).html
            except UsageError:
                pass
        outgoing: Outgoing = self._desk.to(update, html)
        await self._desk.reply_all(update, [outgoing])


def _sources(cards: Sequence[Card], texts: Strings) -> list[Block]:
    if not cards:
        return [Block(text=texts.text("sources.none"))]
    dated = sorted((card for card in cards if card.date), key=lambda card: card.date or "")
    lines = [texts.counted("sources.count", len(cards))]
    if dated:
        first, last = (long_date(card.date, texts.language) for card in (dated[0], dated[-1]))
        form = "one" if len(cards) == 1 else "other"
        lines.append(texts.text(f"sources.period.{form}", first=first, last=last))
    blocks = [Block(text=" ".join(lines))]
    if dated:
        newest = [_line(card, texts) for card in reversed(dated[-_NEWEST:])]
        blocks.append(Block("\n".join([escape(texts.text("sources.newest")), *newest])))
    return blocks


def _line(card: Card, texts: Strings) -> str:
    details = filter(None, (one_line(card.source or ""), long_date(card.date, texts.language)))
    return f"• {link(card.url, card.title)} · {escape(' · '.join(details))}"
