"""Updates posted by Telegram, as the alternative to polling.

A proxy in front ends TLS and passes requests on; here they arrive on loopback. A request
counts only with the secret that Telegram was given at the start; an update is in the inbox
before Telegram hears 200, and a failure to write it makes Telegram post it again.
"""

from __future__ import annotations

import hmac
import json
import logging
import re
import secrets
import socket
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from telegram.error import NetworkError, TelegramError
from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from .attempts import LostError
from .config import TelegramError as Failure
from .config import Webhook
from .polling import UPDATES, InboxBot

log = logging.getLogger(__name__)

MAX_BODY = 1 << 20
HEALTH = "/health"
_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_LISTEN = re.compile(r"(?:(?P<v6>\[[0-9a-fA-F:.]+\])|(?P<host>[^:\s]+)):(?P<port>\d{1,5})")

Take = Callable[[Mapping[str, Any]], Awaitable[None]]


class WebhookReceiver:
    """Listens for updates and hands them on."""

    def __init__(self, config: Webhook, bot: InboxBot, take: Take) -> None:
        self._config, self._bot = config, bot
        self._secret = config.secret or secrets.token_urlsafe(32)
        path = urlsplit(config.url).path or "/"
        app = Application(
            [
                (HEALTH, _Health),
                (re.escape(path), _Updates, {"secret": self._secret, "take": take}),
            ],
            log_function=_log,
        )
        self._server = HTTPServer(app, max_body_size=MAX_BODY, idle_connection_timeout=60)

    async def start(self) -> None:
        """Listens, and tells Telegram where.

        Raises:
            Failure: The address cannot be used, or Telegram refuses it.
        """
        self._server.add_socket(self._listening())
        try:
            await self._bot.set_webhook(
                self._config.url, secret_token=self._secret, allowed_updates=UPDATES
            )
        except (TelegramError, LostError) as error:
            raise Failure(
                f"Telegram does not take the webhook ({error}): check BELEGBOT_WEBHOOK_URL"
            ) from None

    def _listening(self) -> socket.socket:
        host, port = address(self._config.listen)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            listening = socket.create_server((host, port), family=family)
        except OSError as error:
            raise Failure(
                f"cannot listen on {self._config.listen} ({error.strerror or error}): "
                "set BELEGBOT_WEBHOOK_LISTEN to a free address"
            ) from None
        listening.setblocking(False)
        return listening

    async def stop(self) -> None:
        """Takes no more; Telegram keeps what it cannot post until the next start."""
        self._server.stop()
        await self._server.close_all_connections()


def address(listen: str) -> tuple[str, int]:
    """Host and port of ``127.0.0.1:8443`` or ``[::1]:8443``.

    Raises:
        Failure: It is neither.
    """
    match = _LISTEN.fullmatch(listen)
    if match is None or not 0 <= int(match["port"]) <= 65535:
        raise Failure(f"BELEGBOT_WEBHOOK_LISTEN: expected host:port, not {listen!r}")
    return (match["v6"] or match["host"]).strip("[]"), int(match["port"])


class _Health(RequestHandler):
    """Says that the process is there, to whoever watches it."""

    def get(self) -> None:
        self.set_header("Content-Type", "text/plain")
        self.finish("ok\n")


class _Updates(RequestHandler):
    """Where Telegram posts."""

    def initialize(self, secret: str, take: Take) -> None:
        self._secret, self._take = secret, take

    async def post(self) -> None:
        given = self.request.headers.get(_HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), self._secret.encode()):
            self.send_error(403)
            return
        try:
            update = json.loads(self.request.body)
            int(update["update_id"])
        except (ValueError, TypeError, KeyError):
            self.send_error(400)
            return
        try:
            await self._take(update)
        except NetworkError:
            self.send_error(500)

    def write_error(self, status_code: int, **_: Any) -> None:
        self.finish(f"{status_code}\n")


def _log(handler: RequestHandler) -> None:
    log.debug("%s %s", handler.get_status(), handler.request.path)
