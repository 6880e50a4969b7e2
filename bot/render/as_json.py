"""An answer as the JSON object of ``belegbot ask --json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.answer import Answer, Citation, EvidenceItem, NearestArticle

_SCORE_DECIMALS = 4
_MS_DECIMALS = 1


def answer_json(answer: Answer) -> dict[str, Any]:
    """The keys of the documented interface in their order; scores and times rounded."""
    return {
        "question": answer.question,
        "rewritten": answer.rewritten,
        "answered": answer.answered,
        "mode": answer.mode,
        "answer": answer.answer,
        "claims": [
            {"text": claim.text, "citations": list(claim.citations)} for claim in answer.claims
        ],
        "citations": [_citation(citation) for citation in answer.citations],
        "evidence": [_evidence(item) for item in answer.evidence],
        "nearest": [_nearest(article) for article in answer.nearest],
        "dropped": [{"text": claim.text, "reason": claim.reason} for claim in answer.dropped],
        "confidence": _score(answer.confidence),
        "generation": answer.generation,
        "ms": {
            "search": _ms(answer.ms.search),
            "answer": _ms(answer.ms.answer),
            "total": _ms(answer.ms.total),
        },
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "n": citation.n,
        "id": citation.id,
        "article": citation.article,
        "title": citation.title,
        "section": citation.section,
        "page": citation.page,
        "source": citation.source,
        "date": citation.date,
        "url": citation.url,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "score": _score(citation.score),
    }


def _evidence(item: EvidenceItem) -> dict[str, Any]:
    return {
        "article": item.article,
        "quote": item.quote,
        "start": item.start,
        "end": item.end,
        "score": _score(item.score),
    }


def _nearest(article: NearestArticle) -> dict[str, Any]:
    return {
        "article": article.article,
        "title": article.title,
        "date": article.date,
        "url": article.url,
        "score": _score(article.score),
    }


# float() because a NumPy scalar is no JSON number.
def _score(value: float) -> float:
    return round(float(value), _SCORE_DECIMALS)


def _ms(value: float) -> float:
    return round(float(value), _MS_DECIMALS)
