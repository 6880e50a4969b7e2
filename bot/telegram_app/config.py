"""What the Telegram front end is told at its start."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from index.errors import BelegError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.answer import Answer
    from bot.citations import Opened
    from bot.conversation import Conversation
    from bot.language_model.writing import OnClaim
    from index.articles import Article
    from index.build import BuildReport, Progress
    from index.storage import Card

API_URL = "https://api.telegram.org"
_TOKEN = re.compile(r"([0-9]{1,19}):[A-Za-z0-9_-]{3,}")


class TelegramError(BelegError):
    """The bot cannot be served; the line says why and what to do."""


class Assistant(Protocol):
    """What the front end asks; blocking, safe to use from several threads."""

    def answer(
        self,
        question: str,
        conversation: Conversation | None = None,
        *,
        today: date,
        on_claim: OnClaim | None = None,
    ) -> Answer:
        """Answers one question of a conversation; ``on_claim`` is told of claims as they pass."""

    def open(self, identifier: str) -> Opened:
        """Opens a citation in its surroundings."""

    def find(self, name: str) -> Opened | Article | None:
        """What a citation's id or an article's key stands for."""

    def cards(self) -> Sequence[Card]:
        """Every article of the index, without its text."""


class Rebuild(Protocol):
    """Brings the index up to date; blocking."""

    def __call__(
        self, progress: Progress | None = None, first: Callable[[], object] | None = None
    ) -> BuildReport:
        """Does ``first``, then builds; no other build of this process comes between."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one person may ask, how fast a chat is written to, and when a rival wins.

    Attributes:
        in_flight: A person's messages that wait for their reply at a time.
        per_minute: A person's messages within a minute.
        chat_seconds: Between two messages to one chat; Telegram asks for one.
        settled_seconds: So long after its start a bot no longer gives way to another poller.
        rival_seconds: So long a settled bot goes on beside another poller.
        draft_seconds: Between two drafts of an answer that a language model is writing.
        renew_seconds: After so long a draft is sent again unchanged; Telegram drops it after 30.
        edit_seconds: Between two edits of such an answer in a group.
    """

    in_flight: int = 5
    per_minute: int = 20
    chat_seconds: float = 1.0
    settled_seconds: float = 30.0
    rival_seconds: float = 60.0
    draft_seconds: float = 1.5
    renew_seconds: float = 20.0
    edit_seconds: float = 3.0


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram posts updates (``url``, https) and where they arrive here (``listen``).

    ``secret`` is made anew at every start unless given.
    """

    url: str
    listen: str = "127.0.0.1:8443"
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class TelegramConfig:
    """Settings of one bot.

    Attributes:
        api_url: Root of the Bot API.
        admins: Ids of people who may also do what admins do.
        allowed: Ids of people and groups who get answers; empty: everyone.
        seeds: The folder that documents sent by admins go to; None: they are refused.
        rebuild: Brings the index up to date; None: ``/index`` is refused.
    """

    token: str = field(repr=False)
    api_url: str = API_URL
    admins: tuple[int, ...] = ()
    allowed: tuple[int, ...] = ()
    webhook: Webhook | None = None
    limits: Limits = Limits()
    seeds: Path | None = None
    rebuild: Rebuild | None = None

    @property
    def bot_id(self) -> int:
        """The bot's id, the token's first part.

        Raises:
            TelegramError: The token is missing or malformed.
        """
        if not self.token:
            raise TelegramError(
                "no token: put the one from @BotFather into BELEGBOT_TELEGRAM_TOKEN"
            )
        match = _TOKEN.fullmatch(self.token)
        if match is None:
            raise TelegramError(
                "BELEGBOT_TELEGRAM_TOKEN is malformed: expected digits, a colon and letters, "
                "as @BotFather shows it"
            )
        return int(match[1])
