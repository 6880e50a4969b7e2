"""Hostile PDF, DOCX, HTML and feed files, most of them written by hand."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from tests.hostile.kinds import Hostile, holding, sized

MEGABYTE = 1024 * 1024
_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol" * 100}">' for n in range(12))
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf(*contents: bytes, page_extra: bytes = b"", kids: bytes | None = None) -> bytes:
    """A PDF with one page for each content stream, in Helvetica."""
    pages = [
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R %s"
        b"/Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * n, page_extra)
        for n in range(len(contents))
    ]
    listed = kids or b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(contents)))
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(contents), listed),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for page, content in zip(pages, contents, strict=True):
        bodies += [page, content]
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(bodies) + 1,
        start,
    )
    return bytes(out)


def page_of(*lines: str) -> bytes:
    """A content stream that shows lines one below the other."""
    shown = b" ".join(
        b"(%s) Tj T*" % line.encode("cp1252").replace(b"(", b"\\(").replace(b")", b"\\)")
        for line in lines
    )
    return stream(b"BT /F1 12 Tf 14 TL 72 770 Td %s ET" % shown)


def stream(data: bytes, extra: bytes = b"") -> bytes:
    """A PDF stream object."""
    return b"<< /Length %d %s>>\nstream\n%s\nendstream" % (len(data), extra, data)


def _encrypted(path: Path) -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(page_of("Geheim.")))))
    writer.encrypt("geheim", algorithm="RC4-128")
    writer.write(path)


def _flate_bomb(path: Path) -> None:
    packer = zlib.compressobj(1)
    block = b"BT (x) Tj ET " * 80_000
    data = b"".join(packer.compress(block) for _ in range(120)) + packer.flush()
    path.write_bytes(pdf(stream(data, b"/Filter /FlateDecode ")))


def docx_of(document: str, **parts: bytes) -> bytes:
    """A DOCX archive around a main document part."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.wordprocessingml.document.main+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            'relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr("word/document.xml", document)
        for name, data in parts.items():
            archive.writestr(name, data)
    return held.getvalue()


def _body(inner: str, prolog: str = "") -> str:
    return f'{prolog}<w:document xmlns:w="{_WORD}"><w:body>{inner}</w:body></w:document>'


def _docx_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            zeros = bytes(16 * MEGABYTE)
            for _ in range(17):
                part.write(zeros)


def _docx_giant(path: Path) -> None:
    """Small on disk and below the limit unpacked, but not as a tree in memory."""
    head, tail = _body("<w:p/>").split("<w:p/>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with zipfile.ZipFile(io.BytesIO(docx_of(""))) as frame:
            for name in frame.namelist()[:2]:
                archive.writestr(name, frame.read(name))
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            part.write(head.encode())
            for _ in range(40):
                part.write(b"<w:p/>" * MEGABYTE)
            part.write(tail.encode())


def _foreign_archive() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("anderes.txt", "kein Dokument")
    return held.getvalue()


def _deep_html(tag: str) -> Callable[[Path], object]:
    return holding(f"<html><body>{f'<{tag}>' * 10_000}Text.{f'</{tag}>' * 10_000}</body></html>")


def _rss(items: str, prolog: str = "") -> bytes:
    head = f'<?xml version="1.0"?>{prolog}<rss version="2.0"><channel><title>Z</title>'
    return f"{head}{items}</channel></rss>".encode()


_GOOD_PDF = pdf(page_of("Ein guter Satz."), page_of("Noch einer."))
_SECRET = "<p>" + "&nbsp;" * 50 + "</p>"

DOCUMENTS = (
    Hostile("leer.pdf", holding(b""), "is empty"),
    Hostile("kein.pdf", holding("Ich bin keine PDF-Datei."), "no PDF file"),
    Hostile("verschluesselt.pdf", _encrypted, "is encrypted"),
    Hostile("abgeschnitten.pdf", holding(_GOOD_PDF[: len(_GOOD_PDF) // 3]), "truncated"),
    Hostile("kopf.pdf", holding(b"%PDF-1.7\n"), "truncated"),
    Hostile("gescannt.pdf", holding(pdf(stream(b"0 0 m 9 9 l S"))), "a scan?"),
    Hostile("kreis.pdf", holding(pdf(page_of("x"), kids=b"2 0 R 2 0 R")), "damaged"),
    Hostile("bombe.pdf", _flate_bomb, "damaged"),
    Hostile("riesig.pdf", sized(200 * MEGABYTE), "too large"),
    Hostile("leer.docx", holding(b""), "is empty"),
    Hostile("kein.docx", holding("Ich bin kein Archiv."), "no DOCX document"),
    Hostile("alt.docx", holding(b"\xd0\xcf\x11\xe0" + b"x" * 600), "is encrypted or in the old"),
    Hostile("bombe.docx", _docx_bomb, "unpacks to 272 MB"),
    Hostile("speicher.docx", _docx_giant, "MB of memory to read"),
    Hostile("anderes.docx", holding(_foreign_archive()), "no DOCX document"),
    Hostile(
        "halb.docx", holding(docx_of(_body("<w:p/>"))[:300]), "no DOCX document, or a damaged one"
    ),
    Hostile("kein-xml.docx", holding(docx_of("<w:document")), "damaged"),
    Hostile("ohne-text.docx", holding(docx_of(_body("<w:p/>"))), "contains no text"),
    Hostile(
        "lachen.docx",
        holding(docx_of(_body("<w:p>&l11;</w:p>", f"<!DOCTYPE x [{_LAUGHS}]>"))),
        "no DOCX document",
    ),
    Hostile("tief.docx", holding(docx_of(_body("<w:p>" * 10_000 + "</w:p>" * 10_000))), "damaged"),
    Hostile("leer.html", holding(b""), "is empty"),
    Hostile("skript.html", holding("<html><script>alert('Ein Satz.')</script></html>"), "no text"),
    Hostile("stil.html", holding(f"<html><style>p {{}}</style>{_SECRET}</html>"), "no text"),
    Hostile("bilder.html", holding("<html><body><img src=x alt=y></body></html>"), "no text"),
    Hostile("tief.html", _deep_html("div"), "nested"),
    Hostile("tief-kursiv.html", _deep_html("i"), "nested"),
    Hostile("nul.html", holding(b"<p>Ein\0Satz.</p>"), "NUL bytes"),
    Hostile("riesig.html", sized(100 * MEGABYTE), "too large"),
    Hostile("leer.xml", holding(b""), "is empty"),
    Hostile("karte.xml", holding("<sitemap><url>x</url></sitemap>"), "no RSS or Atom feed"),
    Hostile("leer.rss", holding(_rss("")), "without entries"),
    Hostile("kaputt.rss", holding(b"<rss><chan"), "no RSS or Atom feed"),
    Hostile("lachen.rss", holding(_rss("<item>&l11;</item>", f"<!DOCTYPE r [{_LAUGHS}]>")),
            "no sentences", ":entry 1"),
    Hostile(
        "doppelt.rss",
        holding(
            _rss("".join(f"<item><guid>a</guid><description>{n}x.</description></item>"
                         for n in range(2)))
        ),
        "already used by entry 1",
        "#a",
    ),
    Hostile(
        "textlos.rss", holding(_rss("<item><title>T</title></item>")), "no sentences", ":entry 1"
    ),
)  # fmt: skip
