"""Keeps the token out of every log record, whoever writes it."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_SHOWN = "<token>"


@contextmanager
def redacted(token: str) -> Iterator[None]:
    """While the block runs, no log record of this process holds the token.

    It works where records are made, before any filter, handler or formatter: URLs that httpx
    logs, exceptions' texts and tracebacks included.
    """
    secret = token.partition(":")[2] or token
    pattern = re.compile("|".join(re.escape(part) for part in (token, secret) if part) or r"(?!)")
    make = logging.getLogRecordFactory()

    def clean(value: Any) -> Any:
        text = value if isinstance(value, str) else str(value)
        return pattern.sub(_SHOWN, text) if pattern.search(text) else value

    def factory(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        message = record.getMessage()
        if pattern.search(message):
            record.msg, record.args = pattern.sub(_SHOWN, message), ()
        if record.exc_info and record.exc_info[1] is not None:
            text = "".join(traceback.format_exception(record.exc_info[1])).rstrip()
            if pattern.search(text):
                record.exc_text, record.exc_info = pattern.sub(_SHOWN, text), None
        if record.stack_info:
            record.stack_info = clean(record.stack_info)
        return record

    logging.setLogRecordFactory(factory)
    try:
        yield
    finally:
        logging.setLogRecordFactory(make)
