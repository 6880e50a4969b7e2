"""The program as a person starts it: a process of its own, in an empty folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import MODELS, ROOT, SEEDS

QUESTION = "Wann fiel die Berliner Mauer?"


@dataclass(frozen=True, slots=True)
class Shell:
    """Starts the program in a folder."""

    folder: Path

    def __call__(
        self, *arguments: str, stdin: str | bytes = "", **settings: str
    ) -> subprocess.CompletedProcess[str]:
        """Settings are given without their prefix."""
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("BELEGBOT_")
        }
        environment |= {f"BELEGBOT_{name}": value for name, value in settings.items()}
        environment |= {"PYTHONPATH": str(ROOT), "BELEGBOT_CACHE_DIR": str(MODELS)}
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=self.folder,
            env=environment,
            input=data,
            capture_output=True,
            timeout=120,
            check=False,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )


@pytest.fixture
def shell(tmp_path: Path, encoder: object) -> Shell:
    """An empty folder; the model is there."""
    return Shell(tmp_path)


@pytest.fixture
def newsroom(shell: Shell) -> Shell:
    """A folder with two articles."""
    seeds = shell.folder / "seeds"
    (seeds / "geschichte").mkdir(parents=True)
    shutil.copy(SEEDS / "geschichte/mauerfall.md", seeds / "geschichte")
    shutil.copy(SEEDS / "wissenschaft/roentgen.txt", seeds)
    return shell


def failed(done: subprocess.CompletedProcess[str], status: int, *words: str) -> None:
    """One line on standard error, no traceback, nothing on standard output."""
    assert (done.returncode, done.stdout) == (status, ""), done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("belegbot: ")
    for word in words:
        assert word in lines[0]


def test_index_accounts_for_every_file(newsroom: Shell) -> None:
    (newsroom.folder / "seeds/leer.txt").write_text("", encoding="utf-8")
    first = newsroom("index", "--json")
    assert (first.returncode, first.stderr) == (0, "")
    report = json.loads(first.stdout)
    assert (report["articles"], report["added"], report["unchanged"]) == (2, 2, 0)
    assert report["embedded"] == report["passages"] > 0
    assert [skipped["path"] for skipped in report["skipped"]] == ["leer.txt"]
    assert list(report) == [
        "generation", "articles", "passages", "sentences", "embedded", "resumed", "added",
        "changed", "moved", "removed", "unchanged", "stories", "skipped", "model", "seconds",
    ]  # fmt: skip
    again = json.loads(newsroom("index", "--json").stdout)
    assert (again["embedded"], again["unchanged"]) == (0, 2)
    assert again["generation"] == report["generation"]


def test_ask_builds_the_index_first_and_answers(newsroom: Shell) -> None:
    done = newsroom("ask", QUESTION)
    assert done.returncode == 0
    first, empty, source, key, *_ = done.stdout.splitlines()
    assert first.startswith("Am Abend des 9. November 1989 fiel die Berliner Mauer")
    assert first.endswith("[1]")
    assert empty == ""
    assert source.startswith("[1] Die Nacht, in der sich die Schlagbäume hoben")
    assert source.endswith("9. November 2024")
    place, identifier = key.strip().split(" · ")
    assert place == "geschichte/mauerfall.md"
    assert newsroom("show", identifier).stdout.startswith("Die Nacht, in der sich")
    assert "2 articles" in done.stderr


def test_ask_says_when_the_folder_has_changed(newsroom: Shell) -> None:
    newsroom("index")
    assert newsroom("ask", QUESTION).stderr == ""
    (newsroom.folder / "seeds/neu.txt").write_text("Ein neuer Artikel ist da.", encoding="utf-8")
    assert "run 'belegbot index'" in newsroom("ask", QUESTION).stderr
    newsroom("index")
    assert newsroom("ask", QUESTION).stderr == ""


def test_a_copied_index_answers_without_the_articles(newsroom: Shell, tmp_path: Path) -> None:
    newsroom("index")
    shutil.move(newsroom.folder / ".belegbot/index", newsroom.folder / "kopie")
    shutil.rmtree(newsroom.folder / "seeds")
    done = newsroom("ask", QUESTION, "--json", "--index", "kopie")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["answered"] is True


def test_batch_answers_line_by_line_and_goes_on_after_a_bad_one(newsroom: Shell) -> None:
    lines = [QUESTION.encode(), b"", b"x" * 1001, b"Wann fiel \xff?", b"Hallo!"]
    done = newsroom("ask", "--batch", "-", stdin=b"\n".join(lines) + b"\n")
    assert done.returncode == 0
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [sorted(one) == ["error", "question"] for one in found] == [
        False, True, True, True, False,
    ]  # fmt: skip
    assert found[0]["question"] == QUESTION
    assert found[4]["answered"] is False


def test_show_opens_a_citation_and_an_article(newsroom: Shell) -> None:
    answer = json.loads(newsroom("ask", QUESTION, "--json").stdout)
    citation = answer["citations"][0]
    opened = newsroom("show", citation["id"])
    assert opened.returncode == 0
    assert citation["title"] in opened.stdout
    assert "öffnete die DDR ihre Grenzübergänge nach West-Berlin." in opened.stdout
    article = newsroom("show", "geschichte/mauerfall.md")
    text = (SEEDS / "geschichte/mauerfall.md").read_text(encoding="utf-8-sig")
    assert article.stdout.rstrip("\n") == text.rstrip("\n")
    for name in ("GESCHICHTE/MAUERFALL.MD", "seeds/geschichte/mauerfall.md", citation["title"]):
        assert newsroom("show", name).stdout == article.stdout
    failed(newsroom("show", "geschichte/mauerfal.md"), 2, "did you mean geschichte/mauerfall.md?")
    failed(newsroom("show", "a" * 24), 2, "no article of this index")


def test_chat_answers_a_pipe_in_order(newsroom: Shell) -> None:
    done = newsroom("chat", "--json", stdin=f"{QUESTION}\nUnd wo war das?\n")
    assert done.returncode == 0
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert first["rewritten"] is None
    assert "Mauer" in second["rewritten"]


def test_doctor_finds_nothing_wrong_and_then_something(newsroom: Shell) -> None:
    newsroom("index")
    done = newsroom("doctor", "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["healthy"]) == (0, True)
    assert [finding["check"] for finding in report["findings"]] == [
        "settings", "seeds", "model", "index", "telegram",
    ]  # fmt: skip
    bad = newsroom("doctor", "--json", SEEDS_DIR="nirgends")
    faults = [one for one in json.loads(bad.stdout)["findings"] if one["status"] == "fault"]
    assert bad.returncode == 1
    assert [fault["check"] for fault in faults] == ["seeds"]
    assert "nirgends" in faults[0]["text"]


def test_doctor_says_of_a_malformed_token_what_serving_says(newsroom: Shell) -> None:
    done = newsroom("doctor", "--json", TELEGRAM_TOKEN="hallo")
    texts = {one["check"]: one["text"] for one in json.loads(done.stdout)["findings"]}
    assert texts["telegram"].startswith("BELEGBOT_TELEGRAM_TOKEN is malformed: expected digits")


def test_eval_measures_through_the_pipeline(newsroom: Shell) -> None:
    text = (SEEDS / "wissenschaft/roentgen.txt").read_text(encoding="utf-8")
    answer = "am 8. November 1895"
    qa = {
        "id": "1",
        "question": "Wann bemerkte Röntgen das Leuchten?",
        "answers": [{"text": answer, "answer_start": text.index(answer)}],
    }
    questions = {"data": [{"paragraphs": [{"context": text, "qas": [qa]}]}]}
    (newsroom.folder / "set.json").write_text(json.dumps(questions), encoding="utf-8")
    done = newsroom("eval", "set.json", "--noise", "seeds/geschichte", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["questions"], report["not_verbatim"]) == (1, 0)
    assert report["recall_at_10"] == 1.0
    assert "passage recall@1" in newsroom("eval", "set.json").stdout


def test_help_names_every_command(shell: Shell) -> None:
    done = shell("--help")
    assert done.returncode == 0
    for command in ("index", "ask", "chat", "show", "telegram", "eval", "feedback", "doctor"):
        assert f"  {command} " in done.stdout


def test_the_version_is_there_to_report(shell: Shell) -> None:
    assert shell("--version").stdout.startswith("belegbot")


def test_a_question_needs_no_quotes(newsroom: Shell) -> None:
    done = newsroom("ask", *QUESTION.split(), "--json")
    assert json.loads(done.stdout)["question"] == QUESTION


def test_what_is_refused_in_one_line(shell: Shell) -> None:
    failed(shell("asc"), 2, "Did you mean 'ask'?")
    failed(shell("ask"), 2, "one question or --batch")
    failed(shell("ask", ""), 2, "the question is empty")
    failed(shell("ask", "x" * 1001), 2, "1,001 characters")
    failed(shell("ask", QUESTION, "--loud"), 2, "--loud")
    failed(shell("ask", "--batch", "fehlt.txt"), 2, "fehlt.txt")
    failed(shell("index", SEED_DIR="x"), 2, "BELEGBOT_SEEDS_DIR")
    failed(shell("telegram"), 1, "BELEGBOT_TELEGRAM_TOKEN")
    failed(shell("eval", "fehlt.json"), 2, "fehlt.json")


def test_folders_that_cannot_be_used(shell: Shell) -> None:
    failed(shell("index"), 1, "seeds")
    failed(shell("ask", QUESTION), 1, "seeds")
    (shell.folder / "seeds").mkdir()
    failed(shell("index"), 1, "empty")
    (shell.folder / "seeds/a.txt").write_text("Ein Satz steht hier.", encoding="utf-8")
    failed(shell("index", "--index", "seeds/index"), 2, "inside the seeds folder")
    failed(shell("index", "--index", "/proc/nirgends"), 1, "/proc/nirgends")
    (shell.folder / "datei").write_text("", encoding="utf-8")
    failed(shell("index", "--index", "datei"), 1, "datei")
    assert sorted(path.name for path in shell.folder.iterdir()) == ["datei", "seeds"]


def test_a_model_that_is_not_there(newsroom: Shell) -> None:
    failed(newsroom("index", EMBED_MODEL="./kein-modell"), 1, "kein-modell")
    newsroom("index")
    failed(newsroom("ask", QUESTION, EMBED_MODEL="./kein-modell"), 1, "index --rebuild")


def test_another_seeds_folder_needs_a_rebuild(newsroom: Shell) -> None:
    newsroom("index")
    (newsroom.folder / "andere").mkdir()
    (newsroom.folder / "andere/a.txt").write_text("Ein Satz steht hier.", encoding="utf-8")
    failed(newsroom("index", "--seeds", "andere"), 1, "--rebuild")
    failed(newsroom("ask", QUESTION, "--seeds", "andere"), 1, "--rebuild")
    failed(newsroom("chat", SEEDS_DIR="andere"), 1, "--rebuild")
    failed(newsroom("index", "--seeds", "andere/a.txt"), 1, "is a file")
    done = newsroom("index", "--seeds", "andere", "--rebuild", "--json")
    assert json.loads(done.stdout)["articles"] == 1
    assert done.stderr.startswith("rebuilding 2 articles: the model is the same")
