"""The reader: how pages are laid out, and what it makes of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoder import Encoder
from index.encoder.folder import SERVING, ensure
from index.reader import PATH, Excerpt, Reader, changes, head
from index.reader.pages import MOST_QUESTION, MOST_TITLE, MOST_TOKENS, lay_out, room, window
from tests.conftest import MODELS

MARKS = (0, 2)
BRIDGE = Excerpt(
    "Die Brücke von Ammerfeld",
    (
        "Die steinerne Brücke von Ammerfeld wurde 1874 eröffnet.",
        "Entworfen hatte sie die Ingenieurin Grete Hollander.",
        "Im Februar 1945 sprengten Soldaten zwei der fünf Bögen.",
        "Wiederaufgebaut wurde sie nach den alten Plänen erst 1958.",
        "Am Ufer darunter nisten seit einigen Jahren Eisvögel.",
    ),
    0,
)
WEATHER = Excerpt("Das Wetter", ("Morgen regnet es im Norden.", "Im Süden scheint die Sonne."), 1)
tokens = st.lists(st.integers(3, 999), min_size=1, max_size=40)


@pytest.fixture(scope="module")
def reader(encoder: Encoder) -> Reader:
    assert encoder.reader is not None
    return encoder.reader


def test_a_page_is_question_title_and_sentences_between_marks() -> None:
    page = lay_out([11, 12], [21], [[31, 32], [41]], MARKS)
    assert page.ids.tolist() == [0, 11, 12, 2, 21, 2, 31, 32, 41, 2]
    assert page.parts.tolist() == [-1, 0, 0, -1, -1, -1, 1, 1, 2, -1]
    assert page.shares().tolist() == [
        [0, 0.5, 0.5, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0.5, 0.5, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0, 1, 0],
    ]


def test_questions_and_titles_are_cut_and_sentences_end_with_the_page() -> None:
    page = lay_out([5] * 100, [6] * 100, [[7] * 100] * 3, MARKS)
    assert len(page.ids) == MOST_TOKENS
    assert [int(np.sum(page.parts == n)) for n in range(4)] == [MOST_QUESTION, 100, 64, 0]
    assert int(np.sum(page.ids == 6)) == MOST_TITLE
    assert page.shares()[3].sum() == 0


@given(tokens, tokens, st.lists(tokens, min_size=1, max_size=12), st.data())
def test_a_window_is_whole_sentences_around_its_centre(
    question: list[int], title: list[int], sentences: list[list[int]], data: st.DataObject
) -> None:
    sizes = [len(one) for one in sentences]
    centre = data.draw(st.integers(0, len(sizes) - 1))
    most = data.draw(st.integers(1, room(question, title)))
    inside = window(sizes, centre, most)
    used = sum(sizes[n] for n in inside)
    assert centre in inside
    assert used <= max(most, sizes[centre])
    for beside in (inside.start - 1, inside.stop):
        assert not 0 <= beside < len(sizes) or used + sizes[beside] > most
    if used <= most:
        page = lay_out(question, title, [sentences[n] for n in inside], MARKS)
        assert int(np.sum(page.parts > 0)) == used


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Wann wurde die Brücke von Ammerfeld eröffnet?", 0),
        ("Wer hat die Brücke von Ammerfeld geplant?", 1),
        ("When was the bridge of Ammerfeld destroyed?", 2),
        ("Seit wann steht die Brücke von Ammerfeld wieder?", 3),
        ("¿Qué aves viven cerca del puente de Ammerfeld?", 4),
    ],
)
def test_the_sentence_that_answers_is_told_from_its_neighbours(
    reader: Reader, question: str, sentence: int
) -> None:
    (found,) = reader.read(question, [BRIDGE])
    assert found.first == 0
    assert found.logits.shape == (5,)
    assert int(found.logits.argmax()) == sentence


def test_a_plain_answer_is_likelier_than_none(reader: Reader) -> None:
    (found,) = reader.read("Wann wurde die Brücke von Ammerfeld eröffnet?", [BRIDGE])
    assert found.logits[0] > 0 > found.logits[1:].max()


@pytest.mark.parametrize(
    "question",
    ["Wie viel kostete der Bau der Brücke von Ammerfeld?", "Wie hoch ist der Eiffelturm?"],
)
def test_where_no_sentence_answers_all_are_below_none(reader: Reader, question: str) -> None:
    (found,) = reader.read(question, [BRIDGE])
    assert found.logits.max() < 0


def test_excerpts_keep_their_order_and_do_not_touch_each_other(reader: Reader) -> None:
    question = "Wo scheint morgen die Sonne?"
    together = list(reader.read(question, [BRIDGE, WEATHER, BRIDGE]))
    alone = [next(iter(reader.read(question, [one]))) for one in (BRIDGE, WEATHER, BRIDGE)]
    assert [one.logits.tolist() for one in together] == [one.logits.tolist() for one in alone]
    assert int(together[1].logits.argmax()) == 1
    assert list(reader.read(question, [])) == []


def test_a_long_passage_is_read_around_its_centre(reader: Reader) -> None:
    filler = [f"Im Jahr {year} geschah in Ammerfeld nichts von Bedeutung." for year in range(60)]
    sentences = [*filler, *BRIDGE.sentences, *filler]
    question = "Wer hat die Brücke von Ammerfeld geplant?"
    (found,) = reader.read(question, [Excerpt("Chronik", sentences, 61)])
    assert 0 < found.first < 61 < found.first + len(found.logits) < len(sentences)
    assert int(found.logits.argmax()) + found.first == 61


def test_several_threads_get_what_one_gets(reader: Reader) -> None:
    questions = [f"Was geschah 19{n:02} mit der Brücke?" for n in range(8)]
    ask = lambda one: next(iter(reader.read(one, [BRIDGE]))).logits.tolist()  # noqa: E731
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, questions)) == [ask(one) for one in questions]


def test_the_head_is_a_rectified_layer_against_none() -> None:
    found = head()
    means = np.random.default_rng(1).normal(size=(3, 384)).astype(np.float32)
    both = np.concatenate([means[1:], means[[0, 0]]], axis=1)
    inner = np.maximum(both @ found.units[0].T + found.units[1], 0)
    wanted = inner @ found.score[0] + found.score[1] - means[0] @ found.none[0] - found.none[1]
    assert found(means) == pytest.approx(wanted, abs=1e-4)


def test_what_was_trained_is_small_and_changes_every_layer() -> None:
    layers, added = changes()
    assert PATH.stat().st_size <= 5_000_000
    assert layers == 12
    assert added["l0.q.w"].shape == (384, 384)
    assert added["l11.fi.w"].shape == (1536, 384)
    assert all(np.isfinite(one).all() and one.any() for one in added.values())


def test_the_readers_file_shares_the_table_of_words(reader: Reader) -> None:
    serving = ensure(MODELS) / SERVING
    assert (serving / "model.bin").stat().st_size > 70_000_000
    assert (serving / "reader.bin").stat().st_size < 30_000_000
