"""From evidence to an answer in the model's words, over a small index and a scripted server."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.language_model.composing import Composer, Done, Passed
from bot.language_model.endpoint import language_model
from bot.language_model.speaking import Bounds, Message, Speaker
from index.build import build
from index.encoder import Encoder
from index.evidence import Query, find_evidence
from index.storage import Generation, open_current
from tests.fake_llm import FakeModel, Reply, saying

QUICK = Bounds(first_seconds=3.0, pause_seconds=0.5, total_seconds=8.0, retry_after_seconds=0.0)
QUESTION = "Wann fiel die Berliner Mauer?"
WALL = """---
title: Die Nacht der Mauer
date: 2024-11-09
---

Am 9. November 1989 fiel die **Berliner Mauer**. Günter Schabowski hatte am Abend eine neue
Reiseregelung verlesen. Rund 70.000 Menschen waren am 9. Oktober in Leipzig auf die Straße gegangen.
"""

Composed = tuple[list[Passed], Done]
Compose = Callable[[Reply], Composed]


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Generation]:
    home = tmp_path_factory.mktemp("composing")
    seeds: Path = home / "seeds"
    seeds.mkdir()
    (seeds / "mauer.md").write_text(WALL, "utf-8")
    build(seeds, home / "index", lambda: encoder)
    generation = open_current(home / "index")
    yield generation
    generation.close()


@pytest.fixture(scope="module", autouse=True)
def _imported() -> None:
    """The client's imports and first call take a second or two, once."""
    with FakeModel(saying("bereit")) as model:
        Speaker(lambda: language_model(model.url, "x", "")).say([Message("user", "Hallo")])


@pytest.fixture
def compose(generation: Generation, encoder: Encoder) -> Compose:
    evidence = find_evidence(generation, encoder, Query(QUESTION, "de"))

    def run(reply: Reply) -> Composed:
        with FakeModel(reply) as server:
            url = server.url
            composer = Composer(Speaker(lambda: language_model(url, "x", ""), bounds=QUICK))
            *passed, done = composer.compose_stream(QUESTION, "de", evidence, generation, encoder)
        assert all(isinstance(one, Passed) for one in passed)
        assert isinstance(done, Done)
        return [one for one in passed if isinstance(one, Passed)], done

    return run


def test_a_claim_passes_with_the_sentence_as_its_quote(compose: Compose) -> None:
    passed, done = compose(saying("Die Berliner Mauer fiel am 9.11.1989 [1]."))
    (claim,) = done.claims
    (citation,) = done.citations
    assert (claim.text, claim.citations) == ("Die Berliner Mauer fiel am 9.11.1989.", (1,))
    assert citation.quote == "Am 9. November 1989 fiel die **Berliner Mauer**."
    assert WALL[citation.start : citation.end] == citation.quote
    assert (citation.n, citation.article, citation.title) == (1, "mauer.md", "Die Nacht der Mauer")
    assert (done.dropped, done.notice) == ((), None)
    assert [one.claim for one in passed] == [claim]


def test_what_does_not_pass_is_dropped_with_its_reason(compose: Compose) -> None:
    _, done = compose(
        saying(
            "Die Berliner Mauer fiel am 9. November 1989 [1]. Sie fiel am 10. November 1989 [1]. "
            "Egon Krenz verlas eine neue Reiseregelung [1]. Das war schön. Alles war gut [9]. "
            "Die Berliner Mauer fiel am 9. November 1989 [1]. Rund 70.000 Menschen gingen in"
        )
    )
    assert [claim.text for claim in done.claims] == ["Die Berliner Mauer fiel am 9. November 1989."]
    assert [(one.text, one.reason) for one in done.dropped] == [
        (
            "Sie fiel am 10. November 1989.",
            "die Zahl oder das Datum steht nicht in der Quelle: 10. November 1989",
        ),
        (
            "Egon Krenz verlas eine neue Reiseregelung.",
            "der Name steht nicht in der Quelle: Egon Krenz",
        ),
        ("Das war schön.", "nennt keine Quelle"),
        ("Alles war gut.", "nennt eine Quelle, die es nicht gibt"),
        ("Die Berliner Mauer fiel am 9. November 1989.", "wurde schon gesagt"),
        ("Rund 70.000 Menschen gingen in", "nennt keine Quelle"),
    ]


def test_two_claims_two_quotes(compose: Compose) -> None:
    passed, done = compose(
        saying(
            "Die Berliner Mauer fiel am 9. November 1989 [1]. "
            "In Leipzig gingen am 9. Oktober rund 70.000 Menschen auf die Straße [1]."
        )
    )
    assert [claim.citations for claim in done.claims] == [(1,), (2,)]
    assert [one.citations[0].n for one in passed] == [1, 2]


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=500),
        Reply(status=429),
        Reply(content_type="text/html"),
        Reply(),
        saying("Die Mauer", wait=4.0),
        saying("Die Berliner Mauer fiel", pause=1.0),
    ],
    ids=["500", "429", "wrong type", "silent", "slow to begin", "slow"],
)
def test_a_model_that_is_down_leaves_the_quotes(compose: Compose, reply: Reply) -> None:
    passed, done = compose(reply)
    assert (passed, done.claims) == ([], ())
    assert done.notice == (
        "Das Sprachmodell ist gerade nicht erreichbar; hier stehen die wörtlichen Zitate."
    )


def test_a_babbling_model_leaves_the_quotes(compose: Compose) -> None:
    _, done = compose(Reply(("bla bla ",), endless=True))
    assert done.claims == ()
    assert done.notice is not None
    assert done.notice.startswith("Das Sprachmodell sagte nichts, was die Artikel belegen")


def test_what_had_passed_before_the_stream_broke_stays(compose: Compose) -> None:
    text = "Die Berliner Mauer fiel am 9. November 1989 [1]. Und dann kam alles ganz anders"
    _, done = compose(saying(text, garbage_after=15))
    assert len(done.claims) == 1
    assert done.notice == "Das Sprachmodell brach ab; hier steht, was belegt ist."


def test_the_first_claim_comes_while_the_model_still_speaks(
    generation: Generation, encoder: Encoder
) -> None:
    first = "Die Berliner Mauer fiel am 9. November 1989 [1]. "
    evidence = find_evidence(generation, encoder, Query(QUESTION, "de"))
    with FakeModel(Reply((first, "Es war", " Nacht."), wait=0.3, pause=0.4)) as server:
        url = server.url
        composer = Composer(Speaker(lambda: language_model(url, "x", ""), bounds=QUICK))
        stream = composer.compose_stream(QUESTION, "de", evidence, generation, encoder)
        assert isinstance(next(stream), Passed)
        assert time.perf_counter() - server.said[0] < 0.35  # before the second piece
        assert len(server.said) == 1
        stream.close()
