"""Readers beside builds: nothing that is open goes away, nothing old is kept for ever."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from index.build import build
from index.storage import current_name, open_current
from index.storage.layout import Layout
from tests.index.folders import article_text, make_seeds
from tests.index.hashing import HashingEncoder


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return make_seeds(tmp_path / "seeds", 8)


def change(seeds: Path, number: int) -> None:
    (seeds / "0000.txt").write_text(article_text(1000 + number), encoding="utf-8")


def test_an_open_generation_outlives_many_builds(seeds: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    first = build(seeds, index, HashingEncoder).generation
    with open_current(index) as reader:
        for number in range(6):
            change(seeds, number)
            last = build(seeds, index, HashingEncoder).generation
        assert first in Layout(index).generation_names()
        stored = reader.find("0000.txt")
        assert stored is not None
        assert stored.article.text == article_text(0)
        hits = reader.nearest(HashingEncoder().question(stored.article.text), 5)
        assert all(len(reader.sentence_vectors(passage)) for passage, _ in hits)
    assert current_name(index) == last
    change(seeds, 99)
    build(seeds, index, HashingEncoder)
    assert first not in Layout(index).generation_names()


def test_only_the_last_two_generations_are_kept(seeds: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    names = []
    for number in range(5):
        change(seeds, number)
        names.append(build(seeds, index, HashingEncoder).generation)
    layout = Layout(index)
    assert layout.generation_names() == [names[4], names[3]]
    with open_current(index) as reader:
        needed = {segment.serial for segment in reader.manifest.segments}
    assert needed <= set(layout.segment_serials())
    assert len(layout.segment_serials()) <= len(needed) + 3


def test_ids_are_never_used_again(seeds: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    owners: dict[int, tuple[str, str]] = {}
    for number in range(6):
        change(seeds, number)
        build(seeds, index, HashingEncoder)
        with open_current(index) as reader:
            for card in reader.cards():
                text = reader.article(card.id).article.text
                assert owners.setdefault(card.id, (card.key, text)) == (card.key, text)


def test_every_reader_sees_a_whole_generation_while_builds_go_on(
    seeds: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    build(seeds, index, HashingEncoder)
    done = threading.Event()
    faults: list[object] = []
    opened = 0

    def read() -> None:
        nonlocal opened
        while not done.is_set():
            with open_current(index) as reader:
                opened += 1
                texts = [reader.article(card.id).article.text for card in reader.cards()]
                if len(texts) != 8 or reader.damaged is not None:
                    faults.append((len(texts), reader.damaged))

    thread = threading.Thread(target=read)
    thread.start()
    try:
        for number in range(10):
            change(seeds, number)
            build(seeds, index, HashingEncoder)
    finally:
        done.set()
        thread.join()
    assert faults == []
    assert opened > 10


def test_one_generation_serves_several_threads(seeds: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    build(seeds, index, HashingEncoder)
    question = HashingEncoder().question("Der Ausschuss prüft das Archiv")
    with open_current(index) as reader:
        expected = reader.nearest(question, 10), reader.keywords({"ausschuss": 1.0}, 10)
        found: list[object] = []

        def ask() -> None:
            for _ in range(50):
                found.append(
                    (reader.nearest(question, 10), reader.keywords({"ausschuss": 1.0}, 10))
                )
                for card in reader.cards():
                    reader.find(card.key)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [expected] * 200


def test_cards_are_a_sequence_in_order(seeds: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    build(seeds, index, HashingEncoder)
    change(seeds, 1)
    build(seeds, index, HashingEncoder)
    with open_current(index) as reader:
        cards = reader.cards()
        keys = [card.key for card in cards]
        assert sorted(keys) == [f"{number:04d}.txt" for number in range(8)]
        assert len(cards) == 8
        assert [cards[place].key for place in range(8)] == keys
        assert cards[-1].key == keys[-1]
        assert [card.key for card in cards[2:4]] == keys[2:4]
        with pytest.raises(IndexError):
            cards[8]
        assert reader.card(cards[3].id) == cards[3]


def test_unknown_ids_are_key_errors(seeds: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    build(seeds, index, HashingEncoder)
    with open_current(index) as old:
        gone = next(card.id for card in old.cards() if card.key == "0000.txt")
        base = gone >> 32 << 32
    change(seeds, 1)
    build(seeds, index, HashingEncoder)
    with open_current(index) as reader:
        for unknown in (gone, base + 5000, 999 << 32):
            with pytest.raises(KeyError):
                reader.article(unknown)
        for unknown in (base + 5000, 999 << 32):
            with pytest.raises(KeyError):
                reader.passage(unknown)
            with pytest.raises(KeyError):
                reader.passages_of(unknown)
