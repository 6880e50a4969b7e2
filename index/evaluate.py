"""How good are the answers: retrieval, evidence, abstention, calibration.

Every measure is a mean over questions, from 0 to 1, unless it says otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.articles import Span

CUTOFFS = (1, 5, 10)
BINS = 10
AIM = 0.9  # share of answerable questions at which false answers are compared


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question.

    Attributes:
        passage_rank: Rank from 1 of the first passage that holds a gold answer; 0: none did.
        evidence_rank: The same for candidate sentences.
        cited_gold: Whether a citation covers a gold answer.
        sentences: Sentences in the answer.
        not_verbatim: Quotes that are not the article's text between start and end.
        confidence: Of the answer, or of the refusal.
    """

    answered: bool
    passage_rank: int
    evidence_rank: int
    cited_gold: bool
    sentences: int
    not_verbatim: int
    confidence: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Report:
    """Measures over a question set; abstention's are None where it was not measured.

    Attributes:
        answered: Share of answerable questions that were answered.
        cited_gold: Share of those answers whose citations hold a gold answer.
        auroc: How well confidence tells answerable questions from the same ones asked
            without their article (area under the ROC curve).
        false_answers: Share of questions without their article that were answered.
        false_answers_at_90: The same with the threshold at which 90% of the answerable
            questions are answered.
        calibration_error: Expected calibration error (Guo et al. 2017), ten bins of equal
            mass, over answerable questions and the same ones without their article.
    """

    questions: int
    recall_at_1: float
    recall_at_5: float
    recall_at_10: float
    mrr: float
    evidence_at_1: float
    evidence_at_3: float
    answered: float
    cited_gold: float
    sentences_per_answer: float
    not_verbatim: int
    median_ms: float
    p95_ms: float
    auroc: float | None = None
    false_answers: float | None = None
    false_answers_at_90: float | None = None
    calibration_error: float | None = None


def covers(quote: Span, gold: Sequence[Span]) -> bool:
    """Whether the quote holds one of the gold answers whole."""
    return any(quote.start <= span.start and span.end <= quote.end for span in gold)


def first_rank(hits: Sequence[bool]) -> int:
    """Rank from 1 of the first hit, 0 if there is none."""
    return next((rank for rank, hit in enumerate(hits, start=1) if hit), 0)


def summarise(with_article: Sequence[Outcome], without: Sequence[Outcome] = ()) -> Report:
    """The measures over answerable questions and, if given, the same without their article.

    Raises:
        ValueError: There is no question.
    """
    if not with_article:
        raise ValueError("no questions")
    answers = [o for o in with_article if o.answered]
    times = np.array([o.seconds for o in with_article]) * 1000
    passage_ranks = np.array([o.passage_rank for o in with_article])
    evidence_ranks = np.array([o.evidence_rank for o in with_article])
    abstention = _abstention(with_article, without) if without else {}
    return Report(
        questions=len(with_article),
        recall_at_1=_within(passage_ranks, 1),
        recall_at_5=_within(passage_ranks, 5),
        recall_at_10=_within(passage_ranks, 10),
        mrr=float(np.mean([1 / rank if rank else 0.0 for rank in passage_ranks])),
        evidence_at_1=_within(evidence_ranks, 1),
        evidence_at_3=_within(evidence_ranks, 3),
        answered=len(answers) / len(with_article),
        cited_gold=_mean([o.cited_gold for o in answers]),
        sentences_per_answer=_mean([o.sentences for o in answers]),
        not_verbatim=sum(o.not_verbatim for o in (*with_article, *without)),
        median_ms=float(np.median(times)),
        p95_ms=float(np.percentile(times, 95)),
        **abstention,
    )


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Probability that a positive scores above a negative, ties counting half (Mann-Whitney)."""
    pos, neg = np.asarray(positive, float), np.sort(np.asarray(negative, float))
    below = np.searchsorted(neg, pos, "left")
    ties = np.searchsorted(neg, pos, "right") - below
    return float(np.mean((below + ties / 2) / len(neg)))


def calibration_error(confidence: Sequence[float], right: Sequence[bool]) -> float:
    """Expected calibration error over ten bins of equal mass (Guo et al. 2017).

    Args:
        confidence: (n,) predicted probabilities.
        right: (n,) whether it was so.
    """
    order = np.argsort(confidence, kind="stable")
    scores, hits = np.asarray(confidence, float)[order], np.asarray(right, float)[order]
    bins = [chunk for chunk in np.array_split(np.arange(len(order)), BINS) if len(chunk)]
    gaps = [len(chunk) * abs(scores[chunk].mean() - hits[chunk].mean()) for chunk in bins]
    return float(sum(gaps) / len(order))


def _abstention(with_article: Sequence[Outcome], without: Sequence[Outcome]) -> dict[str, float]:
    known = [o.confidence for o in with_article]
    unknown = [o.confidence for o in without]
    threshold = np.quantile(known, 1 - AIM, method="lower")
    n = min(len(known), len(unknown))
    right = [_supported(o) for o in with_article[:n]] + [False] * n
    return {
        "auroc": auroc(known, unknown),
        "false_answers": _mean([o.answered for o in without]),
        "false_answers_at_90": _mean([bool(score >= threshold) for score in unknown]),
        "calibration_error": calibration_error(known[:n] + unknown[:n], right),
    }


def _supported(outcome: Outcome) -> bool:
    """Whether what is cited, or would have been cited first, holds the answer."""
    return outcome.cited_gold if outcome.answered else outcome.evidence_rank == 1


def _within(ranks: NDArray[np.int_], cutoff: int) -> float:
    return float(np.mean((ranks > 0) & (ranks <= cutoff)))


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else 0.0
