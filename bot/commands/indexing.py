"""``belegbot index``."""

from __future__ import annotations

import dataclasses
import json as json_
import sys
import threading
from typing import TYPE_CHECKING, Any

import typer

from bot.commands.progress import ProgressBar
from index.errors import BelegError, SeedsError
from index.sources.outcome import visible

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.compose import Program
    from index.build import BuildReport


def run_index(program: Program, *, json: bool, watch: bool, rebuild: bool) -> int:
    """Builds once, and with ``watch`` again whenever the folder changes."""
    if rebuild:
        typer.echo(_announced(program), err=True)
    with ProgressBar() as progress:
        report = program.build(rebuild=rebuild, progress=progress)
    tell(report, json=json)
    if watch:
        _watch(program, json=json)
    return 0


def build_if_missing(program: Program) -> None:
    """Makes the first generation, so that a newcomer needs one command only."""
    from index.storage import current_name

    if current_name(program.index) is None:
        with ProgressBar() as progress:
            report = program.build(progress=progress)
        tell(report, err=True)


def _announced(program: Program) -> str:
    """How much a rebuild will embed, before it begins."""
    from index.storage import open_current

    try:
        generation = open_current(program.index)
    except BelegError:
        return "rebuilding: every passage is embedded"
    try:
        held = generation.manifest
        if held.model.fingerprint == program.encoder().fingerprint:
            return (
                f"rebuilding {_counted(held.articles, 'article')}: the model is the same, so only "
                "passages whose text has changed are embedded"
            )
        return f"rebuilding: about {_counted(held.passages, 'passage')} to embed"
    finally:
        generation.close()


def prepare(program: Program) -> Assistant:
    """An assistant over an index that is there, and of the folder that was named.

    Raises:
        SeedsError: The index was built from another folder.
        BelegError: The index cannot be built or used.
    """
    build_if_missing(program)
    assistant = program.assistant()
    with assistant.library.generation() as generation:
        built_from = generation.manifest.seeds
    if (
        program.seeds_named
        and program.seeds.is_dir()
        and built_from != str(program.seeds.resolve())
    ):
        raise SeedsError(
            f"the index was built from {built_from}, not from {program.seeds}: name another one "
            "with --index, or run 'belegbot index --rebuild'"
        )
    return assistant


def say_if_stale(program: Program, assistant: Assistant) -> None:
    """One line when the folder has changed since the index was built."""
    from index.staleness import changed_since

    try:
        with assistant.library.generation() as generation:
            stale = changed_since(program.seeds, program.index, generation)
    except BelegError:
        return  # answering needs no seeds folder
    if stale:
        typer.echo(f"{program.seeds} has changed since: run 'belegbot index'", err=True)


def report_json(report: BuildReport) -> dict[str, Any]:
    """The object that ``belegbot index --json`` prints."""
    fields = dataclasses.asdict(report)
    fields["skipped"] = [dataclasses.asdict(skipped) for skipped in report.skipped]
    fields["seconds"] = round(report.seconds, 3)
    return fields


def report_lines(report: BuildReport, *, skipped: bool = True) -> list[str]:
    """The same for people."""
    counts = ", ".join(
        f"{count:,} {name}"
        for name in ("added", "changed", "moved", "removed", "unchanged")
        if (count := getattr(report, name))
    )
    lines = [
        f"{_counted(report.articles, 'article')}, {_counted(report.passages, 'passage')}, "
        f"{_counted(report.sentences, 'sentence')} ({counts or 'nothing to do'}; "
        f"{_counted(report.embedded, 'passage')} embedded in {report.seconds:.1f} s)"
    ]
    if report.resumed:
        lines.append(f"{report.resumed:,} embeddings taken over from an interrupted run")
    if report.stories:
        stories = f"{report.stories:,} {'story' if report.stories == 1 else 'stories'}"
        lines.append(f"{stories} told by several articles")
    if skipped:
        lines += [f"skipped {visible(one.path)}: {one.reason}" for one in report.skipped]
    return lines


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def tell(
    report: BuildReport, *, json: bool = False, err: bool = False, skipped: bool = True
) -> None:
    """Prints what a build did; ``skipped``: and which files it passed over."""
    if json:
        typer.echo(json_.dumps(report_json(report), ensure_ascii=False))
    else:
        for line in report_lines(report, skipped=skipped):
            typer.echo(line, err=err)
    sys.stdout.flush()


def _watch(program: Program, *, json: bool) -> None:
    from index.watch import watch

    if not json:
        typer.echo(f"watching {program.seeds} (Ctrl-C ends)", err=True)

    def refresh() -> None:
        try:
            report = program.build()
        except BelegError as error:
            typer.echo(f"belegbot: {error}", err=True)
        else:
            if report.added or report.changed or report.moved or report.removed:
                tell(report, json=json, skipped=json)

    watch(program.seeds, refresh, threading.Event())
