"""``belegbot doctor``: what is well, what is not, and what to do about it."""

from __future__ import annotations

import json as json_
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from index.errors import BelegError, UsageError

if TYPE_CHECKING:
    from bot.compose import Program

Status = Literal["ok", "note", "fault"]
SIGNS = {"ok": "✓", "note": "·", "fault": "✗"}
TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. A fault's text says what to do."""

    check: str
    status: Status
    text: str


def run_doctor(seeds: Path | None, index: Path | None, *, json: bool) -> int:
    """Prints every finding; exit status 1 when one of them is a fault."""
    findings = list(examine(seeds, index))
    healthy = all(finding.status != "fault" for finding in findings)
    if json:
        report = {"healthy": healthy, "findings": [asdict(finding) for finding in findings]}
        typer.echo(json_.dumps(report, ensure_ascii=False))
    else:
        for finding in findings:
            typer.echo(f"{SIGNS[finding.status]} {finding.check:<9} {finding.text}")
    return 0 if healthy else 1


def examine(seeds: Path | None, index: Path | None) -> Iterator[Finding]:
    """Looks at settings, seeds, model, index, language model and token, in that order."""
    from bot.compose import compose
    from bot.settings import load_settings

    try:
        program = compose(load_settings(), seeds, index)
    except UsageError as error:
        yield Finding("settings", "fault", str(error))
        return
    yield Finding("settings", "ok", "every name and value is understood")
    yield _guarded("seeds", lambda: _seeds(program))
    yield _guarded("model", lambda: _model(program))
    yield _guarded("index", lambda: _index(program))
    if program.settings.llm_url:
        yield _guarded("language", lambda: _language_model(program))
    yield _guarded("telegram", lambda: _telegram(program))
    yield from _access(program)


def _guarded(check: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except BelegError as error:
        return Finding(check, "fault", str(error))


def _seeds(program: Program) -> Finding:
    from index.sources import scan

    found = scan(program.seeds, exclude=program.index)
    text = f"{len(found.files):,} files in {program.seeds}, {len(found.skipped):,} passed over"
    return Finding("seeds", "ok", text)


def _model(program: Program) -> Finding:
    encoder = program.encoder()
    text = f"{encoder.name}, {encoder.dimension} dimensions, fingerprint {encoder.fingerprint}"
    return Finding("model", "ok", text)


def _index(program: Program) -> Finding:
    assistant = program.assistant()
    try:
        with assistant.library.generation() as generation:
            if generation.damaged:
                return Finding("index", "fault", f"{generation.damaged}: run 'belegbot index'")
            held = generation.manifest
            if program.seeds.is_dir() and held.seeds != str(program.seeds.resolve()):
                text = (
                    f"it was built from {held.seeds}, not from {program.seeds}: "
                    "set BELEGBOT_SEEDS_DIR, or run 'belegbot index --rebuild'"
                )
                return Finding("index", "fault", text)
            text = f"{held.articles:,} articles, {held.passages:,} passages ({generation.name})"
            return Finding("index", "ok", text)
    finally:
        assistant.close()


def _language_model(program: Program) -> Finding:
    writer = program.writer()
    wrong = writer.probe() if writer else None
    if wrong:
        text = f"{wrong}: check BELEGBOT_LLM_URL, _LLM_MODEL and _LLM_API_KEY; answers quote"
        return Finding("language", "fault", text)
    return Finding("language", "ok", f"{program.settings.llm_model or 'the model'} answers")


def _telegram(program: Program) -> Finding:
    from bot.telegram_app import TelegramConfig

    token = program.settings.telegram_token.get_secret_value()
    if not token:
        return Finding("telegram", "note", "no token: set BELEGBOT_TELEGRAM_TOKEN to serve a bot")
    _ = TelegramConfig(token).bot_id  # a malformed token is said before anybody is asked
    return _ask_telegram(program.settings.telegram_api_url, token)


def _ask_telegram(root: str, token: str) -> Finding:
    import httpx

    try:
        reply = httpx.get(f"{root}/bot{token}/getMe", timeout=TIMEOUT_SECONDS).json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        text = f"{root} does not answer: check the network and BELEGBOT_TELEGRAM_API_URL"
        return Finding("telegram", "fault", text)
    if not reply.get("ok"):
        text = "Telegram refuses the token: copy it anew from @BotFather"
        return Finding("telegram", "fault", text)
    return Finding("telegram", "ok", f"the token is that of @{reply['result']['username']}")


def _access(program: Program) -> Iterator[Finding]:
    settings = program.settings
    if not settings.telegram_token.get_secret_value():
        return
    if not settings.telegram_allowed:
        yield Finding(
            "access", "note", "BELEGBOT_TELEGRAM_ALLOWED is empty: everyone may ask the bot"
        )
    if not settings.telegram_admins:
        yield Finding("access", "note", "BELEGBOT_TELEGRAM_ADMINS is empty: nobody can manage it")
