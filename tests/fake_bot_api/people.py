"""Those who talk to the bot: people, groups, and what they see of it."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .markup import utf16_length

if TYPE_CHECKING:
    from .world import World


DRAFT_SECONDS = 30.0


@dataclass
class Seen:
    """A message of the bot as people see it; edits change it in place.

    Attributes:
        html: The markup as it was sent.
        text: What is read, markup gone.
        rows: The inline keyboard.
        at: When it arrived, on the event loop's clock.
    """

    message_id: int
    chat_id: int
    html: str
    text: str
    entities: list[dict[str, Any]]
    rows: list[list[dict[str, Any]]]
    at: float
    reply_to: int | None = None
    topic: int | None = None
    preview: bool = True
    edits: int = 0
    deleted: bool = False

    def buttons(self) -> list[dict[str, Any]]:
        """All buttons, row by row."""
        return [button for row in self.rows for button in row]

    def button(self, label: str) -> dict[str, Any]:
        """The first button whose text holds ``label``."""
        return next(button for button in self.buttons() if label in button["text"])


@dataclass(frozen=True)
class Draft:
    """An answer on its way, shown for half a minute or until a message comes.

    ``at``: when it arrived, on the event loop's clock.
    """

    chat_id: int
    draft_id: int
    html: str
    text: str
    at: float
    topic: int | None = None


@dataclass
class Chat:
    """A place with messages in it."""

    api: World
    id: int
    said: int = 0
    seen: list[Seen] = field(default_factory=list)
    gone: str | None = None
    """Why the bot can't write here any more (a 403's description)."""
    _heard: int = 0

    async def hears(self, seconds: float = 10) -> Seen:
        """The bot's next message here that was not heard before.

        Raises:
            TimeoutError: None came in time.
        """
        async with asyncio.timeout(seconds):
            while len(self.seen) <= self._heard:
                await self.api.changed()
        self._heard += 1
        return self.seen[self._heard - 1]

    async def silent(self, seconds: float = 0.4) -> bool:
        """Whether nothing more is heard for a while."""
        await asyncio.sleep(seconds)
        return len(self.seen) == self._heard


class Person(Chat):
    """Someone with a private chat with the bot."""

    def __init__(self, api: World, id: int, name: str, language: str | None) -> None:  # noqa: A002
        super().__init__(api, id)
        self.name, self.language = name, language
        self.drafted: list[Draft] = []
        """Every draft of the bot here, in order."""
        self.shown: Draft | None = None

    def draft(self) -> str | None:
        """The draft that the person sees now."""
        if self.shown is None or self.api.clock() - self.shown.at >= DRAFT_SECONDS:
            return None
        return self.shown.text

    def as_user(self) -> dict[str, Any]:
        """The Bot API's ``User``."""
        user = {"id": self.id, "is_bot": False, "first_name": self.name}
        return user | ({"language_code": self.language} if self.language else {})

    def as_chat(self) -> dict[str, Any]:
        """The Bot API's ``Chat``."""
        return {"id": self.id, "type": "private", "first_name": self.name}

    def says(
        self,
        text: str,
        *,
        to: Group | None = None,
        topic: int | None = None,
        reply_to: Seen | None = None,
        **more: Any,
    ) -> int:
        """Sends a text to the bot, or into a group; returns the message's id.

        Commands and ``@names`` become entities; ``more`` replaces fields of the message.
        """
        message = self.message(to, topic=topic, reply_to=reply_to)
        message |= {"text": text, "entities": entities_in(text)} | more
        if not message["entities"]:
            del message["entities"]
        self.api.note(f"{self.name}{to.label() if to else ''}: {text}")
        self.api.deliver(message=message)
        return int(message["message_id"])

    def sends(self, kind: str, content: Any, caption: str | None = None) -> int:
        """Sends a photo, a voice message, a document and so on."""
        message = self.message(None) | {kind: content}
        if caption:
            message["caption"] = caption
        self.api.note(f"{self.name}: [{kind}] {caption or ''}".rstrip())
        self.api.deliver(message=message)
        return int(message["message_id"])

    def sends_document(self, name: str, data: bytes, caption: str | None = None) -> int:
        """Sends a file that the bot can download."""
        file = self.api.keep_file(data)
        return self.sends("document", file | {"file_name": name}, caption)

    def edits(self, message_id: int, text: str, to: Group | None = None) -> None:
        """Changes a message that was sent before."""
        message = self.message(to) | {"message_id": message_id, "text": text}
        message |= {"edit_date": message["date"], "entities": entities_in(text)}
        self.api.note(f"{self.name} edits: {text}")
        self.api.deliver(edited_message=message)

    def presses(self, button: dict[str, Any], on: Seen | None = None) -> str:
        """Presses a button with callback data; returns the query's id."""
        message = on or next(
            seen for seen in reversed(self.api.sent) if any(b == button for b in seen.buttons())
        )
        self.api.note(f"{self.name} presses [{button['text']}]")
        return self.calls_back(button["callback_data"], message)

    def calls_back(self, data: str, message: Seen) -> str:
        """A callback query with any data a client likes."""
        query = self.api.new_query(self.id)
        chat = self.api.chats.get(message.chat_id)
        as_chat = chat.as_chat() if isinstance(chat, Person | Group) else self.as_chat()
        sent = {"message_id": message.message_id, "date": self.api.now(), "chat": as_chat}
        sent |= {"from": self.api.bot, "text": message.text}
        self.api.deliver(
            callback_query={
                "id": query,
                "from": self.as_user(),
                "message": sent,
                "chat_instance": str(message.chat_id),
                "data": data,
            }
        )
        return query

    def asks_inline(self, query: str) -> str:
        """Types ``@bot query`` in some other chat; returns the query's id."""
        number = self.api.new_query(self.id)
        self.api.note(f"{self.name} types @{self.api.bot['username']} {query}")
        self.api.deliver(
            inline_query={"id": number, "from": self.as_user(), "query": query, "offset": ""}
        )
        return number

    def blocks(self) -> None:
        """Blocks the bot."""
        self.gone = "Forbidden: bot was blocked by the user"
        self.api.note(f"{self.name} blocks the bot")

    def message(
        self, to: Group | None, *, topic: int | None = None, reply_to: Seen | None = None
    ) -> dict[str, Any]:
        """The frame of a message from this person."""
        place = to or self
        place.said += 1
        message: dict[str, Any] = {
            "message_id": self.api.next_message_id(),
            "date": self.api.now(),
            "chat": place.as_chat(),
            "from": self.as_user(),
        }
        if topic is not None:
            message |= {"message_thread_id": topic, "is_topic_message": True}
        if reply_to is not None:
            message["reply_to_message"] = {
                "message_id": reply_to.message_id,
                "date": self.api.now(),
                "chat": place.as_chat(),
                "from": self.api.bot,
                "text": reply_to.text,
            }
        return message


class Group(Chat):
    """A group or, with topics, a forum."""

    def __init__(self, api: World, id: int, title: str, *, forum: bool) -> None:  # noqa: A002
        super().__init__(api, id)
        self.title, self.forum = title, forum

    def as_chat(self) -> dict[str, Any]:
        """The Bot API's ``Chat``."""
        chat = {"id": self.id, "type": "supergroup", "title": self.title}
        return chat | ({"is_forum": True} if self.forum else {})

    def label(self) -> str:
        """How the transcript names it."""
        return f" in {self.title}"


def entities_in(text: str) -> list[dict[str, Any]]:
    """Commands and mentions, as a client marks them."""
    found = []
    for match in re.finditer(r"(?<!\S)/[A-Za-z0-9_]+(?:@\w+)?|(?<!\w)@[A-Za-z]\w{3,}", text):
        kind = "bot_command" if match[0].startswith("/") else "mention"
        start = utf16_length(text[: match.start()])
        found.append({"type": kind, "offset": start, "length": utf16_length(match[0])})
    return found
