"""Passages on a small real index: fusion of both searches, and languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.build import build
from index.encoder import Encoder
from index.search import prepare, search
from index.storage import Generation, open_current
from index.weights import load
from tests.conftest import SEEDS

ARTICLES = {
    "a.txt": "Am 9. November 1989 fiel die Berliner Mauer. Tausende feierten.",
    "b.txt": "Die Friedensverhandlungen von Istanbul scheiterten im März 2022.",
    "c.txt": "Konrad Zuse stellte am 12. Mai 1941 in Berlin die Z3 vor.",
    "d.txt": "Der Vesuv begrub Pompeji unter Asche und Bimsstein.",
}


@pytest.fixture(scope="module")
def generation(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    seeds = tmp_path_factory.mktemp("seeds")
    for name, text in ARTICLES.items():
        (seeds / name).write_text(text, encoding="utf-8")
    index = tmp_path_factory.mktemp("index")
    build(seeds, index, lambda: encoder)
    with open_current(index) as opened:
        yield opened


def keys(
    generation: Generation,
    encoder: Encoder,
    text: str,
    exclude: frozenset[int] = frozenset(),
    k: int = 4,
) -> list[str]:
    question = prepare(generation, encoder, text, None, load())
    hits = search(generation, question, k, exclude=exclude)
    return [generation.article(hit.passage.article_id).article.key for hit in hits]


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("Wann fiel die Berliner Mauer?", "a.txt"),
        ("When did the Berlin Wall fall?", "a.txt"),
        ("Verhandlungen in Istanbul", "b.txt"),
        ("Когда провалились мирные переговоры в Стамбуле?", "b.txt"),
        ("Was geschah am 12.5.1941?", "c.txt"),
        ("What did the volcano bury?", "d.txt"),
    ],
)
def test_the_best_passage_comes_first(
    generation: Generation, encoder: Encoder, question: str, key: str
) -> None:
    assert keys(generation, encoder, question)[0] == key


def test_every_passage_once_and_no_more_than_asked_for(
    generation: Generation, encoder: Encoder
) -> None:
    assert sorted(keys(generation, encoder, "Berlin")) == list(ARTICLES)
    assert len(keys(generation, encoder, "Berlin", k=2)) == 2


def test_excluded_articles_are_absent(generation: Generation, encoder: Encoder) -> None:
    wall = generation.find("a.txt")
    assert wall is not None
    left = keys(generation, encoder, "Wann fiel die Berliner Mauer?", frozenset({wall.id}))
    assert sorted(left) == ["b.txt", "c.txt", "d.txt"]


def test_keywords_count_as_a_share_of_what_they_could(
    generation: Generation, encoder: Encoder
) -> None:
    question = prepare(generation, encoder, "Friedensverhandlungen Istanbul", "de", load())
    assert question.known == {"friedensverhandl", "fried", "verhandl", "istanbul"}
    shares = {
        generation.article(hit.passage.article_id).article.key: hit.keyword
        for hit in search(generation, question, 4)
    }
    assert 0.3 < shares["b.txt"] < 1.0
    assert shares["d.txt"] == 0.0
    foreign = prepare(generation, encoder, "Переговоры в Стамбуле", "ru", load())
    assert foreign.known == frozenset()
    assert all(hit.keyword == 0.0 for hit in search(generation, foreign, 4))


def test_a_question_without_keywords_is_searched_all_the_same(
    generation: Generation, encoder: Encoder
) -> None:
    assert len(keys(generation, encoder, "Warum?")) == 4


def test_cosines_are_those_of_the_sentences(generation: Generation, encoder: Encoder) -> None:
    question = prepare(generation, encoder, "Wann fiel die Berliner Mauer?", "de", load())
    best = search(generation, question, 1)[0]
    vectors = generation.sentence_vectors(best.passage.id)
    assert np.allclose(best.cosines, vectors @ question.vectors[0], atol=1e-6)
    both = vectors[0] + vectors[1]
    expected = question.vectors[0] @ (both / np.linalg.norm(both))
    assert np.allclose(best.pairs, [expected], atol=1e-6)
    assert question.vectors.shape == (1, encoder.dimension)


def test_a_shifted_language_has_two_vectors(generation: Generation, encoder: Encoder) -> None:
    question = prepare(generation, encoder, "Когда пала стена?", "ru", load())
    assert question.vectors.shape == (2, encoder.dimension)
    assert np.allclose(np.linalg.norm(question.vectors, axis=1), 1.0, atol=1e-5)


def test_a_story_is_found_once(encoder: Encoder, tmp_path: Path) -> None:
    text = (SEEDS / "raumfahrt/deutsche-im-all.txt").read_text(encoding="utf-8")
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name, told in (("a.txt", text), ("b.txt", text.replace("Gerst", "A. Gerst", 1))):
        (seeds / name).write_text(told, encoding="utf-8")
    (seeds / "c.txt").write_text("Die Raumstation kreist um die Erde.", encoding="utf-8")
    assert build(seeds, tmp_path / "index", lambda: encoder).stories == 1
    with open_current(tmp_path / "index") as opened:
        found = keys(opened, encoder, "Wer war der erste Deutsche im All?", k=10)
    assert found[0] in ("a.txt", "b.txt")
    assert len({"a.txt", "b.txt"} & set(found)) == 1
    assert "c.txt" in found
