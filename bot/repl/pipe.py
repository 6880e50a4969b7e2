"""The REPL without a terminal: lines in, answers out, in order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TextIO

from rich.text import Text

from bot.render.as_json import answer_json
from bot.render.page import Line, show, text_of
from bot.repl.session import Reply, Session

if TYPE_CHECKING:
    from rich.console import Console

_BYTE_ORDER_MARK = "\ufeff"


def answer_lines(session: Session, stdin: TextIO, console: Console, *, json_lines: bool) -> None:
    """Answers each line of one conversation as it comes; empty lines are passed over.

    As text, replies are parted by an empty line. As JSON each line brings one object: the
    answer, ``{"question", "error"}`` in its place, or ``{"command", "text"}``.
    """
    first = True
    for line, reply in _replies(session, stdin):
        if reply.leave:
            return
        if json_lines:
            console.file.write(json.dumps(_object(line, reply), ensure_ascii=False) + "\n")
            console.file.flush()
            continue
        if not first:
            console.file.write("\n")
        show(reply.page, console)
        first = False


def _replies(session: Session, stdin: TextIO) -> Iterator[tuple[str, Reply]]:
    for line, readable in _lines(stdin):
        if not line.strip():
            continue
        if readable:
            yield line.strip(), session.reply(line)
        else:
            message = session.words.text("repl.not_text")
            text = Text(session.words.text("repl.error", message=message))
            yield line.strip(), Reply([Line(text)], error=message)


def _lines(stdin: TextIO) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it is UTF-8 text: one that is not must not end the others."""
    for number, raw in enumerate(stdin.buffer):
        try:
            line, readable = raw.decode("utf-8"), True
        except UnicodeDecodeError:
            line, readable = raw.decode("utf-8", "replace"), False
        yield (line.removeprefix(_BYTE_ORDER_MARK) if number == 0 else line), readable


def _object(line: str, reply: Reply) -> dict[str, Any]:
    if reply.error is not None:
        return {"question": line, "error": reply.error}
    if reply.answer is not None:
        return answer_json(reply.answer)
    return {"command": line, "text": text_of(reply.page)}
