"""JSONL and CSV: one article a record.

Field names, in any case: ``id`` (``kennung``, ``nr``), ``text`` (``body``, ``content``,
``inhalt``, ``artikel``), and those of :mod:`index.sources.metadata`: ``title`` (``titel``),
``date`` (``datum``), ``author`` (``autor``), ``source`` (``quelle``), ``url`` (``link``),
``language`` (``sprache``). Others are ignored. A record without an id is known by a checksum of
its text, which stays the same wherever in the file it stands.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping

from index.articles import Article
from index.markup import line_spans
from index.sources.decoding import clean, decode
from index.sources.draft import article_of_text
from index.sources.limits import MEGABYTE, MOST_RECORD_CHARACTERS
from index.sources.metadata import field_names, from_fields
from index.sources.outcome import Skipped, Unreadable, visible

Outcome = Article | Skipped

_IDS = ("id", "kennung", "nr", "key", "schlüssel")
_TEXTS = ("text", "body", "content", "inhalt", "artikel", "volltext")
_MOST_ID_CHARACTERS = 200
_TOO_LONG = f"this record is longer than {MOST_RECORD_CHARACTERS // MEGABYTE} million characters"


def read_jsonl(key: str, data: bytes) -> Iterator[Outcome]:
    """Reads one article a line; a broken line is one skipped with its number.

    Raises:
        Unreadable: If the file is empty or no text.
    """
    maker = _Maker(key)
    number = 0
    for number, line in _json_lines(data):
        where = f"{key}:{number}"
        if line is None:
            yield Skipped(where, f"{_TOO_LONG}; split it")
            continue
        try:
            record = json.loads(line)
        except RecursionError:
            yield Skipped(where, "is nested too deeply to be a record")
        except UnicodeDecodeError:
            yield Skipped(where, "is not valid UTF-8; save the file as UTF-8")
        except ValueError as error:
            at = f" (column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
            yield Skipped(where, f"is no valid JSON{at}; mend or remove this line")
        else:
            if isinstance(record, dict):
                yield maker.article(record, where)
            else:
                yield Skipped(where, "is no JSON object with named fields")
    if not number:
        raise Unreadable("is blank: it contains no records")


def read_csv(key: str, data: bytes) -> Iterator[Outcome]:
    """Reads one article a row under a header that names the fields.

    Raises:
        Unreadable: If the file is empty, no text, or its header names no text field.
    """
    if not data.strip():
        raise Unreadable("is empty")
    text = decode(data)
    csv.field_size_limit(MOST_RECORD_CHARACTERS)
    header = text.lstrip("\n").split("\n", 1)[0][:10_000]
    lines = (text[span.start : span.end + 1] for span in line_spans(text))
    rows = csv.reader(lines, delimiter=_delimiter(header))
    maker = _Maker(key)
    names: list[str] | None = None
    line = 1  # on which the record begins; a quoted field may hold many
    is_open = text.count('"') % 2 == 1
    last = text.count("\n") + (not text.endswith("\n"))
    try:
        for row in rows:
            where, line = f"{key}:{line}", rows.line_num + 1
            if not any(cell.strip() for cell in row):
                continue
            if names is None:
                names = _checked_header(row)
            elif is_open and rows.line_num >= last and any("\n" in cell for cell in row):
                yield Skipped(where, "begins a quotation that is never closed; mend it")
            elif len(row) != len(names):
                yield Skipped(where, f"has {len(row)} fields, the header {len(names)}; mend it")
            else:
                yield maker.article(dict(zip(names, row, strict=True)), where)
    except csv.Error as error:
        reason = _TOO_LONG if "field larger" in str(error) else f"is no valid CSV: {error}"
        yield Skipped(f"{key}:{line}", f"{reason}; what follows is not read")
    if names is None:
        raise Unreadable("is blank: it contains no records")


class _Maker:
    """Makes articles of the records of one file and sees that no id comes twice."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._lines: dict[str, str] = {}

    def article(self, record: Mapping[object, object], where: str) -> Outcome:
        fields = {str(name).strip().lower(): value for name, value in record.items()}
        text = next((value for name in _TEXTS if isinstance(value := fields.get(name), str)), None)
        if text is None:
            return Skipped(where, f"has no text; name the field {', '.join(_TEXTS[:3])}")
        if len(text) > MOST_RECORD_CHARACTERS:
            return Skipped(where, f"{_TOO_LONG}; split it")
        name = (
            _record_id(fields) or hashlib.blake2s(clean(text).encode(), digest_size=6).hexdigest()
        )
        key = f"{self._key}#{name}"
        if name in self._lines:
            return Skipped(key, f"id {visible(name)} is already used in {self._lines[name]}")
        try:
            article = article_of_text(key, text, from_fields(fields))
        except Unreadable as reason:
            return Skipped(where, str(reason))
        self._lines[name] = f"line {where.rpartition(':')[2]}"
        return article


def _record_id(fields: Mapping[str, object]) -> str | None:
    for name in _IDS:
        value = fields.get(name)
        if isinstance(value, (str, int)) and not isinstance(value, bool):
            shown = "".join(c if c.isprintable() else " " for c in clean(str(value)))
            if found := " ".join(shown.split())[:_MOST_ID_CHARACTERS]:
                return found
    return None


def _json_lines(data: bytes) -> Iterator[tuple[int, bytes | None]]:
    if not data.strip():
        raise Unreadable("is empty")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:1024]:
        data = decode(data).encode()
    for number, line in enumerate(io.BytesIO(data.removeprefix(b"\xef\xbb\xbf")), 1):
        if line.strip():
            yield number, line if len(line) <= 4 * MOST_RECORD_CHARACTERS else None


def _delimiter(header: str) -> str:
    """The sign that parts the header into most known names."""
    known = field_names() | set(_IDS) | set(_TEXTS)

    def hits(sign: str) -> int:
        return sum(name.strip(" \"'").lower() in known for name in header.split(sign))

    return max(",;\t|", key=hits)


def _checked_header(row: list[str]) -> list[str]:
    names = [name.strip().lower() for name in row]
    if not set(names) & set(_TEXTS):
        raise Unreadable(f"its first line names no text column: {', '.join(_TEXTS[:3])}")
    return names
