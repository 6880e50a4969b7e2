"""DOCX: paragraphs, headings, lists and tables by python-docx, after a look at its sizes."""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import datetime
from typing import Any

from index.articles import Article
from index.sources.draft import Draft
from index.sources.limits import MEGABYTE, MOST_UNPACKED_BYTES
from index.sources.metadata import Metadata, from_fields
from index.sources.outcome import Unreadable

_TEMPLATE_DATE = datetime(2013, 12, 23, 23, 15)
_DAMAGED = "is no DOCX document, or a damaged one; save it anew"
_OLE = b"\xd0\xcf\x11\xe0"


def read_docx(key: str, data: bytes) -> Article:
    """Reads a DOCX document.

    Raises:
        Unreadable: If it is encrypted, damaged, unpacks to too much, or holds no text.
    """
    _check_archive(data)
    draft = Draft()
    said = _read(draft, data)
    try:
        return draft.article(key, said)
    except Unreadable:
        raise Unreadable("contains no text") from None


def _read(draft: Draft, data: bytes) -> Metadata:
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from lxml import etree

    try:
        document = docx.Document(io.BytesIO(data))
        for block in document.iter_inner_content():
            _add(draft, block)
        return _said(document.core_properties)
    except etree.XMLSyntaxError as error:
        if error.code == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from None
        raise Unreadable(_DAMAGED) from None
    except RecursionError:
        raise Unreadable("is nested too deeply; no article is") from None
    except (PackageNotFoundError, zipfile.BadZipFile, LookupError, ValueError, AttributeError,
            TypeError, OSError, EOFError, RuntimeError, zlib.error):  # fmt: skip
        raise Unreadable(_DAMAGED) from None


def _check_archive(data: bytes) -> None:
    if not data.strip():
        raise Unreadable("is empty")
    if data.startswith(_OLE):
        raise Unreadable("is encrypted or in the old .doc format; save it as DOCX, no password")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError):
        raise Unreadable(_DAMAGED) from None
    # zipfile never gives out more of a part than its entry declares, so the sum can be trusted.
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED_BYTES:
        raise Unreadable(
            f"unpacks to {unpacked / MEGABYTE:,.0f} MB, at most {MOST_UNPACKED_BYTES // MEGABYTE} "
            "MB are read"
        )
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("is encrypted; save it without a password")


def _add(draft: Draft, block: Any) -> None:
    from docx.table import Table

    if isinstance(block, Table):
        for row in block.rows:
            cells: list[str] = []
            for cell in row.cells:
                if not cells or cell.text != cells[-1]:  # a merged cell comes once a column
                    cells.append(cell.text)
            draft.row(cells)
        return
    style = (block.style.name or "") if block.style is not None else ""
    if style.startswith(("Heading", "Title", "Überschrift", "Titel")):
        draft.heading(block.text)
    elif style.startswith(("List", "Liste", "Aufzählung")):
        draft.item(block.text)
    else:
        draft.paragraph(block.text)


def _said(properties: Any) -> Metadata:
    created = properties.created
    if created is not None and created.replace(tzinfo=None) == _TEMPLATE_DATE:
        created = None  # the age of python-docx's own template, not of the document
    return from_fields(
        {
            "title": properties.title,
            "author": properties.author,
            "date": created.date().isoformat() if created is not None else None,
            "language": properties.language,
        }
    )
