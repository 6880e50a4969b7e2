"""What a model is asked, in a budget that fits its context."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.language_model.cleaning import harmless
from bot.language_model.endpoint import ANSWER_TOKENS, CONTEXT_TOKENS
from bot.language_model.speaking import Message
from bot.render.strings import Strings, load_strings, long_date

if TYPE_CHECKING:
    from bot.language_model.sources import Source

_CHARACTERS_PER_TOKEN = 2.5  # of German under a tokenizer made for English
_FRAME_TOKENS = 500  # rules, question, marks
MOST_CHARACTERS = int((CONTEXT_TOKENS / 2 - ANSWER_TOKENS - _FRAME_TOKENS) * _CHARACTERS_PER_TOKEN)
"""Of all sources together: half the context stays free, for some servers grant but half."""


def words(language: str | None) -> Strings:
    """What models are told and what is said of them; English for all but German."""
    return load_strings(Path(__file__).parent, "prompts", language)


def ask(question: str, sources: Sequence[Source], language: str | None) -> list[Message]:
    """The prompt for an answer: rules, then sources and question, marked off as data."""
    texts = words(language)
    parts = [texts.text("answer.sources")]
    for source in sources:
        title = harmless(source.title).replace('"', "”")
        day = long_date(source.date, language)
        parts.append(texts.text("answer.source", number=source.number, title=title, date=day))
        parts.append(" ".join(harmless(sentence) for sentence in source.sentences))
        parts.append("</source>")
    parts.append(texts.text("answer.question", question=harmless(question)))
    parts.append(texts.text("answer.close"))
    return [
        Message("system", texts.text("answer.system").strip()),
        Message("user", "\n".join(parts)),
    ]
