"""A page: lines of styled text, wrapped for a terminal or plain in a pipe."""

from __future__ import annotations

import sys
from typing import NamedTuple

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

MAX_WIDTH = 100  # columns: longer lines are hard to read


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
    return "\n".join((_margin(line).plain + line.text.plain).rstrip() for line in page)


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
    for part in line.text.wrap(console, width, overflow="fold", no_wrap=False) or [Text()]:
        shown = Text.assemble(margin, part)
        shown.rstrip()
        console.print(Text(shown.plain) if console.no_color else shown, soft_wrap=True)
        margin = Text(" " * line.indent)


def _margin(line: Line) -> Text:
    return Text.assemble(line.lead, " " * (line.indent - cell_len(line.lead.plain)))
