"""A real small model behind llama.cpp's server, through the whole pipeline, streaming."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.answer import Citation, Claim
from bot.answering import Answerer
from bot.language_model.writing import Writer
from bot.library import Library
from index.build import build
from index.encoder import Encoder
from tests.small_model import NAME, small_model

TODAY = date(2026, 2, 2)
WALL = """---
title: The night of the Wall
language: en
---

The Berlin Wall fell on 9 November 1989. The guard Harald Jäger opened the gate at 11.30 pm.
"""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with small_model() as root:
        yield root


def test_a_real_model_answers_with_what_is_supported_or_not_at_all(
    url: str, encoder: Encoder, tmp_path: Path
) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "wall.md").write_text(WALL, "utf-8")
    build(seeds, tmp_path / "index", lambda: encoder)
    library = Library(tmp_path / "index", lambda: encoder)
    writer = Writer.at(url, NAME, "")
    assert writer.probe() is None
    answerer = Answerer(library, min_confidence=0.0, writer=writer)
    seen: list[Claim] = []

    def on_claim(claim: Claim, _: tuple[Citation, ...]) -> None:
        seen.append(claim)

    try:
        for question in ("When did the Berlin Wall fall?", "Who opened the gate?"):
            seen.clear()
            answer = answerer.answer(question, today=TODAY, on_claim=on_claim)
            assert answer.answered
            assert answer.claims
            for citation in answer.citations:
                assert WALL[citation.start : citation.end] == citation.quote
            if answer.mode == "generative":
                assert tuple(seen) == answer.claims
            else:
                assert seen == []
                assert answer.notice
    finally:
        library.close()
    assert threading.active_count() < 50
