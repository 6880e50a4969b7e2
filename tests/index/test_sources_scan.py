"""The seeds folder walked: everything in it is named once, as a file or as skipped."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import SeedsError
from index.segment import split
from index.sources import Found, Reader, Skipped, scan


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    return folder


def test_scan_lists_every_file_once(seeds: Path) -> None:
    (seeds / "b").mkdir()
    (seeds / "index").mkdir()
    (seeds / ".git").mkdir()
    for name in ("b/z.TXT", "a.md", "x.mp3", "index/i.txt", ".git/h.txt", ".DS_Store", "~$b.docx",
                 "b/.#l.txt", "b/alt.txt~"):  # fmt: skip
        (seeds / name).write_text("Text.")
    os.utime(seeds / "a.md", ns=(5, 7))
    found = scan(seeds, exclude=seeds / "index")
    assert [file.relative for file in found.files] == ["a.md", "b/z.TXT"]
    assert found.files[0] == Found("a.md", 5, 7)
    assert found.skipped == [
        Skipped(
            ".", "5 hidden or lock files passed over: .DS_Store, .git, b/.#l.txt, …"
        ),
        Skipped(
            "x.mp3",
            "format .mp3 is not read; readable: .atom .csv .docx .htm .html .jsonl .markdown .md"
            " .pdf .rss .txt .xml",
        ),
    ]  # fmt: skip


def test_the_seeds_folder_may_be_a_link(seeds: Path, tmp_path: Path) -> None:
    (seeds / "a.txt").write_text("Ein Satz.")
    (tmp_path / "link").symlink_to(seeds)
    assert [file.relative for file in scan(tmp_path / "link").files] == ["a.txt"]
    with Reader(tmp_path / "link") as reader:
        assert reader.read("a.txt").articles[0].text == "Ein Satz."


def test_no_seeds_folder(tmp_path: Path) -> None:
    (tmp_path / "datei").write_text("x")
    with pytest.raises(SeedsError, match="There is no seeds folder"):
        scan(tmp_path / "fehlt")
    with pytest.raises(SeedsError, match="is no folder"):
        scan(tmp_path / "datei")


def test_a_thousand_small_files_are_read_quickly(seeds: Path) -> None:
    for number in range(1_000):
        (seeds / f"{number}.txt").write_text(f"Titel {number}\n\nEin Satz. " * 20)
    found = scan(seeds).files
    with Reader(seeds) as reader:
        begin = time.perf_counter()
        read_all = [reader.read(file.relative) for file in found]
        seconds = time.perf_counter() - begin
    assert sum(len(outcome.articles) for outcome in read_all) == 1_000
    assert seconds < 4  # half a second on an idle machine


HEADS = ["---", "titel: x", "# Kopf", "Kopf", "=====", "```", "<!--", "-->", "", "\u2028", "*"]
BODIES = [
    "Ein Satz. Noch einer.",
    "- Punkt",
    "| a | b |",
    "> Zitat",
    "é\u0301🚀",
    "\x85x",
    "9. Mai",
]
LINES = st.sampled_from([*HEADS, *BODIES])
BYTES = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
    st.lists(LINES, max_size=15).map(lambda lines: "\n".join(lines).encode()),
)


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@pytest.mark.parametrize(
    "text", ["<SOURCE>", "<br>\n\n<img alt='x y'>\n", "**&nbsp;**", "<s>\n<b>"]
)
def test_markup_alone_is_no_article(seeds: Path, name: str, text: str) -> None:
    (seeds / name).write_text(text)
    with Reader(seeds) as reader:
        outcome = reader.read(name)
    assert not outcome.articles
    assert [skipped.reason for skipped in outcome.skipped] == [
        "contains no sentences: only headings, code, comments or tags"
    ]


def test_a_tag_before_the_text_is_no_title(seeds: Path) -> None:
    (seeds / "a.txt").write_text("<SOURCE>\n\nDer Turm steht seit 1371 am Markt.\n")
    with Reader(seeds) as reader:
        (article,) = reader.read("a.txt").articles
    assert article.title == "Der Turm steht seit 1371 am Markt."
    assert [section.heading for section in article.sections] == [None]


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(BYTES, st.sampled_from(["a.txt", "a.md"]))
def test_any_bytes_are_an_article_or_a_reason(seeds: Path, data: bytes, name: str) -> None:
    (seeds / name).write_bytes(data)
    with Reader(seeds) as reader:
        outcome = reader.read(name)
    assert len(outcome.articles) + len(outcome.skipped) == 1
    for article in outcome.articles:
        before = 0
        assert article.title == article.title.strip() != ""
        assert article.sections
        for section in article.sections:
            assert before <= section.span.start < section.span.end <= len(article.text)
            before = section.span.end
        split(article)
    for skipped in outcome.skipped:
        assert skipped.path == name
        assert skipped.reason.isprintable()
