"""The heart: the sentences that answer a question, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.articles import Span
from index.encoder import Encoder
from index.evidence.confidence import confidence, signs
from index.evidence.features import FEATURES, Sentence, candidates, features
from index.evidence.leaning import leans
from index.evidence.preferences import preferences
from index.evidence.question_type import wanted
from index.evidence.result import Candidate, Evidence, Query, Trace
from index.evidence.runs import Run, likelihoods, runs
from index.evidence.selection import Proposal, select
from index.search import Hit, Question, language_of, prepare, search
from index.storage import Generation
from index.weights import Regime, Weights, load

PASSAGES = 12
"""So many of the best passages are read sentence by sentence."""
_TRACED = 5
_NEAREST = 5
_FAR, _NEAR = 0.70, 1.0  # hits' scores below and above which nearness is 0 and 1


@dataclass(frozen=True, slots=True)
class Sight:
    """What was found for a question, before anything is weighed.

    Attributes:
        found: All sentences of the hits.
        matrix: (sentences, ``FEATURES``).
        regime: ``same`` when the best passage is in the question's language, so that their
            words can match; ``cross`` otherwise.
    """

    question: Question
    hits: Sequence[Hit]
    found: Sequence[Sentence]
    matrix: NDArray[np.float64]
    regime: Regime


def find_evidence(generation: Generation, encoder: Encoder, query: Query) -> Evidence:
    """Find the sentences that answer, best first, and how likely what is cited does.

    The question is encoded once; passages and sentences bring their vectors from the index.
    """
    weights = load()
    question = prepare(generation, encoder, query.text, query.language, weights)
    return judge(generation, look(generation, question, query.exclude), query, weights)


def look(generation: Generation, question: Question, exclude: frozenset[int]) -> Sight:
    """The passages that come into question and what can be seen of their sentences."""
    hits = search(generation, question, PASSAGES, exclude=exclude)
    articles = [generation.article(hit.passage.article_id).article for hit in hits]
    found = candidates(hits, [article.text for article in articles])
    spoken = language_of(articles[0]) if articles else None
    regime: Regime = "same" if spoken and spoken == question.language else "cross"
    titles = [article.title for article in articles]
    return Sight(question, hits, found, features(question, hits, found, titles), regime)


def judge(generation: Generation, sight: Sight, query: Query, weights: Weights) -> Evidence:
    """Weigh what was found."""
    hits, found, matrix = sight.hits, sight.found, sight.matrix
    if not found:
        return _nothing(sight.question)
    scores = matrix @ weights.ranking(sight.regime)
    scores = scores + preferences(generation, query, hits, found, scores)
    made = runs(found, likelihoods(scores))
    seen = signs(sight.question, hits, found, matrix, made)
    sure = confidence(seen, weights.confidence[sight.regime])
    proposals = [
        _proposal(generation, hits, found, run, sure * run.likelihood / made[0].likelihood)
        for run in made
    ]
    return Evidence(
        candidates=tuple(one.candidate for one in proposals),
        cited=select(generation, proposals),
        confidence=sure,
        nearest=_nearest(hits),
        trace=_trace(sight, scores, seen),
    )


def _proposal(
    generation: Generation, hits: Sequence[Hit], found: Sequence[Sentence], run: Run, score: float
) -> Proposal:
    """The run as a candidate; a sentence that leans on the one before it takes it along."""
    last = found[run.members[-1]]
    hit = hits[last.hit]
    lead = found[run.members[0]].span if len(run.members) > 1 else None
    if lead is None and leans(last.text):
        lead = _before(generation, hit, last)
    candidate = Candidate(hit.passage.article_id, hit.passage.id, last.span, lead, min(score, 1.0))
    terms = frozenset[str]().union(*(found[place].terms for place in run.members))
    return Proposal(candidate, run.likelihood, terms, found[run.best].text)


def _before(generation: Generation, hit: Hit, sentence: Sentence) -> Span | None:
    """The sentence before this one, in its section."""
    passage = hit.passage
    if sentence.number:
        return passage.sentences[sentence.number - 1]
    ids = generation.passages_of(passage.article_id)
    place = ids.index(passage.id)
    if not place:
        return None
    earlier = generation.passage(ids[place - 1])
    return earlier.sentences[-1] if earlier.section == passage.section else None


def _nearest(hits: Sequence[Hit]) -> tuple[tuple[int, float], ...]:
    """Each article once, by its best passage."""
    best: dict[int, float] = {}
    for hit in hits:
        nearness = (hit.dense + hit.keyword * 0.1 - _FAR) / (_NEAR - _FAR)
        known = best.get(hit.passage.article_id, 0.0)
        best[hit.passage.article_id] = max(known, min(1.0, max(0.0, nearness)))
    ordered = sorted(best.items(), key=lambda item: -item[1])
    return tuple(ordered[:_NEAREST])


def _trace(sight: Sight, scores: NDArray[np.float64], seen: dict[str, float]) -> Trace:
    question = sight.question
    order = np.argsort(-scores, kind="stable")[:_TRACED]
    return Trace(
        searched=question.text,
        language=question.language,
        terms={term: w * question.rarity[term] for term, w in question.terms.items()},
        wanted=tuple(sorted(wanted(question.text))),
        passages=tuple((hit.passage.id, hit.score, hit.dense, hit.keyword) for hit in sight.hits),
        sentences=tuple(
            (
                sight.found[place].span.start,
                float(scores[place]),
                dict(zip(FEATURES, sight.matrix[place].tolist(), strict=True)),
            )
            for place in order
        ),
        signs=seen,
    )


def _nothing(question: Question) -> Evidence:
    """There is not a single passage to search."""
    trace = Trace(question.text, question.language, {}, (), (), (), {})
    return Evidence((), (), 0.0, (), trace)
