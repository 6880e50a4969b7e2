"""``@bot question`` in any chat: the answer with its sources, to be sent there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from telegram import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
)

from bot.render.passages import one_line
from bot.render.telegram_html import answer_blocks, clipped, messages
from bot.state import new_id
from index.errors import UsageError

from .desk import Desk, texts_for

if TYPE_CHECKING:
    from bot.answer import Answer

_SHORTEST = 3
_MAX_BUTTON = 64
_MAX_TITLE = 120


class Inline:
    """Answers inline queries: only the newest of each person, without any conversation."""

    def __init__(self, desk: Desk, is_outdated: Callable[[Update], bool]) -> None:
        self._desk, self._is_outdated = desk, is_outdated

    async def asked(self, update: Update, _: Any) -> None:
        """One inline query."""
        query = update.inline_query
        if query is None or self._is_outdated(update):
            return
        answer = await self._answer(query.query.strip())
        texts = texts_for(query.from_user)
        results, key = [], "inline.hint"
        if answer is not None:
            key = "inline.none"
            if answer.answered:
                results = [_result(answer)]
        button = None
        if not results:
            label = clipped(texts.text(key), _MAX_BUTTON)
            button = InlineQueryResultsButton(label, start_parameter="inline")
        await query.answer(results, cache_time=0, is_personal=True, button=button)

    async def _answer(self, question: str) -> Answer | None:
        if len(question) < _SHORTEST:
            return None
        desk = self._desk
        try:
            return await desk.blocking(lambda: desk.assistant.answer(question, today=desk.today()))
        except UsageError:
            return None


def _result(answer: Answer) -> InlineQueryResultArticle:
    page = messages(answer_blocks(answer))[0]
    titles = dict.fromkeys(one_line(citation.title) for citation in answer.citations)
    return InlineQueryResultArticle(
        id=new_id(),
        title=clipped(one_line(answer.claims[0].text), _MAX_TITLE),
        description=clipped(" · ".join(titles), _MAX_TITLE),
        input_message_content=InputTextMessageContent(
            page, parse_mode="HTML", link_preview_options=LinkPreviewOptions(is_disabled=True)
        ),
    )
