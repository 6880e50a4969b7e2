"""Whether the names, numbers and quotations of a claim stand in its source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.language_model.claims.mentions import Mention, mentions
from bot.language_model.claims.naming import Name
from bot.language_model.claims.number_words import ORDINAL
from bot.language_model.claims.quantities import Quantity, bounds_clash, satisfied
from bot.language_model.claims.reading import Reading

_LOOSE = (
    ("tsch", "c"), ("sch", "s"), ("sh", "s"), ("ch", "c"), ("ph", "f"), ("th", "t"), ("w", "v"),
    ("y", "i"), ("j", "i"), ("ii", "i"), ("z", "s"), ("ck", "k"), ("c", "k"), ("q", "k"),
    ("kh", "k"), ("ie", "i"), ("ou", "u"),
)  # fmt: skip
_SUPERLATIVE = re.compile(r"\w{3,}(?:ste[nrsm]?|est)$")
_RANKED = re.compile(f"(?:{ORDINAL})")
_ARTICLES = frozenset({"der", "die", "das", "den", "dem", "ein", "eine", "einen", "einem", "einer"})
_THERE = re.compile(r"\b(?:dort|hier|there|here)\b", re.IGNORECASE)
_SINCE = re.compile(r"\b(?:seitdem|seither|since then|from then on)\b", re.IGNORECASE)
_THAT_YEAR = re.compile(
    r"\b(?:jenes|desselben|dieses|that|the same) (?:jahr\w*|year)", re.IGNORECASE
)
_DIGITS = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Context:
    """What was said before the quoted run.

    Attributes:
        before: The sentences of the passage before it, nearest last.
        topic: Title and opening of the article, and sentences with its frequent names.
    """

    before: tuple[Reading, ...] = ()
    topic: tuple[Reading, ...] = ()


def unquoted(claim: Reading, source: Reading) -> str | None:
    """A quotation of the claim that is not, word for word, in the source."""
    text = _bare(source.text)
    return next((quote for quote in claim.quotes if _bare(quote) not in text), None)


def uncounted(claim: Reading, source: Reading, context: Context) -> str | None:
    """A number or date of the claim that the source does not have."""
    years = _years(source, context)
    there = source.quantities
    if context.before and _SINCE.search(source.text) and not any(q.kind == "date" for q in there):
        there = (*there, *(q for q in context.before[-1].quantities if q.kind == "date"))
    for wanted in _free(claim):
        if not satisfied(wanted, there, years):
            return claim.text[wanted.start : wanted.end]
        if bounds_clash(wanted, there):
            return claim.text[wanted.start : wanted.end]
    return _promoted(claim, source)


def _promoted(claim: Reading, source: Reading) -> str | None:
    """A superlative that the source gives to the second or third place only."""
    there = [token.low for token in source.tokens]
    for before, token in pairwise((None, *claim.tokens)):
        if token is None or not _SUPERLATIVE.search(token.low) or token.low in there:
            continue
        ranked = before is not None and bool(_RANKED.match(before.low))
        if not ranked and any(low.endswith(token.low) and _RANKED.match(low) for low in there):
            return token.text
    return None


def counted_elsewhere(claim: Reading, source: Reading, others: Sequence[Reading]) -> str | None:
    """A word of the claim that, with another number, stands in another sentence alone."""
    counted = [quantity for quantity in _free(claim) if quantity.kind == "number"]
    named = {at for name in claim.names for at in range(name.first, name.last + 1)}
    for word in claim.words if counted else ():
        if (word.keys | word.inner) & source.keys or word.position in named:
            continue
        for other in others:
            numbers = [q for q in other.quantities if q.kind == "number"]
            strange = not any(satisfied(q, other.quantities) for q in counted)
            rather = _words_in(claim, other) >= _words_in(claim, source)
            if word.keys & other.keys and numbers and strange and rather:
                return claim.text[word.start : word.end]
    return None


def _words_in(claim: Reading, source: Reading) -> int:
    return sum(bool((word.keys | word.inner) & source.keys) for word in claim.words)


def unnamed(claim: Reading, source: Reading, context: Context) -> str | None:
    """A name of the claim that neither the source has nor its context allows."""
    there = mentions(source)
    missing = []
    for mention in mentions(claim):
        if not _has(source, mention, claim.language):
            missing.append(mention)
        elif len(mention.names) > 1 and not mention.listed:
            known = (*there, *_told(context))
            if not any(_covers(other, mention) or _sounds(other, mention) for other in known):
                return mention.text
    missing = [mention for mention in missing if not _completes(mention, source, context)]
    if len(missing) > 1:
        return missing[0].text
    omitted = [
        other for other in there if not _shares(claim, other) and not _has_article(other, source)
    ]
    for mention in missing:
        there_said = mention.preposition is not None and bool(_THERE.search(source.text))
        if there_said and _near_before(mention, context):
            continue
        if not _allowed(mention, context, omitted):
            return mention.text
    return None


def _bare(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", text.lower()).split()).join("  ")


def _free(claim: Reading) -> Iterator[Quantity]:
    """The quantities that are no part of a name (Voyager 1, Zwei-plus-Vier-Vertrag)."""
    spans = [(claim.tokens[name.first].start, claim.tokens[name.last].end) for name in claim.names]
    for quantity in claim.quantities:
        if not any(start <= quantity.start < end for start, end in spans):
            yield quantity


def _years(source: Reading, context: Context) -> frozenset[str]:
    """The year that a date without one means: the last one said before."""
    own = frozenset(quantity.year for quantity in source.quantities if quantity.year)
    if own:
        return own if len(own) == 1 and _THAT_YEAR.search(source.text) else frozenset()
    for reading in (*reversed(context.before), *context.topic):
        years = [q.year for q in reading.quantities if q.year]
        if years:
            return frozenset(years)
    return frozenset()


def _has(source: Reading, mention: Mention, language: str) -> bool:
    return all(named_in(source, name, language) for name in mention.names)


def named_in(source: Reading, name: Name, language: str) -> bool:
    """Whether a text has a name; ``language``: of the text that the name was found in."""
    if name.keys & source.keys:
        return True
    low = name.text.lower()
    if len(low) > 3 and any(_begins(token.low, low) for token in source.tokens):
        return True
    if name.listed or any(_DIGITS.search(key) for key in name.keys):
        return False
    if language != source.language:
        loose = _sound(name.text)
        return any(_sound(token.text) == loose for token in source.tokens if token.is_word)
    return False


def _begins(word: str, name: str) -> bool:
    """Whether a word is a compound of a name: Mauerkrone."""
    return len(word) >= len(name) + 4 and word.startswith(name) and "-" not in word


def _sound(word: str) -> str:
    """A name as any transliteration of it sounds: Selenskyj, Zelensky."""
    low = word.lower()
    for spelling, sound in _LOOSE:
        low = low.replace(spelling, sound)
    return re.sub(r"(.)\1+", r"\1", low)


def _covers(other: Mention, mention: Mention) -> bool:
    """Whether a mention of the source has all names of one of the claim."""
    return all(any(mine.keys & theirs.keys for theirs in other.names) for mine in mention.names)


def _sounds(other: Mention, mention: Mention) -> bool:
    """The same over two spellings of a foreign name."""
    return all(any(_same_sound(mine, theirs) for theirs in other.names) for mine in mention.names)


def _shares(claim: Reading, other: Mention) -> bool:
    return any(
        name.keys & claim.keys or any(_same_sound(name, mine) for mine in claim.names)
        for name in other.names
    )


def _same_sound(name: Name, other: Name) -> bool:
    return not name.listed and not other.listed and _sound(name.text) == _sound(other.text)


def _told(context: Context) -> list[Mention]:
    return [m for reading in (*context.before, *context.topic) for m in mentions(reading)]


def _allowed(
    mention: Mention,
    context: Context,
    omitted: Sequence[Mention],
) -> bool:
    """Whether a name that the run lacks may stand for its pronoun or its subject."""
    if any(_part_of(mention, other) for other in _told(context)):
        return True
    slot = mention.preposition is not None
    for other in omitted:
        proper = any(name.proper for name in other.names)
        if proper and (other.preposition is not None) == slot:
            return False
    return any(_covers(other, mention) for other in _antecedents(context, mention))


def _near_before(mention: Mention, context: Context) -> bool:
    """Whether the sentence before names the place that "dort" means."""
    nearest = [m for reading in context.before[-1:] for m in mentions(reading)]
    return any(_covers(other, mention) and other.preposition for other in nearest)


def _completes(mention: Mention, source: Reading, context: Context) -> bool:
    """Whether the source has part of the name and no other part, and the context the whole."""
    some = any(
        all(any(theirs.keys & mine.keys for mine in mention.names) for theirs in other.names)
        for other in mentions(source)
    )
    return some and any(_covers(other, mention) for other in _told(context))


def _part_of(mention: Mention, other: Mention) -> bool:
    """Whether a compound holds the name: Donaudelta, said of the Donau."""
    word = mention.names[0].text.lower()
    return len(mention.names) == 1 and any(
        3 < len(name.text) <= len(word) - 3 and word.startswith(name.text.lower().rstrip("s"))
        for name in other.names
    )


def _antecedents(context: Context, wanted: Mention) -> list[Mention]:
    """Whom the source's pronoun can mean: the last one spoken of, else the article's subject."""
    told = _told(context)
    topic = [m for reading in context.topic for m in mentions(reading)]
    if wanted.listed:
        nearest = [
            other
            for reading in context.before[-1:]
            for other in mentions(reading)
            if other.listed and any(name.proper for name in other.names)
        ]
        return [*topic, *(nearest if len(nearest) == 1 else ())]
    for reading in reversed(context.before):
        for mention in mentions(reading):
            fits = mention.preposition is None and not mention.listed
            if fits and (_covers(mention, wanted) or _person(mention, told)):
                return [mention]
    return topic


def _person(mention: Mention, told: Sequence[Mention]) -> bool:
    """Whether somewhere before the name stands with a first name."""
    return any(len(other.names) > 1 and _covers(other, mention) for other in told)


def _has_article(mention: Mention, reading: Reading) -> bool:
    """Whether a single unlisted German word follows an article: rather a noun than a name."""
    before = reading.tokens[mention.first - 1].low if mention.first else ""
    single = len(mention.names) == 1 and not mention.listed and mention.text[1:].islower()
    return reading.language == "de" and single and before in _ARTICLES
