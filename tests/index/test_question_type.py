from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.evidence.question_type import Wanted, offers, wanted


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("Wann fiel die Berliner Mauer?", {Wanted.TIME}),
        ("In welchem Jahr wurde die Stadt gegründet?", {Wanted.TIME}),
        ("When did the wall fall?", {Wanted.TIME}),
        ("¿Cuándo cayó el muro?", {Wanted.TIME}),
        ("Когда пала стена?", {Wanted.TIME}),
        ("Duvar ne zaman yıkıldı?", {Wanted.TIME}),
        ("Wer erfand das Telefon?", {Wanted.PERSON}),
        ("Who wrote Faust?", {Wanted.PERSON}),
        ("¿Quién ganó?", {Wanted.PERSON}),
        ("Кто написал роман?", {Wanted.PERSON}),
        ("Telefonu kim icat etti?", {Wanted.PERSON}),
        ("Wie viele Menschen leben dort?", {Wanted.NUMBER}),
        ("How many people live there?", {Wanted.NUMBER}),
        ("¿Cuántas personas viven allí?", {Wanted.NUMBER}),
        ("Сколько людей там живёт?", {Wanted.NUMBER}),
        ("Orada kaç kişi yaşıyor?", {Wanted.NUMBER}),
        ("Wo liegt Erfurt?", {Wanted.PLACE}),
        ("In welcher Stadt wurde er geboren?", {Wanted.PLACE}),
        ("Where is Erfurt?", {Wanted.PLACE}),
        ("Warum scheiterte der Plan?", {Wanted.REASON}),
        ("Why did it fail?", {Wanted.REASON}),
        ("Почему план провалился?", {Wanted.REASON}),
        ("Wie heißt die Hauptstadt?", {Wanted.NAME}),
        ("Was ist ein Quasar?", set()),
        ("", set()),
    ],
)
def test_what_a_question_wants(question: str, kinds: set[Wanted]) -> None:
    assert wanted(question) == kinds


@pytest.mark.parametrize(
    ("sentence", "kind", "share"),
    [
        ("Am 9. November 1989 fiel die Mauer.", Wanted.TIME, 1.0),
        ("Im November fiel die Mauer.", Wanted.TIME, 0.7),
        ("Die Mauer fiel.", Wanted.TIME, 0.0),
        ("Es waren 140 Menschen.", Wanted.NUMBER, 1.0),
        ("Es waren drei Menschen.", Wanted.NUMBER, 0.8),
        ("Es war ein Mensch.", Wanted.NUMBER, 0.2),
        ("Gebaut wurde sie von Konrad Zuse.", Wanted.PERSON, 1.0),
        ("Gebaut wurde sie vom Staat.", Wanted.PERSON, 0.0),
        ("Er starb in Dessau.", Wanted.PLACE, 1.0),
        ("Er starb jung.", Wanted.PLACE, 0.0),
        ("Sie schloss, weil Geld fehlte.", Wanted.REASON, 1.0),
        ("Sie schloss.", Wanted.REASON, 0.0),
        ("Sie wird „Z3“ genannt.", Wanted.NAME, 1.0),
        ("Sie rechnet.", Wanted.NAME, 0.0),
    ],
)
def test_what_a_sentence_offers(sentence: str, kind: Wanted, share: float) -> None:
    assert offers(sentence, "?", kind) == share


def test_what_the_question_names_is_no_answer() -> None:
    assert offers("Im Jahr 1989 fiel die Mauer.", "Was geschah 1989?", Wanted.TIME) == 0.0
    assert offers("Es waren 140 Menschen.", "Warum 140 Menschen?", Wanted.NUMBER) == 0.0


@given(st.text(), st.text(), st.sampled_from(list(Wanted)))
def test_shares_lie_between_nothing_and_all(sentence: str, question: str, kind: Wanted) -> None:
    assert 0.0 <= offers(sentence, question, kind) <= 1.0
