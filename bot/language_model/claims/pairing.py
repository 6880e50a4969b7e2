"""Which number goes with what, where a sentence has several: 338 for Berlin, 320 for Bonn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from bot.language_model.claims.parts import parts_of
from bot.language_model.claims.quantities import Quantity, satisfied
from bot.language_model.claims.reading import Reading

_CROWDED = 4  # numbers in a sentence from which on neighbours must stay neighbours
_NEAR = 25  # characters between a thing and what is said of it
_Place = tuple[int, int]  # in the claim, in the source


def mispaired(claim: Reading, source: Reading) -> bool:
    """Whether the claim's numbers, or two of its things, go with each other's partners."""
    numbers = list(_numbers(claim, source))
    things = list(_things(claim, source))
    if any(_linked_backwards(claim, source, a, b) for a, b in combinations(numbers, 2)):
        return True
    if _torn_apart(claim, source):
        return True
    kinds: dict[str, list[_Place]] = {}
    for quantity, place in numbers:
        kinds.setdefault(quantity.kind, []).append(place)
    return any(
        _crossed(pair, other)
        for places in kinds.values()
        for pair in combinations(places, 2)
        for other in combinations([place for _, place in things], 2)
    ) or any(_crossed(pair, other, _NEAR) for pair, other in _parallel(things))


def _numbers(claim: Reading, source: Reading) -> Iterator[tuple[Quantity, _Place]]:
    for quantity in claim.quantities:
        same = [one for one in source.quantities if satisfied(quantity, (one,))]
        if len(same) == 1:
            yield quantity, (quantity.start, same[0].start)


def _things(claim: Reading, source: Reading) -> Iterator[tuple[str, _Place]]:
    """Nouns and names that both have once, with their role in the source."""
    for mine in parts_of(claim):
        same = [part for part in parts_of(source) if part.keys & mine.keys]
        if len(same) == 1:
            here = claim.tokens[mine.position].start
            yield same[0].role, (here, source.tokens[same[0].position].start)
    nouns = {part.position for part in parts_of(claim)}
    nouns |= {at for name in claim.names for at in range(name.first, name.last + 1)}
    for word in claim.words:
        again = [other for other in source.words if other.keys & word.keys]
        if len(again) == 1 and word.position not in nouns:
            yield "deed", (word.start, again[0].start)


def _parallel(
    things: Sequence[tuple[str, _Place]],
) -> Iterator[tuple[tuple[_Place, _Place], tuple[_Place, _Place]]]:
    """Pairs of the same role beside pairs of another: Häuser, Gehweg; zum Osten, zum Westen."""
    roles: dict[str, list[_Place]] = {}
    for role, place in things:
        group = "core" if role in ("agent", "object") else role
        roles.setdefault(group, []).append(place)
    for one, other in combinations(roles.values(), 2):
        for pair in combinations(one, 2):
            for against in combinations(other, 2):
                yield pair, against


def _crossed(pair: tuple[_Place, _Place], other: tuple[_Place, _Place], reach: int = 60) -> bool:
    """Whether two interleaved pairs run alike in one text and against each other in the other."""
    if not _interleaved(pair, other, 0, reach) or not _interleaved(pair, other, 1, reach):
        return False
    return _turned(pair) != _turned(other)


def _turned(pair: tuple[_Place, _Place]) -> bool:
    (mine_a, theirs_a), (mine_b, theirs_b) = pair
    return (mine_a < mine_b) != (theirs_a < theirs_b)


def _interleaved(
    pair: tuple[_Place, _Place], other: tuple[_Place, _Place], text: int, reach: int
) -> bool:
    """Whether the pairs alternate, one, other, one, other, partners near each other."""
    order = sorted([(place[text], 0) for place in pair] + [(place[text], 1) for place in other])
    sides = [side for _, side in order]
    near = order[1][0] - order[0][0] <= reach and order[3][0] - order[2][0] <= reach
    return near and len({at for at, _ in order}) == 4 and sides in ([0, 1, 0, 1], [1, 0, 1, 0])


def _linked_backwards(
    claim: Reading,
    source: Reading,
    a: tuple[Quantity, _Place],
    b: tuple[Quantity, _Place],
) -> bool:
    """Whether "294 against 62" became "62 against 294"."""
    if a[0].kind != b[0].kind or not _turned((a[1], b[1])):
        return False
    texts = ((claim.text, 0), (source.text, 1))
    return all(_close(text, a[1][side], b[1][side]) for text, side in texts)


def _close(text: str, one: int, other: int) -> bool:
    between = text[min(one, other) : max(one, other)]
    return len(between.split()) <= 2


def _torn_apart(claim: Reading, source: Reading) -> bool:
    """Whether, among many numbers, two neighbours of the claim are none in the source."""
    if len(source.quantities) < _CROWDED or len(claim.quantities) < 2:
        return False
    for one, other in pairwise(claim.quantities):
        at = [_places(quantity, source) for quantity in (one, other)]
        if one.kind != other.kind or not all(at):
            continue
        if not any(b - a == 1 for a in at[0] for b in at[1]):
            return True
    return False


def _places(quantity: Quantity, source: Reading) -> list[int]:
    return [n for n, one in enumerate(source.quantities) if satisfied(quantity, (one,))]
