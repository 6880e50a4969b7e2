"""Why a file was not read, in the language of whoever sent it.

The index gives its reasons in English. ``reasons_de.toml`` names each with the words for it;
what it does not name stays English.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
_FIELD = re.compile(r"\\\{(\w+)\\\}")


def reason_in(language: str, reason: str) -> str:
    """The reason in that language, or as it is."""
    for pattern, words in _table(language):
        if found := pattern.fullmatch(reason):
            return words.format(**found.groupdict())
    return reason


@cache
def _table(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    path = _HERE / f"reasons_{language}.toml"
    if not path.exists():
        return ()
    table = tomllib.loads(path.read_text(encoding="utf-8"))["reasons"]
    return tuple((_pattern(said), words) for said, words in table.items())


def _pattern(said: str) -> re.Pattern[str]:
    """``{name}`` in what the index says stands for any words."""
    return re.compile(_FIELD.sub(r"(?P<\1>.+?)", re.escape(said)), re.DOTALL)
