"""Which of the candidates are cited: the first, and those that add something to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.analysis import numbers
from index.evidence.result import Candidate
from index.storage import Generation

MOST_CITED = 3
ALMOST_AS_LIKELY = 0.5
"""A further citation from another article must be so likely beside the first."""
SAME_ARTICLE = 0.35
"""One from the same article must be so likely; it tells where else the answer may stand."""
CONTRADICTS = 0.1
"""One from another article with other numbers is worth showing when it is so likely."""
SAME_WORDS = 0.6
"""Share of common keywords above which two quotes say the same."""
SAME_MATTER = 0.25
"""Share of common keywords above which quotes with other numbers contradict each other."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A candidate with what is needed to choose.

    Attributes:
        likelihood: That it answers, given that one candidate does.
        terms: Its keywords.
        text: Its best sentence.
        answers: Whether the reader takes it for an answer.
    """

    candidate: Candidate
    likelihood: float
    terms: frozenset[str]
    text: str
    answers: bool = False


def select(generation: Generation, proposals: Sequence[Proposal]) -> tuple[Candidate, ...]:
    """What to cite, in order; of articles that disagree the newer comes first."""
    chosen = list(proposals[:1])
    for one in proposals[1:]:
        if len(chosen) == MOST_CITED:
            break
        if _adds(generation, chosen, one):
            chosen.append(one)
    if len(chosen) > 1 and _near(*chosen[:2]) and _disagree(chosen[0], chosen[1]):
        chosen[:2] = sorted(chosen[:2], key=lambda one: _date(generation, one), reverse=True)
    return tuple(one.candidate for one in chosen)


def _adds(generation: Generation, chosen: Sequence[Proposal], one: Proposal) -> bool:
    first = chosen[0]
    here = one.candidate.article_id
    elsewhere = all(here != other.candidate.article_id for other in chosen)
    share = one.likelihood / first.likelihood
    if any(here in generation.story(other.candidate.article_id) for other in chosen):
        return False
    heard = _near(first, one) or (first.answers and one.answers)
    if len(chosen) == 1 and heard and _disagree(first, one):
        return True
    if share < (ALMOST_AS_LIKELY if elsewhere else SAME_ARTICLE):
        return False
    return all(_overlap(one, other) < SAME_WORDS for other in chosen)


def _near(first: Proposal, one: Proposal) -> bool:
    """Whether a second one is likely enough to say otherwise."""
    return one.likelihood >= CONTRADICTS * first.likelihood


def _disagree(one: Proposal, other: Proposal) -> bool:
    """Whether two articles speak of the same, or answer the same, with other numbers."""
    if one.candidate.article_id == other.candidate.article_id:
        return False
    mine, theirs = numbers(one.text), numbers(other.text)
    same = (one.answers and other.answers) or _overlap(one, other) >= SAME_MATTER
    return bool(mine - theirs) and bool(theirs - mine) and same


def _overlap(one: Proposal, other: Proposal) -> float:
    """Common keywords as a share of the shorter quote's."""
    shorter = min(len(one.terms), len(other.terms))
    return len(one.terms & other.terms) / shorter if shorter else 0.0


def _date(generation: Generation, one: Proposal) -> str:
    return generation.article(one.candidate.article_id).article.date or ""
