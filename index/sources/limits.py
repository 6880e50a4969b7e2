"""How much one file may ask for before it is passed over."""

from __future__ import annotations

import os

MEGABYTE = 1024 * 1024

MOST_TEXT_BYTES = 8 * MEGABYTE
"""A text, Markdown, HTML or feed file: three thousand pages of a book."""

MOST_DOCUMENT_BYTES = 128 * MEGABYTE
"""A PDF or DOCX file, pictures included."""

MOST_RECORDS_BYTES = 256 * MEGABYTE
"""A JSONL or CSV file."""

MOST_RECORD_CHARACTERS = 4 * MEGABYTE
"""One line of a JSONL file, one field of a CSV file."""

MOST_UNPACKED_BYTES = 256 * MEGABYTE
"""What a DOCX file may unpack to."""

MOST_SKIPPED_RECORDS = 1_000
"""Reasons that one file may give; the records skipped beyond that are counted in one line."""

MOST_EXTRACTED_CHARACTERS = 8 * MEGABYTE
"""The text that one article may hold."""

IN_PROCESS = frozenset({".txt", ".md", ".markdown"})
"""Formats that need no foreign parser and are read where they are asked for."""

MOST_BYTES = {
    ".txt": MOST_TEXT_BYTES,
    ".md": MOST_TEXT_BYTES,
    ".markdown": MOST_TEXT_BYTES,
    ".html": MOST_TEXT_BYTES,
    ".htm": MOST_TEXT_BYTES,
    ".xml": MOST_TEXT_BYTES,
    ".rss": MOST_TEXT_BYTES,
    ".atom": MOST_TEXT_BYTES,
    ".pdf": MOST_DOCUMENT_BYTES,
    ".docx": MOST_DOCUMENT_BYTES,
    ".jsonl": MOST_RECORDS_BYTES,
    ".csv": MOST_RECORDS_BYTES,
}
"""Every format that is read, by its ending in lower case, with the most bytes a file may have."""


def ending(name: str) -> str:
    """The ending that decides a file's format, in lower case with its dot; may be empty."""
    return os.path.splitext(name)[1].lower()  # noqa: PTH122 - a path object a file is slow
