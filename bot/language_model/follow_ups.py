"""A model's rewriting of a follow-up, believed only where the conversation bears it out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from bot.language_model.claims.quantities import satisfied
from bot.language_model.claims.reading import Reading, read
from bot.language_model.claims.support import named_in
from bot.language_model.cleaning import harmless, instructs, visible
from bot.language_model.prompt import words
from bot.language_model.speaking import LanguageModelError, Message, Speaker
from index.language import detect
from index.periods import find_period

if TYPE_CHECKING:
    from bot.conversation import Conversation, Turn, Understood

_TURNS = 3
_LONGEST = 300  # characters of a rewritten question
_MARKS = re.compile(r"[\[\]<>{}|]|https?:")


def understand_with(
    speaker: Speaker,
    question: str,
    conversation: Conversation,
    understood: Understood,
    *,
    today: date,
) -> Understood:
    """What a follow-up means, by a model; what rules made of it where that fails.

    Args:
        speaker: The model.
        question: As typed.
        conversation: What was said before.
        understood: What the rules of ``bot.conversation`` made of the question; a question
            that they take to stand by itself is no follow-up.
        today: What "yesterday" is counted from.
    """
    if not conversation.turns or not (understood.rewritten or understood.keys):
        return understood
    turns = conversation.turns[-_TURNS:]
    try:
        said = speaker.say(_messages(question, turns, understood.language))
    except LanguageModelError:
        return understood
    rewritten = _first_line(said)
    if not believable(rewritten, question, turns, understood.language):
        return understood
    same = rewritten.casefold() == question.casefold()
    return replace(
        understood,
        search=rewritten,
        rewritten=None if same else rewritten,
        period=find_period(rewritten, today),
        beside=None,
    )


def believable(rewritten: str, question: str, turns: tuple[Turn, ...], language: str) -> bool:
    """Whether a rewritten question is one, and brings in nothing the conversation lacks."""
    if not 3 <= len(rewritten) <= _LONGEST or not rewritten.endswith("?"):
        return False
    if _MARKS.search(rewritten) or instructs(rewritten):
        return False
    if detect(rewritten, language) != language:
        return False
    said = " ".join(text for turn in turns for text in (turn.question, turn.searched, *turn.quotes))
    spoken = "de" if language == "de" else "en"
    known, mine = read(f"{question} {said}", spoken), read(rewritten, spoken)
    asked = _content(read(question, spoken))
    return _only_known(mine, known) and (not asked or bool(asked & _content(mine)))


def _only_known(rewritten: Reading, known: Reading) -> bool:
    names = all(named_in(known, name, known.language) for name in rewritten.names)
    return names and all(satisfied(q, known.quantities) for q in rewritten.quantities)


def _content(reading: Reading) -> frozenset[str]:
    return frozenset[str]().union(*(word.keys for word in reading.words))


def _messages(question: str, turns: tuple[Turn, ...], language: str) -> list[Message]:
    texts = words(language)
    parts = [
        texts.text(
            "rewrite.turn",
            question=harmless(turn.searched),
            quote=harmless(turn.quotes[0]) if turn.quotes else "-",
        )
        for turn in turns
    ]
    parts.append(texts.text("rewrite.question", question=harmless(question)))
    system = Message("system", texts.text("rewrite.system").strip())
    return [system, Message("user", "\n\n".join(parts))]


def _first_line(said: str) -> str:
    lines = (line.strip(" \t\"'„“”*`") for line in visible(said).splitlines())
    return next((" ".join(line.split()) for line in lines if line), "")
