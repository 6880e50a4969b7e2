"""Which passages are about the question: dense search and keywords, fused.

Both kinds of score are put on one scale before they are added. A cosine stays as it is; BM25
becomes a share of the most that this question's words could earn. So keywords count for much
where they can match (a German question over German text) and for almost nothing where they
cannot (a Russian one), without asking which languages are at play; names and numbers that
two languages share still help.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
_POOL = 32
_READ = 24
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
        cosines: (sentences,) cosine of the question with each sentence.
        pairs: (sentences - 1,) cosine with each two adjacent sentences' common direction.
    """

    passage: StoredPassage
    score: float
    dense: float
    keyword: float
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
    mass = max(question.mass, 1e-9)
    first: list[tuple[float, int, float]] = []
    for passage_id in pool:
        vectors = _variants(generation, question, passage_id)
        dense = float(question.scale(vectors @ generation.passage_vector(passage_id)).max())
        rough = dense + KEYWORD_WEIGHT * keywords.get(passage_id, 0.0) / mass
        first.append((-rough, passage_id, dense))
    first.sort()
    hits = []
    for _, passage_id, dense in first[:_READ]:
        vectors = _variants(generation, question, passage_id)
        sentences = generation.sentence_vectors(passage_id)
        cosines, pairs = map(question.scale, _cosines(sentences, vectors))
        keyword = keywords.get(passage_id, 0.0) / mass
        score = PASSAGE_WEIGHT * dense + SENTENCE_WEIGHT * float(cosines.max())
        score += PAIR_WEIGHT * float(pairs.max(initial=dense)) + KEYWORD_WEIGHT * keyword
        hits.append(Hit(generation.passage(passage_id), score, dense, keyword, cosines, pairs))
    hits.sort(key=lambda hit: (-hit.score, hit.passage.id))
    return _told_once(generation, hits)[:k]


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


def _variants(generation: Generation, question: Question, passage_id: int) -> NDArray[np.float32]:
    """The question's vectors for this passage: the moved one is for other languages' texts."""
    if len(question.vectors) == 1:
        return question.vectors
    article = generation.article(generation.passage(passage_id).article_id).article
    return question.vectors[: 1 if language_of(article) == question.language else None]


def _cosines(
    sentences: NDArray[np.float32], questions: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The best cosine over the question's variants, of sentences and of adjacent pairs."""
    cosines = sentences @ questions.T
    both = sentences[:-1] + sentences[1:]
    lengths = np.linalg.norm(both, axis=1, keepdims=True)
    pairs = (cosines[:-1] + cosines[1:]) / np.maximum(lengths, 1e-9)
    return cosines.max(axis=1), pairs.max(axis=1)


def _rarity(passages: int, having: int) -> float:
    """BM25's inverse document frequency."""
    return float(np.log1p((passages - having + 0.5) / (having + 0.5)))
