"""The seams, used from plain LlamaIndex code."""

from __future__ import annotations

from datetime import date

import pytest
from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import QueryBundle

from bot.assistant import Assistant
from bot.llama import BelegQueryEngine, BelegRetriever
from tests.conftest import SEEDS

WALL = "Wann fiel die Berliner Mauer?"


def test_the_retriever_gives_nodes_with_verbatim_text(seeds_assistant: Assistant) -> None:
    retriever: BaseRetriever = BelegRetriever(seeds_assistant, top_k=4)
    nodes = retriever.retrieve(WALL)
    assert len(nodes) == 4
    scores = [node.get_score() for node in nodes]
    assert scores == sorted(scores, reverse=True)
    assert nodes[0].metadata["article"] == "geschichte/mauerfall.md"
    assert nodes[0].metadata["date"] == "2024-11-09"
    for node in nodes:
        found = node.metadata
        text = (SEEDS / found["article"]).read_text(encoding="utf-8-sig")
        assert text[found["start"] : found["end"]] == node.node.get_content()
        assert found["title"]


def test_the_query_engine_answers_with_sources(seeds_assistant: Assistant) -> None:
    engine: BaseQueryEngine = BelegQueryEngine(seeds_assistant, today=lambda: date(2026, 2, 2))
    response = engine.query(QueryBundle(WALL))
    assert "9. November 1989" in str(response)
    assert "[1]" in str(response)
    assert response.source_nodes[0].metadata["article"] == "geschichte/mauerfall.md"
    assert response.metadata is not None
    assert response.metadata["answered"] is True


async def test_the_query_engine_is_awaited_too(seeds_assistant: Assistant) -> None:
    engine = BelegQueryEngine(seeds_assistant)
    response = await engine.aquery("Wie hoch ist der Eiffelturm?")
    assert response.source_nodes == []
    assert response.metadata is not None
    assert response.metadata["answered"] is False


@pytest.mark.parametrize("top_k", [1, 3])
def test_the_number_of_passages_is_chosen(seeds_assistant: Assistant, top_k: int) -> None:
    assert len(BelegRetriever(seeds_assistant, top_k=top_k).retrieve(WALL)) == top_k
