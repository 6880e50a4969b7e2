"""``belegbot show``: a citation or an article in context."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from index.errors import UsageError

if TYPE_CHECKING:
    from bot.compose import Program


def run_show(program: Program, name: str) -> int:
    """Opens what the name stands for.

    Raises:
        UsageError: No citation has that id and no article that path.
    """
    from bot.citations import Opened
    from bot.render.plain import print_article, print_opened

    assistant = program.assistant()
    found = assistant.find(name)
    if found is None:
        raise UsageError(_unknown(name, [card.key for card in assistant.cards()]))
    if isinstance(found, Opened):
        print_opened(found)
    else:
        print_article(found)
    sys.stdout.flush()
    return 0


def _unknown(name: str, keys: list[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, keys, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else "copy an id or an article from an answer"
    return f"no citation or article is called {name!r}: {hint}"
