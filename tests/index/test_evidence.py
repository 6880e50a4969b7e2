"""Evidence on a small real index: order, runs, confidence, time, disagreement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.articles import Span
from index.build import build
from index.encoder import Encoder
from index.evidence import Candidate, Evidence, Query, find_evidence
from index.periods import find_period
from index.storage import Generation, open_current

ARTICLES = {
    "mauer.md": """---
title: Der Fall der Mauer
date: 2019-11-09
---
Am 9. November 1989 fiel die Berliner Mauer. Tausende strömten in den Westen der Stadt.

Günter Schabowski hatte am Abend vor der Presse einen Zettel verlesen. Er kannte die Sperrfrist
nicht. Die Grenzposten am Übergang Bornholmer Straße gaben als erste nach.
""",
    "zuse.md": """---
title: Der erste Computer
date: 2021-05-12
---
Konrad Zuse stellte am 12. Mai 1941 in Berlin die Z3 vor. Sie gilt als erster Computer der Welt.

Die Maschine bestand aus 2.000 Relais. Sie wurde 1943 bei einem Luftangriff zerstört.
""",
    "bruecke-alt.md": """---
title: Die Brücke von Neustadt
date: 2015-03-01
---
Die Brücke von Neustadt ist 310 Meter lang. Sie überspannt den Fluss seit 1962.
""",
    "bruecke-neu.md": """---
title: Die Brücke von Neustadt nach dem Umbau
date: 2023-06-15
---
Die Brücke von Neustadt ist nach dem Umbau 325 Meter lang. Der Umbau dauerte zwei Jahre.
""",
    "vulkan.md": """---
title: Der Ausbruch des Vesuvs
---
Im Jahr 79 begrub der Vesuv die Stadt Pompeji unter Asche. Ausgegraben wird sie seit 1748.

Der Minister erklärte, die Ruinen verfielen. Man müsse sie mit Millionen retten.
""",
    "bees.md": """---
title: How bees dance
---
Honey bees dance in the hive to show where flowers are. Karl von Frisch decoded the dance in 1923.
""",
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


def ask(generation: Generation, encoder: Encoder, text: str, **options: object) -> Evidence:
    return find_evidence(generation, encoder, Query(text, **options))  # type: ignore[arg-type]


def quote(generation: Generation, one: Candidate) -> tuple[str, str]:
    article = generation.article(one.article_id).article
    return article.key, article.text[one.quote.start : one.quote.end]


@pytest.mark.parametrize(
    ("question", "key", "part"),
    [
        ("Wann fiel die Berliner Mauer?", "mauer.md", "9. November 1989"),
        ("When did the Berlin Wall fall?", "mauer.md", "9. November 1989"),
        ("¿Cuándo cayó el muro de Berlín?", "mauer.md", "9. November 1989"),
        ("Когда пала Берлинская стена?", "mauer.md", "9. November 1989"),
        ("Berlin Duvarı ne zaman yıkıldı?", "mauer.md", "9. November 1989"),
        ("Wer stellte die Z3 vor?", "zuse.md", "Konrad Zuse"),
        ("Wie viele Relais hatte die Maschine?", "zuse.md", "2.000 Relais"),
        ("Welche Stadt zerstörte der Vesuv?", "vulkan.md", "Pompeji"),
        ("Wer entschlüsselte den Tanz der Bienen?", "bees.md", "Karl von Frisch"),
    ],
)
def test_the_first_candidate_answers(
    generation: Generation, encoder: Encoder, question: str, key: str, part: str
) -> None:
    found = ask(generation, encoder, question)
    article, text = quote(generation, found.candidates[0])
    assert article == key
    assert part in text
    assert found.cited[0].article_id == found.candidates[0].article_id


def test_candidates_are_ordered_and_apart(generation: Generation, encoder: Encoder) -> None:
    found = ask(generation, encoder, "Wann fiel die Berliner Mauer?")
    assert len(found.candidates) == 5
    scores = [one.score for one in found.candidates]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    places = [(one.article_id, one.span) for one in found.candidates]
    assert len(set(places)) == 5
    assert 1 <= len(found.cited) <= 3
    assert set(found.cited) <= set(found.candidates)


def test_nearest_articles_come_once_each(generation: Generation, encoder: Encoder) -> None:
    found = ask(generation, encoder, "Wann fiel die Berliner Mauer?")
    keys = [generation.article(one).article.key for one, _ in found.nearest]
    assert keys[0] == "mauer.md"
    assert len(set(keys)) == len(keys) == 5
    assert all(0 <= score <= 1 for _, score in found.nearest)


def test_the_same_question_gets_the_same_evidence(generation: Generation, encoder: Encoder) -> None:
    question = "Wer stellte die Z3 vor?"
    assert ask(generation, encoder, question) == ask(generation, encoder, question)


def test_a_leaning_sentence_takes_the_one_before_along(
    generation: Generation, encoder: Encoder
) -> None:
    found = ask(generation, encoder, "Was wurde 1943 bei einem Luftangriff zerstört?")
    assert quote(generation, found.candidates[0]) == (
        "zuse.md",
        "Die Maschine bestand aus 2.000 Relais. Sie wurde 1943 bei einem Luftangriff zerstört.",
    )
    found = ask(generation, encoder, "Wie soll man die Ruinen retten?")
    assert quote(generation, found.candidates[0]) == (
        "vulkan.md",
        "Der Minister erklärte, die Ruinen verfielen. Man müsse sie mit Millionen retten.",
    )


def test_confidence_falls_without_the_article(generation: Generation, encoder: Encoder) -> None:
    for question, key in (
        ("Wann fiel die Berliner Mauer?", "mauer.md"),
        ("Wer stellte die Z3 vor?", "zuse.md"),
        ("When did Vesuvius bury Pompeii?", "vulkan.md"),
    ):
        stored = generation.find(key)
        assert stored is not None
        known = ask(generation, encoder, question)
        unknown = ask(generation, encoder, question, exclude=frozenset({stored.id}))
        assert known.confidence > 0.5 > unknown.confidence
        assert stored.id not in {one.article_id for one in unknown.candidates}


def test_of_articles_that_disagree_the_newer_comes_first(
    generation: Generation, encoder: Encoder
) -> None:
    found = ask(generation, encoder, "Wie lang ist die Brücke von Neustadt?")
    assert [quote(generation, one)[0] for one in found.cited] == [
        "bruecke-neu.md",
        "bruecke-alt.md",
    ]


def test_a_period_prefers_articles_of_that_time(generation: Generation, encoder: Encoder) -> None:
    question = "Wie lang war die Brücke von Neustadt 2015?"
    period = find_period(question, date(2026, 1, 1))
    assert period is not None
    found = ask(generation, encoder, question, period=period)
    assert quote(generation, found.candidates[0])[0] == "bruecke-alt.md"


def test_context_decides_between_equals(generation: Generation, encoder: Encoder) -> None:
    old, new = generation.find("bruecke-alt.md"), generation.find("bruecke-neu.md")
    assert old is not None
    assert new is not None
    question = "Wie lang ist die Brücke?"
    shares = []
    for cited in (old.id, new.id):
        found = ask(generation, encoder, question, context=(cited,))
        shares.append({one.article_id: one.score for one in reversed(found.candidates)})
    assert shares[0][old.id] / shares[0][new.id] > shares[1][old.id] / shares[1][new.id]


def test_an_index_without_the_only_article_gives_nothing(encoder: Encoder, tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "a.txt").write_text("Die Z3 wurde 1941 vorgestellt.", encoding="utf-8")
    build(seeds, tmp_path / "index", lambda: encoder)
    with open_current(tmp_path / "index") as generation:
        stored = generation.find("a.txt")
        assert stored is not None
        found = ask(generation, encoder, "Wann?", exclude=frozenset({stored.id}))
        assert (found.candidates, found.cited, found.confidence, found.nearest) == ((), (), 0.0, ())
        whole = ask(generation, encoder, "Wann wurde die Z3 vorgestellt?")
        assert [one.span for one in whole.candidates] == [Span(0, 30)]


def test_the_trace_says_what_was_looked_for(generation: Generation, encoder: Encoder) -> None:
    trace = ask(generation, encoder, "Wann fiel die Berliner Mauer?").trace
    assert trace.language == "de"
    assert trace.wanted == ("time",)
    assert list(trace.terms) == ["fiel", "berlin", "mau"]
    assert len(trace.sentences) == 5
    assert trace.passages[0][1] == max(score for _, score, _, _ in trace.passages)
