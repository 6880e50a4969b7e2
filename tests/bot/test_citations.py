"""Citations that last: ids opened over a real index, before and after its articles change."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.citations import Opened, address, citation_id, is_citation_id, open_citation
from index.articles import Span
from index.build import build
from index.errors import UsageError
from index.storage import History, article_uid, open_current
from tests.index.hashing import HashingEncoder

FIRST = "Die Donau ist 2.850 Kilometer lang."
SECOND = "Sie mündet ins Schwarze Meer."
TEXT = f"Ein Strom durch Europa\n\n{FIRST} {SECOND}\n"


@dataclass(frozen=True, slots=True)
class World:
    """A folder of articles and its index."""

    seeds: Path
    index: Path

    def write(self, text: str, name: str = "donau.txt") -> None:
        (self.seeds / name).write_text(text, encoding="utf-8")

    def build(self, *, rebuild: bool = False) -> None:
        build(self.seeds, self.index, HashingEncoder, rebuild=rebuild)

    def open(self, identifier: str) -> Opened:
        generation = open_current(self.index)
        try:
            return open_citation(generation, History(self.index), identifier)
        finally:
            generation.close()


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path / "seeds", tmp_path / "index")
    made.seeds.mkdir()
    made.write("Etwas anderes steht hier.", "anderes.txt")
    made.write(TEXT)
    made.build()
    return made


def id_of(quote: str, text: str = TEXT, key: str = "donau.txt") -> str:
    start = text.index(quote)
    return citation_id(key, Span(start, start + len(quote)), text)


@given(st.text(min_size=1, max_size=50), st.data())
def test_an_id_says_where_and_what(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    identifier = citation_id("a/ö.txt", Span(start, end), text)
    assert is_citation_id(identifier)
    where = address(identifier)
    assert (where.uid, where.start, where.length) == (article_uid("a/ö.txt"), start, end - start)


def test_an_id_fits_a_deep_link_and_is_always_the_same() -> None:
    assert id_of(FIRST) == id_of(FIRST)
    assert id_of(FIRST) != id_of(SECOND)
    assert len(f"c_{id_of(FIRST)}") <= 64


@pytest.mark.parametrize("span", [Span(3, 3), Span(0, 4096), Span(1 << 24, (1 << 24) + 5)])
def test_a_span_out_of_range_has_no_id(span: Span) -> None:
    with pytest.raises(ValueError, match="span out of range"):
        citation_id("a.txt", span, "x" * 10)


def test_an_id_opens_in_its_surroundings(world: World) -> None:
    opened = world.open(id_of(SECOND))
    assert opened.status == "same"
    assert (opened.article, opened.title) == ("donau.txt", "Ein Strom durch Europa")
    assert opened.quote == SECOND
    assert (opened.before, opened.after) == (f"{FIRST} ", "")
    assert TEXT[opened.start : opened.end] == SECOND


def test_an_id_follows_its_quote_within_the_article(world: World) -> None:
    identifier = id_of(SECOND)
    moved = TEXT.replace(FIRST, f"{FIRST} Sie entspringt im Schwarzwald.")
    world.write(moved)
    world.build()
    opened = world.open(identifier)
    assert (opened.status, opened.quote) == ("same", SECOND)
    assert opened.start == moved.index(SECOND)


def test_an_id_follows_its_article_through_a_rename(world: World) -> None:
    identifier = id_of(FIRST)
    (world.seeds / "donau.txt").rename(world.seeds / "strom.txt")
    world.build()
    opened = world.open(identifier)
    assert (opened.status, opened.article, opened.quote) == ("same", "strom.txt", FIRST)


def test_a_changed_article_shows_the_old_quote(world: World) -> None:
    identifier = id_of(FIRST)
    world.write(TEXT.replace("2.850", "2.857"))
    world.build()
    opened = world.open(identifier)
    assert (opened.status, opened.quote) == ("changed", FIRST)
    assert opened.replaced_on is not None
    assert len(opened.replaced_on) == len("2026-01-31")


def test_a_removed_article_shows_the_old_quote(world: World) -> None:
    identifier = id_of(SECOND)
    (world.seeds / "donau.txt").unlink()
    world.build()
    opened = world.open(identifier)
    assert (opened.status, opened.article, opened.quote) == ("removed", "donau.txt", SECOND)


def test_an_id_opens_after_a_rebuild(world: World) -> None:
    identifier = id_of(FIRST)
    world.build(rebuild=True)
    assert world.open(identifier).quote == FIRST


@pytest.mark.parametrize("name", ["", "abc", "A" * 24, "1" * 24, "ä" * 24, "../../etc/passwd"])
def test_what_is_no_id(world: World, name: str) -> None:
    with pytest.raises(UsageError, match="is no citation id"):
        world.open(name)


def test_an_id_of_an_unknown_article(world: World) -> None:
    with pytest.raises(UsageError, match="no article of this index"):
        world.open(citation_id("fremd.txt", Span(0, 5), "Fremder Text"))
