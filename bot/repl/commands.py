"""The commands of the REPL: ``/help``, ``/sources``, ``/show N`` and the others."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from bot.render.page import Line, Page
from bot.render.plain import render_opened, render_sources
from bot.render.strings import Strings
from bot.repl.debug import render_debug
from index.errors import UsageError

if TYPE_CHECKING:
    from bot.answer import Answer
    from bot.repl.session import Session


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes:
        name: With its slash.
        argument: What ``/help`` shows behind the name.
        run: Gets the session and what stood behind the name; None: leaves the REPL.
    """

    name: str
    argument: str
    run: Callable[[Session, str], Page] | None

    def describe(self, words: Strings) -> str:
        """What it does, in one line."""
        return words.text(f"repl.commands.{self.name[1:]}")


def find_command(name: str, words: Strings) -> Command:
    """The command of that name.

    Raises:
        UsageError: There is none; the message names the nearest right one.
    """
    name = _ALIASES.get(name.lower(), name.lower())
    if name in COMMANDS:
        return COMMANDS[name]
    near = difflib.get_close_matches(name, COMMANDS, n=1, cutoff=0.6)
    # "/so" is far from "/sources" in letters, yet plainly meant.
    begun = [known for known in COMMANDS if len(name) > 1 and known.startswith(name)]
    if near or begun:
        meant = (begun or near)[0]
        raise UsageError(words.text("repl.unknown_near", command=name, near=meant))
    raise UsageError(words.text("repl.unknown", command=name))


def _help(session: Session, argument: str) -> Page:
    words = session.words
    _alone("/help", argument, words)
    page = [Line(Text(words.text("repl.commands.intro")))]
    for command in COMMANDS.values():
        usage = f"{command.name} {command.argument}".rstrip()
        page.append(Line(Text(command.describe(words)), 12, Text(f"  {usage}", "cyan")))
    return page


def _sources(session: Session, argument: str) -> Page:
    _alone("/sources", argument, session.words)
    answer = _answered(session)
    return render_sources(answer, opener=session.engine.open, outlet=session.outlet, full=True)


def _show(session: Session, argument: str) -> Page:
    words = session.words
    citations = {str(citation.n): citation for citation in _answered(session).citations}
    number = argument.strip("[]")
    if not number and len(citations) == 1:
        number = next(iter(citations))
    if not number:
        raise UsageError(words.text("repl.show_usage", command="/show"))
    if number not in citations:
        there_are = words.counted("repl.show_range", len(citations))
        raise UsageError(f"{words.text('repl.show_unknown', number=number)} {there_are}")
    return render_opened(session.engine.open(citations[number].id), session.language)


def _new(session: Session, argument: str) -> Page:
    _alone("/new", argument, session.words)
    session.forget()
    return [Line(Text(session.words.text("repl.new")))]


def _debug(session: Session, argument: str) -> Page:
    _alone("/debug", argument, session.words)
    answer = _last(session)
    return render_debug(answer, session.engine.min_confidence, session.language, session.width)


def _alone(name: str, argument: str, words: Strings) -> None:
    if argument:
        raise UsageError(words.text("repl.no_argument", command=name))


def _last(session: Session) -> Answer:
    if session.last is None:
        raise UsageError(session.words.text("repl.no_answer"))
    return session.last


def _answered(session: Session) -> Answer:
    answer = _last(session)
    if not answer.citations:
        raise UsageError(session.words.text("answer.no_sources"))
    return answer


COMMANDS: Mapping[str, Command] = {
    command.name: command
    for command in (
        Command("/help", "", _help),
        Command("/sources", "", _sources),
        Command("/show", "N", _show),
        Command("/new", "", _new),
        Command("/debug", "", _debug),
        Command("/quit", "", None),
    )
}
_ALIASES = {"/exit": "/quit", "/?": "/help"}
