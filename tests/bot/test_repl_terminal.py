from __future__ import annotations

import re
import stat
import sys
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.answer import Answer
from bot.conversation import Conversation
from bot.repl.session import Session
from bot.repl.terminal import CommandCompleter, converse
from tests.bot.pseudo_terminal import Terminal
from tests.bot.samples import terminal, two_citations, written
from tests.bot.test_repl import QUESTION, TODAY, Script, engine

WELCOME = "belegbot: 3 Artikel, der neueste vom 9. November 2024 · Frage oder /help\n"
ENTER, CTRL_C, CTRL_D, UP = "\r", "\x03", "\x04", "\x1b[A"


def typed(keys: str, state_dir: Path, script: Script | None = None) -> str:
    """What a terminal shows beside the prompt when these keys are struck."""
    console = terminal(100, colours=False)
    session = Session(script or engine(), lambda: TODAY, "de")
    with create_pipe_input() as keyboard:
        keyboard.send_text(keys)
        with create_app_session(input=keyboard, output=DummyOutput()):
            converse(session, console, state_dir)
    # The spinner draws over itself; what stays is what counts.
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r|[⠀-⣿] suche …\n?", "", written(console))


def test_a_conversation_on_a_terminal(tmp_path: Path):
    assert typed(f"Hallo{ENTER}{ENTER}   {ENTER}/nwe{ENTER}/quit{ENTER}", tmp_path) == (
        f"{WELCOME}"
        "\n\n"
        "Hallo! Stell mir eine Frage.\n"
        "\n\n\n\n"
        "Fehler: Den Befehl /nwe gibt es nicht. Meintest du /new?\n"
        "\n"
        "Bis bald!\n"
    )


def test_ctrl_c_clears_the_line_and_ctrl_d_leaves(tmp_path: Path):
    script = engine()
    said = typed(f"Unsinn{CTRL_C}Hallo{ENTER}{CTRL_C}{CTRL_D}", tmp_path, script)
    assert [question for question, *_ in script.asked] == ["Hallo"]
    assert said.endswith("Stell mir eine Frage.\n\nZum Beenden: /quit oder Strg-D.\n\nBis bald!\n")


def test_ctrl_c_stops_a_search_and_the_conversation_goes_on(tmp_path: Path):
    class Impatient(Script):
        def answer(self, question: str, conversation: Conversation, **rest: object) -> Answer:
            if question == "Wie?":
                raise KeyboardInterrupt
            return engine().answer(question, conversation, today=TODAY)

    said = typed(f"Wie?{ENTER}Hallo{ENTER}{CTRL_D}", tmp_path, Impatient({}))
    assert said.endswith("Abgebrochen.\n\n\nHallo! Stell mir eine Frage.\n\nBis bald!\n")


def test_what_was_typed_is_kept_for_its_owner_alone(tmp_path: Path):
    state = tmp_path / "state"
    typed(f"Hallo{ENTER}{CTRL_D}", state)
    script = engine()
    typed(f"{UP}{ENTER}{CTRL_D}", state, script)
    assert [question for question, *_ in script.asked] == ["Hallo"]
    assert stat.S_IMODE((state / "chat_history").stat().st_mode) == 0o600


def test_a_history_that_cannot_be_kept_stops_nothing(tmp_path: Path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert typed(f"Hallo{ENTER}{CTRL_D}", tmp_path / "file").endswith(
        "Hallo! Stell mir eine Frage.\n\nBis bald!\n"
    )


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("/", ["/help", "/sources", "/show ", "/new", "/debug", "/quit"]),
        ("/s", ["/sources", "/show "]),
        ("/show ", ["1", "2"]),
        ("/show 2", ["2"]),
        ("/x", []),
        ("Wann", []),
        ("", []),
    ],
)
def test_completion(text: str, offered: list[str]):
    session = Session(Script({QUESTION: two_citations()}), lambda: TODAY, "de")
    session.reply(QUESTION)
    completions = CommandCompleter(session).get_completions(Document(text), CompleteEvent())
    assert [completion.text for completion in completions] == offered


def test_completion_says_what_each_command_does():
    session = Session(engine(), lambda: TODAY, "de")
    offered = CommandCompleter(session).get_completions(Document("/n"), CompleteEvent())
    assert [(c.display_text, c.display_meta_text) for c in offered] == [
        ("/new", "ein neues Gespräch beginnen")
    ]
    assert (
        list(CommandCompleter(session).get_completions(Document("/show "), CompleteEvent())) == []
    )


PROGRAM = """
import sys
from pathlib import Path
from bot.repl import run_repl
from tests.bot.pseudo_terminal import Terminal
from tests.bot.test_repl import engine
sys.exit(run_repl(engine(), state_dir=Path(sys.argv[1])))
"""


def test_a_real_terminal(tmp_path: Path):
    root = Path(__file__).parents[2]
    with Terminal([sys.executable, "-c", PROGRAM, str(tmp_path)], cwd=root) as terminal:
        screen = terminal.read_until("Frage oder /help", "› ")
        assert "belegbot: 3 Artikel, der neueste vom 9. November 2024" in screen
        terminal.type(f"{QUESTION}{ENTER}")
        screen = terminal.read_until("Tausende kamen.", "› ")
        assert "suche …" in screen
        assert (
            "Am 9. November 1989 öffnete die DDR ihre Grenzen. [1]\n"
            "\n"
            "[1] Der Fall der Berliner Mauer · Geschichtsblatt · 9. November 2024\n"
            "    geschichte/mauerfall.md · Abschnitt „Der Abend“ · S. 3\n"
            "    »Am 9. November 1989 öffnete die DDR ihre Grenzen.« Tausende kamen.\n"
        ) in screen
        terminal.type(CTRL_D)
        terminal.read_until("Bis bald!")
        assert terminal.wait() == 0
