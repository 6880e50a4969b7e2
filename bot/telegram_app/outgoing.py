"""Messages on their way out, as they are kept until Telegram has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from telegram import InlineKeyboardMarkup


@dataclass(frozen=True, slots=True)
class Button:
    """A button; exactly one of ``data``, ``copy`` and ``url`` is set."""

    text: str
    data: str | None = None
    copy: str | None = None
    url: str | None = None


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where messages go: a chat, and a topic in it."""

    chat: int
    topic: int | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message of the bot, ``html`` within Telegram's limits.

    Attributes:
        edits: The id of the message whose place it takes.
        removes: The id of a message that is deleted once this one has arrived.
        half: It is the beginning of an answer that is still being written.
    """

    place: Place
    html: str
    rows: Rows = ()
    reply_to: int | None = None
    edits: int | None = None
    removes: int | None = None
    half: bool = False

    def to_json(self) -> dict[str, Any]:
        """The message as JSON object."""
        return {
            "chat": self.place.chat,
            "topic": self.place.topic,
            "html": self.html,
            "reply_to": self.reply_to,
            "rows": [[[b.text, b.data, b.copy, b.url] for b in row] for row in self.rows],
            "edits": self.edits,
            "removes": self.removes,
            "half": self.half,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Outgoing:
        """The reverse of ``to_json``; also of what was written before there were half answers."""
        return cls(
            Place(data["chat"], data["topic"]),
            data["html"],
            tuple(tuple(Button(*button) for button in row) for row in data["rows"]),
            data["reply_to"],
            data.get("edits"),
            data.get("removes"),
            data.get("half", False),
        )

    def moved(self, chat: int) -> Outgoing:
        """The same message to another chat."""
        return replace(self, place=replace(self.place, chat=chat))


def in_place_of(half: int, messages: Sequence[Outgoing]) -> list[Outgoing]:
    """The reply, such that nothing of the message ``half`` is left half-said.

    One message takes its place. Several are sent anew, together, and it goes behind the last.
    """
    *others, last = messages
    if others:
        return [*others, replace(last, removes=half)]
    return [replace(last, edits=half)]


def keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    """The buttons as Telegram wants them."""
    from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

    if not rows:
        return None
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(
                    button.text,
                    callback_data=button.data,
                    copy_text=CopyTextButton(button.copy) if button.copy else None,
                    url=button.url,
                )
                for button in row
            ]
            for row in rows
        ]
    )
