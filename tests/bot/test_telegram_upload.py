"""What an admin sends over a real index that also watches its folder."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.answering import Answerer
from bot.assistant import Assistant
from bot.freshness import Keeper
from bot.library import Library
from bot.telegram_app.titling import title_of
from bot.telegram_app.upload import checked
from index.build import BuildReport, build
from index.encoder import Encoder
from index.errors import LockHeldError
from tests.bot.telegram_world import serving
from tests.fake_bot_api import FakeBotApi

RECIPE = "Das Rezept für den Mohnstollen stammt von Emil Krume. Er buk ihn 1931 zuerst.\n"


@contextmanager
def kept(seeds: Path, index: Path, encoder: Encoder) -> Iterator[tuple[Assistant, Keeper]]:
    """An assistant whose index follows the folder."""
    library = Library(index, lambda: encoder)

    def refresh(_: object) -> BuildReport:
        report = build(seeds, index, lambda: encoder)
        library.refresh()
        return report

    with Keeper(seeds, library, refresh) as keeper:
        yield Assistant(library, Answerer(library, min_confidence=None)), keeper
    library.close()


async def test_an_upload_and_the_watcher_share_one_build(
    tmp_path: Path, encoder: Encoder, caplog: pytest.LogCaptureFixture
) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "turm.md").write_text("# Der Turm\n\nDer Turm ist 368 Meter hoch.\n")
    caplog.set_level(logging.INFO)
    with kept(seeds, tmp_path / "index", encoder) as (assistant, keeper):
        keeper.refresh()
        async with FakeBotApi() as api:
            boss = api.person("Chefin", language="de")
            told = {"admins": (boss.id,), "seeds": seeds, "rebuild": keeper.refresh}
            async with serving(api, tmp_path / "state", assistant, **told):  # type: ignore[arg-type]
                for number in range(3):
                    text = RECIPE.replace("Mohnstollen", f"Mohnstollen {number}")
                    boss.sends_document(f"Rezept Mohnstollen ü {number}.txt", text.encode())
                    assert (await boss.hears(30)).text == "Ich lese die Artikel ein …"
                    stored, done = (await boss.hears(30)).text.splitlines()
                    assert stored.startswith(
                        f"„Rezept Mohnstollen ü {number}.txt“ ist aufgenommen als telegram/20"
                    )
                    assert f"{number + 2} Artikel, 1 neu, 0 geändert" in done
        assert {card.title for card in assistant.cards()} == {
            "Der Turm", *(f"Rezept Mohnstollen ü {number}" for number in range(3))
        }  # fmt: skip
    assert [r.getMessage() for r in caplog.records if r.name == "bot.freshness"] == []


def test_one_build_at_a_time(tmp_path: Path) -> None:
    at_work: list[int] = []

    def refresh(_: object) -> int:
        at_work.append(1)
        time.sleep(0.05)
        most = len(at_work)
        at_work.pop()
        return most

    keeper = Keeper(tmp_path, Library(tmp_path / "index", lambda: None), refresh)  # type: ignore[arg-type, return-value]
    results: list[int] = []
    threads = [threading.Thread(target=lambda: results.append(keeper.refresh())) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [1] * 5


def test_the_watcher_waits_for_another_process(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    done = threading.Event()
    tries: list[int] = []

    def refresh(_: object) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise LockHeldError("process 1 builds: wait, or stop it")
        done.set()

    with Keeper(tmp_path, Library(tmp_path / "index", lambda: None), refresh):  # type: ignore[arg-type, return-value]
        assert done.wait(10)
    assert [(r.levelname, r.getMessage()) for r in caplog.records if r.name == "bot.freshness"] == [
        ("INFO", "another process builds the index; this one looks again after it")
    ]


@pytest.mark.parametrize(
    ("sent", "title"),
    [
        ("Rezept_Mohnstollen ü.txt", "Rezept Mohnstollen ü"),
        ("../../etc/Der Plan.md", "Der Plan"),
        ("C:\\Briefe\\An alle.txt", "An alle"),
        ("u\u0308ber\u202euns\n.txt", "über uns"),
        ("2024-01-02.txt", None),
        ("w" * 300 + ".txt", "w" * 119 + "…"),
    ],
)
def test_a_file_s_name_as_a_title(sent: str, title: str | None) -> None:
    assert title_of(sent) == title


@pytest.mark.parametrize(
    ("name", "text", "stored"),
    [
        ("a.txt", RECIPE, '---\ntitle: "Der \\"Plan\\": ü"\n---\n\n' + RECIPE),
        (
            "a.md",
            f"---\ndate: 2024-01-02\n---\n{RECIPE}",
            f'---\ntitle: "Der \\"Plan\\": ü"\ndate: 2024-01-02\n---\n{RECIPE}',
        ),
        ("a.md", f"# Mohnstollen\n\n{RECIPE}", f"# Mohnstollen\n\n{RECIPE}"),
        ("a.txt", f"Mohnstollen\n\n{RECIPE}", f"Mohnstollen\n\n{RECIPE}"),
        ("a.md", f"---\ntitel: Stollen\n---\n{RECIPE}", f"---\ntitel: Stollen\n---\n{RECIPE}"),
        ("a.html", f"<p>{RECIPE}</p>", f"<p>{RECIPE}</p>"),
    ],
)
def test_a_text_without_a_title_gets_the_one_it_was_sent_under(
    name: str, text: str, stored: str
) -> None:
    assert checked(text.encode(), name, 'Der "Plan": ü').decode() == stored


def test_an_old_encoding_is_stored_readable() -> None:
    data = checked(RECIPE.encode("cp1252"), "a.txt", "Stollen")
    assert data.decode() == f'---\ntitle: "Stollen"\n---\n\n{RECIPE}'
    assert checked(data, "a.txt", "Anders") == data
