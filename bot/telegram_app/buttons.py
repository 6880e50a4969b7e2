"""Presses of buttons: open a passage, come back, thumbs, and an admin's yes or no.

Callback data are ``id:verb``; the id is random and leads to what is stored here. Whatever else
a client sends gets "too old".
"""

from __future__ import annotations

import re
from typing import Any

from telegram import CallbackQuery, Update

from bot.render.passages import one_line
from bot.render.strings import Strings
from bot.render.telegram_html import article_block, clipped, escape, opened_block
from bot.state import Given, Knock
from index.articles import Article
from index.errors import UsageError

from .access import is_admin
from .desk import Desk, texts_for, texts_in
from .outgoing import Button, Outgoing, Place, Rows

_DATA = re.compile(r"([A-Za-z0-9_-]{16}):([a-z])([0-9]{0,2})")
_MAX_TOAST = 200
_VALUES = {"u": 1, "d": -1}


class Buttons:
    """Does what a button says, for whom it was made."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def pressed(self, update: Update, _: Any) -> None:
        """Any button."""
        query = update.callback_query
        if query is None:
            return
        texts = texts_for(query.from_user)
        toast: str | None = texts.text("buttons.outdated")
        match = _DATA.fullmatch(query.data or "")
        if match is not None:
            identifier, verb, number = match[1], match[2], int(match[3] or 0)
            given = self._desk.state.records.given(identifier)
            knock = self._desk.state.people.named(identifier)
            if given is not None:
                toast = await self._of_answer(update, query, given, verb, number)
            elif knock is not None and is_admin(self._desk, query.from_user):
                toast = await self._of_knock(update, knock, verb)
        await query.answer(clipped(toast, _MAX_TOAST) if toast else None)

    async def _of_answer(
        self, update: Update, query: CallbackQuery, given: Given, verb: str, number: int
    ) -> str | None:
        """Does it; what to say in passing."""
        texts = texts_for(query.from_user)
        chat = query.message.chat.id if query.message else None
        if given.chat != chat or given.person != query.from_user.id:
            return texts.text("buttons.not_yours")
        if verb in _VALUES:
            self._desk.state.records.rate(
                given, query.from_user.id, _VALUES[verb], self._desk.now()
            )
            return texts.text("buttons.thanks")
        view = Outgoing.from_json(given.view)
        if verb == "b":
            await self._desk.edit(update, view)
            return None
        html = await self._passage(given, verb, number, texts)
        if html is None:
            return texts.text("buttons.gone")
        await self._desk.edit(update, Outgoing(view.place, html, _back(given, texts)))
        return None

    async def _passage(self, given: Given, verb: str, number: int, texts: Strings) -> str | None:
        names = {"o": given.citations, "a": given.nearest}.get(verb, ())
        if not 1 <= number <= len(names):
            return None
        name = names[number - 1]
        try:
            found = await self._desk.blocking(lambda: self._desk.assistant.find(name))
        except UsageError:
            return None
        if found is None:
            return None
        if isinstance(found, Article):
            return article_block(found, texts.language).fitting()[0].html
        return opened_block(found, texts.language).html

    async def _of_knock(self, update: Update, knock: Knock, verb: str) -> str | None:
        """Lets a stranger in (and tells them), or not."""
        message = update.effective_message
        if verb not in ("y", "n") or message is None:
            return None
        texts = texts_for(update.effective_user)
        self._desk.state.people.decide(knock.id, "allowed" if verb == "y" else "denied")
        key = "pending.let_in" if verb == "y" else "pending.kept_out"
        html, rows = waiting(self._desk.state.people.waiting(), texts)
        await self._desk.edit(update, Outgoing(Place(message.chat.id), html, rows))
        if verb == "y":
            welcome = texts_in(knock.language).text("pending.welcome")
            await self._desk.send_aside(Outgoing(Place(knock.id), escape(welcome)))
        return texts.text(key, name=one_line(knock.name))


def _back(given: Given, texts: Strings) -> Rows:
    return ((Button(texts.text("buttons.back"), data=f"{given.id}:b"),),)


def waiting(knocks: list[Knock], texts: Strings) -> tuple[str, Rows]:
    """The list of those who wait, with two buttons each."""
    if not knocks:
        return escape(texts.text("pending.none")), ()
    shown = knocks[:20]
    lines = [texts.text("pending.title")]
    lines += [f"• {clipped(one_line(knock.name), 60)} ({knock.id})" for knock in shown]
    return escape("\n".join(lines)), tuple(_yes_or_no(knock, texts) for knock in shown)


def _yes_or_no(knock: Knock, texts: Strings) -> tuple[Button, Button]:
    yes = texts.text("buttons.let_in", name=clipped(one_line(knock.name), 30))
    return (
        Button(yes, data=f"{knock.key}:y"),
        Button(texts.text("buttons.keep_out"), data=f"{knock.key}:n"),
    )
