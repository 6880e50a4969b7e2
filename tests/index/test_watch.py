from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.build import build
from index.errors import SeedsError
from index.storage import open_current
from index.watch import watch
from tests.index.folders import article_text, make_seeds
from tests.index.hashing import HashingEncoder


@contextmanager
def watching(seeds: Path, on_change: Callable[[], None]) -> Iterator[threading.Event]:
    stop = threading.Event()
    thread = threading.Thread(target=watch, args=(seeds, on_change, stop))
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(5)
    assert not thread.is_alive()


def wait_for(condition: Callable[[], bool], seconds: float = 10) -> float:
    started = time.monotonic()
    while not condition():
        assert time.monotonic() < started + seconds, "waited in vain"
        time.sleep(0.02)
    return time.monotonic() - started


def test_the_first_call_catches_up_and_every_change_leads_to_another(tmp_path: Path) -> None:
    seeds = make_seeds(tmp_path / "seeds", 2)
    calls: list[int] = []
    with watching(seeds, lambda: calls.append(len(list(seeds.rglob("*.txt"))))):
        wait_for(lambda: len(calls) == 1)
        (seeds / "unten").mkdir()
        wait_for(lambda: len(calls) == 2)
        (seeds / "unten" / "neu.txt").write_text("Neu.")
        wait_for(lambda: calls[-1] == 3)
        (seeds / "0000.txt").unlink()
        wait_for(lambda: calls[-1] == 2)
        settled = len(calls)
        time.sleep(0.7)
        assert len(calls) == settled


def test_a_burst_of_changes_is_few_calls(tmp_path: Path) -> None:
    seeds = make_seeds(tmp_path / "seeds", 1)
    calls: list[int] = []
    with watching(seeds, lambda: calls.append(1)):
        wait_for(lambda: len(calls) == 1)
        make_seeds(seeds, 100, first=10)
        time.sleep(1.0)
        assert 2 <= len(calls) <= 4


def test_a_new_article_is_answerable_within_seconds_while_questions_go_on(tmp_path: Path) -> None:
    seeds, index = make_seeds(tmp_path / "seeds", 60), tmp_path / "index"
    build(seeds, index, HashingEncoder)
    question = HashingEncoder().question(article_text(500))
    with watching(seeds, lambda: build(seeds, index, HashingEncoder) and None):
        (seeds / "neu.txt").write_text(article_text(500), encoding="utf-8")

        def found() -> bool:
            with open_current(index) as generation:
                assert generation.damaged is None
                best, _ = generation.nearest(question, 1)[0]
                passage = generation.passage(best)
                return generation.article(passage.article_id).article.key == "neu.txt"

        assert wait_for(found) < 5


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SeedsError, match="no seeds folder"):
        watch(tmp_path / "none", lambda: None, threading.Event())
