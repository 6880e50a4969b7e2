from __future__ import annotations

import random
from pathlib import Path

import numpy as np

from index import stories
from index.articles import Article, Section, Span
from index.build import build
from index.storage import open_current
from tests.index.folders import article_text, make_seeds
from tests.index.hashing import HashingEncoder


def article(text: str) -> Article:
    return Article("a", text, "t", (Section(Span(0, len(text))),))


def agency_text(number: int) -> str:
    return article_text(number, sentences=30)


def edited(text: str, share: float = 0.04) -> str:
    """The same text with a few words exchanged, as another outlet would print it."""
    chance = random.Random(1)
    words = text.split(" ")
    for place in range(len(words)):
        if chance.random() < share:
            words[place] = "anders"
    return " ".join(words)


def signatures(texts: list[str]) -> np.ndarray:
    return np.stack([stories.signature(article(text)) for text in texts])


def pairs(texts: list[str]) -> set[tuple[int, int]]:
    rows = signatures(texts)
    return stories.pairs_within(rows, *stories.bands(rows))


def test_agency_copy_is_found_and_other_articles_are_not() -> None:
    texts = [agency_text(number) for number in range(40)]
    copies = {41: 3, 43: 7}
    texts += [agency_text(40), edited(agency_text(3)), agency_text(42), edited(agency_text(7))]
    assert pairs(texts) == {(old, new) for new, old in copies.items()}


def test_case_and_punctuation_do_not_matter() -> None:
    text = agency_text(1)
    assert pairs([text, text.upper().replace(".", " –")]) == {(0, 1)}


def test_what_lies_outside_the_sections_does_not_count() -> None:
    body = agency_text(1)
    fronted = Article("b", "---\ntitle: x\n---\n" + body, "t", (Section(Span(17, 17 + len(body))),))
    left, right = stories.signature(article(body)), stories.signature(fronted)
    assert np.array_equal(left, right)


def test_very_short_and_empty_texts_have_a_signature() -> None:
    assert pairs(["", "kurz", "kurz", "kurz und"]) == {(1, 2)}


def test_new_against_old_finds_what_all_at_once_finds() -> None:
    texts = [agency_text(number) for number in range(30)]
    texts += [edited(agency_text(5)), agency_text(99), edited(agency_text(20), 0.02)]
    rows = signatures(texts)
    old, new = rows[:30], rows[30:]
    across = stories.pairs_across(new, old, *stories.bands(old))
    assert {(b, 30 + a) for a, b in across} == stories.pairs_within(rows, *stories.bands(rows))


def test_many_equal_articles_are_one_story_without_comparing_all_pairs() -> None:
    rows = np.repeat(signatures([agency_text(1)]), 500, axis=0)
    found = stories.pairs_within(rows, *stories.bands(rows))
    assert len(found) < 5000
    assert stories.groups(found)[0] == tuple(range(500))


def test_groups_join_what_hangs_together() -> None:
    found = stories.groups([(1, 2), (9, 4), (2, 7)])
    assert found == {1: (1, 2, 7), 2: (1, 2, 7), 7: (1, 2, 7), 4: (4, 9), 9: (4, 9)}
    assert stories.groups([]) == {}


def also_in(index: Path, key: str) -> list[str]:
    with open_current(index) as generation:
        stored = generation.find(key)
        assert stored is not None
        return [generation.article(one).article.key for one in stored.also_in]


def test_a_generation_names_the_other_outlets_over_additions_and_removals(tmp_path: Path) -> None:
    seeds, index = make_seeds(tmp_path / "seeds", 20, sentences=30), tmp_path / "index"
    assert build(seeds, index, HashingEncoder).stories == 0
    (seeds / "kopie.txt").write_text(edited(agency_text(3)), encoding="utf-8")
    assert build(seeds, index, HashingEncoder).stories == 1
    assert also_in(index, "0003.txt") == ["kopie.txt"]
    assert also_in(index, "kopie.txt") == ["0003.txt"]
    (seeds / "zweite.txt").write_text(agency_text(3), encoding="utf-8")
    assert build(seeds, index, HashingEncoder).stories == 1
    assert sorted(also_in(index, "kopie.txt")) == ["0003.txt", "zweite.txt"]
    make_seeds(seeds, 20, first=100, sentences=30)
    report = build(seeds, index, HashingEncoder)
    assert report.stories == 1
    assert sorted(also_in(index, "kopie.txt")) == ["0003.txt", "zweite.txt"]
    (seeds / "0003.txt").unlink()
    build(seeds, index, HashingEncoder)
    assert also_in(index, "kopie.txt") == ["zweite.txt"]
    (seeds / "zweite.txt").unlink()
    assert build(seeds, index, HashingEncoder).stories == 0
    assert also_in(index, "kopie.txt") == []
