"""The seams to LlamaIndex: the searcher as a retriever, the answerer as a query engine.

Importing this module imports llama-index-core; nothing else of belegbot's serving does.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from bot.answer import Answer, Citation
from bot.assistant import Assistant
from bot.render.as_json import answer_json
from index.articles import Article, Span


class BelegRetriever(BaseRetriever):
    """Passages for a question, best first; scores are higher for better ones.

    Each node's metadata hold ``article``, ``title``, ``date``, ``url``, ``source``, ``start``
    and ``end``: the node's text is the article's text between the two.
    """

    def __init__(self, assistant: Assistant, *, top_k: int = 10, **options: Any) -> None:
        """``options`` go to ``BaseRetriever`` (a callback manager, say)."""
        self._assistant = assistant
        self._top_k = top_k
        super().__init__(**options)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [
            NodeWithScore(node=_node(found.article, found.span, str(found.id)), score=found.score)
            for found in self._assistant.passages(query_bundle.query_str, self._top_k)
        ]


class BelegQueryEngine(BaseQueryEngine):
    """Answers with citations.

    ``response`` is the text with its numbers, ``source_nodes`` are the quotes in order, and
    ``metadata`` is the whole answer as ``belegbot ask --json`` prints it.
    """

    def __init__(
        self, assistant: Assistant, *, today: Callable[[], date] = date.today, **options: Any
    ) -> None:
        """``today``: what "yesterday" counts from; ``options`` go to ``BaseQueryEngine``."""
        self._assistant = assistant
        self._today = today
        super().__init__(callback_manager=options.pop("callback_manager", None), **options)

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return _response(self._assistant.answer(query_bundle.query_str, today=self._today()))

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        import asyncio

        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


def _response(answer: Answer) -> Response:
    return Response(
        response=answer.answer,
        source_nodes=[_quoted(citation) for citation in answer.citations],
        metadata=answer_json(answer),
    )


def _quoted(citation: Citation) -> NodeWithScore:
    metadata = {
        name: getattr(citation, name)
        for name in ("n", "article", "title", "date", "url", "source", "start", "end")
    }
    node = TextNode(id_=citation.id, text=citation.quote, metadata=metadata)
    return NodeWithScore(node=node, score=citation.score)


def _node(article: Article, span: Span, identifier: str) -> TextNode:
    return TextNode(
        id_=identifier,
        text=article.text[span.start : span.end],
        metadata={
            "article": article.key,
            "title": article.title,
            "date": article.date,
            "url": article.url,
            "source": article.source,
            "start": span.start,
            "end": span.end,
        },
    )
