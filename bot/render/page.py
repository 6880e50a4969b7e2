"""A page: lines of styled text, wrapped for a terminal or plain in a pipe."""

from __future__ import annotations

import sys
from typing import NamedTuple

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

MAX_WIDTH = 100  # columns: longer lines are hard to read

NO_BREAK = "\u00a0"  # a blank that no line may end at; shown as an ordinary one
_GLUE = "\ue000"  # stands for it while rich wraps, which would break at it


class Line(NamedTuple):
    """One paragraph of a page.

    Attributes:
        indent: Columns from the left, in every line that it is wrapped to.
        lead: What stands in those columns of the first line.
    """

    text: Text
    indent: int = 0
    lead: Text = Text()


Page = list[Line]
EMPTY = Line(Text())


def text_of(page: Page) -> str:
    """The page without styles, one line a paragraph, no newline at the end."""
    lines = ((_margin(line).plain + line.text.plain).rstrip() for line in page)
    return "\n".join(lines).replace(NO_BREAK, " ")


def width_of(console: Console) -> int:
    """How many columns a page takes on this terminal."""
    return max(20, min(console.width, MAX_WIDTH))


def show(page: Page, console: Console | None = None) -> None:
    """Writes a page: wrapped and styled on a terminal, one line a paragraph in a pipe.

    With NO_COLOR a terminal gets no style at all.
    """
    console = console or Console(file=sys.stdout)
    if console.is_terminal:
        for line in page:
            _show_wrapped(line, console)
    elif page:
        console.file.write(text_of(page) + "\n")
    console.file.flush()


def _show_wrapped(line: Line, console: Console) -> None:
    width = max(1, width_of(console) - line.indent)
    margin = _margin(line)
    text = _replaced(line.text, NO_BREAK, _GLUE)
    for part in text.wrap(console, width, overflow="fold", no_wrap=False) or [Text()]:
        part = _replaced(part, _GLUE, " ")
        shown = Text.assemble(margin, part)
        shown.rstrip()
        console.print(Text(shown.plain) if console.no_color else shown, soft_wrap=True)
        margin = Text(" " * line.indent)


def _replaced(text: Text, old: str, new: str) -> Text:
    """One character for another, styles kept."""
    copy = text.copy()
    copy.plain = text.plain.replace(old, new)
    return copy


def _margin(line: Line) -> Text:
    return Text.assemble(line.lead, " " * (line.indent - cell_len(line.lead.plain)))
