"""The same small model, questions and passages: belegbot beside LlamaIndex's CitationQueryEngine.

What counts is the share of the sentences a person sees whose citation supports them, by
belegbot's own checker. SmolLM2-135M is far too small for the work: that is the point.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.language_model.claims.checker import check
from bot.language_model.claims.meaning import Limits, encode_claim, encode_passage
from bot.language_model.composing import Composer, Done
from bot.language_model.endpoint import language_model
from bot.language_model.markers import Sentence, SentenceStream
from bot.language_model.prompt import MOST_CHARACTERS
from bot.language_model.sources import Source, gather
from bot.language_model.speaking import Bounds, Speaker
from index.build import build
from index.encoder import Encoder
from index.evidence import Query, find_evidence
from index.language import detect
from index.storage import open_current
from tests.small_model import NAME, small_model

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = 8
_PATIENT = Bounds(first_seconds=120, pause_seconds=60, total_seconds=180)


@dataclass
class Tally:
    """Sentences shown, those that cite, those whose citation supports them; answers."""

    name: str
    shown: int = 0
    cited: int = 0
    supported: int = 0
    phrased: int = 0
    quoted: int = 0

    @property
    def line(self) -> str:
        """One line of the table."""
        share = f"{self.supported / self.shown:.0%}" if self.shown else "–"
        return (
            f"{self.name:34} {self.shown:>9} {self.cited:>9} {self.supported:>9} {share:>7}"
            f" {self.phrased:>9} {self.quoted:>7}"
        )


def compare(encoder: Encoder) -> Iterator[str]:
    """The lines of the table, a few minutes apart."""
    ours, theirs = Tally("belegbot"), Tally("LlamaIndex CitationQueryEngine")
    lines = (ROOT / "tests" / "golden" / "questions.jsonl").read_text("utf-8").splitlines()
    asked = [row["question"] for row in map(json.loads, lines) if row["language"] == "en"]
    with tempfile.TemporaryDirectory() as home, small_model() as url:
        build(ROOT / "seeds", Path(home) / "index", lambda: encoder)
        generation = open_current(Path(home) / "index")
        composer = Composer(Speaker(lambda: language_model(url, NAME, ""), bounds=_PATIENT))
        for question in asked[:QUESTIONS]:
            evidence = find_evidence(generation, encoder, Query(question, "en"))
            *_, done = composer.compose_stream(question, "en", evidence, generation, encoder)
            assert isinstance(done, Done)
            count = len(done.claims) or len(evidence.cited)
            ours.shown += count
            ours.cited += count
            ours.supported += count
            ours.phrased += bool(done.claims)
            ours.quoted += not done.claims
            sources = gather(generation, evidence, MOST_CHARACTERS)
            _judge(theirs, _ask(url, question, sources), sources, encoder)
        generation.close()
    yield (
        f"{'':34} {'sentences':>9} {'citing':>9} {'supported':>9} {'share':>7}"
        f" {'phrased':>9} {'quoted':>7}"
    )
    yield ours.line
    yield theirs.line


def _ask(url: str, question: str, sources: Sequence[Source]) -> list[Sentence]:
    """What CitationQueryEngine answers over these passages."""
    from llama_index.core.query_engine import CitationQueryEngine
    from llama_index.core.retrievers import BaseRetriever
    from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

    class Given(BaseRetriever):
        def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:  # noqa: ARG002
            texts = (" ".join(source.sentences) for source in sources)
            return [NodeWithScore(node=TextNode(text=text), score=1.0) for text in texts]

    model: Any = language_model(url, NAME, "", _PATIENT)
    engine = CitationQueryEngine(
        retriever=Given(), llm=model, citation_chunk_size=1024, citation_chunk_overlap=0
    )
    stream = SentenceStream()
    return [*stream.feed(str(engine.query(question))), *stream.close()]


def _judge(
    tally: Tally, said: Sequence[Sentence], sources: Sequence[Source], encoder: Encoder
) -> None:
    tally.phrased += 1
    limits = Limits.of(encoder)
    for sentence in said:
        tally.shown += 1
        cited = [source for source in sources if source.number in sentence.numbers]
        tally.cited += bool(cited)
        spoken = detect(sentence.text, "en")
        claim = encode_claim(encoder, sentence.text, "de" if spoken == "de" else "en")
        passages = (
            encode_passage(encoder, source.sentences, source.language, source.topic)
            for source in cited
        )
        tally.supported += any(check(claim, passage, limits).passed for passage in passages)
