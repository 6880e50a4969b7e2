"""Plain text and Markdown: the text as it stands, front matter, headings."""

from __future__ import annotations

import re

from index.articles import Article
from index.sources.decoding import decode
from index.sources.limits import MOST_EXTRACTED_CHARACTERS, ending
from index.sources.metadata import MOST_VALUE_CHARACTERS, front_matter
from index.sources.outcome import Unreadable
from index.sources.outline import outline

_WORD = re.compile(r"\w")


def read_text(key: str, data: bytes) -> Article:
    """Reads a ``.txt`` or ``.md`` file.

    Raises:
        Unreadable: If it is empty, no text, or holds nothing that can be quoted.
    """
    if not data:
        raise Unreadable("is empty")
    text = decode(data)
    if not _WORD.search(text):
        raise Unreadable("is blank: it contains no words")
    return article_of(key, text, markdown=ending(key) != ".txt")


def article_of(key: str, text: str, *, markdown: bool) -> Article:
    """Makes an article of a decoded text, its front matter lying outside all sections.

    Raises:
        Unreadable: If nothing in the text can be quoted.
    """
    if len(text) > MOST_EXTRACTED_CHARACTERS:
        raise Unreadable(f"its text is too long: {len(text):,} characters; split it")
    said, head = front_matter(text)
    found = outline(text, head.end, title=said.title, markdown=markdown)
    if not found.sections:
        raise Unreadable("contains no sentences: only headings, code, comments or tags")
    return Article(
        key=key,
        text=text,
        title=found.title[:MOST_VALUE_CHARACTERS],
        sections=found.sections,
        date=said.date,
        author=said.author,
        source=said.source,
        url=said.url,
        language=said.language,
    )
