"""A conversation as text, the way a person would see it."""

from __future__ import annotations

from typing import Any

from .people import Seen


def message(to: str, seen: Seen) -> str:
    """A message of the bot with its buttons below."""
    lines = [f"Bot → {to}{f' (topic {seen.topic})' if seen.topic else ''}:"]
    lines.append(indented(marked(seen)))
    lines += ["    " + " ".join(f"[{button['text']}]" for button in row) for row in seen.rows]
    return "\n".join(lines)


def indented(text: str) -> str:
    """What a message says, below its first line."""
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())


def marked(seen: Seen) -> str:
    """The text with its entities made visible: *bold*, links' addresses, > quotes."""
    units = seen.text.encode("utf-16-le")
    marks: list[tuple[int, int, str]] = []
    for order, entity in enumerate(seen.entities):
        before, after = _marks(entity)
        start, end = entity["offset"], entity["offset"] + entity["length"]
        marks += [(start, order, before), (end, -order, after)]
    out, last = [], 0
    for position, _, mark in sorted(marks):
        out += [units[2 * last : 2 * position].decode("utf-16-le"), mark]
        last = position
    out.append(units[2 * last :].decode("utf-16-le"))
    return "".join(out)


def _marks(entity: dict[str, Any]) -> tuple[str, str]:
    match entity["type"]:
        case "bold":
            return "*", "*"
        case "italic":
            return "_", "_"
        case "code":
            return "`", "`"
        case "text_link":
            return "", f" <{entity['url']}>"
        case "blockquote":
            return "│ ", ""
        case "expandable_blockquote":
            return "▌ ", ""
    return "", ""
