"""Telegram's HTML, parsed strictly: what the Bot API would refuse or drop is an error."""

from __future__ import annotations

import re
from typing import Any

MAX_UNITS = 4096
MAX_BYTES = 32768
MAX_ENTITIES = 100

_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_TOKEN = re.compile(
    r"<(/?)([A-Za-z][\w-]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>|&([^;\s&<]*);|(.)", re.S
)
_ATTRIBUTE = re.compile(r"\s*([\w-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")


class MarkupError(ValueError):
    """The text is no valid Telegram HTML."""


def utf16_length(text: str) -> int:
    """Length in UTF-16 units, in which Telegram counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def parse_html(text: str) -> tuple[str, list[dict[str, Any]]]:
    """The text without markup and its entities (offsets and lengths in UTF-16 units).

    Raises:
        MarkupError: Unknown, unbalanced or badly nested tags, bare ``<`` or ``&``, links that
            are not http(s), empty entities, too many bytes or entities.
    """
    if len(text.encode()) > MAX_BYTES:
        raise MarkupError("markup is too long")
    parser = _Parser()
    for match in _TOKEN.finditer(text):
        closing, tag, attributes, reference, character = match.groups()
        if tag and closing:
            parser.close(tag.lower())
        elif tag:
            parser.open(tag.lower(), attributes)
        elif reference is not None:
            parser.write(_unescape(reference))
        elif character in "<&":
            raise MarkupError(f"unescaped {character!r} at offset {match.start()}")
        else:
            parser.write(character)
    return parser.result()


def _unescape(reference: str) -> str:
    if reference in _NAMED:
        return _NAMED[reference]
    number = re.fullmatch(r"#(?:x([0-9a-fA-F]+)|([0-9]+))", reference)
    if not number:
        raise MarkupError(f"unknown reference &{reference};")
    return chr(int(number[1], 16) if number[1] else int(number[2]))


class _Parser:
    def __init__(self) -> None:
        self._out: list[str] = []
        self._length = 0
        self._stack: list[tuple[str, dict[str, Any]]] = []
        self._entities: list[dict[str, Any]] = []

    def write(self, text: str) -> None:
        self._out.append(text)
        self._length += utf16_length(text)

    def open(self, tag: str, attributes: str) -> None:
        if tag not in _TAGS:
            raise MarkupError(f'unsupported start tag "{tag}"')
        kind = _TAGS[tag]
        names = {entity["type"] for _, entity in self._stack}
        if names & {"code", "pre"} and not (names == {"pre"} and tag == "code"):
            raise MarkupError(f'"{tag}" inside code')
        if kind == "blockquote" and "blockquote" in names:
            raise MarkupError("block quotes can't be nested")
        entity = {"type": kind, "offset": self._length, **_checked(tag, attributes)}
        if entity.pop("expandable", False):
            entity["type"] = "expandable_blockquote"
        self._stack.append((tag, entity))

    def close(self, tag: str) -> None:
        if not self._stack or self._stack[-1][0] != tag:
            raise MarkupError(f'unexpected end tag "{tag}"')
        _, entity = self._stack.pop()
        entity["length"] = self._length - entity["offset"]
        if not entity["length"]:
            raise MarkupError(f'empty "{tag}"')
        self._entities.append(entity)

    def result(self) -> tuple[str, list[dict[str, Any]]]:
        if self._stack:
            raise MarkupError(f'can\'t find end tag of "{self._stack[-1][0]}"')
        if len(self._entities) > MAX_ENTITIES:
            raise MarkupError("too many entities")
        entities = sorted(self._entities, key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self._out), entities


def _checked(tag: str, source: str) -> dict[str, Any]:
    """The attributes that become fields of the entity."""
    found = {m[1].lower(): m[2] or m[3] or m[4] or "" for m in _ATTRIBUTE.finditer(source)}
    match tag, found:
        case "a", {"href": url, **rest} if not rest:
            if not re.match(r"https?://[^\s/]+", url):
                raise MarkupError(f"bad link {url!r}")
            return {"url": _unescape_all(url)}
        case "span", {"class": "tg-spoiler", **rest} if not rest:
            return {}
        case "blockquote", {"expandable": _, **rest} if not rest:
            return {"expandable": True}
        case "code", {"class": language, **rest} if not rest and language.startswith("language-"):
            return {"language": language.removeprefix("language-")}
        case (("a" | "span"), _):
            raise MarkupError(f'tag "{tag}" needs its attribute')
        case _, {**rest} if not rest:
            return {}
    raise MarkupError(f'unknown attribute of "{tag}": {source.strip()}')


def _unescape_all(text: str) -> str:
    return re.sub(r"&([^;\s]*);", lambda match: _unescape(match[1]), text)
