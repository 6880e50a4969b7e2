"""What each method takes: names, types, and what must be there."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Check = Callable[[Any], Any]


class BadParameterError(ValueError):
    """A parameter that the Bot API would refuse."""


def integer(value: Any) -> int:
    """An integer, also as decimal text."""
    if isinstance(value, bool) or not str(value).lstrip("-").isdigit():
        raise BadParameterError("expected an integer")
    return int(value)


def boolean(value: Any) -> bool:
    """A truth value, also as text."""
    if str(value).lower() not in {"true", "false"}:
        raise BadParameterError("expected a boolean")
    return str(value).lower() == "true"


def text(value: Any) -> str:
    """A string."""
    if not isinstance(value, str):
        raise BadParameterError("expected a string")
    return value


def limited(most: int) -> Check:
    """A string of at most so many characters."""

    def check(value: Any) -> str:
        if len(text(value)) > most:
            raise BadParameterError(f"longer than {most} characters")
        return str(value)

    return check


def parsed(kind: type) -> Check:
    """An object or array, also as JSON text."""

    def check(value: Any) -> Any:
        try:
            value = json.loads(value) if isinstance(value, str) else value
        except ValueError:
            raise BadParameterError("expected JSON") from None
        if not isinstance(value, kind):
            raise BadParameterError(f"expected a {kind.__name__}")
        return value

    return check


def parse_mode(value: Any) -> str:
    """Only HTML is spoken here."""
    if value != "HTML":
        raise BadParameterError("unsupported parse_mode")
    return str(value)


_SENDING: dict[str, Check] = {
    "chat_id": integer,
    "message_thread_id": integer,
    "disable_notification": boolean,
    "protect_content": boolean,
    "reply_parameters": parsed(dict),
    "reply_markup": parsed(dict),
}
_TEXT: dict[str, Check] = {
    "text": text,
    "parse_mode": parse_mode,
    "entities": parsed(list),
    "link_preview_options": parsed(dict),
}
_COMMANDS: dict[str, Check] = {"scope": parsed(dict), "language_code": text}
_PLACE: dict[str, Check] = {"chat_id": integer, "message_id": integer, "inline_message_id": text}

# method: (all parameters, the required ones)
METHODS: dict[str, tuple[dict[str, Check], frozenset[str]]] = {
    "getMe": ({}, frozenset()),
    "getUpdates": (
        {
            "offset": integer,
            "limit": integer,
            "timeout": integer,
            "allowed_updates": parsed(list),
        },
        frozenset(),
    ),
    "setWebhook": (
        {
            "url": text,
            "secret_token": limited(256),
            "allowed_updates": parsed(list),
            "max_connections": integer,
            "drop_pending_updates": boolean,
            "ip_address": text,
        },
        frozenset({"url"}),
    ),
    "deleteWebhook": ({"drop_pending_updates": boolean}, frozenset()),
    "getWebhookInfo": ({}, frozenset()),
    "sendMessage": ({**_SENDING, **_TEXT}, frozenset({"chat_id", "text"})),
    "sendMessageDraft": (
        {
            "chat_id": integer,
            "message_thread_id": integer,
            "draft_id": integer,
            "text": text,
            "parse_mode": parse_mode,
            "entities": parsed(list),
        },
        frozenset({"chat_id", "draft_id", "text"}),
    ),
    "editMessageText": (
        {**_PLACE, **_TEXT, "reply_markup": parsed(dict)},
        frozenset({"text"}),
    ),
    "editMessageReplyMarkup": ({**_PLACE, "reply_markup": parsed(dict)}, frozenset()),
    "deleteMessage": (
        {"chat_id": integer, "message_id": integer},
        frozenset({"chat_id", "message_id"}),
    ),
    "sendChatAction": (
        {"chat_id": integer, "message_thread_id": integer, "action": text},
        frozenset({"chat_id", "action"}),
    ),
    "answerCallbackQuery": (
        {
            "callback_query_id": text,
            "text": limited(200),
            "show_alert": boolean,
            "url": text,
            "cache_time": integer,
        },
        frozenset({"callback_query_id"}),
    ),
    "answerInlineQuery": (
        {
            "inline_query_id": text,
            "results": parsed(list),
            "cache_time": integer,
            "is_personal": boolean,
            "next_offset": limited(64),
            "button": parsed(dict),
        },
        frozenset({"inline_query_id", "results"}),
    ),
    "setMyCommands": ({**_COMMANDS, "commands": parsed(list)}, frozenset({"commands"})),
    "deleteMyCommands": (_COMMANDS, frozenset()),
    "getMyCommands": (_COMMANDS, frozenset()),
    "getFile": ({"file_id": text}, frozenset({"file_id"})),
    "leaveChat": ({"chat_id": integer}, frozenset({"chat_id"})),
}


def checked(method: str, given: dict[str, Any]) -> dict[str, Any]:
    """The parameters with their types made right.

    Raises:
        BadParameterError: One is unknown, missing or of a wrong type.
    """
    known, required = METHODS[method]
    missing = required - given.keys()
    if missing:
        raise BadParameterError(f"{', '.join(sorted(missing))} missing")
    result = {}
    for name, value in given.items():
        if name not in known:
            raise BadParameterError(f"unknown parameter {name}")
        try:
            result[name] = known[name](value)
        except BadParameterError as error:
            raise BadParameterError(f"{name}: {error}") from None
    return result
