"""Text and Markdown read: titles, sections, front matter, encodings."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.articles import Article, Section, Span
from index.sources import Reader


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    return folder


def read(seeds: Path, name: str, content: str | bytes) -> Article:
    data = content.encode() if isinstance(content, str) else content
    (seeds / name).write_bytes(data)
    with Reader(seeds) as reader:
        outcome = reader.read(name)
        assert reader.worker_pid is None
    assert outcome.skipped == ()
    return outcome.articles[0]


def bodies(article: Article) -> list[tuple[str | None, str]]:
    return [
        (section.heading, article.text[section.span.start : section.span.end])
        for section in article.sections
    ]


TALKS = """
In einem langen Gespräch haben beide über den Frieden geredet. Es dauerte zwei Stunden.
Danach ging jeder nach Hause, ohne dass etwas entschieden war.
Verhandlungen im Blick
Die Gespräche dauern seit dem Winter an. Niemand weiß, wie sie ausgehen.
Ein Rückblick
Früher wurde oft verhandelt. Ergebnisse gab es selten.
"""


def test_bare_headlines_are_title_and_sections(seeds: Path) -> None:
    article = read(seeds, "gespräch.txt", TALKS)
    lines = TALKS.strip().split("\n")
    assert article.key == "gespräch.txt"
    assert article.text == TALKS
    assert article.title == "Verhandlungen im Blick"
    assert bodies(article) == [
        (None, "\n".join(lines[:2])),
        ("Verhandlungen im Blick", lines[3]),
        ("Ein Rückblick", lines[5]),
    ]


def test_a_headline_in_the_first_line_is_the_title_and_no_evidence(seeds: Path) -> None:
    article = read(seeds, "a.txt", "Die Mauer fällt\n\nEs war Nacht. Alle kamen.")
    assert article.title == "Die Mauer fällt"
    assert bodies(article) == [(None, "Es war Nacht. Alle kamen.")]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Es war Nacht. Alle kamen.", "Es war Nacht."),
        ("Wer kommt? Alle.", "Wer kommt?"),
        (
            "Die Regierung hat am Donnerstag in der Hauptstadt nach langer Beratung beschlossen, es"
            " zu tun. Ja.",
            "Die Regierung hat am Donnerstag in der Hauptstadt nach langer Beratung…",
        ),
        ("x" * 200, "x" * 79 + "…"),
        ("Berlin\nHamburg\nBremen\n", "Berlin"),
        ("- Erster Punkt\n- Zweiter Punkt\n", "Erster Punkt"),
        ("Am 9. November\nfiel die Mauer. So war es.", "Am 9. November fiel die Mauer."),
        ("12. Februar 2025\n\nEs war kalt.", "12. Februar 2025"),
        ("Kopf **fett**\n\nEs war kalt.", "Kopf fett"),
    ],
)
def test_titles_of_plain_text(seeds: Path, text: str, title: str) -> None:
    article = read(seeds, "a.txt", text)
    assert article.title == title
    assert len(article.title) <= 80


def test_short_lines_that_stand_over_nothing_stay_evidence(seeds: Path) -> None:
    text = "Die Städte sind schnell genannt.\n\nBerlin\nHamburg\nBremen\n"
    assert bodies(read(seeds, "a.txt", text)) == [(None, text.strip())]


@pytest.mark.parametrize("line", ["Von Anna Beispiel, Berlin", "Mittwoch, 3. September 2025"])
def test_a_byline_or_date_line_is_no_headline(seeds: Path, line: str) -> None:
    text = f"Die Mauer fällt\n\n{line}\n\nEs war Nacht.\n\nVon der Grenze her\n\nAlle kamen."
    article = read(seeds, "a.txt", text)
    assert article.title == "Die Mauer fällt"
    assert bodies(article) == [
        (None, f"{line}\n\nEs war Nacht."),
        ("Von der Grenze her", "Alle kamen."),
    ]


def test_wrapped_lines_are_no_headlines(seeds: Path) -> None:
    text = (
        "Gestern hat die Regierung in der Hauptstadt beschlossen, dass die\n"
        "Steuern sinken. Das gilt nach langer Beratung für alle Bürger im\n"
        "Land ab Mai.\n"
    )
    assert bodies(read(seeds, "a.txt", text)) == [(None, text.strip())]


MARKDOWN = """---
title: "Der Mauerfall: ein Abend"
datum: 9.11.2024
autor: [Anna Beispiel, Ben Muster]
Quelle: Die Zeitung
url: https://example.org/mauer
sprache: de-DE
tags: {ein: Baum}
---
# Der Mauerfall

Am Abend öffnete sich das Tor.

## Die *Folgen* ##

Alle kamen.

```
# kein Titel
```

Später
------
Die Einheit kam.
"""


def test_markdown_with_front_matter(seeds: Path) -> None:
    article = read(seeds, "mauer.md", MARKDOWN)
    assert article.text == MARKDOWN
    assert article.title == "Der Mauerfall: ein Abend"
    assert article.date == "2024-11-09"
    assert article.author == "Anna Beispiel, Ben Muster"
    assert article.source == "Die Zeitung"
    assert article.url == "https://example.org/mauer"
    assert article.language == "de"
    assert bodies(article) == [
        ("Der Mauerfall", "Am Abend öffnete sich das Tor."),
        ("Die Folgen", "Alle kamen.\n\n```\n# kein Titel\n```"),
        ("Später", "Die Einheit kam."),
    ]


def test_markdown_s_first_heading_is_the_title(seeds: Path) -> None:
    article = read(seeds, "a.md", "# Mein **Titel**\n\nText.\n\n## Teil\nMehr Text.")
    assert article.title == "Mein Titel"
    assert bodies(article) == [(None, "Text."), ("Teil", "Mehr Text.")]


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2024-11-09", "2024-11-09"),
        ("2024-11-09T23:30:00+01:00", "2024-11-09"),
        ("12.2.2025", "2025-02-12"),
        ("12. Februar 2025", "2025-02-12"),
        ("Mittwoch, den 12. März 2025", "2025-03-12"),
        ("February 12, 2025", "2025-02-12"),
        ("Wed, 12 Feb 2025 08:00:00 +0100", "2025-02-12"),
        ("2/12/2025", None),
        ("2024-02-30", None),
        ("März 2025", None),
        ("gestern", None),
        ("", None),
    ],
)
def test_dates(seeds: Path, value: str, date: str | None) -> None:
    assert read(seeds, "a.md", f"---\ndate: {value}\n---\nText.").date == date


def test_a_date_is_never_taken_from_the_file(seeds: Path) -> None:
    assert read(seeds, "a.txt", "Text ohne Datum.").date is None


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://a.de", "example.org", "https://"])
def test_only_web_links_are_links(seeds: Path, url: str) -> None:
    assert read(seeds, "a.md", f"---\nurl: {url}\n---\nText.").url is None


@pytest.mark.parametrize(
    "block",
    [
        "title: [offen",
        "title: 'nie zu\ndate: x",
        "titel: " + "[" * 30_000,
        "a: &a [x,x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(9)) + "titel: {x: *b1}",
        "titel: !!python/object/apply:os.system ['exit']",
    ],
)
def test_front_matter_that_is_no_good_says_nothing(seeds: Path, block: str) -> None:
    article = read(seeds, "a.md", f"---\n{block}\n---\nEin Satz. Noch einer.\n")
    assert article.title in ("Ein Satz.", "exit")
    assert article.date is None
    assert bodies(article)[-1] == (None, "Ein Satz. Noch einer.")


def test_two_rulers_are_no_front_matter(seeds: Path) -> None:
    article = read(seeds, "a.md", "---\nEin Satz zwischen Linien.\n---\nNoch einer.\n")
    assert "Ein Satz zwischen Linien." in article.text[slice(*article.sections[0].span)]


GERMAN = "Die Verhandlungen über Größe und Maß währten lange. „Schön“, sagte er – für 5 €.\n"
RUSSIAN = "Привет, мир! Это русский текст о переговорах в Москве."
FRENCH = "Ça va très bien à Besançon, où l’été dure."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "utf-8"),
        (GERMAN, "utf-8-sig"),
        (GERMAN, "utf-16"),
        (GERMAN, "utf-16-be"),
        (GERMAN, "utf-32"),
        (GERMAN, "cp1252"),
        ("Köln.", "cp1252"),
        (FRENCH, "cp1252"),
        (RUSSIAN, "cp1251"),
    ],
)
def test_encodings(seeds: Path, text: str, encoding: str) -> None:
    assert read(seeds, "a.txt", text.encode(encoding)).text == text


def test_utf8_text_is_what_python_reads(seeds: Path) -> None:
    data = "\ufeff---\ntitel: Ü\n---\n\r\nÄh 🚀.\rNeu.\r\n\u2028 Ende.\n".encode()
    article = read(seeds, "a.md", data)
    assert article.text == (seeds / "a.md").read_text(encoding="utf-8-sig")


def test_sections_never_reach_into_front_matter(seeds: Path) -> None:
    article = read(seeds, "a.txt", "---\ntitel: T\n---\nEin Satz.")
    assert article.sections == (Section(Span(17, 26)),)
    assert article.title == "T"
