"""One conversation: what was typed in, a page out. Knows neither terminal nor pipe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Protocol

from rich.style import Style
from rich.text import Text

from bot.conversation import Conversation
from bot.render.page import Line, Page
from bot.render.passages import one_line
from bot.render.plain import render_answer
from bot.render.strings import Strings, long_date, strings
from bot.repl.commands import find_command
from index.errors import BelegError

if TYPE_CHECKING:
    from bot.answer import Answer, Citation, Claim
    from bot.citations import Opened
    from bot.language_model.writing import OnClaim
    from index.storage import Card

_ERROR = Style(color="red")
_LEAVING = {"quit", "exit", ":q"}  # as people type it everywhere else; no question


class Engine(Protocol):
    """What the REPL needs of an assistant."""

    @property
    def min_confidence(self) -> float:
        """The probability from which on a question is answered."""

    def answer(
        self,
        question: str,
        conversation: Conversation,
        *,
        today: date,
        on_claim: OnClaim | None = None,
    ) -> Answer:
        """Answers one question of a conversation; ``on_claim`` is told of claims as they pass."""

    def open(self, identifier: str) -> Opened:
        """Opens a citation."""

    def cards(self) -> Sequence[Card]:
        """Every article, without its text."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What one line brought.

    Attributes:
        page: What to show; may be empty. Claims that were told already are no part of it.
        answer: The answer, where the line was a question that got one.
        error: Why the line failed, where it did; the page says so, too.
        leave: Whether the conversation is over.
    """

    page: Page
    answer: Answer | None = None
    error: str | None = None
    leave: bool = False


@dataclass(slots=True)
class Session:
    """A conversation and what the commands need of it.

    ``width`` is how many columns a table may take; None: as many as it needs.
    """

    engine: Engine
    today: Callable[[], date]
    language: str
    width: int | None = None
    conversation: Conversation = field(default_factory=Conversation)
    last: Answer | None = None

    @property
    def words(self) -> Strings:
        """The texts of the interface: in the last question's language, else the locale's."""
        return strings(self.language)

    def welcome(self) -> Page:
        """How many articles there are and of when the newest is."""
        cards = self.engine.cards()
        newest = max((card.date for card in cards if card.date), default=None)
        if newest is None:
            text = self.words.counted("repl.welcome", len(cards))
        else:
            day = long_date(newest, self.language)
            text = self.words.counted("repl.welcome_newest", len(cards), date=day)
        return [Line(Text.assemble((text, "bold"), " · ", (self.words.text("repl.hint"), "dim")))]

    def reply(self, line: str, on_claim: Callable[[Claim], None] | None = None) -> Reply:
        """Answers a question or runs a ``/command``; what goes wrong is part of the reply.

        ``on_claim`` is told of each claim of a language model as soon as it has passed.
        """
        line = " ".join(line.split())
        try:
            if line.lower() in _LEAVING:
                return Reply([], leave=True)
            if line.startswith("/"):
                return self._command(line)
            return self._question(line, on_claim)
        except BelegError as error:
            message = one_line(str(error))
            text = self.words.text("repl.error", message=message)
            return Reply([Line(Text(text, _ERROR))], error=message)

    def forget(self) -> None:
        """Begins a new conversation."""
        self.conversation, self.last = Conversation(), None

    def outlet(self, key: str) -> str:
        """The outlet of an article, else its title, else its key."""
        for card in self.engine.cards():
            if card.key == key:
                return card.source or card.title
        return key

    def _command(self, line: str) -> Reply:
        name, _, argument = line.partition(" ")
        command = find_command(name, self.words)
        if command.run is None:
            return Reply([], leave=True)
        return Reply(command.run(self, argument.strip()))

    def _question(self, line: str, on_claim: Callable[[Claim], None] | None) -> Reply:
        told = False

        def tell(claim: Claim, _: tuple[Citation, ...]) -> None:
            nonlocal told
            if on_claim is not None:
                told = True
                on_claim(claim)

        answer = self.engine.answer(line, self.conversation, today=self.today(), on_claim=tell)
        self.conversation = self.conversation.after(answer)
        self.last, self.language = answer, answer.language
        shown = replace(answer, answer="") if told else answer
        page = render_answer(shown, opener=self.engine.open, outlet=self.outlet)
        return Reply(page, answer)
