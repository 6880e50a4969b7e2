"""Who does what to whom: whether a claim gives two things each other's place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from bot.language_model.claims.lexicon import negations, role_words
from bot.language_model.claims.mentions import mentions
from bot.language_model.claims.parts import (
    AGENT,
    BREAKS,
    OBJECT,
    POSSESSOR,
    Part,
    is_participle,
    parts_of,
)
from bot.language_model.claims.reading import Reading
from bot.language_model.claims.tokens import word_set

_COPULAS = word_set("ist sind war waren is are was were heißt hieß heißen bleibt gilt")
_BARE = (AGENT, OBJECT, POSSESSOR)
_Pair = tuple[Part, Part]
"""A noun as the claim has it and as the source has it."""


def swapped(claim: Reading, source: Reading, implied: frozenset[str] = frozenset()) -> str | None:
    """Two words of the claim that have each other's part in the source.

    Args:
        claim: The claim.
        source: What it cites.
        implied: Keys of the claim's name that the source's pronoun stands for.
    """
    if _equates(claim):
        return None
    pairs = list(_met(claim, source, implied))
    for (mine_a, theirs_a), (mine_b, theirs_b) in combinations(pairs, 2):
        a, b = (mine_a, theirs_a), (mine_b, theirs_b)
        if theirs_a.position != theirs_b.position and (_exchanged(a, b) or _exchanged(b, a)):
            return f"{claim.tokens[mine_a.position].text}, {claim.tokens[mine_b.position].text}"
    return _dethroned(claim, source, pairs, implied)


def _equates(claim: Reading) -> bool:
    """Whether the sentence only says that one thing is another: either may come first."""
    if any(token.text in BREAKS for token in claim.tokens):
        return False
    lows = [token.low for token in claim.tokens if token.is_word and token.text[0].islower()]
    return any(low in _COPULAS for low in lows) and not any(map(is_participle, lows))


def _exchanged(a: _Pair, b: _Pair) -> bool:
    """Whether b took a's part; each is what does what in the claim, and in the source."""
    (now_a, was_a), (now_b, was_b) = a, b
    if was_a.role == AGENT and was_b.role != AGENT:
        turned = (now_b.unsure and now_a.person) or (was_a.unsure and was_b.person)
        if now_b.role != AGENT or turned or (now_a.unsure and now_b.unsure and was_b.unsure):
            return False
        if was_b.role == POSSESSOR and now_a.role in (POSSESSOR, "von", "of"):
            return True
        governed = (AGENT, OBJECT, POSSESSOR)
        return now_a.role == OBJECT or (now_a.role not in governed and was_b.role not in governed)
    if was_a.role == was_b.role:
        return False
    displaced = now_b.role == was_a.role and now_a.role == AGENT and was_a.role not in _BARE
    return displaced or (now_a.role, now_b.role) == (was_b.role, was_a.role)


def _dethroned(
    claim: Reading, source: Reading, pairs: Sequence[_Pair], implied: frozenset[str]
) -> str | None:
    """A doer of the source that the claim makes an object, or puts behind a name of its own."""
    usurped = any(part.role == AGENT and part.keys & implied for part in parts_of(claim))
    for mine, theirs in pairs:
        if theirs.role != AGENT:
            continue
        undone = mine.role == OBJECT and mine.marked and (not mine.passive or _done_by(claim, mine))
        if not theirs.keys:
            if undone:
                return claim.tokens[mine.position].text
            continue
        if undone and _deeds(claim, mine) & _deeds(source, theirs):
            return claim.tokens[mine.position].text
        if usurped and mine.role != AGENT and not theirs.unsure:
            return claim.tokens[mine.position].text
    return None


def _done_by(claim: Reading, undergoer: Part) -> bool:
    """Whether a clause in the passive names its doer."""
    return any(
        part.role == AGENT and part.keys and part.clause == undergoer.clause
        for part in parts_of(claim)
    )


def _deeds(reading: Reading, part: Part) -> frozenset[str]:
    """The keys of the clause's words that are neither nouns nor names."""
    nouns = {one.position for one in parts_of(reading)}
    clause = 0
    found: set[str] = set()
    words = {word.position: word for word in reading.words}
    for position, token in enumerate(reading.tokens):
        clause += token.text in BREAKS
        if clause == part.clause and position in words and position not in nouns:
            found |= words[position].keys
    return frozenset(found)


def _met(claim: Reading, source: Reading, implied: frozenset[str]) -> Iterator[_Pair]:
    """Parts of the claim with the one part of the source each that has the same word."""
    theirs = parts_of(source)
    for mine in parts_of(claim):
        same = [part for part in theirs if part.keys & mine.keys]
        if len({part.role for part in same}) == 1:
            same = same[:1]
        if not same and mine.keys & implied:
            same = [part for part in theirs if not part.keys][:1]
        if len(same) == 1:
            yield mine, same[0]


def reattached(claim: Reading, source: Reading) -> str | None:
    """A title or attribute ("US-Präsident") that the source gives to another name."""
    theirs = dict(_attached(source))
    mine = list(_attached(claim))
    for attribute, keys in mine:
        given = theirs.get(attribute)
        if given and not given & keys and given & claim.keys:
            return attribute
    return None


def _attached(reading: Reading) -> Iterator[tuple[str, frozenset[str]]]:
    """The nouns and adjectives that stand right before a name, with the keys of the name."""
    for mention in mentions(reading):
        if mention.listed:
            continue
        keys = frozenset[str]().union(*(name.keys for name in mention.names))
        for at in range(mention.first - 1, max(-1, mention.first - 3), -1):
            token = reading.tokens[at]
            noun = reading.language != "de" or token.text[0].isupper() or at < mention.first - 1
            word = next((word for word in reading.words if word.position == at), None)
            if word is None or not noun:
                break
            yield from ((key, keys) for key in word.keys)


def represents_other(claim: Reading, source: Reading) -> str | None:
    """A name with another's "für die DDR" right behind it."""
    theirs = list(_followed(source))
    for names, preposition, noun in _followed(claim):
        mine = [one for one in theirs if one[0] & names and one[1] == preposition]
        others = [one for one in theirs if one[2] & noun and one[1] == preposition]
        if mine and others and not any(one[2] & noun for one in mine):
            return preposition
    return None


def _followed(reading: Reading) -> Iterator[tuple[frozenset[str], str, frozenset[str]]]:
    """Names, the preposition right behind them, and its noun."""
    parts = {part.position: part for part in parts_of(reading) if part.keys}
    for mention in mentions(reading):
        at = mention.names[-1].last + 1
        if at >= len(reading.tokens) or reading.tokens[at].low not in role_words("prepositions"):
            continue
        noun = next((parts[n] for n in range(at + 1, at + 4) if n in parts), None)
        if noun is not None:
            keys = frozenset[str]().union(*(name.keys for name in mention.names))
            yield keys, reading.tokens[at].low, noun.keys


def compared_otherwise(claim: Reading, source: Reading) -> bool:
    """Whether two things change sides around "als" or "than"."""
    mine, theirs = _sides(claim), _sides(source)
    denied = any(token.low in negations() for token in (*claim.tokens, *source.tokens))
    if mine is None or theirs is None or denied:
        return False
    return bool(mine[0] & theirs[1] - theirs[0]) and bool(mine[1] & theirs[0] - theirs[1])


def _sides(reading: Reading) -> tuple[frozenset[str], frozenset[str]] | None:
    at = next((i for i, token in enumerate(reading.tokens) if token.low in ("als", "than")), None)
    if at is None:
        return None
    left = frozenset().union(*(w.keys for w in reading.words if w.position < at))
    return left, frozenset().union(*(w.keys for w in reading.words if w.position > at))
