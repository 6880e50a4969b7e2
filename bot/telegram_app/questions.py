"""Questions, edited questions, and what is no text."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from telegram import Message, Update

from bot.conversation import Conversation
from bot.render.passages import one_line
from bot.render.telegram_html import (
    answer_blocks,
    citation_to_copy,
    clipped,
    escape,
    messages,
)
from bot.state import Given, new_id
from index.errors import UsageError

from .addressed import after_command, question_in
from .desk import Desk, place_in, texts_for, texts_in
from .outgoing import Button, Rows
from .streaming import Stream

if TYPE_CHECKING:
    from bot.answer import Answer, Citation, NearestArticle

_MAX_LABEL = 40
_KIND_WORD_SECONDS = 60.0
_ALBUMS = 100  # remembered at a time; the pictures of one come within a second or two


class Questions:
    """Answers what people ask."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._told: dict[int, float] = {}
        self._albums: deque[str] = deque(maxlen=_ALBUMS)

    async def asked(self, update: Update, _: Any) -> None:
        """A text message, or something with a caption."""
        message = update.message
        if message is None:
            return
        if message.media_group_id is not None:
            self._albums.append(message.media_group_id)
        await self._consider(update, message, self._question(message))

    async def asked_by_command(self, update: Update, _: Any) -> None:
        """``/ask question``, for groups."""
        message = update.message
        if message is not None:
            await self._consider(update, message, after_command(message))

    async def edited(self, update: Update, _: Any) -> None:
        """A text message was changed: answered again, unless its words are the same."""
        message = update.edited_message
        if message is None:
            return
        question = self._question(message)
        before = self._desk.state.records.given_to(message.chat_id, message.message_id)
        if before is None or before.question != question:
            await self._consider(update, message, question, before)

    async def no_text(self, update: Update, _: Any) -> None:
        """A photo, a voice message, a file without words: kindly refused, in private chats."""
        album = update.message.media_group_id if update.message is not None else None
        if album is not None:  # each picture of it comes as a message; one word is enough
            if album in self._albums:
                return
            self._albums.append(album)
        await self._desk.reply(update, escape(texts_for(update.effective_user).text("text_only")))

    def _question(self, message: Message) -> str | None:
        return question_in(message, self._desk.bot.id, self._desk.bot.username)

    async def _consider(
        self, update: Update, message: Message, question: str | None, before: Given | None = None
    ) -> None:
        if question is None:
            return
        if self._desk.is_excess(update.update_id):
            await self._slow_down(update)
        elif not question:
            await self._say(update, "ask_something")
        else:
            await self._answer(update, message, question, before)

    async def _slow_down(self, update: Update) -> None:
        """A kind word for whoever asks too much at once: one a minute."""
        user, now = update.effective_user, self._desk.now()
        if user is None or now - self._told.get(user.id, 0.0) < _KIND_WORD_SECONDS:
            return
        self._told = {k: at for k, at in self._told.items() if now - at < _KIND_WORD_SECONDS}
        self._told[user.id] = now
        await self._say(update, "slow_down")

    async def _say(self, update: Update, key: str) -> None:
        await self._desk.reply(update, escape(texts_for(update.effective_user).text(key)))

    async def _answer(
        self, update: Update, message: Message, question: str, before: Given | None
    ) -> None:
        desk, place = self._desk, place_in(message)
        conversation = self._conversation(message, before)
        began = desk.now()
        try:
            async with desk.typing(place), Stream(desk, update) as stream:
                answer = await desk.blocking(
                    lambda: desk.assistant.answer(
                        question, conversation, today=desk.today(), on_claim=stream.told
                    )
                )
        except UsageError:
            await self._say(update, "unusable_question")
            return
        given = self._record(update, message, question, answer, desk.now() - began)
        parts = laid_out(answer, given.id, desk.bot.username)
        outgoing = [desk.to(update, part) for part in parts.pages]
        outgoing[-1] = replace(outgoing[-1], rows=parts.rows)
        given = replace(given, view=outgoing[-1].to_json())
        with desk.state.database.transaction():
            records = desk.state.records
            turns = conversation.after(answer).to_json()
            records.save_conversation(place.chat, place.topic or 0, turns, desk.now())
            records.add_given(given)
            desk.prepare(update, outgoing)
        await stream.rest()
        await desk.send_prepared(update)

    def _conversation(self, message: Message, before: Given | None) -> Conversation:
        """What was said here; of an edited question, without its first wording."""
        place = place_in(message)
        saved: Any = self._desk.state.records.conversation(place.chat, place.topic or 0)
        try:
            conversation = Conversation.from_json(saved or [])
        except ValueError:  # written by another version: better to forget than to fail
            conversation = Conversation()
        if before is None:
            return conversation
        turns = [turn for turn in conversation.turns if turn.question != before.question]
        return Conversation(tuple(turns))

    def _record(
        self, update: Update, message: Message, question: str, answer: Answer, seconds: float
    ) -> Given:
        user = update.effective_user
        return Given(
            chat=message.chat_id,
            person=user.id if user else 0,
            message=message.message_id,
            at=self._desk.now(),
            question=question,
            answer=answer.answer,
            kind=str(answer.kind),
            confidence=answer.confidence,
            generation=answer.generation,
            citations=tuple(citation.id for citation in answer.citations),
            nearest=tuple(article.article for article in _offered(answer)),
            view={},
            seconds=seconds,
            id=new_id(),
        )


class Layout:
    """An answer as pages of HTML and the buttons below the last."""

    __slots__ = ("pages", "rows")

    def __init__(self, pages: list[str], rows: Rows) -> None:
        self.pages, self.rows = pages, rows


def laid_out(answer: Answer, given: str, username: str) -> Layout:
    """The answer's pages and its buttons; ``given`` is what the buttons are stored under."""
    texts = texts_in(answer.language)
    rows: list[tuple[Button, ...]] = []
    for citation in answer.citations:
        label = clipped(f"🔎 {citation.n} · {one_line(citation.title)}", _MAX_LABEL)
        copied = citation_to_copy(citation, deep_link(username, citation), answer.language)
        rows.append(
            (
                Button(label, data=f"{given}:o{citation.n}"),
                Button(texts.text("buttons.copy"), copy=copied),
            )
        )
    for number, article in enumerate(_offered(answer), 1):
        label = clipped(f"📄 {one_line(article.title)}", _MAX_LABEL)
        rows.append((Button(label, data=f"{given}:a{number}"),))
    if answer.kind != "talk":
        rows.append((Button("👍", data=f"{given}:u"), Button("👎", data=f"{given}:d")))
    return Layout(messages(answer_blocks(answer)), tuple(rows))


def _offered(answer: Answer) -> tuple[NearestArticle, ...]:
    """Further reading: where there is no answer, or the articles are the answer."""
    return () if answer.answered else answer.nearest


def deep_link(username: str, citation: Citation) -> str:
    """Where a citation can be opened by whoever has the link."""
    return f"https://t.me/{username}?start=c_{citation.id}"
