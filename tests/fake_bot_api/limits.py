"""Limits on what a bot may send, each broken one a refusal in Telegram's manner."""

from __future__ import annotations

import re
from typing import Any

from .markup import MAX_UNITS, MarkupError, parse_html, utf16_length
from .methods import BadParameterError


def formatted(parameters: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """The text as people see it, trimmed, and its entities.

    Raises:
        BadParameterError: Broken markup, nothing left, or too long.
    """
    text, entities = parameters["text"], parameters.get("entities", [])
    if parameters.get("parse_mode") == "HTML":
        try:
            text, entities = parse_html(text)
        except MarkupError as error:
            raise BadParameterError(f"can't parse entities: {error}") from None
    if not text.strip():
        raise BadParameterError("message text is empty")
    if utf16_length(text) > MAX_UNITS:
        raise BadParameterError("message is too long")
    if "\x00" in text:
        raise BadParameterError("strings must not hold zero bytes")
    return text.rstrip(), entities


def keyboard(markup: dict[str, Any] | None) -> list[list[dict[str, Any]]]:
    """The rows of an inline keyboard.

    Raises:
        BadParameterError: A button is no button, or its data or text to copy is too long.
    """
    if markup is None:
        return []
    rows = markup.get("inline_keyboard")
    if set(markup) != {"inline_keyboard"} or not isinstance(rows, list):
        raise BadParameterError("reply_markup: expected an inline keyboard")
    if sum(map(len, rows)) > 100:
        raise BadParameterError("reply markup is too long")
    for row in rows:
        for button in row:
            _check_button(button)
    return rows


def _check_button(button: dict[str, Any]) -> None:
    if not str(button.get("text", "")).strip():
        raise BadParameterError("button without text")
    kinds = set(button) - {"text"}
    if len(kinds) != 1:
        raise BadParameterError("a button does exactly one thing")
    match kinds.pop(), button:
        case "callback_data", {"callback_data": str(data)}:
            if not 1 <= len(data.encode()) <= 64:
                raise BadParameterError("BUTTON_DATA_INVALID")
        case "copy_text", {"copy_text": {"text": str(text)}}:
            if not 1 <= len(text) <= 256:
                raise BadParameterError("COPY_TEXT_INVALID")
        case "url", {"url": str(url)}:
            check_link(url)
        case kind, _ if kind in {"switch_inline_query", "switch_inline_query_current_chat"}:
            pass
        case kind, _:
            raise BadParameterError(f"unknown button {kind}")


def check_link(url: str) -> None:
    """Refuses what is no http(s) address."""
    if not re.match(r"https?://[^\s/]+\S*$", url):
        raise BadParameterError(f"wrong link {url!r}")


def inline_results(results: list[dict[str, Any]]) -> None:
    """Refuses results that Telegram would refuse."""
    if len(results) > 50:
        raise BadParameterError("RESULTS_TOO_MUCH")
    if len({result.get("id") for result in results}) != len(results):
        raise BadParameterError("RESULT_ID_DUPLICATE")
    for result in results:
        if not 1 <= len(str(result.get("id", "")).encode()) <= 64:
            raise BadParameterError("RESULT_ID_INVALID")
        if result.get("type") != "article" or not result.get("title"):
            raise BadParameterError("only articles with a title")
        content = dict(result.get("input_message_content") or {})
        content["text"] = content.pop("message_text", "")
        formatted(content)
        keyboard(result.get("reply_markup"))


def commands(given: list[dict[str, Any]]) -> None:
    """Refuses commands that Telegram would refuse."""
    if len(given) > 100:
        raise BadParameterError("BOT_COMMANDS_TOO_MUCH")
    for command in given:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command", ""))):
            raise BadParameterError("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise BadParameterError("BOT_COMMAND_DESCRIPTION_INVALID")
