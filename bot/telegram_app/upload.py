"""Documents that admins send: checked like any hostile file, stored, indexed, reported back."""

from __future__ import annotations

import logging
import shutil
import tempfile
from pathlib import Path
from typing import Any

from telegram import Document, Message, Update

from bot.render.passages import one_line
from bot.render.strings import Strings
from bot.render.telegram_html import clipped, escape
from index.sources.limits import MEGABYTE, MOST_BYTES, ending

from .admin import rebuilt
from .desk import Desk, texts_for

log = logging.getLogger(__name__)

FOLDER = "telegram"
_MOST_BYTES = 20 * MEGABYTE  # the Bot API hands out no more


class RefusedError(Exception):
    """A document is not taken; ``str(error)`` is for its sender."""


class Upload:
    """Adds an admin's document to the seeds folder."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def received(self, update: Update, _: Any) -> None:
        """A document from an admin."""
        message, texts = update.message, texts_for(update.effective_user)
        if message is None or message.document is None or self._desk.config.seeds is None:
            return
        try:
            name = await self._take(update.update_id, message, message.document, texts)
        except RefusedError as error:
            await self._desk.reply(update, escape(str(error)))
            return
        lines = [texts.text("upload.stored", name=name)]
        if self._desk.config.rebuild is not None:
            lines.append(await rebuilt(self._desk, message, texts))
        await self._desk.reply(update, escape("\n".join(lines)))

    async def _take(self, number: int, message: Message, document: Document, texts: Strings) -> str:
        """Stores the document; its name below the seeds folder.

        Raises:
            RefusedError: It is not stored; the text says why.
        """
        suffix = ending(document.file_name or "")
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
        # The sender's file name gives nothing but its ending, and that from a fixed list.
        name = f"{message.date:%Y-%m-%d}-{number}{suffix}"
        seeds = self._desk.config.seeds
        assert seeds is not None  # noqa: S101 - the caller checked
        refusal = await self._desk.blocking(lambda: store(data, name, seeds))
        if refusal is not None:
            reason = clipped(one_line(refusal), 300)
            raise RefusedError(texts.text("upload.refused", reason=reason))
        log.info("a document was stored as %s/%s", FOLDER, name)
        return f"{FOLDER}/{name}"


def store(data: bytes, name: str, seeds: Path) -> str | None:
    """Reads a file in a place of its own first; why it was not stored, or None.

    The reader works in another process, bounded in memory and time.
    """
    from index.sources import Reader

    with tempfile.TemporaryDirectory(prefix="belegbot-") as folder:
        staged = Path(folder) / name
        staged.write_bytes(data)
        with Reader(Path(folder)) as reader:
            read = reader.read(name)
        if not read.articles:
            return read.skipped[0].reason if read.skipped else "no text"
        target = seeds / FOLDER
        target.mkdir(parents=True, exist_ok=True)
        # Under a hidden name until it is complete: nobody indexes half a file.
        partial = target / f".{name}.part"
        shutil.move(staged, partial)
        partial.replace(target / name)
    return None
