"""The command line: ``belegbot COMMAND``.

Nothing heavy is imported before a command needs it, so that ``--help`` is there at once.

Exit status: 0 done, 1 failed, 2 wrong usage; each failure is one line on standard error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

if TYPE_CHECKING:
    from bot.compose import Program

app = typer.Typer(
    name="belegbot",
    help="Answers questions about a folder of articles; every sentence carries a verbatim quote.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

# typer reads these annotations at run time, and Optional is what it documents.
Seeds = Annotated[Optional[Path], typer.Option("--seeds", help="The folder of articles.")]  # noqa: UP045
Index = Annotated[Optional[Path], typer.Option("--index", help="The folder of the index.")]  # noqa: UP045
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"belegbot {version('belegbot')}")
        except PackageNotFoundError:
            typer.echo("belegbot, not installed")
        raise typer.Exit


@app.callback()
def program(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    """Answers questions about a folder of articles; every sentence carries a verbatim quote."""


@app.command("index")
def index_(
    seeds: Seeds = None,
    index: Index = None,
    json: Json = False,
    watch: Annotated[bool, typer.Option("--watch", help="Keep it so until Ctrl-C.")] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Start afresh: another model or seeds folder.")
    ] = False,
) -> int:
    """Bring the index up to date with the seeds folder."""
    from bot.commands.indexing import run_index

    return run_index(_program(seeds, index), json=json, watch=watch, rebuild=rebuild)


@app.command()
def ask(
    question: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Argument(help="The question, in quotes or not."),
    ] = None,
    batch: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--batch", help="One question a line ('-': standard input), JSON lines out."),
    ] = None,
    seeds: Seeds = None,
    index: Index = None,
    json: Json = False,
) -> int:
    """Answer one question, or one a line with --batch."""
    from bot.commands.asking import run_ask, run_batch
    from index.errors import UsageError

    if bool(question) == (batch is not None):
        raise UsageError('ask takes one question or --batch FILE: belegbot ask "Wann …?"')
    program = _program(seeds, index)
    if batch is not None:
        return run_batch(program, batch)
    return run_ask(program, " ".join(question or ()), json=json)


@app.command()
def chat(seeds: Seeds = None, index: Index = None, json: Json = False) -> int:
    """Hold a conversation in the terminal.

    With a pipe on standard input it answers each line of one conversation in order.
    """
    from bot.commands.chatting import run_chat

    return run_chat(_program(seeds, index), json=json)


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="A citation's id or an article.")],
    index: Index = None,
) -> int:
    """Open a citation or an article in context."""
    from bot.commands.showing import run_show

    return run_show(_program(None, index), name)


@app.command()
def telegram(seeds: Seeds = None, index: Index = None) -> int:
    """Serve the Telegram bot until SIGTERM."""
    from bot.commands.telegramming import run_telegram

    return run_telegram(_program(seeds, index))


@app.command("eval")
def evaluate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="SQuAD-format files.")],
    questions: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--questions", help="Ask the questions of this parallel file."),
    ] = None,
    noise: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--noise", help="Search among the articles of this folder, too."),
    ] = None,
    json: Json = False,
) -> int:
    """Measure answers on question sets.

    The files are in SQuAD format; retrieval, evidence, abstention and calibration are measured.
    """
    from bot.commands.evaluating import run_eval

    return run_eval(_program(None, None), files, questions=questions, noise=noise, json=json)


@app.command()
def feedback(
    export: Annotated[Path, typer.Option("--export", help="Write the question set here.")],
    index: Index = None,
) -> int:
    """Export Telegram's thumbs as a question set."""
    from bot.commands.feedback import run_feedback

    return run_feedback(_program(None, index), export)


@app.command()
def doctor(seeds: Seeds = None, index: Index = None, json: Json = False) -> int:
    """Say what is well, what is not, and what to do.

    Looks at settings, articles, model, index and token.
    """
    from bot.commands.diagnosing import run_doctor

    return run_doctor(seeds, index, json=json)


def _program(seeds: Path | None, index: Path | None) -> Program:
    from bot.compose import compose
    from bot.settings import load_settings

    return compose(load_settings(), seeds, index)


def run(arguments: Sequence[str]) -> int:
    """Runs one command and returns its exit status; every failure is one line."""
    try:
        return _run(arguments)
    except BrokenPipeError:
        # The reader of our output has gone (belegbot … | head): there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _run(arguments: Sequence[str]) -> int:
    from typer._click.exceptions import ClickException, NoArgsIsHelpError

    from index.errors import BelegError, UsageError

    try:
        status = typer.main.get_command(app).main(list(arguments), standalone_mode=False)
    except NoArgsIsHelpError as error:
        typer.echo(error.format_message())
        return 2
    except ClickException as error:
        return _fail(f"{error.format_message()} (see 'belegbot --help')", 2)
    except UsageError as error:
        return _fail(str(error), 2)
    except BelegError as error:
        return _fail(str(error), 1)
    return int(status or 0)


def _fail(message: str, status: int) -> int:
    line = " ".join(message.split())
    typer.echo(f"belegbot: {line}", err=True)
    return status
