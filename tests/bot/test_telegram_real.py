"""The bot over a real index: built, asked, rebuilt under its feet."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.answering import Answerer
from bot.assistant import Assistant
from bot.freshness import Keeper
from bot.library import Library
from bot.telegram_app import TelegramConfig, serve
from index.build import BuildReport, build
from index.encoder import Encoder
from tests.fake_bot_api import FakeBotApi

WALL = """---
title: Der Abend im November
date: 2024-11-09
source: Beispielblatt
url: https://example.org/mauer
---
Am 9. November 1989 fiel die Berliner Mauer. Tausende Menschen liefen noch in der Nacht zu den
Grenzübergängen.
"""
TOWER = """---
title: Der Turm
date: 2023-05-01
---
Der Fernsehturm in Berlin ist 368 Meter hoch. Er wurde 1969 eröffnet.
"""


async def test_conversation_over_a_real_index(tmp_path: Path, encoder: Encoder) -> None:
    seeds, index = tmp_path / "seeds", tmp_path / "index"
    seeds.mkdir()
    (seeds / "mauer.md").write_text(WALL, encoding="utf-8")
    (seeds / "turm.md").write_text(TOWER, encoding="utf-8")

    library = Library(index, lambda: encoder)

    def refresh(progress: object) -> BuildReport:
        report = build(seeds, index, lambda: encoder, progress=None)
        library.refresh()
        return report

    rebuild = Keeper(seeds, library, refresh).refresh
    rebuild()
    assistant = Assistant(library, Answerer(library, min_confidence=None))
    async with FakeBotApi() as api:
        boss = api.person("Chefin", language="de")
        config = TelegramConfig(api.token, api.url, admins=(boss.id,), seeds=seeds, rebuild=rebuild)
        task = asyncio.create_task(serve(config, assistant, tmp_path / "state"))
        try:
            boss.says("Wann fiel die Berliner Mauer?")
            reply = await boss.hears(30)
            assert reply.text == (
                "Am 9. November 1989 fiel die Berliner Mauer. [1]\n\n"
                "[1] Der Abend im November · Beispielblatt · 9. November 2024\n"
                "Am 9. November 1989 fiel die Berliner Mauer."
            )
            link = reply.button("Kopieren")["copy_text"]["text"].rpartition("start=")[2]
            boss.says(f"/start {link}")
            opened = await boss.hears()
            assert "Unverändert" in opened.text
            assert "Tausende Menschen" in opened.text

            (seeds / "mauer.md").write_text(WALL.replace("Berliner Mauer", "Mauer in Berlin"))
            boss.sends_document("neu.md", b"# Die Elbe\n\nDie Elbe ist 1094 Kilometer lang.\n")
            await boss.hears(30)
            stored = await boss.hears(60)
            assert "3 Artikel, 1 neu, 1 geändert, 0 entfernt." in stored.text
            boss.says(f"/start {link}")
            assert "Geändert" in (await boss.hears()).text
            boss.presses(reply.button("🔎 1"))
            await api.until(lambda: reply.edits == 1)
            assert "Geändert" in reply.text
            boss.says("Wie lang ist die Elbe?")
            assert (await boss.hears()).text.startswith("Die Elbe ist 1094 Kilometer lang. [1]")
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assistant.close()
