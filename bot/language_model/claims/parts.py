"""What each noun and name does in its sentence, as far as the surface shows it.

There is no grammar here: only prepositions, the cases of articles and pronouns, the order of
what has neither, and the passive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.language_model.claims.lexicon import is_noun, role_words, units
from bot.language_model.claims.mentions import governing, mentions
from bot.language_model.claims.reading import Reading
from bot.language_model.claims.tokens import word_set

AGENT, OBJECT, POSSESSOR = "agent", "object", "possessor"

_OBJECT_ARTICLES = word_set("den dem einen einem keinen ihren seinen diesen diesem jenem")
POSSESSOR_ARTICLES = word_set("der des eines einer ihrer seiner dieser")
_DETERMINERS = (
    _OBJECT_ARTICLES
    | POSSESSOR_ARTICLES
    | word_set("die das ein eine the a an his her its their seine sein ihr ihre dessen deren alle")
)
_TIMES = word_set("anfang mitte ende beginn end beginning year same time zeit mal jahrhundert")
BREAKS = frozenset(',;:–—()„“”"»«')


@dataclass(frozen=True, slots=True)
class Part:
    """A noun or a name in a sentence and what it does there.

    Attributes:
        keys: What it may be met by.
        role: ``agent``, ``object``, ``possessor``, or the preposition before it.
        clause: Number of the stretch between marks that it stands in.
        marked: Whether its article says so rather than its place.
        unsure: Whether its article would also fit an object.
        person: Whether it is a name with a first name.
        passive: Whether its clause is in the passive.
    """

    keys: frozenset[str]
    position: int
    role: str
    clause: int
    marked: bool = False
    unsure: bool = False
    person: bool = False
    passive: bool = False


@lru_cache(maxsize=1024)
def parts_of(reading: Reading) -> tuple[Part, ...]:
    """Nouns, names and (without keys) personal pronouns, each with its role."""
    found: list[Part] = []
    passive = _passive_clauses(reading)
    clause, taken = 0, False  # whether the clause has its agent
    for position, token in enumerate(reading.tokens):
        if token.text in BREAKS:
            clause, taken = clause + 1, False
        elif keys := _noun_keys(reading, position):
            done = _Clause(clause, clause in passive, taken)
            part = _part(reading, position, keys, found, done)
            taken = taken or part.role == AGENT
            found.append(part)
        elif token.low in role_words("pronouns"):
            role = _pronoun_role(reading, position, clause in passive)
            taken = taken or role == AGENT
            found.append(Part(frozenset(), position, role, clause))
    return tuple(found)


def _noun_keys(reading: Reading, position: int) -> frozenset[str]:
    name = next((n for n in reading.names if n.first <= position <= n.last), None)
    if name is not None:
        return name.keys if position == name.last else frozenset()
    word = next((w for w in reading.words if w.position == position), None)
    if (
        word is None
        or reading.tokens[position].low in _TIMES
        or reading.tokens[position].low in units()
    ):
        return frozenset()
    token = reading.tokens[position]
    if reading.language == "de":
        noun = token.text[0].isupper() and (not token.opens or is_noun(token.low))
        return word.keys if noun else frozenset()
    before = reading.tokens[position - 1].low if position else ""
    return word.keys if before in _DETERMINERS else frozenset()


def _pronoun_role(reading: Reading, position: int, passive: bool) -> str:
    before = reading.tokens[position - 1].low if position else ""
    if before in role_words("prepositions"):
        return before
    token = reading.tokens[position]
    return OBJECT if passive or token.low in role_words("objects") else AGENT


@dataclass(frozen=True, slots=True)
class _Clause:
    """Where a noun stands: ``taken``: the clause has its agent already."""

    number: int
    passive: bool
    taken: bool


def _part(
    reading: Reading,
    position: int,
    keys: frozenset[str],
    found: Sequence[Part],
    clause: _Clause,
) -> Part:
    """What a noun does."""
    inherited = _joined(reading, position, found)
    if inherited is not None:
        return replace(inherited, keys=keys, position=position, clause=clause.number)
    preposition = governing(reading.tokens, position)
    if preposition is not None and preposition not in POSSESSOR_ARTICLES:
        by = preposition in role_words("by") and clause.passive
        return Part(keys, position, AGENT if by else preposition, clause.number)
    article = _article(reading, position)
    if preposition or (article in POSSESSOR_ARTICLES and _after_noun(reading, position, found)):
        return Part(keys, position, POSSESSOR, clause.number)
    if article in _OBJECT_ARTICLES:
        return Part(keys, position, OBJECT, clause.number, marked=not clause.passive)
    role = OBJECT if clause.passive or clause.taken else AGENT
    person = any(
        len(m.names) > 1 and m.first <= position <= m.names[-1].last for m in mentions(reading)
    )
    unsure = article in ("die", "das", "eine", "seine", "ihre", "keine", "sein", "ihr")
    passive = clause.passive
    return Part(keys, position, role, clause.number, passive, unsure, person, passive)


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
        if token.text in BREAKS:
            clause += 1
        elif token.low in role_words("passive"):
            auxiliary.add(clause)
        elif token.is_word and token.text[0].islower() and is_participle(token.low):
            participle.add(clause)
    return frozenset(auxiliary & participle)


def is_participle(low: str) -> bool:
    """Whether a word, lower case, looks like a past participle."""
    if low.endswith("ed") or low in _PARTICIPLES:
        return True
    starts = ("ge", "be", "ver", "er", "ent", "zer", "über", "unter")
    inner = any(f"{prefix}ge" in low for prefix in _PREFIXES)
    return low.endswith(("t", "en")) and (low.startswith(starts) or inner) and len(low) > 5


_PREFIXES = ("ein", "aus", "auf", "an", "ab", "vor", "um", "zu")
_PARTICIPLES = word_set(
    "written founded known given taken made shown seen won lost sent led held told built "
    "found vorgelesen anerkannt angeschossen"
)
