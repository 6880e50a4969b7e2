"""What a document says about itself: title, date, author, source, link and language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from urllib.parse import urlsplit

from index.articles import Span
from index.markup import plain
from index.sources.dates import iso_date
from index.sources.decoding import clean

MOST_VALUE_CHARACTERS = 500
"""A title, author or source is cut there; no real one is longer."""

_MOST_FRONT_MATTER = 64 * 1024
_MOST_NESTING_SIGNS = 400
_ALIASES = {
    "title": ("title", "titel", "headline", "überschrift", "ueberschrift"),
    "date": ("date", "datum", "published", "veröffentlicht", "veroeffentlicht", "pubdate"),
    "author": ("author", "autor", "autorin", "authors", "autoren", "von"),
    "source": ("source", "quelle", "publisher", "medium"),
    "url": ("url", "link", "adresse"),
    "language": ("language", "sprache", "lang"),
}
_LANGUAGES = {
    "deutsch": "de", "german": "de", "englisch": "en", "english": "en", "deu": "de", "ger": "de",
    "eng": "en", "französisch": "fr", "french": "fr", "russisch": "ru", "russian": "ru",
}  # fmt: skip
_END = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Metadata:
    """The fields of an article beside its text; None where the document does not say."""

    title: str | None = None
    date: str | None = None
    author: str | None = None
    source: str | None = None
    url: str | None = None
    language: str | None = None


def from_fields(values: Mapping[str, object]) -> Metadata:
    """Picks the known fields out of a document's own, German names included.

    Args:
        values: The fields by name, in any case; lists are joined, other structures ignored.
    """
    by_name = {name.strip().lower(): _scalar(value) for name, value in values.items()}
    found = {
        field: next((by_name[alias] for alias in aliases if by_name.get(alias)), None)
        for field, aliases in _ALIASES.items()
    }
    return Metadata(
        title=plain(found["title"]) or None if found["title"] else None,
        date=iso_date(found["date"]) if found["date"] else None,
        author=found["author"],
        source=found["source"],
        url=web_link(found["url"]),
        language=language_code(found["language"]),
    )


def field_names() -> frozenset[str]:
    """Every name that a known field goes by."""
    return frozenset(alias for aliases in _ALIASES.values() for alias in aliases)


def filled(first: Metadata, second: Metadata) -> Metadata:
    """The first one's fields, and the second one's where the first is silent."""
    names = [field.name for field in fields(Metadata)]
    return Metadata(**{name: getattr(first, name) or getattr(second, name) for name in names})


def web_link(value: str | None) -> str | None:
    """The link if it leads to the web (http or https); None otherwise."""
    if not value or any(c.isspace() or not c.isprintable() for c in value):
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    return value if parts.scheme in ("http", "https") and parts.netloc else None


def language_code(value: str | None) -> str | None:
    """``de-AT``, ``de_DE``, ``Deutsch`` as ISO 639-1; None for what is no language."""
    if not value:
        return None
    head = re.split(r"[-_]", value.strip().lower(), maxsplit=1)[0]
    head = _LANGUAGES.get(head, head)
    return head if len(head) == 2 and head.isascii() and head.isalpha() else None


def front_matter(text: str) -> tuple[Metadata, Span]:
    """Reads YAML front matter between two lines ``---`` at the head of a text.

    Returns:
        The fields and the span of the whole block; an empty span where there is none. A block
        that is no valid YAML has no fields, but is still no part of the article's body.
    """
    if not text.startswith("---") or text[3 : text.find("\n")].strip():
        return Metadata(), Span(0, 0)
    end = _END.search(text, 4, _MOST_FRONT_MATTER)
    if end is None:
        return Metadata(), Span(0, 0)
    block = text[text.index("\n") + 1 : end.start()]
    values = _yaml(block)
    if values is None and not re.search(r"^[\w-]+[ \t]*:", block, re.MULTILINE):
        return Metadata(), Span(0, 0)  # two rulers around ordinary text
    return from_fields(values or {}), Span(0, end.end())


def _yaml(block: str) -> dict[str, object] | None:
    import yaml

    # Scalars stay text: nothing is built, and an impossible date is no error here. The fast
    # loader overflows the C stack on deep nesting; what could nest deeply takes the slow one.
    flat = sum(map(block.count, "[{?-\n")) < _MOST_NESTING_SIGNS
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader) if flat else yaml.BaseLoader
    try:
        values = yaml.load(block, Loader=loader)  # noqa: S506 - builds text, lists and maps alone
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    if not isinstance(values, dict):
        return None
    return {str(name): value for name, value in values.items()}


def _scalar(value: object) -> str | None:
    if isinstance(value, (list, tuple)):
        value = ", ".join(part for item in value[:20] if (part := _scalar(item)))
    if isinstance(value, (dict, set)) or value is None:
        return None
    text = " ".join(clean(str(value)[: 4 * MOST_VALUE_CHARACTERS]).split())
    return text[:MOST_VALUE_CHARACTERS] or None
