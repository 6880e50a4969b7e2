"""Words below a picture or a file are a question; an album is told once that it has none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.bot.telegram_world import serving
from tests.fake_bot_api import FakeBotApi, Person

PHOTO = [{"file_id": "p", "file_unique_id": "q", "width": 90, "height": 90}]


def pictures(person: Person, album: str, *captions: str | None) -> None:
    """Sends an album, one message a picture."""
    for caption in captions:
        message: dict[str, Any] = person.message(None) | {"photo": PHOTO, "media_group_id": album}
        person.api.deliver(message=message | ({"caption": caption} if caption else {}))


async def test_a_caption_is_a_question(tmp_path: Path) -> None:
    async with FakeBotApi() as api, serving(api, tmp_path):
        anna = api.person("Anna", language="de")
        number = anna.sends("photo", PHOTO, "Wie hoch ist der Turm?")
        assert (await anna.hears()).text.startswith("Antwort: Wie hoch ist der Turm? [1]")
        changed = anna.message(None) | {"message_id": number, "photo": PHOTO}
        changed |= {"caption": "Wie alt ist der Turm?", "edit_date": changed["date"]}
        api.deliver(edited_message=changed)
        assert (await anna.hears()).text.startswith("Antwort: Wie alt ist der Turm? [1]")
        anna.sends_document("turm.md", b"# Turm", "Wer baute ihn?")
        assert (await anna.hears()).text.startswith("Antwort: Wer baute ihn? [1]")
        anna.sends("photo", PHOTO)
        assert (await anna.hears()).text.startswith("Ich lese nur Text.")


async def test_a_caption_in_a_group_must_mention_the_bot(tmp_path: Path) -> None:
    async with FakeBotApi() as api, serving(api, tmp_path):
        anna, group = api.person("Anna"), api.group("Runde")
        mention = [{"type": "mention", "offset": 0, "length": 13}]
        for caption, entities in (("Wer ist das?", []), ("@belegtestbot Wer denn?", mention)):
            message = anna.message(group) | {"photo": PHOTO, "caption": caption}
            api.deliver(message=message | {"caption_entities": entities})
        assert (await group.hears()).text.startswith("Antwort: Wer denn? [1]")
        assert await group.silent()


async def test_an_album_is_one_message(tmp_path: Path) -> None:
    async with FakeBotApi() as api, serving(api, tmp_path):
        anna = api.person("Anna", language="de")
        pictures(anna, "1", "Wer ist das?", None, None)
        assert (await anna.hears()).text.startswith("Antwort: Wer ist das? [1]")
        pictures(anna, "2", None, None, None)
        assert (await anna.hears()).text.startswith("Ich lese nur Text.")
        assert await anna.silent()


async def test_a_caption_that_breaks_something_is_not_logged(tmp_path: Path, caplog: Any) -> None:
    async with FakeBotApi() as api, serving(api, tmp_path):
        anna = api.person("Anna", language="de")
        anna.sends("photo", PHOTO, "Fehler im Turm?")
        assert (await anna.hears()).text.startswith("Da ist etwas schiefgegangen")
    lines = [r.getMessage() for r in caplog.records if r.levelname == "ERROR"]
    assert any("broken by <text>" in text for text in lines)
    assert not any("Fehler im Turm" in text for text in lines)


async def test_a_document_of_an_admin_is_an_upload_whatever_stands_below(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    async with FakeBotApi() as api:
        boss = api.person("Boss", language="de")
        async with serving(api, tmp_path / "state", admins=(boss.id,), seeds=seeds):
            number = boss.sends_document("turm.md", b"# Turm\n\nEr steht.\n", "Bitte aufnehmen!")
            assert "telegram/20" in (await boss.hears()).text
            changed = boss.message(None) | {"message_id": number, "edit_date": 1}
            changed |= {"document": {"file_id": "x", "file_unique_id": "y"}, "caption": "Danke"}
            api.deliver(edited_message=changed)
            assert await boss.silent()
