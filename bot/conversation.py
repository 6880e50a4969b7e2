"""Conversations, and what a question means in one: follow-ups without a language model.

A question that is short, elliptic or points back leans on the last topic; one that has a topic
of its own drags nothing along. See ``docs/adr/0006-follow-ups.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Protocol

from bot import rewriting
from bot.follow_up import FollowUp, asks_for_speaker, constituent, lean, needs_topic
from bot.pronouns import with_antecedent
from bot.reading import Reading
from bot.rewriting import Topic, split_context
from index.language import detect
from index.periods import Period, find_period

MAX_TURNS = 6
_WHOLE = (FollowUp.MORE, FollowUp.SEQUENCE)  # nothing could be read otherwise
_QUOTE_LENGTH = 300  # characters of a quote that a turn keeps: enough for its names
_DEFAULT_LANGUAGE = "en"


class Cited(Protocol):
    """What a turn keeps of a citation."""

    @property
    def article(self) -> str:
        """The article's key."""

    @property
    def quote(self) -> str:
        """The words cited."""


class Answered(Protocol):
    """What a turn keeps of an answer."""

    @property
    def question(self) -> str:
        """As it was typed."""

    @property
    def rewritten(self) -> str | None:
        """As it was searched, where the conversation changed it."""

    @property
    def answered(self) -> bool:
        """Whether it was no refusal."""

    @property
    def kind(self) -> str:
        """``answer``, ``refusal`` or ``talk``."""

    @property
    def language(self) -> str:
        """What its labels are written in."""

    @property
    def citations(self) -> Sequence[Cited]:
        """What was cited, in order."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation and what answered it.

    Attributes:
        searched: What was searched for: the question, or what the conversation made of it.
        language: ISO 639-1 code of the question.
        articles: Keys of the articles cited, without repetition.
        quotes: The heads of the quotes, in order.
    """

    question: str
    searched: str
    language: str
    answered: bool
    articles: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """The last turns between one person or chat and the bot, the newest last."""

    turns: tuple[Turn, ...] = ()

    @property
    def language(self) -> str | None:
        """The language of the last question."""
        return self.turns[-1].language if self.turns else None

    def after(self, answer: Answered) -> Conversation:
        """The conversation with one more turn; small talk leaves it as it is."""
        if answer.kind == "talk":
            return self
        articles = dict.fromkeys(citation.article for citation in answer.citations)
        turn = Turn(
            question=answer.question,
            searched=answer.rewritten or answer.question,
            language=detect(answer.question, self.language) or answer.language,
            answered=answer.answered,
            articles=tuple(articles),
            quotes=tuple(citation.quote[:_QUOTE_LENGTH] for citation in answer.citations),
        )
        return Conversation((*self.turns, turn)[-MAX_TURNS:])

    def to_json(self) -> list[dict[str, Any]]:
        """The turns as plain lists and dicts."""
        return [asdict(turn) for turn in self.turns]

    @classmethod
    def from_json(cls, data: object) -> Conversation:
        """Read what ``to_json`` wrote, also after a trip through JSON.

        Raises:
            ValueError: The data is nothing that ``to_json`` wrote.
        """
        try:
            if not isinstance(data, list):
                raise TypeError("the turns are no list")
            return cls(tuple(map(_turn, data[-MAX_TURNS:])))
        except (KeyError, TypeError) as error:
            raise ValueError("this is no saved conversation") from error


@dataclass(frozen=True, slots=True)
class Understood:
    """What a question means in its conversation.

    Attributes:
        search: What to search for.
        rewritten: The same where the conversation changed the question, else None.
        language: ISO 639-1 code of the question, else of the conversation, else English.
        period: The time it asks about, if any.
        keys: Articles cited by the turns it leans on, the newest first.
        beside: A follow-up with the questions before it in brackets: what it leans on, rules may
            mistake and a reader see. None for other questions, and where nothing can be mistaken.
    """

    search: str
    rewritten: str | None
    language: str
    period: Period | None
    keys: tuple[str, ...]
    beside: Understood | None = None


def understand(question: str, conversation: Conversation, *, today: date) -> Understood:
    """Turn a question into what to search for.

    Args:
        question: As typed, not empty.
        conversation: What was said before; a fresh one changes nothing.
        today: What "yesterday" is counted from.
    """
    language = detect(question, conversation.language) or _DEFAULT_LANGUAGE
    if not conversation.turns:
        return _understood(question, None, language, find_period(question, today), ())
    reading = Reading(question, language)
    chain = _leaned_on(conversation)
    topic = _topic(chain)
    kind = lean(reading, topic, today)
    keys = tuple(dict.fromkeys(key for turn in chain for key in turn.articles))
    period = find_period(question, today)
    if kind is FollowUp.NONE:
        return _understood(question, None, language, period, ())
    if kind is FollowUp.SAME_TOPIC:
        return _understood(question, None, language, period, keys)
    rewritten = rewrite(reading, kind, topic, today)
    # A date in the quote that is asked about is no period of the question.
    dated = reading.text if asks_for_speaker(reading, topic) else rewritten
    found = _understood(question, rewritten, language, find_period(dated, today), keys)
    if kind in _WHOLE or rewriting.exchanged_question(reading, topic) is not None:
        return found
    together = rewriting.behind(question, [turn.question for turn in reversed(chain)])
    return replace(found, beside=_understood(question, together, language, period, keys))


def is_unclear(question: str, conversation: Conversation, *, today: date) -> bool:
    """Whether a question leans on one before it, and there is none (``Und wo war das?``)."""
    if conversation.turns:
        return False
    return needs_topic(Reading(question, detect(question) or _DEFAULT_LANGUAGE), today)


def rewrite(reading: Reading, kind: FollowUp, topic: Topic, today: date) -> str:
    """The follow-up as a question that stands by itself."""
    if kind is FollowUp.MORE:
        return topic.question
    if kind is FollowUp.SEQUENCE:
        german = reading.language == "de"
        asked = f"Was geschah {reading.text.lower()}" if german else "What happened after that?"
        return rewriting.in_context(asked, topic)
    if kind is FollowUp.CONSTITUENT and (part := constituent(reading, today)) is not None:
        return rewriting.exchanged_part(part, topic, today)
    exchanged = rewriting.exchanged_question(reading, topic)
    if exchanged is None:
        exchanged = with_antecedent(reading, topic)
    if exchanged is None and asks_for_speaker(reading, topic):
        exchanged = rewriting.in_quote(reading.text, topic)
    return exchanged or rewriting.in_context(reading.text, topic)


def _understood(
    question: str,
    rewritten: str | None,
    language: str,
    period: Period | None,
    keys: tuple[str, ...],
) -> Understood:
    search = rewritten or question
    return Understood(
        search=search,
        rewritten=None if search == question else search,
        language=language,
        period=period,
        keys=keys,
    )


def _leaned_on(conversation: Conversation) -> tuple[Turn, ...]:
    """The last turn and those it leaned on itself, the newest first."""
    chain = []
    for turn in reversed(conversation.turns):
        chain.append(turn)
        if turn.searched == turn.question:
            break
    return tuple(chain)


def _topic(chain: tuple[Turn, ...]) -> Topic:
    """The newest question of a chain that says what it is about."""
    newest = next((turn.quotes[0] for turn in chain if turn.quotes), None)
    others = tuple(quote for turn in chain for quote in turn.quotes)
    for turn in (*chain, chain[0]):
        topic = Topic(turn.searched, turn.language, turn.quotes + others, newest)
        if split_context(turn.searched)[1] is None or topic.reading.content:
            break
    return topic


def _turn(item: dict[str, Any]) -> Turn:
    return Turn(
        question=str(item["question"]),
        searched=str(item["searched"]),
        language=str(item["language"]),
        answered=bool(item["answered"]),
        articles=tuple(map(str, item["articles"])),
        quotes=tuple(map(str, item["quotes"])),
    )
