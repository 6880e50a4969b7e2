"""What the Bot API keeps: chats, messages, updates, menus; and what each method does to it."""

from __future__ import annotations

import asyncio
import itertools
import time
from typing import Any

from . import limits, polling, transcript
from .methods import BadParameterError
from .people import Chat, Draft, Group, Person, Seen
from .rates import Rates


class Refused(Exception):  # noqa: N818
    """An answer that is no success."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


class World:
    """One bot's chats. Methods named ``do_…`` are the Bot API's, by name.

    Attributes:
        sent: Every message of the bot, in order.
        enforce_rates: Whether more than 1 message a second in a chat, 20 a minute in a group
            or 30 a second over all is answered with 429. An edit in a group counts as a message.
    """

    def __init__(self, bot_id: int, *, enforce_rates: bool = False) -> None:
        self.enforce_rates = enforce_rates
        self.bot = {"id": bot_id, "is_bot": True, "first_name": "Beleg"}
        self.bot |= {"username": "belegtestbot", "can_join_groups": True}
        self.bot |= {"supports_inline_queries": True}
        self.sent: list[Seen] = []
        self.chats: dict[int, Chat] = {}
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.callback_answers: dict[str, dict[str, Any]] = {}
        self.inline_answers: dict[str, dict[str, Any]] = {}
        self.webhook: dict[str, Any] = {"url": ""}
        self.poll = polling.Poll()
        self.files: dict[str, bytes] = {}
        self._queries: set[str] = set()
        self._numbers = itertools.count(1)
        self._message_ids = itertools.count(100)
        self._lines: list[str] = []
        self._change = asyncio.Event()
        self._rates = Rates()

    # --- the other side -------------------------------------------------------------------

    def person(self, name: str, language: str | None = "en") -> Person:
        """Someone new with a private chat."""
        person = Person(self, 1000 + next(self._numbers), name, language)
        self.chats[person.id] = person
        return person

    def group(self, title: str, *, forum: bool = False) -> Group:
        """A new group that the bot is in."""
        group = Group(self, -1_000_000_000_000 - next(self._numbers), title, forum=forum)
        self.chats[group.id] = group
        return group

    def deliver(self, **update: Any) -> None:
        """Queues an update for the bot."""
        self.poll.add(update)

    def keep_file(self, data: bytes) -> dict[str, Any]:
        """Stores a file for ``getFile``; returns the fields that name it in a message."""
        name = f"file{next(self._numbers)}"
        self.files[name] = data
        return {"file_id": name, "file_unique_id": f"u{name}", "file_size": len(data)}

    def new_query(self, user_id: int) -> str:
        """The id of a new callback or inline query."""
        query = f"{user_id}{next(self._numbers):06}"
        self._queries.add(query)
        return query

    def next_message_id(self) -> int:
        """A message id that nobody had yet."""
        return next(self._message_ids)

    @staticmethod
    def now() -> int:
        """Seconds since 1970."""
        return int(time.time())

    @staticmethod
    def clock() -> float:
        """The event loop's clock."""
        return asyncio.get_running_loop().time()

    async def changed(self) -> None:
        """Waits until the bot did something."""
        await self._change.wait()

    async def until(self, condition: Any, seconds: float = 10) -> None:
        """Waits until ``condition()`` holds.

        Raises:
            TimeoutError: It did not come true in time.
        """
        async with asyncio.timeout(seconds):
            while not condition():
                await self._change.wait()

    def note(self, line: str) -> None:
        """Adds a line to the transcript."""
        self._lines.append(line)

    def transcript(self) -> str:
        """What was said and done, in order, as text."""
        return "\n".join(self._lines)

    def tell(self) -> None:
        """Wakes those who wait for the bot to do something."""
        self._change.set()
        self._change = asyncio.Event()

    # --- methods --------------------------------------------------------------------------

    def work(self, method: str, parameters: dict[str, Any]) -> Any:
        """Does what the method does; its result, or an awaitable of it."""
        work = getattr(self, f"do_{method}", None)
        if work is None:
            return True
        return work(**parameters)

    def do_getMe(self) -> Any:  # noqa: N802
        return self.bot

    async def do_getUpdates(self, **options: Any) -> Any:  # noqa: N802
        if self.webhook["url"]:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        updates = await self.poll.get(**options)
        if updates is None:
            raise Refused(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )
        return updates

    def do_setWebhook(self, url: str, **options: Any) -> Any:  # noqa: N802
        if url and not url.startswith(("https://", "http://127.0.0.1")):
            raise BadParameterError("bad webhook: an HTTPS URL must be provided for webhook")
        self.webhook = {"url": url, **options}
        return True

    def do_deleteWebhook(self, **_: Any) -> Any:  # noqa: N802
        self.webhook = {"url": ""}
        return True

    def do_getWebhookInfo(self) -> Any:  # noqa: N802
        waiting = len(self.poll.waiting)
        url = self.webhook["url"]
        return {"url": url, "has_custom_certificate": False, "pending_update_count": waiting}

    def do_sendMessage(self, chat_id: int, **parameters: Any) -> Any:  # noqa: N802
        chat = self._chat(chat_id)
        text, entities = limits.formatted(parameters)
        seen = Seen(
            message_id=self.next_message_id(),
            chat_id=chat_id,
            html=parameters["text"],
            text=text,
            entities=entities,
            rows=limits.keyboard(parameters.get("reply_markup")),
            at=asyncio.get_running_loop().time(),
            reply_to=parameters.get("reply_parameters", {}).get("message_id"),
            topic=parameters.get("message_thread_id"),
            preview=not parameters.get("link_preview_options", {}).get("is_disabled"),
        )
        self._check_rate(chat_id)
        self.sent.append(seen)
        chat.seen.append(seen)
        if isinstance(chat, Person):
            chat.shown = None
        self.note(transcript.message(self._name(chat), seen))
        return self._message(chat, seen)

    def do_sendMessageDraft(self, chat_id: int, draft_id: int, **parameters: Any) -> Any:  # noqa: N802
        chat = self._chat(chat_id)
        if not isinstance(chat, Person):
            raise BadParameterError("PEER_ID_INVALID: drafts are for private chats")
        if not draft_id:
            raise BadParameterError("draft_id must be non-zero")
        text, _ = limits.formatted(parameters)
        topic = parameters.get("message_thread_id")
        draft = Draft(chat_id, draft_id, parameters["text"], text, self.clock(), topic)
        chat.drafted.append(draft)
        chat.shown = draft
        self.note(f"Bot → {chat.name} (draft):\n" + transcript.indented(text))
        return True

    def do_editMessageText(self, **parameters: Any) -> Any:  # noqa: N802
        seen = self._found(parameters)
        text, entities = limits.formatted(parameters)
        rows = limits.keyboard(parameters.get("reply_markup"))
        if (text, entities, rows) == (seen.text, seen.entities, seen.rows):
            raise BadParameterError("message is not modified")
        if seen.chat_id < 0:
            self._check_rate(seen.chat_id)
        seen.html, seen.text, seen.entities, seen.rows = parameters["text"], text, entities, rows
        seen.edits += 1
        chat = self._chat(seen.chat_id)
        self.note(transcript.message(f"{self._name(chat)} (edited)", seen))
        return self._message(chat, seen)

    def do_editMessageReplyMarkup(self, **parameters: Any) -> Any:  # noqa: N802
        seen = self._found(parameters)
        rows = limits.keyboard(parameters.get("reply_markup"))
        if rows == seen.rows:
            raise BadParameterError("message is not modified")
        seen.rows = rows
        seen.edits += 1
        return self._message(self._chat(seen.chat_id), seen)

    def do_deleteMessage(self, **parameters: Any) -> Any:  # noqa: N802
        seen = self._found(parameters)
        seen.deleted = True
        self.note(f"Bot → {self._name(self._chat(seen.chat_id))}: (deletes a message)")
        return True

    def do_sendChatAction(self, chat_id: int, action: str, **_: Any) -> Any:  # noqa: N802
        if action != "typing":
            raise BadParameterError("wrong parameter action in request")
        self.note(f"Bot → {self._name(self._chat(chat_id))}: (typing)")
        return True

    def do_answerCallbackQuery(self, callback_query_id: str, **answer: Any) -> Any:  # noqa: N802
        self._take_query(callback_query_id)
        self.callback_answers[callback_query_id] = answer
        if answer.get("text"):
            self.note(f"Bot: ({answer['text']})")
        return True

    def do_answerInlineQuery(self, inline_query_id: str, **answer: Any) -> Any:  # noqa: N802
        self._take_query(inline_query_id)
        limits.inline_results(answer["results"])
        button = answer.get("button")
        if button and not 1 <= len(button.get("start_parameter", "")) <= 64:
            raise BadParameterError("START_PARAM_INVALID")
        self.inline_answers[inline_query_id] = answer
        self.note(f"Bot offers: {[result['title'] for result in answer['results']]}")
        return True

    def do_setMyCommands(self, commands: list[Any], **place: Any) -> Any:  # noqa: N802
        limits.commands(commands)
        scope = place.get("scope", {"type": "default"})
        if scope["type"] == "chat":
            self._chat(int(scope["chat_id"]))
        key = f"{scope['type']}{scope.get('chat_id', '')}/{place.get('language_code', '')}"
        self.commands[key] = commands
        return True

    def do_getFile(self, file_id: str) -> Any:  # noqa: N802
        if file_id not in self.files:
            raise BadParameterError("invalid file_id")
        data = self.files[file_id]
        if len(data) > 20 << 20:
            raise BadParameterError("file is too big")
        return {
            "file_id": file_id,
            "file_unique_id": f"u{file_id}",
            "file_size": len(data),
            "file_path": file_id,
        }

    # --- helpers --------------------------------------------------------------------------

    def _chat(self, chat_id: int) -> Chat:
        chat = self.chats.get(chat_id)
        if chat is None:
            raise BadParameterError("chat not found")
        if chat.gone:
            raise Refused(403, chat.gone)
        return chat

    def _name(self, chat: Chat) -> str:
        return chat.name if isinstance(chat, Person) else getattr(chat, "title", str(chat.id))

    def _found(self, parameters: dict[str, Any]) -> Seen:
        place = parameters.get("chat_id"), parameters.get("message_id")
        for seen in reversed(self.sent):
            if (seen.chat_id, seen.message_id) == place and not seen.deleted:
                return seen
        raise BadParameterError("message to edit not found")

    def _take_query(self, query: str) -> None:
        if query not in self._queries:
            raise BadParameterError(
                "query is too old and response timeout expired or ID is invalid"
            )
        self._queries.discard(query)

    def _message(self, chat: Chat, seen: Seen) -> dict[str, Any]:
        assert isinstance(chat, Person | Group)
        return {
            "message_id": seen.message_id,
            "date": self.now(),
            "chat": chat.as_chat(),
            "from": self.bot,
            "text": seen.text,
            "entities": seen.entities,
        }

    def _check_rate(self, chat_id: int) -> None:
        if self.enforce_rates and not self._rates.allow(chat_id, self.clock()):
            raise Refused(429, "Too Many Requests: retry after 1", retry_after=1)
