"""Which passages are about the question: dense search and keywords, fused.

Both kinds of score are put on one scale before they are added. A cosine stays as it is; BM25
becomes a share of the most that this question's words could earn. So keywords count for much
where they can match (a German question over German text) and for almost nothing where they
cannot (a Russian one), without asking which languages are at play; names and numbers that
two languages share still help.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.analysis import question_terms
from index.articles import Article
from index.encoder import Encoder
from index.language import detect
from index.scale import Scale, scale_of
from index.storage import Generation, StoredPassage
from index.weights import Weights

KEYWORD_WEIGHT = 0.08
"""What a full keyword match adds to a cosine; measured over five languages of questions."""
PASSAGE_WEIGHT, SENTENCE_WEIGHT, PAIR_WEIGHT = 0.2, 0.4, 0.4
"""What the cosines of a passage, its best sentence and its best pair of sentences count."""
ARTICLE_WEIGHT = 0.3
"""How far a passage is lifted towards the best one of its article: an article found by its
first passage names its subject there and seldom again."""
_POOL = 32
_READ = 24
_ARTICLES, _AROUND = 6, 4
"""Of so many of the best articles, so many passages before and after their best one are looked
at as well."""
_ENOUGH_TO_TELL = 400


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is searched for.

    Attributes:
        text: As it was asked.
        vectors: (v, d) unit rows: the question's vector and, for a language whose vectors
            lie apart, that vector moved to where German and English questions lie.
        terms: Keywords and their weights.
        rarity: How rare each keyword is in this generation (BM25's inverse frequency).
        known: The keywords that some passage has.
        scale: Puts the model's cosines on the common scale.
    """

    text: str
    language: str | None
    vectors: NDArray[np.float32]
    terms: Mapping[str, float]
    rarity: Mapping[str, float]
    known: frozenset[str]
    scale: Scale = field(default_factory=Scale)

    @property
    def mass(self) -> float:
        """The most that the keywords could count together."""
        return sum(weight * self.rarity[term] for term, weight in self.terms.items())


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found.

    Attributes:
        score: What the hits are ordered by.
        dense: Cosine of question and passage.
        keyword: BM25 as a share of the question's mass, 0 to about 1.
        article: The score of the best passage of the same article.
        cosines: (sentences,) cosine of the question with each sentence.
        pairs: (sentences - 1,) cosine with each two adjacent sentences' common direction.
    """

    passage: StoredPassage
    score: float
    dense: float
    keyword: float
    article: float
    cosines: NDArray[np.float32]
    pairs: NDArray[np.float32]


def prepare(
    generation: Generation, encoder: Encoder, text: str, language: str | None, weights: Weights
) -> Question:
    """Encode and analyse a question; its ``language`` (ISO 639-1) is found out when None."""
    language = language or detect(text)
    vector = encoder.encode_questions([text])[0]
    terms = question_terms(text)
    having = {term: generation.passage_frequency(term) for term in terms}
    return Question(
        text=text,
        language=language,
        vectors=weights.variants(vector, language, encoder.name),
        terms=terms,
        rarity={term: _rarity(generation.manifest.passages, n) for term, n in having.items()},
        known=frozenset(term for term, n in having.items() if n),
        scale=scale_of(encoder),
    )


def search(
    generation: Generation, question: Question, k: int, *, exclude: frozenset[int] = frozenset()
) -> list[Hit]:
    """The ``k`` best passages, best first; ties go to the passage that was indexed first.

    Articles whose ids are in ``exclude`` are treated as if absent.
    """
    keywords = dict(generation.keywords(question.terms, _POOL, exclude=exclude))
    pool = set(keywords)
    for vector in question.vectors:
        pool.update(found for found, _ in generation.nearest(vector, _POOL, exclude=exclude))
    share = {found: score / max(question.mass, 1e-9) for found, score in keywords.items()}
    dense = _worth_reading(generation, question, pool, share)
    hits = _lifted(_hits(generation, question, dense, share))
    hits.sort(key=lambda hit: (-hit.score, hit.passage.id))
    return _told_once(generation, hits)[:k]


def _worth_reading(
    generation: Generation, question: Question, pool: set[int], share: Mapping[int, float]
) -> dict[int, float]:
    """The cosines of the best passages of the pool and of what stands beside them, best first."""
    dense = _dense(generation, question, sorted(pool))

    def rough(passage_id: int) -> float:
        return dense[passage_id] + KEYWORD_WEIGHT * share.get(passage_id, 0.0)

    best: dict[int, int] = {}
    for passage_id in sorted(pool, key=lambda one: (-rough(one), one)):
        best.setdefault(generation.article_of(passage_id), passage_id)
    beside = {
        one
        for found in list(best.values())[:_ARTICLES]
        for one in _beside(generation, found)
        if one not in dense
    }
    dense |= _dense(generation, question, sorted(beside))
    lifted = {one: _lift(rough(one), rough(best[generation.article_of(one)])) for one in dense}
    order = sorted(lifted, key=lambda one: (-lifted[one], one))
    return {one: dense[one] for one in order[:_READ]}


def _dense(generation: Generation, question: Question, ids: Sequence[int]) -> dict[int, float]:
    """The cosine of each passage with the question."""
    cosines = question.scale(generation.passage_vectors(ids) @ question.vectors.T)
    cosines[~_may_move(generation, question, ids), 1:] = -np.inf
    return dict(zip(ids, cosines.max(axis=1).tolist(), strict=True))


def _beside(generation: Generation, passage_id: int) -> tuple[int, ...]:
    """A passage and those before and after it in its article."""
    ids = generation.passages_of(generation.article_of(passage_id))
    place = ids.index(passage_id)
    return ids[max(0, place - _AROUND) : place + _AROUND + 1]


def _hits(
    generation: Generation,
    question: Question,
    dense: Mapping[int, float],
    share: Mapping[int, float],
) -> list[Hit]:
    """Passages with their scores, each by itself."""
    ids = list(dense)
    sentences, starts = generation.sentence_vectors_of(ids)
    moves = np.repeat(_may_move(generation, question, ids), np.diff(starts))
    cosines, pairs = map(question.scale, _cosines(sentences, question.vectors, moves))
    hits = []
    for one, start, end in zip(ids, starts[:-1], starts[1:], strict=True):
        own, adjacent = cosines[start:end], pairs[start : end - 1]
        keyword = share.get(one, 0.0)
        score = PASSAGE_WEIGHT * dense[one] + SENTENCE_WEIGHT * float(own.max())
        score += PAIR_WEIGHT * float(adjacent.max(initial=dense[one])) + KEYWORD_WEIGHT * keyword
        passage = generation.passage(one)
        hits.append(Hit(passage, score, dense[one], keyword, score, own, adjacent))
    return hits


def _lifted(hits: Sequence[Hit]) -> list[Hit]:
    """The same, each lifted towards the best of its article."""
    best: dict[int, float] = {}
    for hit in hits:
        article = hit.passage.article_id
        best[article] = max(hit.score, best.get(article, hit.score))
    return [
        replace(hit, article=(top := best[hit.passage.article_id]), score=_lift(hit.score, top))
        for hit in hits
    ]


def _lift(score: float, best: float) -> float:
    return score + ARTICLE_WEIGHT * max(0.0, best - score)


def _told_once(generation: Generation, hits: Sequence[Hit]) -> list[Hit]:
    """Each story by the article found first: what its copies say is the same."""
    kept: list[Hit] = []
    copies: set[int] = set()
    for hit in hits:
        article = hit.passage.article_id
        if article not in copies:
            kept.append(hit)
            copies.update(generation.story(article))
    return kept


def language_of(article: Article) -> str | None:
    """As the article names it, else as its first lines read."""
    if article.language or not article.sections:
        return article.language
    start = article.sections[0].span.start
    return _read(article.text[start : start + _ENOUGH_TO_TELL])


@lru_cache(maxsize=4096)
def _read(text: str) -> str | None:
    return detect(text)


def _may_move(generation: Generation, question: Question, ids: Sequence[int]) -> NDArray[np.bool_]:
    """Which passages are in another language than the question (passages,).

    The question's moved vector is for these; with one vector nothing has to be known.
    """
    if len(question.vectors) == 1:
        return np.ones(len(ids), bool)
    articles = (generation.article(generation.article_of(one)).article for one in ids)
    return np.array([language_of(article) != question.language for article in articles], bool)


def _cosines(
    sentences: NDArray[np.float32], questions: NDArray[np.float32], moves: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The best cosine over the question's variants, of sentences and of adjacent pairs."""
    cosines = sentences @ questions.T
    cosines[~moves, 1:] = -np.inf
    both = sentences[:-1] + sentences[1:]
    lengths = np.linalg.norm(both, axis=1, keepdims=True)
    pairs = (cosines[:-1] + cosines[1:]) / np.maximum(lengths, 1e-9)
    return cosines.max(axis=1), pairs.max(axis=1)


def _rarity(passages: int, having: int) -> float:
    """BM25's inverse document frequency."""
    return float(np.log1p((passages - having + 0.5) / (having + 0.5)))
