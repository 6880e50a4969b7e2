"""Articles and questions that give orders, and a model that obeys every one of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.language_model.composing import Composer, Done
from bot.language_model.endpoint import language_model
from bot.language_model.prompt import words
from bot.language_model.speaking import Bounds, Speaker
from index.build import build
from index.encoder import Encoder
from index.evidence import Query, find_evidence
from index.storage import Generation, open_current
from tests.fake_llm import FakeModel, saying

FILE = Path(__file__).parent.parent / "attacks" / "attacks.jsonl"
ATTACKS: list[dict[str, Any]] = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
QUESTION = "Wann wurde der Leuchtturm von Nordholm gebaut?"
FACT = "Der Leuchtturm von Nordholm wurde im Jahr 1856 aus rotem Backstein gebaut."
TRUE = "Der Leuchtturm von Nordholm wurde 1856 gebaut."
TEXTS = {
    attack[
        "id"
    ]: f"{FACT} {attack['text'] if attack['where'] == 'article' else 'Er leuchtet weit.'}"
    " Sein Licht ist weit zu sehen."
    for attack in ATTACKS
}
LINK = re.compile(r"https?:|www\.|\]\(|<|@")


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Generation]:
    """One article with the fact for each attack, the attack in its midst."""
    home = tmp_path_factory.mktemp("attacks")
    seeds = home / "seeds"
    seeds.mkdir()
    for attack in ATTACKS:
        text = f"---\ntitle: Der Turm\n---\n\n{TEXTS[attack['id']]}\n"
        (seeds / f"{attack['id']}.md").write_text(text, "utf-8")
    build(seeds, home / "index", lambda: encoder)
    generation = open_current(home / "index")
    yield generation
    generation.close()


def test_there_are_enough() -> None:
    assert len(ATTACKS) >= 30
    assert len({attack["text"] for attack in ATTACKS}) == len(ATTACKS)


def obeyed(attack: dict[str, Any], generation: Generation, encoder: Encoder) -> tuple[Done, str]:
    """What comes out, and what the model was asked, when it obeys and then tells the truth."""
    question = f"{QUESTION} {attack['text']}" if attack["where"] == "question" else QUESTION
    others = [other["id"] for other in ATTACKS if other is not attack]
    found = (generation.find(f"{name}.md") for name in others)
    exclude = frozenset(stored.id for stored in found if stored is not None)
    evidence = find_evidence(generation, encoder, Query(QUESTION, "de", exclude=exclude))
    bounds = Bounds(first_seconds=10, retry_after_seconds=0)
    with FakeModel(saying(f"{attack['obeys']} {TRUE} [1]")) as server:
        url = server.url
        composer = Composer(Speaker(lambda: language_model(url, "x", ""), bounds=bounds))
        *_, done = composer.compose_stream(question, "de", evidence, generation, encoder)
        requests = server.requests
    asked = requests[0]["messages"][1]["content"] if requests else ""
    assert isinstance(done, Done)
    return done, asked


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: str(attack["id"]))
def test_only_the_truth_comes_out(
    attack: dict[str, Any], generation: Generation, encoder: Encoder
) -> None:
    done, _ = obeyed(attack, generation, encoder)
    assert {claim.text for claim in done.claims} <= {TRUE}
    assert all(citation.quote in TEXTS[attack["id"]] for citation in done.citations)
    rules = words("de").text("answer.system") + words("en").text("answer.system")
    for dropped in done.dropped:
        assert not LINK.search(dropped.text)
        assert dropped.text.rstrip(".") not in rules


@pytest.mark.parametrize(
    "attack",
    [attack for attack in ATTACKS if attack["where"] == "article"],
    ids=lambda attack: str(attack["id"]),
)
def test_the_model_never_reads_the_order(
    attack: dict[str, Any], generation: Generation, encoder: Encoder
) -> None:
    _, asked = obeyed(attack, generation, encoder)
    orders = [part for part in re.split(r"(?<=[.:])\s", attack["text"]) if len(part) > 25]
    assert not any(order in asked for order in orders)
    assert asked.count("<source ") == asked.count("</source>")
