"""The REPL on a terminal: prompt, history, completion, a spinner while searching."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.patch_stdout import patch_stdout
from rich.text import Text

from bot.answer import joined
from bot.render.page import EMPTY, Line, show, width_of
from bot.render.passages import one_line
from bot.repl.commands import COMMANDS
from bot.repl.session import Session

if TYPE_CHECKING:
    from rich.console import Console

    from bot.answer import Claim

_HISTORY = "chat_history"
_PROMPT = FormattedText([("bold ansicyan", "› ")])


def converse(session: Session, console: Console, state_dir: Path) -> None:
    """Talks until ``/quit`` or Ctrl-D; Ctrl-C clears the line or stops a search."""
    prompt = _prompt(session, state_dir)
    show(session.welcome(), console)
    while True:
        console.file.write("\n")
        console.file.flush()
        try:
            # A warning from beside the conversation goes above the prompt, not into it.
            with patch_stdout():
                line = prompt.prompt(_PROMPT)
        except KeyboardInterrupt:
            _say(session, console, "repl.how_to_leave")
            continue
        except EOFError:
            break
        if line.strip() and not _turn(session, console, line):
            break
    _say(session, console, "repl.bye")


def _turn(session: Session, console: Console, line: str) -> bool:
    """Answers one line; False when it ends the conversation."""
    session.width = width_of(console)
    claims = _Claims(console)
    try:
        with console.status(session.words.text("repl.thinking"), spinner="dots"):
            reply = session.reply(line, claims.show)
    except KeyboardInterrupt:
        _say(session, console, "repl.cancelled")
        return True
    if reply.page:
        show(reply.page if claims.shown else [EMPTY, *reply.page], console)
    return not reply.leave


class _Claims:
    """Prints a language model's claims as they pass, above the spinner."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.shown = False

    def show(self, claim: Claim) -> None:
        fact = Text(one_line(joined((claim,))), "bold")
        fact.highlight_regex(r"\[\d{1,3}\]", "bold cyan")
        show([Line(fact)] if self.shown else [EMPTY, Line(fact)], self._console)
        self.shown = True


def _say(session: Session, console: Console, key: str) -> None:
    show([Line(Text(session.words.text(key), "dim"))], console)


def _prompt(session: Session, state_dir: Path) -> PromptSession[str]:
    return PromptSession(
        history=_history(state_dir / _HISTORY),
        completer=CommandCompleter(session),
        auto_suggest=AutoSuggestFromHistory(),
        key_bindings=_keys(),
        reserve_space_for_menu=len(COMMANDS),
    )


def _history(path: Path) -> History:
    """The history file, readable for its owner alone; none where it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError:
        return InMemoryHistory()
    return FileHistory(path)


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("c-c")
    def _clear(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            event.app.exit(exception=KeyboardInterrupt)

    return keys


class CommandCompleter(Completer):
    """Completes ``/commands`` and, behind ``/show``, the numbers of the last answer's sources."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get_completions(
        self,
        document: Document,
        complete_event: CompleteEvent,  # noqa: ARG002
    ) -> Iterable[Completion]:
        """What fits what was typed, each with a word on what it is."""
        typed = document.text_before_cursor.lstrip()
        if typed.startswith("/show "):
            yield from self._numbers(typed.removeprefix("/show ").lstrip())
            return
        if not typed.startswith("/"):
            return
        for command in COMMANDS.values():
            if command.name.startswith(typed):
                text = command.name + " " * bool(command.argument)
                about = command.describe(self._session.words)
                yield Completion(text, -len(typed), display=command.name, display_meta=about)

    def _numbers(self, typed: str) -> Iterable[Completion]:
        answer = self._session.last
        for citation in answer.citations if answer else ():
            if str(citation.n).startswith(typed):
                yield Completion(str(citation.n), -len(typed), display_meta=citation.title)
