"""Who does what to whom: whether a claim gives two things each other's place.

There is no grammar here, only what a sentence shows on its surface: prepositions, the cases of
articles and pronouns, the order of what has neither, and the passive.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from bot.language_model.claims.lexicon import is_noun, role_words, units
from bot.language_model.claims.mentions import governing, mentions
from bot.language_model.claims.reading import Reading

AGENT, OBJECT, POSSESSOR = "agent", "object", "possessor"

_OBJECT_ARTICLES = frozenset("den dem einen einem keinen ihren seinen diesen diesem jenem".split())
_POSSESSOR_ARTICLES = frozenset("der des eines einer ihrer seiner dieser".split())
_DETERMINERS = _OBJECT_ARTICLES | _POSSESSOR_ARTICLES | frozenset(
    "die das ein eine the a an his her its their seine sein ihr ihre dessen deren alle".split()
)
_BREAKS = frozenset(",;:–—()„“”\"»«")
_COPULAS = frozenset("ist sind war waren is are was were heißt hieß heißen bleibt gilt".split())
_SUBJECT_PRONOUNS = frozenset("er sie es man wir he she it they we wer who".split())


@dataclass(frozen=True, slots=True)
class Part:
    """A noun or a name in a sentence and what it does there.

    Attributes:
        keys: What it may be met by.
        role: ``agent``, ``object``, ``possessor``, or the preposition before it.
        marked: Whether its article says so rather than its place.
    """

    keys: frozenset[str]
    position: int
    role: str
    marked: bool = False


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
        a, b = (mine_a.role, theirs_a.role), (mine_b.role, theirs_b.role)
        if theirs_a.position != theirs_b.position and (_exchanged(a, b) or _exchanged(b, a)):
            return f"{claim.tokens[mine_a.position].text}, {claim.tokens[mine_b.position].text}"
    return _dethroned(claim, pairs, implied)


def _equates(claim: Reading) -> bool:
    """Whether the sentence only says that one thing is another: either may come first."""
    if any(token.text in _BREAKS for token in claim.tokens):
        return False
    lows = [token.low for token in claim.tokens if token.is_word and token.text[0].islower()]
    return any(low in _COPULAS for low in lows) and not any(map(_is_participle, lows))


def _exchanged(a: tuple[str, str], b: tuple[str, str]) -> bool:
    """Whether b took a's part; each is (role in the claim, role in the source)."""
    (now_a, was_a), (now_b, was_b) = a, b
    if was_a == AGENT and was_b != AGENT:
        return now_b == AGENT and now_a != AGENT
    return was_a != was_b and (now_a, now_b) == (was_b, was_a)


def _dethroned(
    claim: Reading, pairs: Sequence[tuple[Part, Part]], implied: frozenset[str]
) -> str | None:
    """A doer of the source that the claim makes an object, or puts behind a name of its own."""
    usurped = any(part.role == AGENT and part.keys & implied for part in parts_of(claim))
    for mine, theirs in pairs:
        if theirs.role != AGENT or not theirs.keys:
            continue
        if (mine.role == OBJECT and mine.marked) or (usurped and mine.role != AGENT):
            return claim.tokens[mine.position].text
    return None


def _met(
    claim: Reading, source: Reading, implied: frozenset[str]
) -> Iterator[tuple[Part, Part]]:
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


@lru_cache(maxsize=1024)
def parts_of(reading: Reading) -> tuple[Part, ...]:
    """Nouns, names and (without keys) personal pronouns, each with its role."""
    found: list[Part] = []
    passive = _passive_clauses(reading)
    clause, taken = 0, False  # whether the clause has its agent
    for position, token in enumerate(reading.tokens):
        if token.text in _BREAKS:
            clause, taken = clause + 1, False
        elif keys := _noun_keys(reading, position):
            part = _part(reading, position, keys, found, clause in passive, taken)
            taken = taken or part.role == AGENT
            found.append(part)
        elif token.low in role_words("pronouns"):
            bent = token.low in role_words("objects") or clause in passive
            taken = taken or not bent
            found.append(Part(frozenset(), position, OBJECT if bent else AGENT))
    return tuple(found)


def _noun_keys(reading: Reading, position: int) -> frozenset[str]:
    name = next((n for n in reading.names if n.first <= position <= n.last), None)
    if name is not None:
        return name.keys if position == name.last else frozenset()
    word = next((w for w in reading.words if w.position == position), None)
    if word is None or reading.tokens[position].low in units():
        return frozenset()
    token = reading.tokens[position]
    if reading.language == "de":
        return word.keys if token.text[0].isupper() and (not token.opens or is_noun(token.low)) else frozenset()
    before = reading.tokens[position - 1].low if position else ""
    return word.keys if before in _DETERMINERS else frozenset()


def _part(
    reading: Reading,
    position: int,
    keys: frozenset[str],
    found: Sequence[Part],
    passive: bool,
    taken: bool,
) -> Part:
    """What a noun does; ``taken``: its clause has an agent already."""
    inherited = _joined(reading, position, found)
    if inherited is not None:
        return Part(keys, position, inherited.role, inherited.marked)
    preposition = governing(reading.tokens, position)
    if preposition is not None:
        by = preposition in role_words("by") and passive
        return Part(keys, position, AGENT if by else preposition)
    article = _article(reading, position)
    if article in _POSSESSOR_ARTICLES and _after_noun(reading, position, found):
        return Part(keys, position, POSSESSOR)
    if article in _OBJECT_ARTICLES:
        return Part(keys, position, OBJECT, marked=not passive)
    return Part(keys, position, OBJECT if passive or taken else AGENT)


def _joined(reading: Reading, position: int, found: Sequence[Part]) -> Part | None:
    """The noun that this one stands right behind, or that "und" joins it to."""
    before = found[-1] if found and found[-1].keys else None
    if before is None:
        return None
    at = position - 1
    while at > before.position and at in _covered(reading, position):
        at -= 1
    if at == before.position:
        return before
    article = reading.tokens[at].low in _DETERMINERS
    if article:
        at -= 1
    joins = reading.tokens[at].low in role_words("conjunctions") and at - before.position == 1
    return before if joins and not (article and before.role not in (AGENT, OBJECT)) else None


def _covered(reading: Reading, position: int) -> range:
    """Positions of names that run up to this one: first names."""
    first = position
    for name in reversed(reading.names):
        if name.last in (first, first - 1):
            first = name.first
    return range(first, position)


def _article(reading: Reading, position: int) -> str:
    at = position - 1
    steps = 0
    while at >= 0 and steps < 3:
        low = reading.tokens[at].low
        if low in _DETERMINERS:
            return low
        if not reading.tokens[at].is_word or reading.tokens[at].text[0].isupper():
            return ""
        at, steps = at - 1, steps + 1
    return ""


def _after_noun(reading: Reading, position: int, found: Sequence[Part]) -> bool:
    """Whether the article before this noun follows another noun at once."""
    at = position - 1
    while at >= 0 and reading.tokens[at].low not in _DETERMINERS:
        at -= 1
    return bool(found) and found[-1].position == at - 1 and bool(found[-1].keys)


def _passive_clauses(reading: Reading) -> frozenset[int]:
    """Clauses with an auxiliary of the passive and a participle."""
    auxiliary: set[int] = set()
    participle: set[int] = set()
    clause = 0
    for token in reading.tokens:
        if token.text in _BREAKS:
            clause += 1
        elif token.low in role_words("passive"):
            auxiliary.add(clause)
        elif token.is_word and token.text[0].islower() and _is_participle(token.low):
            participle.add(clause)
    return frozenset(auxiliary & participle)


def _is_participle(low: str) -> bool:
    if low.endswith("ed") or low in _PARTICIPLES:
        return True
    starts = ("ge", "be", "ver", "er", "ent", "zer", "über", "unter")
    inner = any(f"{prefix}ge" in low for prefix in ("ein", "aus", "auf", "an", "ab", "vor", "um", "zu"))
    return low.endswith(("t", "en")) and (low.startswith(starts) or inner) and len(low) > 5


_PARTICIPLES = frozenset(
    "written founded known given taken made shown seen won lost sent led held told built found"
    " vorgelesen anerkannt angeschossen".split()
)


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


def compared_otherwise(claim: Reading, source: Reading) -> bool:
    """Whether two things change sides around "als" or "than"."""
    mine, theirs = _sides(claim), _sides(source)
    if mine is None or theirs is None:
        return False
    return bool(mine[0] & theirs[1] - theirs[0]) and bool(mine[1] & theirs[0] - theirs[1])


def _sides(reading: Reading) -> tuple[frozenset[str], frozenset[str]] | None:
    at = next((i for i, token in enumerate(reading.tokens) if token.low in ("als", "than")), None)
    if at is None:
        return None
    left = frozenset().union(*(w.keys for w in reading.words if w.position < at))
    return left, frozenset().union(*(w.keys for w in reading.words if w.position > at))
