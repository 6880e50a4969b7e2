"""Messages on their way out, as they are kept until Telegram has them."""

from __future__ import annotations

from collections.abc import Mapping
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
    """One message of the bot, ``html`` within Telegram's limits."""

    place: Place
    html: str
    rows: Rows = ()
    reply_to: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The message as JSON object."""
        return {
            "chat": self.place.chat,
            "topic": self.place.topic,
            "html": self.html,
            "reply_to": self.reply_to,
            "rows": [[[b.text, b.data, b.copy, b.url] for b in row] for row in self.rows],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Outgoing:
        """The reverse of ``to_json``."""
        return cls(
            Place(data["chat"], data["topic"]),
            data["html"],
            tuple(tuple(Button(*button) for button in row) for row in data["rows"]),
            data["reply_to"],
        )

    def moved(self, chat: int) -> Outgoing:
        """The same message to another chat."""
        return replace(self, place=replace(self.place, chat=chat))


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
