"""Lets a claim pass only when the sentences it cites say so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from bot.language_model.claims import pairing, polarity, roles, support
from bot.language_model.claims.meaning import (
    EncodedClaim,
    EncodedPassage,
    Limits,
    least_cover,
    nearness,
    says_the_same,
)
from bot.language_model.claims.mentions import mentions
from bot.language_model.claims.quantities import satisfied
from bot.language_model.claims.reading import Reading, read
from bot.language_model.claims.support import Context

_LOOKED_AT = 5  # sentences of a passage that are tried as the claim's evidence
_ITEMS = 0.5  # what names and numbers count beside words and meaning
# A sentence that says otherwise counts when it fits nearly as well.
_RIVAL_FIT, _RIVAL_COVER = 0.25, 0.03
_UNCOUNTED = 0.5  # what a sentence loses that lacks one of the claim's numbers
_WORSE_BY = 0.3  # what a sentence may fit less than the one that fits best
_FEWEST_WORDS = 2
_ADDRESS = re.compile(r"\w+://|\bwww\.|\S@\S+\.\w|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}\b(?!\.\w)")
_MARKUP = re.compile(r"<[a-zA-Z/!][^>]*>|\]\(|```|<\|")


class Fault(StrEnum):
    """Why a claim does not pass."""

    FORM = "form"
    QUOTE = "quote"
    NUMBER = "number"
    NAME = "name"
    NEGATION = "negation"
    CONTRAST = "contrast"
    ROLES = "roles"
    MEANING = "meaning"


_DECISIVE = frozenset({Fault.NEGATION, Fault.CONTRAST, Fault.ROLES})
"""What a sentence that fits as well says otherwise, no other sentence can repair."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a claim passes and on what.

    Attributes:
        fault: Why not; None when it passes.
        detail: The words that are at fault, where there are such.
        first, last: The sentences to quote, both inclusive, at most two.
        score: Cosine of the claim and the sentence.
    """

    fault: Fault | None
    detail: str
    first: int
    last: int
    score: float

    @property
    def passed(self) -> bool:
        """Whether the claim may be shown."""
        return self.fault is None


@dataclass(frozen=True, slots=True)
class _Run:
    """The sentence that carries the claim, and the one before or after it where that helps."""

    main: int
    other: int | None
    source: Reading
    whole: Reading
    context: Context
    cosine: float
    cover: float
    fit: float
    others: tuple[Reading, ...]
    near: NDArray[np.float32]
    passage: NDArray[np.float32]


def check(claim: EncodedClaim, passage: EncodedPassage, limits: Limits) -> Verdict:
    """Checks one sentence of a model against one passage that it cites."""
    mine = claim.reading
    if fault := misshapen(mine, passage):
        return Verdict(Fault.FORM, fault, 0, 0, 0.0)
    verdicts = [(run, _verdict(claim.reading, run, limits)) for run in _runs(claim, passage)]
    passed = next(((run, verdict) for run, verdict in verdicts if verdict.passed), None)
    if passed is None:
        return verdicts[0][1]
    rivals = (
        verdict
        for run, verdict in verdicts
        if verdict.fault in _DECISIVE and run.other is None and _rivals(run, passed[0])
    )
    return next(rivals, passed[1])


def _rivals(run: _Run, other: _Run) -> bool:
    """Whether a sentence fits a claim nearly as well as another, and is not passed over by it."""
    return run.fit > other.fit - _RIVAL_FIT and run.cover > other.cover - _RIVAL_COVER


def _verdict(claim: Reading, run: _Run, limits: Limits) -> Verdict:
    fault, detail = _judge(claim, run, limits)
    first, last = sorted((run.main, run.main if run.other is None else run.other))
    return Verdict(fault, detail, first, last, run.cosine)


def misshapen(claim: Reading, passage: EncodedPassage) -> str:
    """What makes a sentence no claim at all: nothing said, markup, an address, a question."""
    if len(claim.words) + len(claim.quantities) < _FEWEST_WORDS:
        return "too little said"
    if claim.text.rstrip().endswith("?"):
        return "a question"
    if found := _MARKUP.search(claim.text):
        return found[0]
    text = " ".join(passage.sentences)
    strange = (match[0] for match in _ADDRESS.finditer(claim.text) if match[0] not in text)
    return next(strange, "")


def _judge(claim: Reading, run: _Run, limits: Limits) -> tuple[Fault | None, str]:
    """The first fault of a claim, held against one run."""
    source, context = run.source, run.context
    if quote := support.unquoted(claim, source):
        return Fault.QUOTE, quote
    if number := support.uncounted(claim, source, context):
        return Fault.NUMBER, number
    if word := support.counted_elsewhere(claim, run.whole, run.others):
        return Fault.NUMBER, word
    if name := support.unnamed(claim, source, context):
        return Fault.NAME, name
    if _negated(claim, run):
        return Fault.NEGATION, ""
    if word := polarity.contradicted(claim, run.source):
        return Fault.CONTRAST, word
    if words := _misplaced(claim, run):
        return Fault.ROLES, words
    return (
        (None, "")
        if _near(claim, run, limits)
        else (Fault.MEANING, f"{run.cosine:.2f} {run.cover:.2f}")
    )


def _negated(claim: Reading, run: _Run) -> bool:
    if not polarity.negated_otherwise(claim, run.source):
        return False
    return run.other is None or polarity.negated_otherwise(claim, run.whole, strict=True)


def _misplaced(claim: Reading, run: _Run) -> str | None:
    implied = frozenset[str]().union(
        *(
            name.keys
            for mention in mentions(claim)
            for name in mention.names
            if not name.keys & run.source.keys
        )
    )
    if found := roles.swapped(claim, run.source, implied):
        return found
    if found := roles.reattached(claim, run.source):
        return found
    if found := roles.represents_other(claim, run.source):
        return found
    if roles.compared_otherwise(claim, run.source):
        return "als / than"
    return "numbers" if pairing.mispaired(claim, run.source) else None


def _near(claim: Reading, run: _Run, limits: Limits) -> bool:
    across = claim.language != run.source.language
    if not _anchored(claim, run.whole, across=across):
        return False
    if not says_the_same(claim, run.near, run.passage, across=across):
        return False
    least = limits.across if across else limits.within
    return run.cover >= least.cover and run.cosine + limits.trade * run.cover >= least.cosine


def _anchored(claim: Reading, source: Reading, *, across: bool) -> bool:
    """Whether claim and source share words, names or numbers, and not names alone.

    Vectors of short sentences lie so close together that they tell nothing by themselves.
    """
    named = {at for name in claim.names for at in range(name.first, name.last + 1)}
    words = sum(
        bool((word.keys | word.inner) & source.keys)
        for word in claim.words
        if word.position not in named
    )
    names = sum(bool(name.keys & source.keys) for name in claim.names)
    numbers = sum(satisfied(quantity, source.quantities) for quantity in claim.quantities)
    return bool(numbers) or (words + names > 1 and (across or words > 0))


def _runs(claim: EncodedClaim, passage: EncodedPassage) -> Iterator[_Run]:
    """Sentences that may carry the claim, likeliest first; each alone, then with a neighbour."""
    mine = claim.reading
    readings = [read(sentence, passage.language) for sentence in passage.sentences]
    topic = tuple(read(text, passage.language) for text in passage.topic)
    cosines = passage.vectors @ claim.vector
    near = nearness(claim, passage)
    covers = [least_cover(mine, row) for row in near]
    fit = [
        float(cosine) + (float(row.mean()) if row.size else 1.0) + _ITEMS * _items(mine, reading)
        for cosine, row, reading in zip(cosines, near, readings, strict=True)
    ]
    fit = [one - _UNCOUNTED * _lacks_numbers(mine, r) for one, r in zip(fit, readings, strict=True)]
    order = sorted(range(len(readings)), key=lambda number: (-fit[number], number))
    anywhere = near.max(axis=0, initial=0.0)
    for main in order[:_LOOKED_AT]:
        if fit[main] < fit[order[0]] - _WORSE_BY:
            return
        context = Context(tuple(readings[:main]), topic)
        for other in (None, main - 1, main + 1):
            if other is None:
                row, whole = near[main], readings[main]
            elif 0 <= other < len(readings):
                row = np.maximum(near[main], near[other])
                first, last = sorted((main, other))
                whole = read(" ".join(passage.sentences[first : last + 1]), passage.language)
            else:
                continue
            cover = least_cover(mine, row)
            if other is None or cover > covers[main]:
                yield _Run(
                    main=main,
                    other=other,
                    source=readings[main],
                    whole=whole,
                    context=context,
                    cosine=float(cosines[main]),
                    cover=cover,
                    fit=fit[main],
                    others=tuple(r for n, r in enumerate(readings) if n not in (main, other)),
                    near=row,
                    passage=anywhere,
                )


def _lacks_numbers(claim: Reading, source: Reading) -> bool:
    return not all(satisfied(quantity, source.quantities) for quantity in claim.quantities)


def _items(claim: Reading, source: Reading) -> float:
    """The share of the claim's names and numbers that the source has, 0 to 1."""
    met = [bool(name.keys & source.keys) for name in claim.names]
    met += [satisfied(quantity, source.quantities) for quantity in claim.quantities]
    return sum(met) / max(1, len(met))
