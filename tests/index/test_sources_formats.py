"""Each other format on a small real file: exact texts, sections, spans and fields."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from index.articles import Article, Section, Span
from index.segment import split
from index.sources import FileRead, Reader, Skipped
from tests.hostile.documents import page_of, pdf


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    seeds = tmp_path_factory.mktemp("seeds")
    with Reader(seeds) as held:
        yield held


def read(reader: Reader, name: str, data: bytes | str) -> FileRead:
    path = reader.seeds / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return reader.read(name)


def only(outcome: FileRead) -> Article:
    assert outcome.skipped == ()
    assert len(outcome.articles) == 1
    return outcome.articles[0]


def quotes(article: Article) -> list[str]:
    return [article.text[s.start : s.end] for p in split(article) for s in p.sentences]


PAGE = """<!DOCTYPE html><html lang="de-AT"><head><title>Mauerfall | Zeitung</title>
<meta name="author" content="Anna Beispiel"><meta property="og:site_name" content="Die Zeitung">
<meta property="article:published_time" content="2024-11-09T10:00:00+01:00">
<link rel="canonical" href="https://example.org/mauer.html"><script>var x = 1;</script></head>
<body><nav><a href="/">Start</a></nav><article><h1>Der Mauerfall</h1>
<p>Am 9. November 1989 öffnete die DDR ihre Grenzen. Viele <b>feierten</b> an der
<a href="/x">Mauer</a>.</p><h2>Folgen</h2><p>Die Einheit folgte 1990.</p>
<ul><li>Erster Punkt</li><li>Zweiter Punkt</li></ul>
<table><tr><th>Stadt</th><th>Höhe</th></tr><tr><td>Bonn</td><td>60 m</td></tr></table>
<pre><code>x = 1</code></pre></article><footer>Impressum</footer></body></html>"""


def test_html(reader: Reader) -> None:
    text = (
        "Der Mauerfall\n\nAm 9. November 1989 öffnete die DDR ihre Grenzen. Viele feierten an der"
        " Mauer.\n\nFolgen\n\nDie Einheit folgte 1990.\n\n- Erster Punkt\n- Zweiter Punkt\n\n"
        "| Stadt | Höhe |\n| Bonn | 60 m |"
    )
    article = only(read(reader, "mauer.html", PAGE))
    at = text.index("Folgen")
    assert article == Article(
        key="mauer.html",
        text=text,
        title="Der Mauerfall",
        sections=(Section(Span(15, at - 2)), Section(Span(at + 8, len(text)), "Folgen")),
        date="2024-11-09",
        author="Anna Beispiel",
        source="Die Zeitung",
        url="https://example.org/mauer.html",
        language="de",
    )
    assert quotes(article)[2:] == [
        "Die Einheit folgte 1990.",
        "Erster Punkt",
        "Zweiter Punkt",
        "Stadt | Höhe",
        "Bonn | 60 m",
    ]


def test_a_poor_page_is_taken_whole(reader: Reader) -> None:
    page = '<html><head><meta charset="windows-1252"><title>Öl</title></head><body><div>Äpfel sind '
    page += "grün.<br>Birnen auch.</div></body></html>"
    article = only(read(reader, "oel.htm", page.encode("cp1252")))
    assert (article.title, article.text) == ("Öl", "Äpfel sind grün.\nBirnen auch.")
    assert article.date is None
    assert quotes(article) == ["Äpfel sind grün.", "Birnen auch."]


def test_pdf_keeps_page_numbers(reader: Reader) -> None:
    first = page_of("Der Abend", "Es war Nacht. Die Grenze wurde geöff-", "net, und alle")
    data = pdf(first, page_of("kamen herbei. Danach war Ruhe."), page_of("Folgen", "Es kam so."))
    article = only(read(reader, "abend.pdf", data))
    assert article.title == "Der Abend"
    assert article.text == (
        "Der Abend\nEs war Nacht. Die Grenze wurde geöffnet, und alle\n"
        "kamen herbei. Danach war Ruhe.\n\nFolgen\nEs kam so."
    )
    assert [
        (s.page, s.heading, article.text[s.span.start : s.span.end]) for s in article.sections
    ] == [
        (1, None, "Es war Nacht. Die Grenze wurde geöffnet, und alle\nkamen herbei."),
        (2, None, "Danach war Ruhe."),
        (3, "Folgen", "Es kam so."),
    ]
    assert quotes(article) == [
        "Es war Nacht.",
        "Die Grenze wurde geöffnet, und alle\nkamen herbei.",
        "Danach war Ruhe.",
        "Es kam so.",
    ]


def test_pdf_properties_and_running_heads(reader: Reader) -> None:
    from pypdf import PdfReader, PdfWriter

    pages = [page_of("Die Zeitung", f"Satz {n} steht hier.", f"Seite {n}") for n in range(1, 5)]
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(*pages))))
    writer.add_metadata(
        {"/Title": "Ein Heft", "/Author": "Anna", "/CreationDate": "D:20240229120000+01'00'"}
    )
    held = io.BytesIO()
    writer.write(held)
    article = only(read(reader, "heft.pdf", held.getvalue()))
    assert (article.title, article.author, article.date) == ("Ein Heft", "Anna", "2024-02-29")
    assert quotes(article) == [f"Satz {n} steht hier." for n in range(1, 5)]
    assert [section.page for section in article.sections] == [1, 2, 3, 4]


def test_pdf_with_an_empty_password_opens(reader: Reader) -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(page_of("Ein offener Satz.")))))
    writer.encrypt("", "besitzer", algorithm="RC4-128")
    held = io.BytesIO()
    writer.write(held)
    assert only(read(reader, "offen.pdf", held.getvalue())).text == "Ein offener Satz."


def test_docx(reader: Reader) -> None:
    from datetime import datetime

    import docx

    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author = "Das Dokument", "Anna Beispiel"
    properties.created = datetime(2024, 11, 9, 8, 0)
    document.add_heading("Erster Teil", 1)
    document.add_paragraph("Ein Satz. Noch einer.")
    document.add_paragraph("Punkt", style="List Bullet")
    document.add_paragraph("Strich", style="List Bullet")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Bonn", "60 m"
    document.save(str(reader.seeds / "a.docx"))
    text = "Erster Teil\n\nEin Satz. Noch einer.\n\n- Punkt\n- Strich\n\n| Bonn | 60 m |"
    assert reader.read("a.docx") == FileRead(
        (
            Article(
                key="a.docx",
                text=text,
                title="Das Dokument",
                sections=(Section(Span(13, len(text)), "Erster Teil"),),
                date="2024-11-09",
                author="Anna Beispiel",
            ),
        )
    )


def test_docx_does_not_take_the_template_s_date(reader: Reader) -> None:
    import docx

    document = docx.Document()
    document.add_paragraph("Ein Satz.")
    document.save(str(reader.seeds / "vorlage.docx"))
    assert reader.read("vorlage.docx").articles[0].date is None


def test_jsonl(reader: Reader) -> None:
    outcome = read(
        reader,
        "a.jsonl",
        '\ufeff{"ID": "n-1", "Titel": "T", "text": "Ein\\r\\nguter Satz. \\ud800 Da.", "datum": '
        '"12.2.2025", "quelle": "Q", "Autor": ["A", "B"], "link": "https://example.org", '
        '"sprache": "Deutsch"}\n'
        "{kaputt\n\n"
        '{"id": 7, "body": "Zweiter Text."}\n'
        '{"inhalt": "Namenlos."}\n',
    )
    assert outcome.articles == (
        Article(
            "a.jsonl#n-1", "Ein\nguter Satz. \ufffd Da.", "T", (Section(Span(0, 21)),),
            "2025-02-12", "A, B", "Q", "https://example.org", "de",
        ),
        Article("a.jsonl#7", "Zweiter Text.", "Zweiter Text.", (Section(Span(0, 13)),)),
        Article("a.jsonl#abd68939b716", "Namenlos.", "Namenlos.", (Section(Span(0, 9)),)),
    )  # fmt: skip
    assert outcome.skipped == (
        Skipped("a.jsonl:2", "is no valid JSON (column 2); mend or remove this line"),
    )


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_csv(reader: Reader, sign: str) -> None:
    quoted = '"Ein Satz.\n""Noch"" einer."'
    rows = [["id", "Titel", "text", "datum"], ["1", "T", quoted, "1.2.2024"]]
    rows += [[], ["2", "", "Ein Text.", ""]]
    outcome = read(reader, "a.csv", "\r\n".join(sign.join(row) for row in rows).encode("cp1252"))
    assert outcome == FileRead(
        (
            Article(
                "a.csv#1", 'Ein Satz.\n"Noch" einer.', "T", (Section(Span(0, 23)),), "2024-02-01"
            ),
            Article("a.csv#2", "Ein Text.", "Ein Text.", (Section(Span(0, 9)),)),
        )
    )


RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Die Zeitung</title>
<language>de-DE</language><item><title>Erste &lt;b&gt;Meldung&lt;/b&gt;</title>
<link>https://example.org/1</link><guid>n-1</guid><author>Anna</author>
<pubDate>Sat, 09 Nov 2024 10:00:00 GMT</pubDate><description>Kurz.</description>
<content:encoded>&lt;p&gt;Ein &lt;i&gt;Satz&lt;/i&gt; &amp;amp; mehr.&lt;/p&gt;
&lt;h3&gt;Teil&lt;/h3&gt;
&lt;p&gt;Noch einer.&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;</content:encoded></item>
<item><title>Zwei</title><description>Nur Text. Ohne Tags.</description></item></channel></rss>"""


@pytest.mark.parametrize("name", ["a.rss", "a.xml"])
def test_rss(reader: Reader, name: str) -> None:
    outcome = read(reader, name, RSS)
    text = "Ein Satz & mehr.\n\nTeil\n\nNoch einer."
    assert outcome.articles == (
        Article(
            f"{name}#n-1", text, "Erste Meldung",
            (Section(Span(0, 16)), Section(Span(24, 35), "Teil")),
            "2024-11-09", "Anna", "Die Zeitung", "https://example.org/1", "de",
        ),
        Article(
            f"{name}#010aab615831", "Nur Text. Ohne Tags.", "Zwei", (Section(Span(0, 20)),),
            source="Die Zeitung", language="de",
        ),
    )  # fmt: skip
    assert outcome.skipped == ()


def test_atom(reader: Reader) -> None:
    feed = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Blatt</title><entry>
    <id>tag:example.org,2024:1</id><title>Meldung</title><updated>2024-11-09T10:00:00Z</updated>
    <link href="https://example.org/1"/><author><name>Ben</name></author>
    <content type="html">&lt;p&gt;Ein Satz.&lt;/p&gt;</content></entry></feed>"""
    assert only(read(reader, "a.atom", feed)) == Article(
        "a.atom#tag:example.org,2024:1", "Ein Satz.", "Meldung", (Section(Span(0, 9)),),
        "2024-11-09", "Ben", "Blatt", "https://example.org/1",
    )  # fmt: skip


def test_one_worker_reads_them_all(reader: Reader) -> None:
    read(reader, "eins.csv", "text\nEins.\n")
    first = reader.worker_pid
    read(reader, "zwei.html", "<p>Zwei.</p>")
    assert first is not None
    assert reader.worker_pid == first
