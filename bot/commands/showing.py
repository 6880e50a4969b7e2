"""``belegbot show``: a citation or an article in context."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.indexing import say_if_stale
from index.errors import UsageError

if TYPE_CHECKING:
    from bot.compose import Program
    from index.storage import Card

SHOWN = 5  # articles named when a name may mean several


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
        found = assistant.find(_resolved(name, program.seeds, assistant.cards()))
    assert found is not None  # noqa: S101 - it is the key of an article
    if isinstance(found, Opened):
        print_opened(found)
    else:
        print_article(found)
    sys.stdout.flush()
    say_if_stale(program, assistant)
    return 0


def _resolved(name: str, seeds: Path, cards: Sequence[Card]) -> str:
    """The article that a person means by a path in another spelling, or by a title.

    Raises:
        UsageError: It may mean none or several; the line names them.
    """
    wanted = name.casefold()
    path = Path(name)
    if path.is_absolute() and path.is_relative_to(seeds.resolve()):
        wanted = path.relative_to(seeds.resolve()).as_posix().casefold()
    wanted = wanted.removeprefix(f"{seeds.as_posix()}/".casefold()).removeprefix("./")
    keys = [card.key for card in cards]
    found = [card.key for card in cards if wanted in (card.key.casefold(), card.title.casefold())]
    found = found or [key for key in keys if key.casefold().startswith(f"{wanted}#")]
    if len(found) == 1:
        return found[0]
    if found:
        more = ", …" if len(found) > SHOWN else ""
        listed = ", ".join(found[:SHOWN])
        raise UsageError(f"{name!r} may mean one of {len(found)} articles: {listed}{more}")
    near = difflib.get_close_matches(name, keys, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else "copy an id or an article from an answer"
    raise UsageError(f"no citation or article is called {name!r}: {hint}")
