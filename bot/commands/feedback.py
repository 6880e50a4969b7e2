"""``belegbot feedback``: thumbs from Telegram as a question set that ``eval`` reads."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bot.citations import open_citation
from index.errors import UsageError

if TYPE_CHECKING:
    from bot.compose import Program
    from bot.state import Thumb
    from index.storage import Generation, History


def run_feedback(program: Program, target: Path) -> int:
    """Writes the set: one article a paragraph, each thumb a question about it.

    Raises:
        TelegramError: There is no token, so it is unknown whose thumbs are meant.
        UsageError: The file cannot be written.
    """
    thumbs = _thumbs(program)
    library = program.assistant().library
    with library.generation() as generation:
        data = _question_set(thumbs, generation, library.history)
    text = json.dumps({"version": "belegbot", "data": data}, ensure_ascii=False, indent=1)
    try:
        target.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror}") from None
    good = sum(thumb.value > 0 for thumb in thumbs)
    typer.echo(f"{len(thumbs)} thumbs ({good} up, {len(thumbs) - good} down) written to {target}")
    return 0


def _thumbs(program: Program) -> list[Thumb]:
    from bot.state import State
    from bot.telegram_app import TelegramConfig

    settings = program.settings
    bot = TelegramConfig(token=settings.telegram_token.get_secret_value()).bot_id
    state = State(settings.state_dir, bot)
    try:
        return state.records.thumbs()
    finally:
        state.close()


def _question_set(
    thumbs: Iterable[Thumb], generation: Generation, history: History
) -> list[dict[str, Any]]:
    """SQuAD's form. What was praised is the gold answer; what was not has none (yet)."""
    questions: dict[str, list[dict[str, Any]]] = {}
    texts: dict[str, str] = {}
    for number, thumb in enumerate(thumbs):
        found = _cited(thumb, generation, history)
        key = found[0]["article"] if found else ""
        stored = generation.find(key) if key else None
        texts[key] = stored.article.text if stored else ""
        answers = [
            {"text": one["quote"], "answer_start": one["start"]}
            for one in found
            if one["article"] == key and thumb.value > 0
        ]
        questions.setdefault(key, []).append(
            {
                "id": f"thumb-{number}",
                "question": thumb.question,
                "answers": answers,
                "is_impossible": not answers,
                "thumb": thumb.value,
                "answer_given": thumb.answer,
                "generation": thumb.generation,
                "citations": list(thumb.citations),
            }
        )
    return [
        {"title": key, "paragraphs": [{"context": texts[key], "qas": qas}]}
        for key, qas in questions.items()
    ]


def _cited(thumb: Thumb, generation: Generation, history: History) -> list[dict[str, Any]]:
    """Where the quotes of the rated answer stand today; those that are gone are left out."""
    found = []
    for identifier in thumb.citations:
        try:
            opened = open_citation(generation, history, identifier)
        except UsageError:
            continue
        if opened.status == "same":
            found.append({"article": opened.article, "quote": opened.quote, "start": opened.start})
    return found
