"""Which candidates are cited, on proposals made by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.analysis import terms
from index.articles import Span
from index.build import build
from index.encoder import Encoder
from index.evidence.result import Candidate
from index.evidence.selection import Proposal, select
from index.storage import Generation, open_current

TEXTS = {
    "neu.md": "---\ndate: 2023-01-01\n---\nDie Brücke ist 325 Meter lang.",
    "alt.md": "---\ndate: 2015-01-01\n---\nDie Brücke ist 310 Meter lang.",
    "anders.md": "---\ndate: 2020-01-01\n---\nDer Vesuv liegt bei Neapel.",
}


@pytest.fixture(scope="module")
def generation(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    seeds: Path = tmp_path_factory.mktemp("seeds")
    for name, text in TEXTS.items():
        (seeds / name).write_text(text, encoding="utf-8")
    index = tmp_path_factory.mktemp("index")
    build(seeds, index, lambda: encoder)
    with open_current(index) as opened:
        yield opened


def proposal(generation: Generation, key: str, text: str, likelihood: float) -> Proposal:
    stored = generation.find(key)
    assert stored is not None
    span = Span(0, len(text))
    candidate = Candidate(stored.id, generation.passages_of(stored.id)[0], span, None, likelihood)
    return Proposal(candidate, likelihood, frozenset(terms(text)), text)


def cited(generation: Generation, *proposals: Proposal) -> list[str]:
    return [generation.article(one.article_id).article.key for one in select(generation, proposals)]


LONG, SHORT = "Die Brücke ist 325 Meter lang.", "Die Brücke ist 310 Meter lang."


def test_one_clear_answer_is_cited_alone(generation: Generation) -> None:
    first = proposal(generation, "neu.md", LONG, 0.9)
    other = proposal(generation, "anders.md", "Der Vesuv liegt bei Neapel.", 0.05)
    assert cited(generation, first, other) == ["neu.md"]


def test_another_article_that_is_nearly_as_likely_joins(generation: Generation) -> None:
    first = proposal(generation, "neu.md", LONG, 0.5)
    other = proposal(generation, "anders.md", "Der Vesuv liegt bei Neapel.", 0.4)
    assert cited(generation, first, other) == ["neu.md", "anders.md"]


def test_what_says_the_same_is_left_out(generation: Generation) -> None:
    first = proposal(generation, "neu.md", LONG, 0.5)
    same = proposal(generation, "anders.md", LONG, 0.5)
    assert cited(generation, first, same) == ["neu.md"]


def test_of_two_that_disagree_the_newer_comes_first(generation: Generation) -> None:
    old = proposal(generation, "alt.md", SHORT, 0.6)
    new = proposal(generation, "neu.md", LONG, 0.3)
    assert cited(generation, old, new) == ["neu.md", "alt.md"]
    assert cited(generation, new, old) == ["neu.md", "alt.md"]


def test_never_more_than_three_and_none_of_none(generation: Generation) -> None:
    texts = ("Alpha bellt.", "Beta singt.", "Gamma tanzt.", "Delta malt.")
    keys = ("neu.md", "alt.md", "anders.md", "neu.md")
    many = [proposal(generation, key, text, 0.25) for key, text in zip(keys, texts, strict=True)]
    assert cited(generation, *many) == ["neu.md", "alt.md", "anders.md"]
    assert select(generation, []) == ()
