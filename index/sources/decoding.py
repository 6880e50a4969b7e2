"""Bytes of a text file into characters: UTF-8, UTF-16 and UTF-32, Windows-1252 and its kin."""

from __future__ import annotations

import codecs
import re

from index.sources.outcome import Unreadable

_MARKED = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_SAMPLE = 64 * 1024
_BEYOND = re.compile(r"[^\x00-\x7f]")
_WESTERN = frozenset(
    "äöüßÄÖÜáàâãåæçéèêëíìîïñóòôõøœúùûýÿÁÀÂÃÅÆÇÉÈÊËÍÌÎÏÑÓÒÔÕØŒÚÙÛÝšŠžŽ"
    "„“”‚‘’»«›‹–—…€£§°·×•´¿¡©®™½¼¾²³µ†‡\xa0\xad"
)


def decode(data: bytes) -> str:
    """Decodes a text file; newlines become line feeds, a byte-order mark is dropped.

    Raises:
        Unreadable: If the bytes are no text in a known encoding.
    """
    text = _decode(data)
    if "\0" in text:
        raise Unreadable("contains NUL bytes: it is no text file, or a damaged one")
    return normal_newlines(text)


def normal_newlines(text: str) -> str:
    """Turns every newline into a line feed, as Python does in reading a text file."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def clean(text: str) -> str:
    """Makes text that a parser handed over fit for an article.

    Lone surrogates become U+FFFD (they could not be written anywhere), control characters
    blanks, and newlines line feeds.
    """
    text = _SURROGATES.sub("\ufffd", normal_newlines(text))
    return _CONTROLS.sub(" ", text)


def _decode(data: bytes) -> str:
    for mark, encoding in _MARKED:
        if data.startswith(mark):
            return _strict(data, encoding)
    if b"\0" in data[:_SAMPLE]:
        return _strict(data, _wide_encoding(data[:_SAMPLE]))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _strict(data, "utf-8") if _is_damaged_utf8(data) else _legacy(data)


def _is_damaged_utf8(data: bytes) -> bool:
    """Tells UTF-8 with a few broken bytes from an 8-bit encoding, which makes hardly any sense."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return len(_BEYOND.findall(text)) > 5 * broken


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"cannot be decoded as {encoding.removesuffix('-sig').upper()} (byte {error.start:,}); "
            "save it as UTF-8"
        ) from None


def _wide_encoding(sample: bytes) -> str:
    """Tells UTF-16 without a mark from a binary file by where its NUL bytes stand."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > len(sample) // 5 and even < odd // 10:
        return "utf-16-le"
    if even > len(sample) // 5 and odd < even // 10:
        return "utf-16-be"
    raise Unreadable("contains NUL bytes: it is no text file, or a damaged one")


def _legacy(data: bytes) -> str:
    """Decodes an 8-bit encoding: Windows-1252, unless the text speaks for another."""
    text = data.decode("cp1252", "replace")
    if _is_western(text):
        return text
    # Detectors take German in Windows-1252 for Baltic or Polish: they are asked last.
    from charset_normalizer import from_bytes

    best = from_bytes(_sample(data), threshold=0.1).best()
    try:
        text = data.decode(best.encoding) if best is not None else ""
    except (UnicodeDecodeError, LookupError):
        text = ""
    if not text or _CONTROLS.search(text):
        raise Unreadable(
            "cannot be decoded: neither UTF-8, UTF-16 nor Windows-1252; save it as UTF-8"
        )
    return text


def _sample(data: bytes) -> bytes:
    """The surroundings of the first byte beyond ASCII: they decide the encoding."""
    first = re.search(rb"[\x80-\xff]", data)
    start = max(0, first.start() - 2_000) if first else 0
    return data[start : start + _SAMPLE]


def _is_western(text: str) -> bool:
    """Western text: few letters beyond ASCII, hardly anything else beyond it but punctuation."""
    first = _BEYOND.search(text)
    start = max(0, first.start() - 2_000) if first else 0
    sample = text[start : start + _SAMPLE]
    beyond = _BEYOND.findall(sample)
    strange = sum(c not in _WESTERN for c in beyond)
    ascii_letters = sum(c.isascii() and c.isalpha() for c in sample)
    return (
        not _CONTROLS.search(text)
        and strange <= len(beyond) // 50
        and len(beyond) <= max(8, ascii_letters // 3)
    )
