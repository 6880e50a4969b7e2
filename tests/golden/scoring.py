"""Asks the golden set through the program's own pipeline and says what was right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.answer import Answer
from bot.assistant import Assistant
from bot.conversation import Conversation

HERE = Path(__file__).parent
TODAY = date(2026, 2, 2)


@dataclass(frozen=True, slots=True)
class Scored:
    """One question of the set and what became of it."""

    id: str
    right: bool
    answer: Answer


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of one file of the set."""
    lines = (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def score(assistant: Assistant, name: str) -> Iterator[Scored]:
    """Asks every row of one file, in order."""
    for row in rows(name):
        answer = _last_answer(assistant, row)
        right = not answer.answered if name == "unanswerable" else _right(row, answer)
        yield Scored(row["id"], right, answer)


def _last_answer(assistant: Assistant, row: dict[str, Any]) -> Answer:
    today = date.fromisoformat(row["today"]) if "today" in row else TODAY
    conversation = Conversation()
    for question in row.get("turns") or [row["question"]]:
        answer = assistant.answer(question, conversation, today=today)
        conversation = conversation.after(answer)
    return answer


def _right(row: dict[str, Any], answer: Answer) -> bool:
    """Whether a citation holds an accepted answer; of two that disagree, the newer one first."""
    accepted = [(row["article"], row["answers"])]
    accepted += [(other["article"], other["answers"]) for other in row.get("also", [])]
    holding = [
        number
        for number, citation in enumerate(answer.citations)
        for article, texts in accepted
        if citation.article == article and any(text in citation.quote for text in texts)
    ]
    if "then" not in row:
        return bool(holding)
    older = row["then"]
    after = [
        number
        for number, citation in enumerate(answer.citations)
        if citation.article == older["article"]
        and any(text in citation.quote for text in older["answers"])
    ]
    return bool(holding and after) and holding[0] < after[0]
