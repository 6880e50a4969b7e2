from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import PART_WEIGHT, numbers, question_terms, terms
from index.compounds import parts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller", "Mueller"),
        ("Müller", "Muller"),
        ("Straße", "STRASSE"),
        ("Häuser", "Haus"),
        ("café", "Cafe"),
        ("Tesla", "Tesla's"),
        ("Fresno", "Fresno'nun"),
        ("İstanbul", "Istanbul"),
        ("3,5 Mio.", "3,5 Millionen"),
        ("50 %", "50 Prozent"),
        ("50 percent", "50 Prozent"),
        ("1.000", "1000"),
        ("12.2.2025", "12. Februar 2025"),
        ("2025-02-12", "February 12, 2025"),
        ("20. Februar", "February 20"),
        ("zwei Monate", "2 Monate"),
    ],
)
def test_spellings_that_mean_the_same_meet(one: str, other: str) -> None:
    assert terms(one) == terms(other)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3,5 Mio. Euro", ["3500000", "3.5", "million", "euro"]),
        ("3,5 Mrd.", ["3500000000", "3.5", "milliard"]),
        ("12.345.678,50", ["12345678.5"]),
        ("3,500 people", ["3500", "3.5", "peopl"]),
        ("24 Stunden", ["24", "stund"]),
        ("in den 1990er Jahren", ["1990", "jahr"]),
        ("im März 2022", ["märz", "2022"]),
        ("am 8. Mai 1945", ["1945-05-08", "1945", "05-08", "mai"]),
        ("192.168.1.1", ["192", "168", "1", "1"]),
        ("der Airbus A380 und die B-52", ["airbus", "a380", "b", "52"]),
        ("Die WHO fragt, who asks us", ["who", "fragt", "ask"]),
        ("40.12.2025", ["40", "12", "2025"]),
        ("", []),
    ],
)
def test_terms_in_order(text: str, found: list[str]) -> None:
    assert terms(text) == found


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("friedensverhandlungen", ("fried", "verhandl")),
        ("ministerpräsident", ("minist", "prasident")),
        ("verteidigungsminister", ("verteid", "minist")),
        ("ukrainekriegs", ("ukrain", "krieg")),
        ("komplexitätsklasse", ("komplexitat", "klass")),
        ("grenzen", ()),
        ("undergraduate", ()),
        ("yazılım", ()),
    ],
)
def test_compounds_open_into_their_parts(word: str, found: tuple[str, ...]) -> None:
    assert parts(word) == found


def test_a_compound_and_its_head_share_a_term() -> None:
    assert "verhandl" in terms("Friedensverhandlungen")
    assert "verhandl" in terms("Verhandlung")


def test_question_terms_leave_out_what_carries_no_matter() -> None:
    assert question_terms("Wann begannen die Friedensverhandlungen in Istanbul?") == {
        "begann": 1.0,
        "friedensverhandl": 1.0,
        "fried": PART_WEIGHT,
        "verhandl": PART_WEIGHT,
        "istanbul": 1.0,
    }
    assert question_terms("Warum?") == {}
    assert question_terms("Who is he?") == {}
    assert list(question_terms("¿Quién es el presidente?")) == ["president"]
    assert list(question_terms("Где находится Варшава?")) == ["находится", "варшава"]
    assert list(question_terms("Nobel ödülünü kim aldı?")) == ["nobel", "odulunu", "aldı"]


def test_numbers_of_a_text() -> None:
    assert numbers("Am 8. Mai 1945 waren es 3,5 Mio. Menschen in A380.") == {
        "1945-05-08", "1945", "05-08", "3500000", "3.5",
    }  # fmt: skip


@given(st.text())
def test_any_text_gives_clean_terms(text: str) -> None:
    found = terms(text)
    assert all(term and not any(letter.isspace() for letter in term) for term in found)
    assert found == terms(text)
    assert set(question_terms(text)) == set(found)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzäöüß", min_size=1, max_size=40))
def test_a_compound_is_cut_in_two_or_more(word: str) -> None:
    assert len(parts(word)) != 1


@given(st.integers(0, 10**12))
def test_a_whole_number_meets_its_grouped_spelling(number: int) -> None:
    assert str(number) in terms(str(number))
    assert str(number) in terms(f"{number:,}".replace(",", "."))
