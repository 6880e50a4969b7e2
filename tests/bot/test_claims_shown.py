"""What people see of a language model: claims as they pass, their sources, notices."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.answer import Answer
from bot.commands.asking import run_ask
from bot.compose import compose
from bot.conversation import Conversation
from bot.language_model.writing import OnClaim
from bot.settings import load_settings
from index.build import build
from index.encoder import Encoder
from index.errors import UsageError
from tests.bot.pseudo_terminal import Terminal
from tests.bot.samples import ANSWER, two_citations
from tests.bot.test_repl import QUESTION, REFUSED, SHOWN, Script, engine, transcript
from tests.bot.test_repl_terminal import CTRL_D, ENTER, typed
from tests.conftest import MODELS, ROOT
from tests.fake_llm import FakeModel, Reply
from tests.fake_llm.server import pieces_of

NOTICE = "Das Sprachmodell brach ab; hier steht, was belegt ist."
SOURCES = """\
[1] Der Fall der Berliner Mauer · Geschichtsblatt · 9. November 2024
    geschichte/mauerfall.md · Abschnitt „Der Abend“ · S. 3
    »Am 9. November 1989 öffnete die DDR ihre Grenzen.« Tausende kamen.

[2] The Wall
    wall.txt
    „The border opened in the evening.“
"""
WRITTEN = replace(two_citations(), mode="generative")


class Speaking(Script):
    """Tells of each claim of a generative answer before it returns it."""

    def answer(
        self,
        question: str,
        conversation: Conversation,
        *,
        today: date,
        on_claim: OnClaim | None = None,
    ) -> Answer:
        answer = super().answer(question, conversation, today=today)
        if answer.mode == "generative" and on_claim is not None:
            for claim in answer.claims:
                new = tuple(c for c in answer.citations if c.n in claim.citations)
                on_claim(claim, new)
        return answer


def test_claims_then_their_sources_and_no_text_twice(tmp_path: Path):
    said = typed(f"{QUESTION}{ENTER}/quit{ENTER}", tmp_path, Speaking({QUESTION: WRITTEN}))
    assert said.partition("/help\n")[2] == (
        "\n\n"
        "Am 9. November 1989 öffnete die DDR ihre Grenzen. [1]\n"
        "The border opened in the evening. [2]\n"
        "\n"
        f"{SOURCES}"
        "\n"
        "Bis bald!\n"
    )


def test_a_notice_stands_between_claims_and_sources(tmp_path: Path):
    script = Speaking({QUESTION: replace(WRITTEN, notice=NOTICE)})
    said = typed(f"{QUESTION}{ENTER}{CTRL_D}", tmp_path, script)
    assert f"in the evening. [2]\n{NOTICE}\n\n[1] Der Fall" in said


def test_an_answer_that_quotes_is_shown_as_without_a_model(tmp_path: Path):
    answers = engine().answers
    keys = f"{QUESTION}{ENTER}Wer gewann 2031?{ENTER}{CTRL_D}"
    said = typed(keys, tmp_path, Speaking(answers))
    assert said == typed(keys, tmp_path, Script(answers))
    assert f"\n\n{SHOWN}\n" in said
    assert f"\n\n{REFUSED}\n" in said


def test_what_goes_wrong_after_a_claim_stands_below_it(tmp_path: Path):
    class Failing(Speaking):
        def answer(self, *arguments: object, **options: object) -> Answer:
            super().answer(*arguments, **options)  # type: ignore[arg-type]
            raise UsageError("the index is gone")

    said = typed(f"{QUESTION}{ENTER}{CTRL_D}", tmp_path, Failing({QUESTION: WRITTEN}))
    assert "in the evening. [2]\nFehler: the index is gone\n" in said


def test_a_pipe_gets_the_whole_answer_once_and_the_notice(tmp_path: Path):
    script = Speaking({QUESTION: replace(ANSWER, mode="generative", notice=NOTICE)})
    fact, _, sources = SHOWN.partition("\n")
    assert transcript(script, QUESTION, tmp_path) == f"{fact}\n{NOTICE}\n{sources}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """Holds ``seeds`` with one article and the ``index`` of it."""
    folder = tmp_path_factory.mktemp("claims")
    (folder / "seeds").mkdir()
    (folder / "seeds" / "mauer.md").write_text(
        "---\ntitle: Die Nacht der Mauer\ndate: 2024-11-09\n---\n\n"
        "Am 9. November 1989 fiel die Berliner Mauer. Günter Schabowski hatte am Abend eine neue "
        "Reiseregelung verlesen.\n",
        "utf-8",
    )
    build(folder / "seeds", folder / "index", lambda: encoder)
    return folder


def settings(folder: Path, server: FakeModel) -> dict[str, str]:
    return {
        "BELEGBOT_SEEDS_DIR": str(folder / "seeds"),
        "BELEGBOT_INDEX_DIR": str(folder / "index"),
        "BELEGBOT_CACHE_DIR": str(MODELS),
        "BELEGBOT_LLM_URL": server.url,
    }


def test_the_first_claim_is_on_the_screen_before_the_stream_ends(folder: Path, tmp_path: Path):
    first = "Die Berliner Mauer fiel am 9.11.1989 [1]. "
    lie = "Günter Schabowski verlas am 10. November eine neue Reiseregelung [1]. "
    further = "Günter Schabowski hatte eine neue Reiseregelung verlesen [1]. "
    pieces = (first, *pieces_of(lie + further, 5))
    command = [sys.executable, "-m", "bot", "chat"]
    with (
        FakeModel(Reply(pieces, pause=0.07)) as server,
        Terminal(
            command, cwd=tmp_path, PYTHONPATH=str(ROOT), **settings(folder, server)
        ) as terminal,
    ):
        terminal.read_until("Frage oder /help", "› ")
        terminal.type(f"{QUESTION}\r")
        screen = terminal.read_until("fiel am 9.11.1989. [1]")
        so_far = len(server.said)
        assert so_far < len(pieces)
        assert "Reiseregelung" not in screen
        screen += terminal.read_until("[2] Die Nacht", "verlesen.«", "› ")
        assert len(server.said) == len(pieces)
        terminal.type(CTRL_D)
        terminal.read_until("Bis bald!")
        assert terminal.wait() == 0
    assert "10. November" not in screen
    assert screen.count("fiel am 9.11.1989.") == 1
    claim = screen.index("Günter Schabowski hatte eine neue Reiseregelung verlesen. [2]")
    assert claim < screen.index("[1] Die Nacht der Mauer")


def test_ask_quotes_and_says_so_when_the_model_is_down(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    env_file = tmp_path / ".env"
    with FakeModel(Reply(status=500)) as server:
        lines = (f"{name}={value}" for name, value in settings(folder, server).items())
        env_file.write_text("\n".join(lines), "utf-8")
        assert run_ask(compose(load_settings(env_file)), QUESTION, json=False) == 0
        assert len(server.requests) == 2  # one retry
    fact, notice, rest = capsys.readouterr().out.split("\n", 2)
    assert fact == "Am 9. November 1989 fiel die Berliner Mauer. [1]"
    assert notice.startswith("Das Sprachmodell ist gerade nicht erreichbar")
    assert rest.startswith("\n[1] Die Nacht der Mauer")


def test_chat_imports_the_client_before_anything_is_asked(folder: Path, tmp_path: Path):
    with (
        FakeModel(Reply()) as server,
        subprocess.Popen(
            [sys.executable, "-X", "importtime", "-m", "bot", "chat"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), **settings(folder, server)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as chat,
    ):
        assert chat.stderr is not None
        imported = iter(chat.stderr.readline, b"")
        assert any(b"llama_index.llms.openai_like" in line for line in imported)
        said, _ = chat.communicate(timeout=60)
        assert (chat.returncode, said, server.requests) == (0, b"", [])
