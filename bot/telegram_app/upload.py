"""Documents that admins send: checked like any hostile file, stored, indexed, reported back."""

from __future__ import annotations

import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from telegram import Document, Message, Update

from bot.render.passages import one_line
from bot.render.strings import Strings
from bot.render.telegram_html import clipped, escape
from index.sources.limits import MEGABYTE, MOST_BYTES, ending

from .admin import rebuilt
from .desk import Desk, texts_for
from .reasons import reason_in
from .titling import title_of, titled

log = logging.getLogger(__name__)

FOLDER = "telegram"
_MOST_BYTES = 20 * MEGABYTE  # the Bot API hands out no more
_SHOWN_NAME = 100


class RefusedError(Exception):
    """A document is not taken; ``str(error)`` is for its sender."""


class UnreadError(Exception):
    """A document holds nothing that can be quoted; ``str(error)`` says why."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A document that was read and is good to store.

    Attributes:
        name: The bot's own, in the folder of sent documents.
        sent: What its sender called it, on one line.
    """

    name: str
    sent: str
    data: bytes


class Upload:
    """Adds an admin's document to the seeds folder."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def received(self, update: Update, _: Any) -> None:
        """A document from an admin."""
        message, texts = update.message, texts_for(update.effective_user)
        seeds = self._desk.config.seeds
        if message is None or message.document is None or seeds is None:
            return
        try:
            taken = await self._take(update.update_id, message, message.document, texts)
        except RefusedError as error:
            await self._desk.reply(update, escape(str(error)))
            return
        lines = [texts.text("upload.stored", sent=taken.sent, name=f"{FOLDER}/{taken.name}")]
        if self._desk.config.rebuild is not None:
            lines.append(await rebuilt(self._desk, message, texts, lambda: store(taken, seeds)))
        else:
            await self._desk.blocking(lambda: store(taken, seeds))
        await self._desk.reply(update, escape("\n".join(lines)))

    async def _take(
        self, number: int, message: Message, document: Document, texts: Strings
    ) -> Taken:
        """Fetches the document and reads it.

        Raises:
            RefusedError: It is not to be stored; the text says why.
        """
        sent = document.file_name or ""
        suffix = ending(sent)
        if suffix not in MOST_BYTES:
            kinds = ", ".join(sorted(kind.removeprefix(".") for kind in MOST_BYTES))
            raise RefusedError(texts.text("upload.kind", kinds=kinds))
        most = min(_MOST_BYTES, MOST_BYTES[suffix])
        if (document.file_size or 0) > most:
            raise RefusedError(texts.text("upload.too_big", megabytes=most // MEGABYTE))
        file = await document.get_file()
        data = bytes(await file.download_as_bytearray())
        if len(data) > most:
            raise RefusedError(texts.text("upload.too_big", megabytes=most // MEGABYTE))
        # The sender's file name gives the ending, from a fixed list, and words; never a path.
        name = f"{message.date:%Y-%m-%d}-{number}{suffix}"
        try:
            data = await self._desk.blocking(lambda: checked(data, name, title_of(sent)))
        except UnreadError as error:
            reason = clipped(reason_in(texts.language, one_line(str(error))), 300)
            raise RefusedError(texts.text("upload.refused", reason=reason)) from None
        return Taken(name, clipped(one_line(sent), _SHOWN_NAME), data)


def checked(data: bytes, name: str, title: str | None) -> bytes:
    """Reads a document in a place of its own; what to store, with a title if it had none.

    The reader works in another process, bounded in memory and time.

    Raises:
        UnreadError: There is nothing to quote in it.
    """
    from index.sources import Reader

    with tempfile.TemporaryDirectory(prefix="belegbot-") as folder:
        staged = Path(folder) / name
        staged.write_bytes(data)
        with Reader(Path(folder)) as reader:
            read = reader.read(name)
            if not read.articles:
                raise UnreadError(read.skipped[0].reason if read.skipped else "contains no text")
            better = titled(data, name, read.articles, title)
            if better is None:
                return data
            staged.write_bytes(better)
            return better if reader.read(name).articles else data


def store(taken: Taken, seeds: Path) -> None:
    """Puts a document into the seeds folder; a second time changes nothing."""
    target = seeds / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    if (target / taken.name).exists():
        return
    # Under a hidden name until it is complete: nobody indexes half a file.
    partial = target / f".{taken.name}.part"
    partial.write_bytes(taken.data)
    partial.replace(target / taken.name)
    log.info("a document was stored as %s/%s", FOLDER, taken.name)
