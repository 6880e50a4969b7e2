"""What the checker lets through of lies and of faithful sentences over the seeds."""

from __future__ import annotations

import pytest

from bot.language_model.claims.checker import Fault
from index.encoder import Encoder
from tools.measure_claims import Bench


@pytest.fixture(scope="module")
def bench(encoder: Encoder) -> Bench:
    return Bench(encoder)


@pytest.mark.parametrize("lies", ["numbers", "names", "quotes"])
def test_no_changed_number_name_or_quotation_passes(bench: Bench, lies: str) -> None:
    outcome = bench.measure(lies)
    assert [row["id"] for row in outcome.passed] == []
    assert len(outcome.dropped) == 100


@pytest.mark.parametrize(("lies", "most"), [("negations", 5), ("roles", 20)])
def test_few_negations_and_swapped_roles_pass(bench: Bench, lies: str, most: int) -> None:
    outcome = bench.measure(lies)
    assert len(outcome.passed) <= most
    assert len(outcome.passed) + len(outcome.dropped) == 100


def test_faithful_sentences_pass(bench: Bench) -> None:
    outcome = bench.measure("faithful")
    assert len(outcome.passed) >= 90
    assert len(outcome.passed) + len(outcome.dropped) == 100


@pytest.mark.parametrize(
    ("claim", "fault"),
    [
        ("Die Mauer fiel am 9. November 1989, siehe https://evil.example/x.", Fault.FORM),
        ("Die Mauer fiel am 9. November 1989 <b>wirklich</b>.", Fault.FORM),
        ("Fiel die Mauer am 9. November 1989?", Fault.FORM),
        ("Ja.", Fault.FORM),
        ("Die Mauer fiel am 9.11.1990.", Fault.NUMBER),
        ("Die Mauer fiel in Warschau am 9. November 1989.", Fault.NAME),
        ("Die Mauer fiel am 9. November 1989, sagte er „endlich“.", Fault.QUOTE),
        ("Die Mauer fiel nicht am 9. November 1989.", Fault.NEGATION),
        ("Die Mauer fiel am 9.11.1989.", None),
        ("The Berlin Wall fell on November 9, 1989.", None),
    ],
)
def test_each_fault_has_its_name(bench: Bench, claim: str, fault: Fault | None) -> None:
    assert bench.verdict(claim, "geschichte/mauerfall.md", 0).fault is fault


def test_the_quote_is_the_sentence_that_says_so(bench: Bench) -> None:
    verdict = bench.verdict(
        "Nachfolger von Erich Honecker an der Spitze der SED wurde Egon Krenz.",
        "geschichte/mauerfall.md",
        1,
    )
    assert verdict.passed
    assert verdict.last == 4
