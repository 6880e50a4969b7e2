"""The REPL over a real index: the bundled model, four articles, no stand-ins."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from bot.answering import Answerer
from bot.assistant import Assistant
from bot.library import Library
from bot.repl import run_repl
from index.build import build
from index.encoder import Encoder
from tests.bot.pseudo_terminal import Terminal
from tests.bot.samples import pipe, written
from tests.conftest import MODELS

ARTICLES = {
    "technik/telefon.md": """\
---
title: Reis führt das Telephon vor
date: 2024-10-26
source: Technikblatt
url: https://example.org/telefon
---

Am 26. Oktober 1861 führte **Philipp Reis** sein Telephon in Frankfurt am Main vor.

Der erste Satz soll gelautet haben, das Pferd fresse keinen Gurkensalat. Das Gerät übertrug \
Musik besser als Sprache.
""",
    "natur/brocken.md": """\
---
title: Der höchste Berg des Harzes
date: 2023-05-02
---

Der Brocken ist mit 1.141 Metern der höchste Berg des Harzes. Seit 1898 fährt eine \
Schmalspurbahn auf den Gipfel.
""",
    "natur/bodensee.txt": "Der Bodensee liegt an drei Staaten: Deutschland, Österreich, Schweiz.\n",
    "english/kew.md": """\
---
title: A garden in London
date: 2022-01-15
---

Kew Gardens was founded in 1759. It holds one of the largest collections of living plants.
""",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """Holds ``seeds`` and the ``index`` of them."""
    folder = tmp_path_factory.mktemp("repl")
    for name, text in ARTICLES.items():
        path = folder / "seeds" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    build(folder / "seeds", folder / "index", lambda: encoder)
    return folder


@pytest.fixture(scope="module")
def assistant(folder: Path, encoder: Encoder) -> Iterator[Assistant]:
    library = Library(folder / "index", lambda: encoder)
    assistant = Assistant(library, Answerer(library))
    yield assistant
    assistant.close()


def transcript(assistant: Assistant, text: str, state_dir: Path, *, json_lines: bool) -> str:
    console = pipe()
    status = run_repl(
        assistant,
        console=console,
        state_dir=state_dir,
        json_lines=json_lines,
        stdin=TextIOWrapper(BytesIO(text.encode("utf-8"))),
        today=lambda: date(2026, 11, 23),
        language="en",
    )
    assert status == 0
    return written(console)


def test_a_conversation_over_real_articles(assistant: Assistant, tmp_path: Path):
    text = "Wann führte Philipp Reis sein Telephon vor?\n/show 1\nWer gewann die WM 2031?\n"
    said = transcript(assistant, text, tmp_path, json_lines=False)
    assert said.startswith(
        "Am 26. Oktober 1861 führte Philipp Reis sein Telephon in Frankfurt am Main vor. [1]\n"
        "\n"
        "[1] Reis führt das Telephon vor · Technikblatt · 26. Oktober 2024\n"
        "    technik/telefon.md\n"
        "    »Am 26. Oktober 1861 führte Philipp Reis sein Telephon in Frankfurt am Main vor.«\n"
        "\n"
        "Reis führt das Telephon vor\n"
        "Technikblatt · 26. Oktober 2024 · technik/telefon.md\n"
        "https://example.org/telefon\n"
        "Unverändert: Das steht heute so im Artikel.\n"
        "\n"
        "  »Am 26. Oktober 1861 führte Philipp Reis sein Telephon in Frankfurt am Main vor.«\n"
        "\n"
        "  Der erste Satz soll gelautet haben, das Pferd fresse keinen Gurkensalat."
        " Das Gerät übertrug Musik besser als Sprache.\n"
        "\n"
        "Dazu finde ich in den Artikeln nichts Belegtes.\n"
        "\n"
        "Am nächsten daran:\n"
    )
    assert said.count("\n  - ") == len(ARTICLES)


def test_quotes_of_json_lines_are_verbatim(assistant: Assistant, tmp_path: Path):
    text = "When was Kew Gardens founded?\n/sources\nWie hoch ist der Brocken?\n"
    kew, sources, brocken = map(
        json.loads, transcript(assistant, text, tmp_path, json_lines=True).splitlines()
    )
    assert sources["text"].startswith(
        "[1] A garden in London · 15 January 2022\n    english/kew.md"
    )
    for answer, quote in ((kew, "founded in 1759"), (brocken, "1.141 Metern")):
        (citation,) = answer["citations"]
        article = ARTICLES[citation["article"]]
        assert quote in citation["quote"]
        assert article[citation["start"] : citation["end"]] == citation["quote"]


def test_questions_about_the_collection(assistant: Assistant, tmp_path: Path):
    assert transcript(assistant, "Was gibt es Neues?\n", tmp_path, json_lines=False) == (
        "Die neuesten Artikel:\n"
        "  - Reis führt das Telephon vor · 26. Oktober 2024 · technik/telefon.md\n"
        "  - Der höchste Berg des Harzes · 2. Mai 2023 · natur/brocken.md\n"
        "  - A garden in London · 15. Januar 2022 · english/kew.md\n"
    )
    news = transcript(assistant, "What's new?\n/debug\n", tmp_path, json_lines=False)
    assert news.splitlines()[0] == "The newest articles:"
    assert news.endswith("Nothing was searched.\n")


def test_debug_over_real_articles(assistant: Assistant, tmp_path: Path):
    text = "Wie hoch ist der Brocken?\n/debug\n"
    said = transcript(assistant, text, tmp_path, json_lines=False)
    table = said.partition("gesucht")[2].splitlines()
    assert table[0] == "      Wie hoch ist der Brocken?"
    assert table[1:3] == ["Sprache      de", "gefragt ist  eine Zahl"]
    assert sum("[1]" in row and "natur/brocken.md" in row for row in table) == 1


def test_belegbot_chat_in_a_terminal(folder: Path, tmp_path: Path):
    with Terminal(
        [sys.executable, "-m", "bot", "chat"],
        cwd=tmp_path,
        PYTHONPATH=str(Path(__file__).parents[2]),
        BELEGBOT_SEEDS_DIR=str(folder / "seeds"),
        BELEGBOT_INDEX_DIR=str(folder / "index"),
        BELEGBOT_CACHE_DIR=str(MODELS),
    ) as terminal:
        screen = terminal.read_until("Frage oder /help", "› ")
        assert (
            "belegbot: 4 Artikel, der neueste vom 26. Oktober 2024 · Frage oder /help\n" in screen
        )
        terminal.type("Wann führte Philipp Reis sein Telephon vor?\r")
        screen = terminal.read_until("vor.«", "› ")
        assert (
            "Am 26. Oktober 1861 führte Philipp Reis sein Telephon in Frankfurt am Main vor.\n"
            "[1]\n"
            "\n"
            "[1] Reis führt das Telephon vor · Technikblatt · 26. Oktober 2024\n"
            "    technik/telefon.md\n"
            "    »Am 26. Oktober 1861 führte Philipp Reis sein Telephon in Frankfurt am Main\n"
            "    vor.«\n"
        ) in screen
        terminal.type("/quit\r")
        terminal.read_until("Bis bald!")
        assert terminal.wait() == 0
    assert (tmp_path / ".belegbot" / "chat_history").exists()
