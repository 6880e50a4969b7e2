"""The server: takes calls, checks them, keeps chats and updates."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import ClientError, ClientSession, web

from . import limits, polling, transcript
from .faults import BadGateway, Drop, Fault, Faults, Refuse, Slow, TooMany
from .methods import METHODS, BadParameterError, checked
from .people import Chat, Group, Person, Seen

TOKEN = "4242424242:AAFakeTokenOfTheFakeBotApi0123456789"


@dataclass(frozen=True)
class Call:
    """One call as it was answered; ``at`` is the event loop's clock when it came in."""

    method: str
    parameters: dict[str, Any]
    status: int
    at: float


class Refused(Exception):  # noqa: N818
    """An answer that is no success."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


class FakeBotApi:
    """The Bot API for one bot, on a loopback port of its own. Use it with ``async with``.

    Attributes:
        faults: What goes wrong with coming calls.
        calls: Every call that was answered, in order.
        sent: Every message of the bot, in order.
        enforce_rates: Whether more than 1 message a second in a chat, 20 a minute in a group
            or 30 a second over all is answered with 429.
    """

    def __init__(self, token: str = TOKEN, *, port: int = 0, enforce_rates: bool = False) -> None:
        self.token, self._port, self.enforce_rates = token, port, enforce_rates
        name = "belegtestbot"
        self.bot = {"id": int(token.split(":")[0]), "is_bot": True, "first_name": "Beleg"}
        self.bot |= {"username": name, "can_join_groups": True, "supports_inline_queries": True}
        self.faults = Faults()
        self.calls: list[Call] = []
        self.sent: list[Seen] = []
        self.chats: dict[int, Chat] = {}
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.callback_answers: dict[str, dict[str, Any]] = {}
        self.inline_answers: dict[str, dict[str, Any]] = {}
        self.webhook: dict[str, Any] = {"url": ""}
        self.poll = polling.Poll()
        self._queries: set[str] = set()
        self._files: dict[str, bytes] = {}
        self._numbers = itertools.count(1)
        self._message_ids = itertools.count(100)
        self._lines: list[str] = []
        self._change = asyncio.Event()
        self._rates: dict[int, deque[float]] = defaultdict(deque)
        self._tasks: set[asyncio.Task[None]] = set()

    # --- life -----------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=50 << 20)
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        app.router.add_get("/file/bot{token}/{path}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.poll.close()
        for task in self._tasks:
            task.cancel()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The root to give the bot."""
        return f"http://127.0.0.1:{self._port}"

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
        """Queues an update for the bot (or posts it, with a webhook)."""
        self.poll.add(update)
        if self.webhook["url"]:
            self._tasks.add(asyncio.get_running_loop().create_task(self._post_updates()))

    def keep_file(self, data: bytes) -> dict[str, Any]:
        """Stores a file for ``getFile``; returns the fields that name it in a message."""
        name = f"file{next(self._numbers)}"
        self._files[name] = data
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

    def called(self, method: str) -> list[Call]:
        """The calls of one method, in order."""
        return [call for call in self.calls if call.method == method]

    # --- calls ----------------------------------------------------------------------------

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        started = asyncio.get_running_loop().time()
        method = request.match_info["method"]
        parameters = await _parameters(request)
        fault = self.faults.next(method)
        try:
            if request.match_info["token"] != self.token:
                raise Refused(401, "Unauthorized")
            result = await self._answer(method, parameters, fault, request)
            status, body = 200, {"ok": True, "result": result}
        except Refused as refused:
            status = refused.status
            body = {"ok": False, "error_code": status, "description": refused.description}
            if refused.parameters:
                body["parameters"] = refused.parameters
        self.calls.append(Call(method, parameters, status, started))
        self._tell()
        if isinstance(fault, BadGateway):
            return web.Response(status=502, text="<html>502 Bad Gateway</html>")
        if isinstance(fault, Slow):
            await asyncio.sleep(fault.seconds)
        return web.json_response(body, status=status)

    def _tell(self) -> None:
        self._change.set()
        self._change = asyncio.Event()

    async def _answer(
        self, method: str, parameters: dict[str, Any], fault: Fault, request: web.Request
    ) -> Any:
        match fault:
            case TooMany(seconds):
                raise Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
            case Refuse(status, description):
                raise Refused(status, description)
            case BadGateway():
                raise Refused(502, "Bad Gateway")
            case Drop("before"):
                _cut(request)
        if method not in METHODS:
            raise Refused(404, "Not Found")
        try:
            result = self._work(method, checked(method, parameters))
            if asyncio.iscoroutine(result):
                result = await result
        except BadParameterError as error:
            raise Refused(400, f"Bad Request: {error}") from None
        if fault == Drop("after"):
            self._tell()
            _cut(request)
        return result

    def _work(self, method: str, parameters: dict[str, Any]) -> Any:
        work = getattr(self, f"_do_{method}", None)
        if work is None:
            return True
        return work(**parameters)

    def _do_getMe(self) -> Any:  # noqa: N802
        return self.bot

    async def _do_getUpdates(self, **options: Any) -> Any:  # noqa: N802
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

    def _do_setWebhook(self, url: str, **options: Any) -> Any:  # noqa: N802
        if url and not url.startswith(("https://", "http://127.0.0.1")):
            raise BadParameterError("bad webhook: an HTTPS URL must be provided for webhook")
        self.webhook = {"url": url, **options}
        return True

    def _do_deleteWebhook(self, **_: Any) -> Any:  # noqa: N802
        self.webhook = {"url": ""}
        return True

    def _do_getWebhookInfo(self) -> Any:  # noqa: N802
        waiting = len(self.poll.waiting)
        url = self.webhook["url"]
        return {"url": url, "has_custom_certificate": False, "pending_update_count": waiting}

    def _do_sendMessage(self, chat_id: int, **parameters: Any) -> Any:  # noqa: N802
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
        self.note(transcript.message(self._name(chat), seen))
        return self._message(chat, seen)

    def _do_editMessageText(self, **parameters: Any) -> Any:  # noqa: N802
        seen = self._found(parameters)
        text, entities = limits.formatted(parameters)
        rows = limits.keyboard(parameters.get("reply_markup"))
        if (text, entities, rows) == (seen.text, seen.entities, seen.rows):
            raise BadParameterError("message is not modified")
        seen.html, seen.text, seen.entities, seen.rows = parameters["text"], text, entities, rows
        seen.edits += 1
        chat = self._chat(seen.chat_id)
        self.note(transcript.message(f"{self._name(chat)} (edited)", seen))
        return self._message(chat, seen)

    def _do_editMessageReplyMarkup(self, **parameters: Any) -> Any:  # noqa: N802
        seen = self._found(parameters)
        rows = limits.keyboard(parameters.get("reply_markup"))
        if rows == seen.rows:
            raise BadParameterError("message is not modified")
        seen.rows = rows
        seen.edits += 1
        return self._message(self._chat(seen.chat_id), seen)

    def _do_deleteMessage(self, **parameters: Any) -> Any:  # noqa: N802
        self._found(parameters).deleted = True
        return True

    def _do_sendChatAction(self, chat_id: int, action: str, **_: Any) -> Any:  # noqa: N802
        if action != "typing":
            raise BadParameterError("wrong parameter action in request")
        self.note(f"Bot → {self._name(self._chat(chat_id))}: (typing)")
        return True

    def _do_answerCallbackQuery(self, callback_query_id: str, **answer: Any) -> Any:  # noqa: N802
        self._take_query(callback_query_id)
        self.callback_answers[callback_query_id] = answer
        if answer.get("text"):
            self.note(f"Bot: ({answer['text']})")
        return True

    def _do_answerInlineQuery(self, inline_query_id: str, **answer: Any) -> Any:  # noqa: N802
        self._take_query(inline_query_id)
        limits.inline_results(answer["results"])
        button = answer.get("button")
        if button and not 1 <= len(button.get("start_parameter", "")) <= 64:
            raise BadParameterError("START_PARAM_INVALID")
        self.inline_answers[inline_query_id] = answer
        self.note(f"Bot offers: {[result['title'] for result in answer['results']]}")
        return True

    def _do_setMyCommands(self, commands: list[Any], **place: Any) -> Any:  # noqa: N802
        limits.commands(commands)
        scope = place.get("scope", {"type": "default"})
        if scope["type"] == "chat":
            self._chat(int(scope["chat_id"]))
        key = f"{scope['type']}{scope.get('chat_id', '')}/{place.get('language_code', '')}"
        self.commands[key] = commands
        return True

    def _do_getFile(self, file_id: str) -> Any:  # noqa: N802
        if file_id not in self._files:
            raise BadParameterError("invalid file_id")
        data = self._files[file_id]
        if len(data) > 20 << 20:
            raise BadParameterError("file is too big")
        return {
            "file_id": file_id,
            "file_unique_id": f"u{file_id}",
            "file_size": len(data),
            "file_path": file_id,
        }

    async def _download(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self.token:
            return web.Response(status=401)
        data = self._files.get(request.match_info["path"])
        return web.Response(body=data) if data is not None else web.Response(status=404)

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
        if not self.enforce_rates:
            return
        now = asyncio.get_running_loop().time()
        limits_of = [(chat_id, 1, 0.9), (0, 31, 1.0)]
        if chat_id < 0:
            limits_of.append((chat_id, 20, 59.5))
        for key, most, seconds in limits_of:
            if sum(now - at < seconds for at in self._rates[key]) >= most:
                raise Refused(429, "Too Many Requests: retry after 1", retry_after=1)
        for key in {chat_id, 0}:
            self._rates[key].append(now)
            while now - self._rates[key][0] > 60:
                self._rates[key].popleft()

    async def _post_updates(self) -> None:
        async with ClientSession() as session:
            while self.poll.waiting and self.webhook["url"]:
                update = self.poll.waiting[0]
                headers = {}
                if "secret_token" in self.webhook:
                    headers["X-Telegram-Bot-Api-Secret-Token"] = self.webhook["secret_token"]
                try:
                    url = self.webhook["url"]
                    async with session.post(url, json=update, headers=headers) as response:
                        delivered = response.status == 200
                except ClientError:
                    delivered = False
                if delivered and self.poll.waiting and self.poll.waiting[0] is update:
                    self.poll.waiting.popleft()
                elif not delivered:
                    await asyncio.sleep(0.2)


async def _parameters(request: web.Request) -> dict[str, Any]:
    """Query string, form, multipart or JSON: the Bot API takes them all."""
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        body = await request.read()
        given |= json.loads(body) if body else {}
    else:
        given |= dict(await request.post())
    return given


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
    raise Refused(500, "the connection is cut")
