from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.evidence.leaning import leans


@pytest.mark.parametrize(
    "sentence",
    [
        "Er lud Trump auch zu einem persönlichen Treffen in Moskau ein.",
        "Sie ist die Kreisstadt von Duval County.",
        "Dies wurde in einem Bericht detailliert erläutert.",
        "Dieser Vertrag endete 1990.",
        "Dabei starben drei Menschen.",
        "Zudem gewann der Verein den Pokal.",
        "Allerdings blieb der Erfolg aus.",
        "Ihre Entdeckung machte sie berühmt.",
        "In dieser Zeit entstand die Oper.",
        "Nach ihrer Ankunft gründeten sie eine Stadt.",
        "Ein Jahr später erhielt er den Nobelpreis.",
        "1905 wurde sie Professorin.",
        "He invited Trump to Moscow.",
        "They settled in Virginia.",
        "However, the plan failed.",
        "After this battle the king fled.",
        "„Das Gespräch war lang und sehr produktiv.“",
        "Die Lage sei ernst, und man müsse handeln.",
        "Das Ministerium habe davon nichts gewusst.",
    ],
)
def test_leans_on_the_sentence_before(sentence: str) -> None:
    assert leans(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Am 9. November 1989 fiel die Berliner Mauer.",
        "Das Gesetz trat 1905 in Kraft.",
        "Das neue Gesetz trat 1905 in Kraft.",
        "Es gibt in Deutschland sechzehn Länder.",
        "Die Regierung beschloss den Haushalt.",
        "Der Minister sagte, die Lage sei ernst.",
        "Laut ZDF habe der Krieg viele Ursachen.",
        "Putin könne den Krieg beenden, so Trump.",
        "Ich habe das Buch gelesen.",
        "It is raining in Berlin.",
        "The wall fell in 1989.",
        "Erfurt liegt in Thüringen.",
        "Dieselmotoren brauchen keine Zündkerzen.",
        "Konrad Zuse stellte 1941 die Z3 vor.",
        "",
    ],
)
def test_stands_alone(sentence: str) -> None:
    assert not leans(sentence)


@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    assert leans(text) in (True, False)
