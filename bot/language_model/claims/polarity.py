"""Whether a claim affirms what its source affirms, and denies what it denies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.language_model.claims.lexicon import contrasts, denials, harmless, negations
from bot.language_model.claims.reading import Reading, read

_CLAUSE = re.compile(
    r"[,;:–—()]|\s-\s|\b(?:und|and|but|aber|doch|while|whereas)\b"
    r"|(?<=[^\W\d][.!?])\s+(?=[A-ZÄÖÜ„“\"])"
)


def negated_otherwise(claim: Reading, source: Reading, *, strict: bool = False) -> bool:
    """Whether one of the claim's clauses denies what the source affirms, or the other way.

    Args:
        claim: The claim.
        source: What it cites.
        strict: Clauses of the claim that share no word with any of the source's count as they
            are; otherwise they are held against all that the others left over.
    """
    theirs = list(_counted(source))
    if not theirs:
        return False
    used: set[int] = set()
    loose = 0
    unmatched = False
    for clause, count in _counted(claim):
        best = _nearest(clause, [reading for reading, _ in theirs])
        if best is None:
            unmatched = True
            loose += count
            continue
        used.add(best)
        if count % 2 != theirs[best][1] % 2:
            return True
    if strict or not unmatched:
        return False
    rest = sum(count for number, (_, count) in enumerate(theirs) if number not in used)
    return loose % 2 != rest % 2


def contradicted(claim: Reading, source: Reading) -> str | None:
    """The claim's word to which the source has only an opposite, if there is one."""
    mine = [token.low for token in claim.tokens if token.is_word]
    theirs = [token.low for token in source.tokens if token.is_word]
    for sides in contrasts():
        said = [any(side.match(word) for word in mine) for side in sides]
        there = [any(side.match(word) for word in theirs) for side in sides]
        for number, side in enumerate(sides):
            others = there[:number] + there[number + 1 :]
            if said[number] and not there[number] and any(others):
                return next(word for word in mine if side.match(word))
    return None


def _clauses(reading: Reading) -> list[Reading]:
    return [read(part, reading.language) for part in clause_texts(reading.text)]


def _counted(reading: Reading) -> Iterator[tuple[Reading, int]]:
    """Clauses and how often each denies; "verzichtete darauf, … zu lassen" denies what follows."""
    carried = 0
    for clause in _clauses(reading):
        governed = re.search(r"\bzu\b|^\s*dass\b|\bto\b|^\s*that\b", clause.text)
        yield clause, _denials(clause) + (carried if governed else 0)
        words = re.findall(r"[^\W\d_]+", clause.text.lower())
        carried = sum(bool(denials().match(word)) for word in words)


def clause_texts(text: str) -> Iterator[str]:
    """The stretches of a sentence between its commas and conjunctions."""
    begin = 0
    for match in _CLAUSE.finditer(text):
        before, behind = text[begin : match.start()], text[match.end() :]
        if match[0].isalpha() and min(len(before.split()), len(behind.split())) < 3:
            continue
        if re.search(r"\d$", before) and re.match(r"\d", behind):
            continue
        if before.strip():
            yield before
        begin = match.end()
    if text[begin:].strip():
        yield text[begin:]


def _nearest(clause: Reading, others: list[Reading]) -> int | None:
    """The clause that shares most with this one; None when none shares anything."""
    shared = [_shared(clause, other) for other in others]
    best = max(range(len(others)), key=lambda number: (shared[number], -number))
    return best if shared[best] else None


def _shared(clause: Reading, other: Reading) -> float:
    words = sum(1.0 for word in clause.words if word.keys & other.keys)
    inner = sum(0.5 for word in clause.words if word.inner & other.keys)
    names = sum(1.0 for name in clause.names if name.keys & other.keys)
    numbers = sum(
        1.0 for q in clause.quantities if any(q.values & o.values for o in other.quantities)
    )
    return words + inner + names + numbers


def _denials(reading: Reading) -> int:
    text = harmless().sub(" ", reading.text)
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", text.lower())
    return sum(
        word in negations() or word.endswith(("n't", "n’t")) or bool(denials().match(word))
        for word in words
    )
