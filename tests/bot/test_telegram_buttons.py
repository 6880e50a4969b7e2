"""Buttons, deep links, inline mode, and what admins may do."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace

from bot.state import State
from index.build import Progress
from index.errors import LockHeldError
from tests.bot.samples import CITATION
from tests.bot.telegram_world import SmallAssistant, serving
from tests.fake_bot_api import FakeBotApi, Person, Seen


async def toast(api: FakeBotApi, query: str) -> str | None:
    """What the bot says in passing to a press."""
    await api.until(lambda: query in api.callback_answers)
    return api.callback_answers[query].get("text")


async def answered(api: FakeBotApi, person: Person, text: str = "Wann?") -> Seen:
    """The reply to a question."""
    person.says(text)
    return await person.hears()


async def test_a_passage_opens_in_place_and_closes_again(tmp_path: Path) -> None:
    async with FakeBotApi() as api, serving(api, tmp_path):
        anna = api.person("Anna", language="de")
        reply = await answered(api, anna)
        before = (reply.html, reply.rows)
        copied = reply.button("Kopieren")["copy_text"]["text"]
        assert copied == (
            "„Am 9. November 1989 öffnete die DDR ihre Grenzen.“ (Der Fall der Berliner Mauer, "
            f"Geschichtsblatt, 9. November 2024, S. 3) "
            f"https://t.me/belegtestbot?start=c_{CITATION.id}"
        )
        assert await toast(api, anna.presses(reply.button("🔎 1"))) is None
        assert "Zuvor sprach Schabowski" in reply.text
        bold = [e for e in reply.entities if e["type"] == "bold"]
        assert len(bold) == 2
        assert await toast(api, anna.presses(reply.button("Zurück"))) is None
        assert (reply.html, reply.rows) == before
        assert reply.edits == 2
        assert len(anna.seen) == 1


async def test_buttons_work_after_a_restart(tmp_path: Path) -> None:
    async with FakeBotApi() as api:
        anna = api.person("Anna", language="de")
        async with serving(api, tmp_path):
            reply = await answered(api, anna)
        async with serving(api, tmp_path):
            await toast(api, anna.presses(reply.button("🔎 1")))
            assert reply.edits == 1


async def test_further_reading_opens(tmp_path: Path) -> None:
    async with FakeBotApi() as api, serving(api, tmp_path):
        anna = api.person("Anna", language="de")
        reply = await answered(api, anna, "Was 2031?")
        await toast(api, anna.presses(reply.button("📄 Ein Artikel")))
        assert reply.text == "Ein Artikel\nohne Datum\nEin Artikel über <Mauern> & Grenzen."
        await toast(api, anna.presses(reply.button("Zurück")))
        gone = await toast(api, anna.presses(reply.button("📄 Noch einer")))
        assert gone == "Diesen Artikel gibt es nicht mehr."


async def test_thumbs_are_stored_with_what_they_are_about(tmp_path: Path) -> None:
    async with FakeBotApi() as api:
        anna = api.person("Anna", language="de")
        async with serving(api, tmp_path):
            reply = await answered(api, anna)
            for label in ("👍", "👎"):
                text = await toast(api, anna.presses(reply.button(label)))
                assert text == "Danke für die Rückmeldung!"
        thumbs = State(tmp_path, api.bot["id"]).records.thumbs()
    assert [(t.value, t.question, t.answer, t.generation, t.citations) for t in thumbs] == [
        (-1, "Wann?", "Antwort: Wann? [1]", "20241109-1", (CITATION.id,))
    ]


async def test_forged_presses_get_nowhere(tmp_path: Path) -> None:
    async with FakeBotApi() as api:
        anna, eve = api.person("Anna"), api.person("Eve")
        async with serving(api, tmp_path):
            reply = await answered(api, anna)
            data = reply.button("👍")["callback_data"]
            name = data.split(":")[0]
            old = "This button is too old. Please ask again."
            for forged in ("x", "", "a" * 64, name, f"{name}:", f"{name}:u:u", "../../x:o1", "🧱"):
                assert await toast(api, anna.calls_back(forged, reply)) == old
            for forged in (f"{name}:o9", f"{name}:o0", f"{name}:a1", f"{name}:z"):
                gone = await toast(api, anna.calls_back(forged, reply))
                assert gone == "This article is gone."
            assert (await toast(api, eve.calls_back(data, reply)) or "").startswith("These buttons")
            own = await answered(api, eve)
            assert (await toast(api, anna.calls_back(data, own)) or "").startswith("These buttons")
            assert reply.edits == 0
        assert State(tmp_path, api.bot["id"]).records.thumbs() == []


async def test_deep_links_open_citations(tmp_path: Path) -> None:
    async with FakeBotApi() as api, serving(api, tmp_path):
        anna = api.person("Anna")
        anna.says(f"/start c_{CITATION.id}")
        assert (await anna.hears()).text.startswith("Der Fall der Berliner Mauer\n")
        for payload in ("c_", "c_" + "b" * 24, "c_../../etc", "c_<b>"):
            anna.says(f"/start {payload}")
            assert (await anna.hears()).text == "I don't know that citation."


async def test_inline_mode_offers_the_answer(tmp_path: Path) -> None:
    async with FakeBotApi() as api, serving(api, tmp_path):
        anna = api.person("Anna", language="de")
        query = anna.asks_inline("Wann fiel die Mauer?")
        await api.until(lambda: query in api.inline_answers)
        answer = api.inline_answers[query]
        assert (answer["cache_time"], answer["is_personal"]) == (0, True)
        (result,) = answer["results"]
        assert result["title"] == "Antwort: Wann fiel die Mauer?"
        assert result["description"] == "Der Fall der Berliner Mauer"
        content = result["input_message_content"]
        assert "<blockquote expandable>Am 9. November" in content["message_text"]
        assert content["link_preview_options"] == {"is_disabled": True}
        for text, label in {
            "": "Frage stellen – im Chat öffnen",
            "Was 2031?": "Kein Beleg gefunden – im Chat fragen",
        }.items():
            query = anna.asks_inline(text)
            await api.until(lambda query=query: query in api.inline_answers)  # type: ignore[misc]
            assert api.inline_answers[query]["results"] == []
            assert api.inline_answers[query]["button"]["text"] == label
        assert anna.seen == []


async def test_typing_on_leaves_older_inline_queries_unanswered(tmp_path: Path) -> None:
    assistant = SmallAssistant(0.5)
    async with FakeBotApi() as api, serving(api, tmp_path, assistant):
        anna = api.person("Anna")
        queries = [anna.asks_inline("Wann fiel die Mauer?"[:length]) for length in range(4, 20)]
        await api.until(lambda: queries[-1] in api.inline_answers)
    assert len(assistant.conversations) <= 2


async def test_menus_are_set_by_language_and_scope(tmp_path: Path) -> None:
    async with FakeBotApi() as api:
        boss = api.person("Boss")
        async with serving(api, tmp_path, admins=(boss.id, 99)):
            await api.until(lambda: len(api.called("setMyCommands")) == 8)
    names = {key: [command["command"] for command in menu] for key, menu in api.commands.items()}
    private = ["ask", "new", "sources", "help", "privacy", "forget"]
    assert names == {
        "all_private_chats/": private,
        "all_group_chats/": private[:4],
        f"chat{boss.id}/": [*private, "index", "stats", "pending"],
        "all_private_chats/de": private,
        "all_group_chats/de": private[:4],
        f"chat{boss.id}/de": [*private, "index", "stats", "pending"],
    }
    assert api.commands["all_private_chats/de"][1]["description"] == "neues Gespräch"


async def test_sources_and_privacy_and_forget(tmp_path: Path) -> None:
    async with FakeBotApi() as api:
        anna = api.person("Anna", language="de")
        async with serving(api, tmp_path):
            reply = await answered(api, anna)
            anna.says("/sources")
            assert (await anna.hears()).text == (
                "Ich habe 3 Artikel gelesen. Sie sind vom 2. Januar 2020 bis zum 9. November 2024."
                "\n\nDie neuesten:\n• Neu <3 · Blatt · 9. November 2024\n• Alt · 2. Januar 2020"
            )
            anna.says("/privacy")
            assert (await anna.hears()).text.startswith("Was ich speichere:")
            await toast(api, anna.presses(reply.button("👍")))
            anna.says("/forget")
            assert (await anna.hears()).text.startswith("Erledigt:")
            text = await toast(api, anna.presses(reply.button("👍")))
            assert (text or "").startswith("Dieser Knopf ist zu alt.")
        state = State(tmp_path, api.bot["id"])
        tables = ("conversation", "given", "thumb")
        rows = {name: state.database.rows(f"SELECT * FROM {name}") for name in tables}
        assert rows == {name: [] for name in tables}


async def test_admins_let_strangers_in(tmp_path: Path) -> None:
    async with FakeBotApi() as api:
        boss, eve, bob = api.person("Boss"), api.person("Eve", language="de"), api.person("Bob")
        async with serving(api, tmp_path, admins=(boss.id,), allowed=(boss.id,)):
            for stranger in (eve, bob):
                stranger.says("Hallo?")
                await stranger.hears()
            boss.says("/pending")
            listing = await boss.hears()
            assert listing.text == (
                f"These people would like to ask questions:\n• Eve ({eve.id})\n• Bob ({bob.id})"
            )
            yes = listing.button("Eve")
            assert await toast(api, boss.presses(yes)) == "Eve is in."
            assert (await eve.hears()).text.startswith("Du bist dabei!")
            assert (await answered(api, eve)).text.startswith("Antwort: Wann? [1]")
            no = listing.rows[0][1]
            assert no["callback_data"].endswith(":n")
            assert await toast(api, boss.presses(no)) == "Bob stays out."
            assert listing.text == "Nobody is waiting."
            eve.says("/pending")
            assert (await eve.hears()).text == "Das dürfen nur Admins."
            forged = await toast(api, eve.calls_back(yes["callback_data"], eve.seen[0]))
            assert (forged or "").startswith("Dieser Knopf ist zu alt.")
            bob.says("Doch?")
            assert await bob.silent()


async def test_stats(tmp_path: Path) -> None:
    async with FakeBotApi() as api:
        boss = api.person("Boss")
        async with serving(api, tmp_path, admins=(boss.id,)):
            reply = await answered(api, boss)
            await answered(api, boss, "Was 2031?")
            await toast(api, boss.presses(reply.button("👎")))
            boss.says("/stats")
            lines = (await boss.hears()).text.splitlines()
    assert [*lines[:4], lines[5]] == [
        "Last 30 days",
        "Questions: 2 · people: 1",
        "answered: 50 %",
        "👍 0 · 👎 1",
        "Articles in the index: 3",
    ]


async def test_index_shows_how_far_it_is(tmp_path: Path) -> None:
    def rebuild(progress: Progress, _: object) -> SimpleNamespace:
        progress.step("reading", 3, 12)
        time.sleep(3.5)
        progress.step("embedding", 40, 90)
        time.sleep(3)
        counts = {"articles": 12, "added": 0, "changed": 0, "removed": 0, "seconds": 6.5}
        return SimpleNamespace(**counts, skipped=())

    async with FakeBotApi() as api:
        boss, anna = api.person("Boss"), api.person("Anna")
        async with serving(api, tmp_path, admins=(boss.id,), rebuild=rebuild):
            boss.says("/index")
            shown = await boss.hears()
            await api.until(lambda: shown.text == "Reading: 3 of 12")
            assert (await answered(api, anna)).text.startswith("Antwort: Wann? [1]")
            await api.until(lambda: shown.text == "Embedding: 40 of 90")
            assert (await boss.hears()).text.startswith("Done in 6.5 s: 12 articles, 0 new")


async def test_index_waits_its_turn_and_reports(tmp_path: Path) -> None:
    calls: list[int] = []

    def rebuild(progress: object, _: object) -> SimpleNamespace:
        calls.append(1)
        if len(calls) == 1:
            raise LockHeldError("another build is at work")
        skipped = (SimpleNamespace(path="bad<.pdf", reason="it is encrypted"),)
        counts = {"articles": 12, "added": 1, "changed": 2, "removed": 3, "seconds": 1.25}
        return SimpleNamespace(**counts, skipped=skipped)

    async with FakeBotApi() as api:
        boss, anna = api.person("Boss"), api.person("Anna")
        async with serving(api, tmp_path, admins=(boss.id,), rebuild=rebuild):
            boss.says("/index")
            assert (await boss.hears()).text == "Reading the articles …"
            assert (await boss.hears()).text == (
                "Done in 1.2 s: 12 articles, 1 new, 2 changed, 3 removed.\n"
                "Skipped: 1\n• bad<.pdf: it is encrypted"
            )
            anna.says("/index")
            assert (await anna.hears()).text == "Only admins may do that."
    assert len(calls) == 2


async def test_documents_of_admins_are_checked_and_stored(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    async with FakeBotApi() as api:
        boss, anna = api.person("Boss"), api.person("Anna")
        async with serving(api, tmp_path / "state", admins=(boss.id,), seeds=seeds):
            boss.sends_document(
                "../../evil.md", b"# Mauern\n\nMauern haben Tore. Tore gehen auf.\n"
            )
            stored = (await boss.hears()).text
            assert stored.startswith("Added “../../evil.md” as telegram/20")
            for name, data, reply in (
                ("virus.exe", b"MZ", "I don't read such files."),
                ("none", b"x", "I don't read such files."),
                ("bad.pdf", b"%PDF-1.7 nonsense", "The file was not added: "),
                ("empty.md", b"", "The file was not added: "),
            ):
                boss.sends_document(name, data)
                assert (await boss.hears()).text.startswith(reply)
            big = boss.message(None) | {
                "document": {
                    "file_id": "x",
                    "file_unique_id": "y",
                    "file_name": "a.pdf",
                    "file_size": 21 << 20,
                }
            }
            api.deliver(message=big)
            assert (await boss.hears()).text == "The file is too big: 20 MB at most."
            anna.sends_document("mine.md", b"# Mine")
            assert (await anna.hears()).text.startswith("I only read text.")
    files = [path.relative_to(seeds).as_posix() for path in seeds.rglob("*") if path.is_file()]
    assert files == [stored.removeprefix("Added “../../evil.md” as ").removesuffix(".")]
    assert files[0].endswith("-700000001.md")
