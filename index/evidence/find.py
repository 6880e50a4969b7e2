"""The heart: the sentences that answer a question, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.articles import Span
from index.encoder import Encoder
from index.evidence.confidence import confidence, reading_signs, signs
from index.evidence.features import FEATURES, Sentence, with_reading
from index.evidence.leaning import leans
from index.evidence.preferences import preferences
from index.evidence.question_type import wanted
from index.evidence.reading import read
from index.evidence.result import Candidate, Evidence, Query, Trace
from index.evidence.runs import MOST_RUNS, Run, likelihoods, runs
from index.evidence.selection import Proposal, select
from index.evidence.sight import Sight, alone, look
from index.search import Hit, Question, prepare
from index.storage import Generation
from index.weights import Weights, load

ANSWERS = 3.0
"""A sentence so likely by the reader (log odds) is an answer, whatever ranks above it."""
PLAIN, PLAIN_LIKELIHOOD = 0.9, 0.9
"""Where vectors and keywords alone are so sure that the answer is cited, and so sure which run of
sentences has it, reading changes next to nothing (docs/adr/0011)."""
_TRACED = 5
_NEAREST = 5
_FAR, _NEAR = 0.70, 1.0  # hits' scores below and above which nearness is 0 and 1


def find_evidence(generation: Generation, encoder: Encoder, query: Query) -> Evidence:
    """Find the sentences that answer, best first, and how likely what is cited does.

    The question is encoded once; passages and sentences bring their vectors from the index.
    Unless that is sure enough, the reader, where the model has one, reads the likeliest passages.
    """
    weights = load()
    question = prepare(generation, encoder, query.text, query.language, weights)
    sight = look(generation, question, query.exclude)
    if not sight.found:
        return _nothing(question)
    scores = _scores(generation, sight, query, weights)
    evidence = _weigh(generation, sight, weights, scores)
    if encoder.reader is None or _plain(evidence):
        return evidence
    sight = read(generation, encoder.reader, sight, scores, query.period)
    return judge(generation, sight, query, weights)


def _plain(evidence: Evidence) -> bool:
    """Whether there is no doubt that would be worth the time that reading takes."""
    likelihood = evidence.trace.signs["likelihood"]
    return evidence.confidence >= PLAIN and likelihood >= PLAIN_LIKELIHOOD


def judge(generation: Generation, sight: Sight, query: Query, weights: Weights) -> Evidence:
    """Weigh what was found."""
    if not sight.found:
        return _nothing(sight.question)
    scores = _scores(generation, sight, query, weights)
    return _weigh(generation, sight, weights, scores)


def _scores(
    generation: Generation, sight: Sight, query: Query, weights: Weights
) -> NDArray[np.float64]:
    """Each sentence's score, with what the conversation and the clock prefer."""
    if sight.read is None:
        scores = alone(sight, weights)
    else:
        scores = with_reading(sight.matrix, sight.read) @ weights.read.ranking(sight.regime)
    return scores + preferences(generation, query, sight.hits, sight.found, scores)


def _weigh(
    generation: Generation,
    sight: Sight,
    weights: Weights,
    scores: NDArray[np.float64],
) -> Evidence:
    """What sentences with these scores make of the answer."""
    hits, found, matrix = sight.hits, sight.found, sight.matrix
    scorer = weights.alone if sight.read is None else weights.read
    likely = likelihoods(scores)
    made = runs(found, likely)
    if sight.read is not None:
        made = _with_another(sight, sight.read, made, likely)
    seen = signs(sight.question, hits, found, matrix, made)
    if sight.read is not None:
        seen |= reading_signs(sight.read, made[0])
    sure = confidence(seen, scorer.confidence[sight.regime])
    proposals = [
        _proposal(generation, sight, run, sure * run.likelihood / made[0].likelihood)
        for run in made
    ]
    return Evidence(
        candidates=tuple(one.candidate for one in proposals),
        cited=select(generation, proposals),
        confidence=sure,
        nearest=_nearest(hits),
        trace=_trace(sight, scores, seen),
    )


def _with_another(
    sight: Sight, read: NDArray[np.float64], made: list[Run], likely: NDArray[np.float64]
) -> list[Run]:
    """The runs and, for the last of them, what another article answers if none of them is that."""
    articles = [sight.hits[one.hit].passage.article_id for one in sight.found]
    first = articles[made[0].best]
    if any(articles[run.best] != first and read[run.best] >= ANSWERS for run in made):
        return made
    elsewhere = np.array([one != first for one in articles])
    heard = np.where(elsewhere & ~np.isnan(read), read, -np.inf)
    best = int(heard.argmax())
    if heard[best] < ANSWERS or any(best in run.members for run in made):
        return made
    return [*made[: MOST_RUNS - 1], Run(best, (best,), float(likely[best]))]


def _proposal(generation: Generation, sight: Sight, run: Run, score: float) -> Proposal:
    """The run as a candidate; a sentence that leans on the one before it takes it along."""
    hits, found = sight.hits, sight.found
    answers = sight.read is not None and bool(sight.read[run.best] >= ANSWERS)
    last = found[run.members[-1]]
    hit = hits[last.hit]
    lead = found[run.members[0]].span if len(run.members) > 1 else None
    if lead is None and leans(last.text):
        lead = _before(generation, hit, last)
    candidate = Candidate(hit.passage.article_id, hit.passage.id, last.span, lead, min(score, 1.0))
    terms = frozenset[str]().union(*(found[place].terms for place in run.members))
    return Proposal(candidate, run.likelihood, terms, found[run.best].text, answers)


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
