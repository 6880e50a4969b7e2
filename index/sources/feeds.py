"""RSS and Atom: one article an entry, by feedparser."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from index.articles import Article
from index.sources.draft import Draft
from index.sources.metadata import Metadata, from_fields
from index.sources.outcome import Skipped, Unreadable, visible
from index.sources.web import fragment

_DAMAGED = "is no RSS or Atom feed, or a damaged one"
_MOST_ID_CHARACTERS = 500


def read_feed(key: str, data: bytes) -> Iterator[Article | Skipped]:
    """Reads the entries of a feed.

    Raises:
        Unreadable: If the file is empty, no feed, or a feed without entries.
    """
    if not data.strip():
        raise Unreadable("is empty")
    import feedparser

    try:
        # Given as bytes: a name or a URL would be opened.
        feed = feedparser.parse(data, sanitize_html=True, resolve_relative_uris=False)
    except (TypeError, ValueError, AttributeError, LookupError):
        raise Unreadable(_DAMAGED) from None
    if not feed.entries:
        if not feed.get("version") or feed.get("bozo"):
            raise Unreadable(_DAMAGED)
        raise Unreadable("is a feed without entries")
    seen: dict[str, int] = {}
    for number, entry in enumerate(feed.entries, 1):
        where = f"{key}:entry {number}"
        try:
            name, article = _read_entry(key, entry, feed.feed)
        except Unreadable as reason:
            yield Skipped(where, str(reason))
            continue
        if name in seen:
            taken = f"id {visible(name)} is already used by entry {seen[name]}"
            yield Skipped(article.key, taken)
        else:
            seen[name] = number
            yield article


def _read_entry(key: str, entry: Any, feed: Any) -> tuple[str, Article]:
    """Reads an entry; one without id or link is known by a checksum of its text."""
    body = max((held.get("value", "") for held in entry.get("content", ())), key=len, default="")
    body = body or entry.get("summary", "")
    draft = Draft()
    fragment(draft, body)
    name = _entry_id(entry) or hashlib.blake2s(body.encode(), digest_size=6).hexdigest()
    return name, draft.article(f"{key}#{name}", _said(entry, feed))


def _entry_id(entry: Any) -> str:
    value = str(entry.get("id") or entry.get("link") or "")
    shown = "".join(c if c.isprintable() else " " for c in value)
    return " ".join(shown.split())[:_MOST_ID_CHARACTERS]


def _said(entry: Any, feed: Any) -> Metadata:
    return from_fields(
        {
            "title": _plain_title(entry),
            "date": entry.get("published") or entry.get("updated"),
            "author": entry.get("author"),
            "source": feed.get("title"),
            "url": entry.get("link"),
            "language": entry.get("language") or feed.get("language"),
        }
    )


def _plain_title(entry: Any) -> str | None:
    from lxml import html

    title = str(entry.get("title") or "")
    if "<" in title and title.strip():
        title = str(html.fromstring(f"<div>{title}</div>").text_content())
    return title or None
