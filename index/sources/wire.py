"""What worker and parent say to each other: one JSON object a line.

JSON and not pickle, for a parser that a hostile file has taken over must not be able to make
the parent run anything.
"""

from __future__ import annotations

import json
from typing import Any

from index.articles import Article, Section, Span
from index.sources.outcome import Skipped

READY = "ready"
"""The first thing a worker says."""

DONE = "done"
"""Closes the answer to one request."""

FAILED = "failed"
"""Closes the answer and the worker's life: it ran out of memory."""


def outcome_line(outcome: Article | Skipped) -> bytes:
    """One article or skipped record as a line."""
    if isinstance(outcome, Skipped):
        return line({"skipped": [outcome.path, outcome.reason]})
    sections = [[*section.span, section.heading, section.page] for section in outcome.sections]
    held = {name: getattr(outcome, name) for name in Article.__slots__ if name != "sections"}
    return line({"article": held | {"sections": sections}})


def outcome_of(message: dict[str, Any]) -> Article | Skipped:
    """The article or skipped record that a line holds.

    Raises:
        KeyError, TypeError, ValueError: If it holds neither.
    """
    if "skipped" in message:
        path, reason = message["skipped"]
        return Skipped(str(path), str(reason))
    held = message["article"]
    sections = tuple(
        Section(Span(int(start), int(end)), heading, page)
        for start, end, heading, page in held.pop("sections")
    )
    return Article(sections=sections, **held)


def line(message: dict[str, Any]) -> bytes:
    """A message as a line; characters beyond ASCII go escaped, so any name fits."""
    return json.dumps(message).encode() + b"\n"
