"""The worker process: reads one file after another with foreign parsers, under limits.

Requests come on standard input, answers leave on what was standard output; a parser that
prints cannot disturb them. An alarm ends the process when a file takes too long, even if the
parent that would have ended it is gone.
"""

from __future__ import annotations

import json
import math
import os
import resource
import signal
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from index.articles import Article
from index.sources.limits import MEGABYTE, MOST_BYTES, MOST_SKIPPED_RECORDS, ending
from index.sources.opening import read_bytes
from index.sources.outcome import Skipped, Unreadable, visible
from index.sources.wire import DONE, FAILED, READY, line, outcome_line

_GRACE_SECONDS = 5


def main(memory_mb: int, seconds: float) -> None:
    """Serves requests ``{"path": …, "key": …}`` until standard input ends."""
    answers = _private_output()
    _limit_memory(memory_mb)
    answers.write(line({READY: True}))
    answers.flush()
    patience = math.ceil(seconds) + _GRACE_SECONDS
    for request in sys.stdin.buffer:
        asked = json.loads(request)
        signal.alarm(patience)
        closing = FAILED
        try:
            for outcome in _few(_outcomes(Path(asked["path"]), asked["key"]), asked["key"]):
                answers.write(outcome_line(outcome))
                signal.alarm(patience)
            closing = DONE
        except MemoryError:
            pass
        answers.write(line({closing: True}))
        answers.flush()
        signal.alarm(0)
        if closing == FAILED:
            return


def _private_output() -> BinaryIO:
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    return answers


def _limit_memory(memory_mb: int) -> None:
    most = memory_mb * MEGABYTE
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ValueError, OSError):  # some systems know no such limit; the time limit still holds
        pass


def _outcomes(path: Path, key: str) -> Iterable[Article | Skipped]:
    """Reads one file, whatever its parser makes of it."""
    try:
        yield from _parsed(key, read_bytes(path, MOST_BYTES[ending(key)]))
    except Unreadable as reason:
        yield Skipped(key, str(reason))
    except RecursionError:
        yield Skipped(key, "is nested too deeply; no article is")
    except MemoryError:
        raise
    except Exception as error:  # a foreign parser on foreign bytes fails in ways of its own
        detail = visible(str(error), 80)
        yield Skipped(key, f"cannot be parsed ({type(error).__name__}: {detail}); is it damaged?")


def _few(outcomes: Iterable[Article | Skipped], key: str) -> Iterator[Article | Skipped]:
    """Lets only so many reasons through, lest a file of a million broken lines fill the parent."""
    skipped = 0
    for outcome in outcomes:
        skipped += isinstance(outcome, Skipped)
        if skipped <= MOST_SKIPPED_RECORDS or not isinstance(outcome, Skipped):
            yield outcome
    if skipped > MOST_SKIPPED_RECORDS:
        yield Skipped(key, f"{skipped - MOST_SKIPPED_RECORDS:,} more records are skipped")


def _parsed(key: str, data: bytes) -> Iterable[Article | Skipped]:
    suffix = ending(key)
    if suffix in (".html", ".htm"):
        from index.sources.web import read_html

        return [read_html(key, data)]
    if suffix == ".pdf":
        from index.sources.pdf import read_pdf

        return read_pdf(key, data)
    if suffix == ".docx":
        from index.sources.word import read_docx

        return [read_docx(key, data)]
    if suffix == ".jsonl":
        from index.sources.records import read_jsonl

        return read_jsonl(key, data)
    if suffix == ".csv":
        from index.sources.records import read_csv

        return read_csv(key, data)
    from index.sources.feeds import read_feed

    return read_feed(key, data)
