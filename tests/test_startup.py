"""What each command imports: start-up and memory are decided there, and can be held exactly."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from index.build import build
from index.encoder import Encoder
from tests.conftest import MODELS

ROOT = Path(__file__).parents[1]
HEAVY = {
    "dateparser",
    "feedparser",
    "htmldate",
    "llama_index",
    "onnx",
    "openai",
    "prompt_toolkit",
    "pypdf",
    "scipy",
    "sentence_transformers",
    "telegram",
    "torch",
    "trafilatura",
    "transformers",
    "watchfiles",
}
"""What no quoted answer needs."""
SEARCH = {"bm25s", "faiss", "numpy", "onnxruntime", "tokenizers"}
"""What answering needs in part, and words about usage do not."""
SETTINGS = {"pydantic", "pydantic_settings"}
CHILD = """
import json, sys
from bot.cli import run
status = run(sys.argv[1:])
names = sorted({name.partition(".")[0] for name in sys.modules})
print(json.dumps([status, names]), file=sys.stderr)
"""


def imported(
    *arguments: str, folder: Path, settings: Mapping[str, str] | None = None
) -> tuple[int, set[str], str]:
    """Exit status, top-level modules and output of a command in a process of its own."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT),
        **(settings or {}),
    }
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    status, names = json.loads(done.stderr.splitlines()[-1])
    return status, set(names), done.stdout


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """A folder with an index of one article."""
    folder = tmp_path_factory.mktemp("startup")
    seeds = folder / "seeds"
    seeds.mkdir()
    text = "Die Brücke\n\nDie Brücke über die Elbe wurde im Mai 1893 eröffnet.\n"
    (seeds / "bruecke.txt").write_text(text, encoding="utf-8")
    build(seeds, folder / "index", lambda: encoder)
    return folder


def test_help_loads_neither_models_nor_search_nor_settings(tmp_path: Path) -> None:
    status, names, output = imported("--help", folder=tmp_path)
    assert status == 0
    assert "ask" in output
    assert names & (HEAVY | SEARCH | SETTINGS) == set()


@pytest.mark.parametrize(("arguments", "expected"), [(["ask", "--help"], 0), (["frage"], 2)])
def test_words_about_usage_load_neither_models_nor_search(
    arguments: list[str], expected: int, tmp_path: Path
) -> None:
    status, names, _ = imported(*arguments, folder=tmp_path)
    assert status == expected
    assert names & (HEAVY | SEARCH) == set()


def test_an_answer_loads_the_search_and_nothing_heavy(corpus: Path) -> None:
    status, names, output = imported(
        "ask",
        "Wann wurde die Brücke über die Elbe eröffnet?",
        "--json",
        "--index",
        str(corpus / "index"),
        folder=corpus,
        settings={"BELEGBOT_CACHE_DIR": str(MODELS)},
    )
    assert status == 0
    answer = json.loads(output)
    assert [one["article"] for one in answer["citations"]] == ["bruecke.txt"]
    assert names & HEAVY == set()
    assert {"faiss", "onnxruntime"} <= names


def test_a_missing_index_is_refused_before_the_model_is_loaded(tmp_path: Path) -> None:
    status, names, _ = imported("show", "bruecke.txt", "--index", "nowhere", folder=tmp_path)
    assert status == 1
    assert names & (HEAVY | {"onnxruntime"}) == set()
