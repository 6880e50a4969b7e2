"""The title of a sent document that has none: what its sender called the file."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from pathlib import PureWindowsPath

from bot.render.telegram_html import clipped
from index.articles import Article
from index.sources.limits import IN_PROCESS, ending

_MOST = 120
_FEWEST_LETTERS = 3


def title_of(file_name: str) -> str | None:
    """The words of a file's name; None for one that says nothing, like ``001.txt``."""
    name = PureWindowsPath(file_name).name  # splits at / and at \\
    stem = name[: len(name) - len(ending(name))]
    composed = unicodedata.normalize("NFC", stem).replace("_", " ")
    words = " ".join("".join(c if c.isprintable() else " " for c in composed).split())
    return clipped(words, _MOST) if sum(map(str.isalpha, words)) >= _FEWEST_LETTERS else None


def titled(data: bytes, name: str, articles: Sequence[Article], title: str | None) -> bytes | None:
    """A text with the title in its front matter; None if it has one, or cannot be given one.

    Only texts can: other formats hold a title in ways of their own, and are stored as sent.
    """
    from index.markup import unquotable
    from index.sources.decoding import decode
    from index.sources.metadata import front_matter
    from index.sources.outline import first_sentence

    if title is None or ending(name) not in IN_PROCESS:
        return None
    article = articles[0]
    if article.title != first_sentence(article.text, article.sections, unquotable(article.text)):
        return None
    text = decode(data)
    line = f"title: {json.dumps(title, ensure_ascii=False)}\n"
    if front_matter(text)[1].end:
        opening, _, rest = text.partition("\n")
        return f"{opening}\n{line}{rest}".encode()
    return f"---\n{line}---\n\n{text}".encode()
