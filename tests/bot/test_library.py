"""A running program's view of an index that changes under it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.freshness import Keeper
from bot.library import Library
from index.build import build
from index.encoder import Encoder
from index.errors import MismatchError, NoIndexError
from tests.index.hashing import HashingEncoder

PATIENCE = 20.0  # seconds; a change is usually there within one


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "a.txt").write_text("Die Donau mündet ins Schwarze Meer.", encoding="utf-8")
    return folder


@pytest.fixture
def index(tmp_path: Path, seeds: Path) -> Path:
    build(seeds, tmp_path / "index", HashingEncoder)
    return tmp_path / "index"


@pytest.fixture
def library(index: Path) -> Iterator[Library]:
    made = Library(index, HashingEncoder)
    yield made
    made.close()


def keys(library: Library) -> list[str]:
    with library.generation() as generation:
        return sorted(card.key for card in generation.cards())


def add(seeds: Path, name: str, text: str = "Der Rhein fließt durch Köln.") -> None:
    (seeds / name).write_text(text, encoding="utf-8")


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_without_an_index_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoIndexError), Library(tmp_path, HashingEncoder).generation():
        pass


def test_the_model_is_loaded_once_and_late(index: Path) -> None:
    loaded: list[Encoder] = []

    def load() -> Encoder:
        loaded.append(HashingEncoder())
        return loaded[-1]

    library = Library(index, load)
    assert loaded == []
    assert keys(library) == ["a.txt"]
    assert library.encoder is loaded[0]
    assert len(loaded) == 1
    library.close()


def test_a_newer_generation_is_taken_up_beside_a_reader(
    library: Library, seeds: Path, index: Path
) -> None:
    assert library.refresh() is False
    with library.generation() as old:
        add(seeds, "b.txt")
        build(seeds, index, HashingEncoder)
        assert library.refresh() is True
        assert library.refresh() is False
        assert keys(library) == ["a.txt", "b.txt"]
        # The question in flight goes on over what it began with.
        assert [card.key for card in old.cards()] == ["a.txt"]
        assert old.article(old.cards()[0].id).article.key == "a.txt"


def test_another_models_index_is_refused_at_start(index: Path) -> None:
    library = Library(index, lambda: HashingEncoder("hash2"))
    with pytest.raises(MismatchError, match="run 'belegbot index --rebuild'"):
        keys(library)


def test_a_running_program_keeps_its_generation_when_another_model_builds(
    library: Library, seeds: Path, index: Path
) -> None:
    assert keys(library) == ["a.txt"]
    add(seeds, "b.txt")
    build(seeds, index, lambda: HashingEncoder("hash2"), rebuild=True)
    assert library.refresh() is False
    assert keys(library) == ["a.txt"]


def test_the_keeper_follows_the_folder_while_questions_go_on(
    library: Library, seeds: Path, index: Path
) -> None:
    def refresh(_: None) -> None:
        build(seeds, index, lambda: library.encoder)
        library.refresh()

    stop = threading.Event()
    failures: list[BaseException] = []

    def ask() -> None:
        while not stop.wait(0.01):
            try:
                keys(library)
            except BaseException as error:
                failures.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    with Keeper(seeds, library, refresh):
        add(seeds, "b.txt")
        until(lambda: keys(library) == ["a.txt", "b.txt"])
        (seeds / "a.txt").unlink()
        until(lambda: keys(library) == ["b.txt"])
        (seeds / "b.txt").rename(seeds / "c.txt")
        until(lambda: keys(library) == ["c.txt"])
    stop.set()
    asking.join()
    assert failures == []


def test_the_keeper_takes_up_what_another_process_built(
    library: Library, seeds: Path, index: Path
) -> None:
    assert keys(library) == ["a.txt"]
    with Keeper(seeds, library, lambda _: None):
        add(seeds, "b.txt")
        build(seeds, index, HashingEncoder)
        until(lambda: keys(library) == ["a.txt", "b.txt"])
