"""``belegbot ask``: one question, or one a line."""

from __future__ import annotations

import json as json_
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import typer

from bot.commands.indexing import prepare, say_if_stale
from bot.render.as_json import answer_json
from index.errors import UsageError

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.compose import Program


def run_ask(program: Program, question: str, *, json: bool) -> int:
    """Answers one question; a refusal is an answer."""
    from bot.answering import checked

    checked(question)
    assistant = prepare(program)
    answer = assistant.answer(question, today=date.today())
    if json:
        typer.echo(json_.dumps(answer_json(answer), ensure_ascii=False))
    else:
        from bot.render.plain import print_answer

        print_answer(answer, opener=assistant.open, ids=True)
    sys.stdout.flush()
    say_if_stale(program, assistant)
    return 0


def run_batch(program: Program, source: Path) -> int:
    """One question a line in, one JSON object a line out, in order."""
    lines = _lines(source)
    assistant = prepare(program)
    for line in lines:
        typer.echo(json_.dumps(_one(assistant, line), ensure_ascii=False))
        sys.stdout.flush()
    return 0


def _one(assistant: Assistant, line: bytes) -> dict[str, Any]:
    """One object a line, come what may: a bad line gives its error in its place."""
    text = line.decode("utf-8", "replace").strip()
    try:
        if "�" in text:
            raise UsageError("the line is not UTF-8 text: save the file as UTF-8")
        return answer_json(assistant.answer(text, today=date.today()))
    except UsageError as error:
        return {"question": text, "error": str(error)}


def _lines(source: Path) -> Iterator[bytes]:
    """The lines of the file or of standard input, as they come.

    Raises:
        UsageError: The file cannot be read.
    """
    if str(source) == "-":
        return _without_newlines(sys.stdin.buffer)
    try:
        return _without_newlines(source.open("rb"))
    except OSError as error:
        raise UsageError(f"cannot read {source}: {error.strerror}") from None


def _without_newlines(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        for number, line in enumerate(file):
            yield (line.removeprefix(b"\xef\xbb\xbf") if number == 0 else line).rstrip(b"\r\n")
