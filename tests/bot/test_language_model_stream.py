"""The stream parser: half markers, spellings of markers, sentences as they are completed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language_model.markers import Sentence, SentenceStream

TEXT = (
    "Am 9. November 1989 fiel die Mauer [1]. Das meldete z. B. Dr. Müller aus St. Gallen.[2][3] "
    "Es waren 3.5 Mio. Menschen【1】. Warum? [^2]\n- Punkt eins [1, 3]\nDer Rest [1-3]."
)
SENTENCES = [
    Sentence("Am 9. November 1989 fiel die Mauer.", (1,)),
    Sentence("Das meldete z. B. Dr. Müller aus St. Gallen.", (2, 3)),
    Sentence("Es waren 3.5 Mio. Menschen.", (1,)),
    Sentence("Warum?", (2,)),
    Sentence("Punkt eins", (1, 3)),
    Sentence("Der Rest.", (1, 2, 3)),
]


def parsed(pieces: list[str]) -> list[Sentence]:
    stream = SentenceStream()
    found = [sentence for piece in pieces for sentence in stream.feed(piece)]
    return found + stream.close()


def test_all_spellings_of_markers() -> None:
    assert parsed([TEXT]) == SENTENCES


@given(st.lists(st.integers(1, len(TEXT) - 1), unique=True))
def test_however_the_stream_is_cut(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(TEXT)]
    assert parsed([TEXT[a:b] for a, b in pairwise(edges)]) == SENTENCES


@pytest.mark.parametrize(
    ("held", "rest", "sentence"),
    [
        ("Die Mauer fiel. [1", "] Danach", Sentence("Die Mauer fiel.", (1,))),
        ("Die Mauer fiel. [", "12] Danach", Sentence("Die Mauer fiel.", (12,))),
        ("Die Mauer fiel.", " 【2】 Danach", Sentence("Die Mauer fiel.", (2,))),
        ("Die Mauer fiel [1]", ". Danach", Sentence("Die Mauer fiel.", (1,))),
        ("Die Mauer fiel [1].", " ", Sentence("Die Mauer fiel.", (1,))),
    ],
)
def test_half_a_marker_is_held_back(held: str, rest: str, sentence: Sentence) -> None:
    stream = SentenceStream()
    assert stream.feed(held) == []
    assert stream.feed(rest) == [sentence]


def test_what_is_cut_off_is_unfinished() -> None:
    assert parsed(["Die Mauer fiel [1]. Und dann kam"]) == [
        Sentence("Die Mauer fiel.", (1,)),
        Sentence("Und dann kam", (), finished=False),
    ]


def test_babble_without_an_end_is_unfinished() -> None:
    found = parsed(["bla " * 100] * 4)
    assert [sentence.finished for sentence in found] == [False, False]


@given(st.text(alphabet="Ab .[]1,【】^\n!", max_size=80))
def test_never_fails_and_never_shows_a_marker(text: str) -> None:
    for sentence in parsed(list(text)):
        assert "[1]" not in sentence.text
