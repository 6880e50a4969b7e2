"""What reading a file comes to: articles, and what was passed over with a reason."""

from __future__ import annotations

from dataclasses import dataclass

from index.articles import Article


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or record that gives no article.

    Attributes:
        path: Below the seeds folder with ``/``; a record adds ``#`` and its id or ``:`` and its
            line; a group of files stands under the folder's own path, ``.``.
        reason: One line that a person can act on; control characters are shown escaped.
    """

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class FileRead:
    """All that came of one file."""

    articles: tuple[Article, ...] = ()
    skipped: tuple[Skipped, ...] = ()


class Unreadable(Exception):  # noqa: N818 - an outcome to report, not a failure of the program
    """A file or record that cannot be read; ``str()`` of it is the reason for a person."""


def visible(name: str, most: int = 120) -> str:
    """Shows a name on one line: control characters and direction marks escaped, long ones cut."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"
