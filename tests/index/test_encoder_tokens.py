"""Tokens: the same as the reference tokenizer's, with places in the text as given."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer as Reference

from index.encoder import Encoder
from index.encoder.folder import ensure
from index.encoder.normalization import Normalizer
from index.encoder.tokens import Tokenizer
from tests.conftest import MODELS

PREFIX = "passage: "
TEXTS = [
    "Am 9. November 1989 öffnete die DDR ihre Grenzen.",
    "Donaudampfschifffahrtsgesellschaftskapitän; 3,5 % — „Zitat“ …",
    "Ka\u0308se\tund  viele   Leerzeichen\r\nnew line",
    "Первый спутник, ½ Liter, ﬁnal, Ⅻ, ㎏, x\u200by\ufeffz",
    "日本語の文 한국어 العربية हिन्दी 😀😀🏳️‍🌈",
    " vorn und hinten ",
    "",
]


@pytest.fixture(scope="module")
def folder(encoder: Encoder) -> Path:
    return ensure(MODELS)


@pytest.fixture(scope="module")
def tokenizer(folder: Path) -> Tokenizer:
    return Tokenizer(folder / "serving")


@pytest.fixture(scope="module")
def reference(folder: Path) -> Reference:
    found: Reference = Reference.from_file(str(folder / "tokenizer.json"))
    return found


@pytest.mark.parametrize("text", TEXTS)
def test_tokens_equal_the_reference(text: str, tokenizer: Tokenizer, reference: Reference) -> None:
    expected = reference.encode(PREFIX + text, add_special_tokens=False).ids
    assert tokenizer(text, PREFIX).ids.tolist() == expected


def test_tokens_of_random_text_equal_the_reference(
    tokenizer: Tokenizer, reference: Reference
) -> None:
    letters = st.characters(codec="utf-8", max_codepoint=0x24FF, exclude_categories=["Cn", "Mn"])

    @given(st.text(letters.filter(lambda letter: letter not in "<>"), max_size=60))
    def check(text: str) -> None:
        expected = reference.encode(PREFIX + text, add_special_tokens=False).ids
        assert tokenizer(text, PREFIX).ids.tolist() == expected

    check()


def test_each_token_begins_where_its_characters_do(tokenizer: Tokenizer) -> None:
    assert tokenizer("Hunde", PREFIX).starts.tolist() == [0, 0, 0, 5]
    # A space belongs to the word after it; decomposed letters count as they were given.
    assert tokenizer("fu\u0308r die Hunde", PREFIX).starts.tolist() == [0, 0, 0, 4, 8, 14]


def test_places_never_go_back_and_end_with_the_text(tokenizer: Tokenizer) -> None:
    @given(st.text(max_size=60))
    def check(text: str) -> None:
        text = text.encode("utf-8", "ignore").decode()
        found = tokenizer(text, PREFIX)
        assert len(found.starts) == len(found.ids) + 1
        assert (np.diff(found.starts) >= 0).all()
        assert found.starts[0] == 0
        assert found.starts[-1] == len(text)

    check()


@given(st.text(st.sampled_from("aäo\u0308\u0323 \u1100\u1161\u11a8é\u0301Å\n"), max_size=20))
def test_normalising_keeps_each_characters_origin(text: str) -> None:
    found = Normalizer({ord("\n"): " "})(text)
    assert len(found.origins) == len(found.text) + 1
    expected = unicodedata.normalize("NFC", text).replace("\n", " ")
    while "  " in expected:
        expected = expected.replace("  ", " ")
    assert found.text == expected
    assert (np.diff(found.origins) >= 0).all()


def test_replacements_may_grow_or_drop_characters() -> None:
    found = Normalizer({ord("½"): "1⁄2", ord("\x07"): ""})("a½\x07b")
    assert found.text == "a1⁄2b"
    assert found.origins.tolist() == [0, 1, 1, 1, 3, 4]
