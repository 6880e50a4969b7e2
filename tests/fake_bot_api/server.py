"""The server: takes calls, lets faults meet them, checks them, posts to webhooks."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import ClientError, ClientSession, web

from .faults import BadGateway, Drop, Fault, Faults, Refuse, Slow, TooMany
from .methods import METHODS, BadParameterError, checked
from .world import Refused, World

TOKEN = "4242424242:AAFakeTokenOfTheFakeBotApi0123456789"


@dataclass(frozen=True)
class Call:
    """One call as it was answered; ``at`` is the event loop's clock when it came in."""

    method: str
    parameters: dict[str, Any]
    status: int
    at: float


class FakeBotApi(World):
    """The Bot API for one bot, on a loopback port of its own. Use it with ``async with``.

    Attributes:
        faults: What goes wrong with coming calls.
        calls: Every call that was answered, in order.
    """

    def __init__(self, token: str = TOKEN, *, port: int = 0, enforce_rates: bool = False) -> None:
        super().__init__(int(token.split(":")[0]), enforce_rates=enforce_rates)
        self.token, self._port = token, port
        self.faults = Faults()
        self.calls: list[Call] = []
        self._tasks: set[asyncio.Task[None]] = set()

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

    def deliver(self, **update: Any) -> None:
        """Queues an update for the bot (or posts it, with a webhook)."""
        super().deliver(**update)
        if self.webhook["url"]:
            self._tasks.add(asyncio.get_running_loop().create_task(self._post_updates()))

    def called(self, method: str) -> list[Call]:
        """The calls of one method, in order."""
        return [call for call in self.calls if call.method == method]

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        started = asyncio.get_running_loop().time()
        method = request.match_info["method"]
        try:
            parameters = await _parameters(request)
        except ConnectionResetError:  # the bot died while it called
            return web.Response(status=500)
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
        self.tell()
        if isinstance(fault, BadGateway):
            return web.Response(status=502, text="<html>502 Bad Gateway</html>")
        if isinstance(fault, Slow):
            await asyncio.sleep(fault.seconds)
        return web.json_response(body, status=status)

    async def _answer(
        self, method: str, parameters: dict[str, Any], fault: Fault, request: web.Request
    ) -> Any:
        match fault:
            case TooMany(seconds):
                raise Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
            case Refuse(status, description, more):
                raise Refused(status, description, **dict(more))
            case BadGateway():
                raise Refused(502, "Bad Gateway")
            case Drop("before"):
                _cut(request)
        if method not in METHODS:
            raise Refused(404, "Not Found")
        try:
            result = self.work(method, checked(method, parameters))
            if asyncio.iscoroutine(result):
                result = await result
        except BadParameterError as error:
            raise Refused(400, f"Bad Request: {error}") from None
        if fault == Drop("after"):
            self.tell()
            _cut(request)
        return result

    async def _download(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self.token:
            return web.Response(status=401)
        data = self.files.get(request.match_info["path"])
        return web.Response(body=data) if data is not None else web.Response(status=404)

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
