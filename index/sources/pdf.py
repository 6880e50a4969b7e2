"""PDF: the text of each page by pypdf, the page's number kept with its sections."""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import Any

from index.articles import Article, Section, Span
from index.sources.decoding import clean
from index.sources.draft import finished
from index.sources.limits import MOST_EXTRACTED_CHARACTERS
from index.sources.metadata import Metadata, from_fields
from index.sources.outcome import Skipped, Unreadable
from index.sources.outline import outline

_WORD = re.compile(r"\w")
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_HYPHEN = re.compile(r"(?<=[^\W\d_])-\n(?=[a-zäöüß])(?!(?:und|oder|bzw|sowie|bis|noch|als)\b)")
_SOFT_HYPHEN = re.compile("\u00ad\n?")
_SENTENCE_END = re.compile(r"[.!?…][“”«»\"')]?(?=\s|$)")
_NO_TITLE = re.compile(
    r"microsoft (?:word|powerpoint|excel)|untitled|unbenannt|ohne titel|.{0,200}"
    r"\.(?:docx?|pdf|tex|dvi|indd|qxd|odt|rtf|pages|html?)$",
    re.IGNORECASE,
)
_REPEATED_PAGES = 3


def read_pdf(key: str, data: bytes) -> list[Article | Skipped]:
    """Reads a PDF: one section a page, or more where a page has headlines.

    Raises:
        Unreadable: If it is encrypted, damaged, truncated, or holds no text.
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    if not data.strip():
        raise Unreadable("is empty")
    if b"%PDF-" not in data[:1024]:
        raise Unreadable("is no PDF file: it does not begin like one")
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not _opens(reader):
            raise Unreadable("is encrypted; save it without a password")
        pages, failed = _page_texts(reader)
        said = _said(reader)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError):
        raise Unreadable("is damaged or truncated; get a fresh copy") from None
    if not any(map(_WORD.search, pages)):
        if failed or b"%%EOF" not in data[-2048:]:
            raise Unreadable("is damaged or truncated; get a fresh copy")
        raise Unreadable("contains no text: a scan? Run text recognition (OCR) over it first")
    skipped = [Skipped(f"{key}#page={page}", "this page is damaged") for page in failed]
    return [_article(key, _without_running_heads(pages), said), *skipped]


def _opens(reader: Any) -> bool:
    from pypdf.errors import DependencyError

    try:
        return bool(reader.decrypt(""))
    except (DependencyError, NotImplementedError):
        return False


def _page_texts(reader: Any) -> tuple[list[str], list[int]]:
    pages: list[str] = []
    failed: list[int] = []
    length = 0
    for number, page in enumerate(reader.pages, 1):
        try:
            text = _tidy(page.extract_text())
        except MemoryError:
            raise
        except Exception:  # a foreign parser on foreign bytes fails in ways of its own
            failed.append(number)
            text = ""
        pages.append(text)
        length += len(text)
        if length > MOST_EXTRACTED_CHARACTERS:
            raise Unreadable(f"its text is longer than {MOST_EXTRACTED_CHARACTERS:,} characters")
    return pages, failed


def _tidy(text: str) -> str:
    text = clean(text)
    for sign, letters in _LIGATURES.items():
        text = text.replace(sign, letters)
    text = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    return _HYPHEN.sub("", _SOFT_HYPHEN.sub("", text)).strip()


def _said(reader: Any) -> Metadata:
    held = reader.metadata or {}
    values = {name: held.get(f"/{name.title()}") for name in ("title", "author")}
    title = str(values["title"] or "")
    catalog = reader.trailer["/Root"]
    return from_fields(
        {
            "title": None if _NO_TITLE.match(title) else title,
            "author": values["author"] and str(values["author"]),
            "date": str(held.get("/CreationDate") or ""),
            "language": str(catalog.get("/Lang") or ""),
        }
    )


def _without_running_heads(pages: list[str]) -> list[str]:
    """Takes off first and last lines that stand on most pages, page numbers aside."""
    if len(pages) == 1:
        return pages
    held = [page.split("\n") for page in pages]
    for edge in (0, -1):
        seen = Counter(_numberless(lines[edge]) for lines in held if lines)
        running = {
            line for line, count in seen.items()
            if count >= max(_REPEATED_PAGES, 0.6 * len(held)) or not _WORD.search(line)
        }  # fmt: skip
        for lines in held:
            if lines and _numberless(lines[edge]) in running:
                del lines[edge]
    return ["\n".join(lines).strip() for lines in held]


def _numberless(line: str) -> str:
    return re.sub(r"\d+", "", line).strip()


def _article(key: str, pages: list[str], said: Metadata) -> Article:
    text, begins = _joined(pages)
    found = outline(text, 0, title=said.title, markdown=False)
    sections = tuple(
        Section(span, section.heading, page)
        for section in found.sections
        for span, page in _by_page(text, section.span, begins)
    )
    if not sections:
        raise Unreadable("contains no sentences: only headings")
    return finished(key, text, sections, found.title, said)


def _joined(pages: list[str]) -> tuple[str, list[tuple[int, int]]]:
    """Joins the pages.

    Returns:
        The text, and where each page's own sentences begin in it, with the page's number: a
        sentence that runs over the break belongs to the page on which it begins.
    """
    text = ""
    begins: list[tuple[int, int]] = []
    for number, page in enumerate(pages, 1):
        if not page:
            continue
        runs_on = bool(text) and page[:1].islower() and not _SENTENCE_END.search(text[-3:])
        text += "" if not text else "\n" if runs_on else "\n\n"
        begin = len(text)
        if runs_on and (stop := _SENTENCE_END.search(page)):
            begin += stop.end()
        begins.append((begin, number))
        text += page
    return text, begins


def _by_page(text: str, span: Span, begins: list[tuple[int, int]]) -> list[tuple[Span, int]]:
    parts: list[tuple[Span, int]] = []
    for (begin, number), end in zip(begins, [*(b for b, _ in begins[1:]), len(text)], strict=True):
        start, stop = max(begin, span.start), min(end, span.end)
        body = text[start:stop]
        if start < stop and _WORD.search(body):
            start += len(body) - len(body.lstrip())
            stop -= len(body) - len(body.rstrip())
            parts.append((Span(start, stop), number))
    return parts
