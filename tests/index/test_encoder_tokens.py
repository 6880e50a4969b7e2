"""Tokens: the same as the reference tokenizer's."""

from __future__ import annotations

import unicodedata
from pathlib import Path

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
    assert tokenizer(text, PREFIX).tolist() == expected


def test_tokens_of_random_text_equal_the_reference(
    tokenizer: Tokenizer, reference: Reference
) -> None:
    letters = st.characters(codec="utf-8", max_codepoint=0x24FF, exclude_categories=["Cn", "Mn"])

    @given(st.text(letters.filter(lambda letter: letter not in "<>"), max_size=60))
    def check(text: str) -> None:
        expected = reference.encode(PREFIX + text, add_special_tokens=False).ids
        assert tokenizer(text, PREFIX).tolist() == expected

    check()


@given(st.text(st.sampled_from("aäo\u0308\u0323 \u1100\u1161\u11a8é\u0301Å\n"), max_size=20))
def test_normalising_composes_then_collapses_spaces(text: str) -> None:
    expected = unicodedata.normalize("NFC", text).replace("\n", " ")
    while "  " in expected:
        expected = expected.replace("  ", " ")
    assert Normalizer({ord("\n"): " "})(text) == expected


def test_replacements_may_grow_or_drop_characters() -> None:
    assert Normalizer({ord("½"): "1⁄2", ord("\x07"): ""})("a½\x07b") == "a1⁄2b"
