"""How near a claim's meaning is to a sentence's: vectors of sentences and of single words.

The encoder's view of a word lies near that of a synonym and of a translation. So each content
word of a claim is laid beside its nearest word of
the source; a stretch of the claim that finds nothing there was added by the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.language_model.claims.polarity import clause_texts
from bot.language_model.claims.reading import Reading, read
from index.articles import Span
from index.encoder import Encoder

Vectors = NDArray[np.float32]
_SAID, _SAID_ACROSS, _SAID_BY_FEW, _FEW = 0.4, 0.15, 0.25, 2
_MOST_KNOWN = 20_000
_INNER = 0.7  # what part of a compound counts


class Least(NamedTuple):
    """What a claim needs at least.

    Attributes:
        cosine: Of claim and sentence, with the share of ``cover`` that the limits add to it.
        cover: Mean nearness of the words, 0 to 1; in each clause, too.
    """

    cosine: float
    cover: float


_WITHIN, _ACROSS = Least(0.875, 0.42), Least(0.8, 0.25)


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a claim means what the sentence says.

    Attributes:
        within: Where claim and sentence are in one language.
        across: Where they are in two.
        trade: What full cover makes up for in cosine.
    """

    within: Least = _WITHIN
    across: Least = _ACROSS
    trade: float = 0.15

    @classmethod
    def of(cls, encoder: Encoder) -> Limits:
        """For a model; vectors of the bundled one lie closer together than most others'."""
        if encoder.name == "bundled":
            return cls()
        return cls(Least(0.5, 0.42), Least(0.35, 0.25))


@dataclass(frozen=True, slots=True)
class EncodedPassage:
    """The sentences that a claim may lean on, without markup.

    Attributes:
        vectors: (sentences, d) unit rows.
        words: For each sentence (content words, d) unit rows.
        topic: Title and opening sentences of the article, and whom it speaks of most.
    """

    sentences: tuple[str, ...]
    vectors: Vectors
    words: tuple[Vectors, ...]
    language: str
    topic: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EncodedClaim:
    """A claim with its vector (d,) and those of its content words (words, d)."""

    reading: Reading
    vector: Vectors
    words: Vectors


def encode_passage(
    encoder: Encoder, sentences: Sequence[str], language: str, topic: Sequence[str] = ()
) -> EncodedPassage:
    """Encodes a passage's sentences and words."""
    spans: list[Span] = []
    start = 0
    for sentence in sentences:
        spans.append(Span(start, start + len(sentence)))
        start += len(sentence) + 1
    vectors = encoder.encode_documents([" ".join(sentences)], [spans]).sentences
    words = _word_vectors(encoder, [read(sentence, language) for sentence in sentences])
    return EncodedPassage(tuple(sentences), vectors, words, language, tuple(topic))


def encode_claim(encoder: Encoder, claim: str, language: str) -> EncodedClaim:
    """Encodes a claim and its words."""
    reading = read(claim, language)
    vector = encoder.encode_documents([reading.text], [()]).passages[0]
    return EncodedClaim(reading, vector, _word_vectors(encoder, [reading])[0])


_KNOWN: dict[str, dict[str, Vectors]] = {}
"""Vectors of words met before, by the model's fingerprint: a word alone has but one."""


def _word_vectors(encoder: Encoder, readings: Sequence[Reading]) -> tuple[Vectors, ...]:
    """For each reading (content words, d); words not met before are encoded in one run."""
    known = _KNOWN.setdefault(encoder.fingerprint, {})
    texts = [[one.text[word.start : word.end] for word in one.words] for one in readings]
    every = dict.fromkeys(text for of_one in texts for text in of_one)
    missing = [text for text in every if text not in known]
    if missing:
        if len(known) > _MOST_KNOWN:
            known.clear()
        fresh = encoder.encode_documents(missing, [()] * len(missing)).passages
        known.update(zip(missing, fresh, strict=True))
    empty = np.zeros((0, encoder.dimension), np.float32)
    return tuple(
        np.stack([known[text] for text in of_one]) if of_one else empty for of_one in texts
    )


def nearness(claim: EncodedClaim, passage: EncodedPassage) -> Vectors:
    """(sentences, words): how near each word of the claim is to its nearest in each sentence.

    1 is the same word, 0 no nearer than any two words of claim and passage are on average.
    """
    found = np.zeros((len(passage.sentences), len(claim.words)), np.float32)
    if not len(claim.words):
        return found
    known = frozenset[str]().union(*(read(text, passage.language).keys for text in passage.topic))
    pairs = [claim.words @ words.T for words in passage.words]
    everything = np.concatenate(pairs, axis=1)
    usual = float(everything.mean()) if everything.size else 0.0
    for number, pair in enumerate(pairs):
        if pair.size:
            found[number] = np.clip((pair.max(axis=1) - usual) / max(1 - usual, 1e-6), 0, 1)
        source = read(passage.sentences[number], passage.language)
        found[number] = np.maximum(found[number], _met(claim.reading, source, known))
    return found


def _met(claim: Reading, source: Reading, known: frozenset[str]) -> Vectors:
    """1 for each word of the claim that the source has, less for part of a compound.

    A name that the whole article is about need not be said again in each sentence.
    """
    named = {
        position
        for name in claim.names
        if name.keys & source.keys or (name.keys & known and not _counted(claim, name.first))
        for position in range(name.first, name.last + 1)
    }
    return np.array(
        [
            1.0
            if word.keys & source.keys or word.position in named
            else _INNER * bool(word.inner & source.keys)
            for word in claim.words
        ],
        np.float32,
    )


def _counted(claim: Reading, position: int) -> bool:
    """Whether a number stands right before a word: it says what was counted."""
    return position > 0 and claim.tokens[position - 1].is_number


def says_the_same(claim: Reading, run: Vectors, passage: Vectors, *, across: bool) -> bool:
    """Whether what the claim says of its names is said in the source.

    Names alone would make "The Wall was sold" near "The Wall fell". So the words that are no
    names are looked at by themselves, for half in the run and for half in its passage.

    Args:
        claim: The claim.
        run: (words,) nearness to the sentences quoted.
        passage: (words,) nearness to the nearest sentence of the passage.
        across: Whether claim and passage are in two languages.
    """
    named = {at for name in claim.names for at in range(name.first, name.last + 1)}
    said = [
        (float(run[number]) + float(passage[number])) / 2
        for number, word in enumerate(claim.words)
        if word.position not in named
    ]
    if not said:
        return True
    if across:
        return sum(said) / len(said) >= _SAID_ACROSS
    return sum(said) / len(said) >= _SAID and (len(said) > _FEW or min(said) >= _SAID_BY_FEW)


def least_cover(claim: Reading, near: Vectors) -> float:
    """The mean nearness of the claim's words, or that of its worst clause if that is less.

    Args:
        claim: The claim.
        near: (words,) from ``nearness``, of one sentence or the best of two.
    """
    if not len(near):
        return 1.0
    means = [float(near.mean())]
    start = 0
    for text in clause_texts(claim.text):
        start = claim.text.index(text, start)
        inside = [
            number
            for number, word in enumerate(claim.words)
            if start <= word.start < start + len(text)
        ]
        start += len(text)
        if len(inside) > 1:
            means.append(float(near[inside].mean()))
    return min(means)
