"""Whether a question leans on the one before it, and how."""

from __future__ import annotations

from datetime import date
from enum import Enum

from bot.names import is_verb
from bot.pronouns import pronoun_kind
from bot.reading import Reading, Word, listed, listed_phrases, same_word
from bot.rewriting import Topic
from index.periods import find_period

_SHORT = 9  # words: a longer question says itself what it is about
_LONG = 14  # words: in so long a question pronouns stand for what it names itself
_CONSTITUENT = 6
# Behind "es" and "it" these tell what it stands for.
_CLAUSES = frozenset(("wenn", "dass", "daß", "ob", "zu", "when", "that", "to", "if", "who"))
# "Warum so spät?", "Why not?": what stands behind the question word of an ellipsis.
_WHY_SO = frozenset(
    (low,) for low in ("so", "nicht", "not", "erst", "only", "gerade", "ausgerechnet")
)
# Adverbs that as often point to a place or time named in the same question.
_LOOSE = frozenset(["dort", "dorthin", "there", "da", "dann", "then", "damit", "dabei"])

_SINGLE_PAST = frozenset(("wurde", "war", "hat", "hatte", "was", "did", "won", "gewann", "siegte"))
_MANY = frozenset(("viele", "vielen", "many"))
_OWNING = frozenset(("hat", "hatte", "haben", "hatten", "does", "do", "did", "has", "have", "had"))


class FollowUp(Enum):
    """How a question leans on the earlier topic."""

    NONE = "none"
    SAME_TOPIC = "same topic"  # complete in itself, about what was spoken of
    MORE = "more"  # "Mehr dazu?"
    SEQUENCE = "sequence"  # "Und danach?"
    CONSTITUENT = "constituent"  # "Und in Frankreich?"
    ELLIPSIS = "ellipsis"  # "Warum?", "Und wie viele Opfer gab es?"
    ANAPHOR = "anaphor"  # "Wie alt war er da?"


def lean(reading: Reading, topic: Topic, today: date) -> FollowUp:
    """How a question leans on a topic."""
    if asks_for_more(reading):
        return FollowUp.MORE
    if asks_what_came_next(reading):
        return FollowUp.SEQUENCE
    if constituent(reading, today) is not None:
        return FollowUp.CONSTITUENT
    if any(points_back(reading, position) for position in range(len(reading.words))):
        return FollowUp.ANAPHOR
    if reading.adverbial and reading.lows[reading.asks : reading.asks + 1] in _WHY_SO:
        return FollowUp.ELLIPSIS
    if _asks_for_role(reading):
        return FollowUp.ELLIPSIS
    period = find_period(reading.text, today)
    content = [w for w in reading.content if period is None or w.start not in range(*period.span)]
    if not content and not _asks_for_own_noun(reading, topic):
        alone = period is not None and not reading.connective
        short = len(reading.words) <= _SHORT
        return FollowUp.ELLIPSIS if short and reading.words and not alone else FollowUp.NONE
    if _lacks_noun(reading):
        return FollowUp.ELLIPSIS
    known = topic.reading.content
    if (
        content
        and period is None
        and all(any(same_word(w.low, k.low) for k in known) for w in content)
    ):
        return FollowUp.SAME_TOPIC
    return FollowUp.NONE


def needs_topic(reading: Reading, today: date) -> bool:
    """Whether it says nothing without a question before it (``Und wo war das?``, ``Warum?``)."""
    words = reading.words
    if reading.language not in ("de", "en") or not words or len(words) > _SHORT:
        return False
    kind = lean(reading, Topic("", reading.language), today)
    if kind in (FollowUp.MORE, FollowUp.SEQUENCE):
        return True
    # "In welcher Stadt?" is all question phrase.
    behind = words[1:] if reading.asks < len(words) else ()
    named = any(word.capital or word.low in listed("nouns", "general") for word in behind)
    if kind not in (FollowUp.ELLIPSIS, FollowUp.ANAPHOR) or named or reading.asked_noun:
        return False
    if not any(points_back(reading, position) for position in range(len(words))):
        return not reading.unknown
    return all(is_verb(reading, words.index(word)) for word in reading.content)


def _asks_for_own_noun(reading: Reading, topic: Topic) -> bool:
    """Whether its question phrase names a topic of its own (``Wie viele Exoplaneten sind …``).

    A single thing of the past may be a part of what was spoken of (``Welche Rakete wurde …``).
    """
    if reading.connective or reading.adverbial or not reading.asked_noun:
        return False
    said = " ".join((topic.question, *topic.quotes)).lower().split()
    asked = reading.asked_noun[0].low
    if any(same_word(asked, word.strip(".,;:!?()»«„“\"'")) for word in said):
        return False
    verb = reading.lows[reading.asks : reading.asks + 1]
    amount = set(reading.lows[: reading.asks]) & listed("ask", "amount")
    many = reading.language == "en" and asked.endswith("s")
    return bool(amount) or many or not verb or verb[0] not in _SINGLE_PAST


def _lacks_noun(reading: Reading) -> bool:
    """Whether it asks for an amount of something it does not name (``Wie viele hat Bayern?``)."""
    asked, verb = reading.lows[: reading.asks], reading.lows[reading.asks : reading.asks + 1]
    return len(asked) == 2 and asked[1] in _MANY and bool(_OWNING.intersection(verb))


def _asks_for_role(reading: Reading) -> bool:
    """Whether it asks who held a part in something it does not name (``Wer war der Kapitän?``)."""
    if len(reading.words) != 4 or " ".join(reading.lows[:3]) not in listed_phrases("who_was"):
        return False
    role = reading.words[3]
    named = role.text[1:] != role.low[1:] or (reading.language == "en" and role.capital)
    return not named and role.low not in listed("unique_offices")


def asks_for_more(reading: Reading) -> bool:
    """Whether it only asks to go on (``Erzähl mir mehr darüber``)."""
    lows = set(reading.lows)
    return bool(lows & listed("more")) and lows <= listed("more") | listed("filler")


def asks_what_came_next(reading: Reading) -> bool:
    """Whether it is a lone "danach", "and then"."""
    lows = set(reading.lows)
    return bool(lows & listed("sequence")) and lows <= listed("sequence") | {"that", "the"}


def asks_for_speaker(reading: Reading, topic: Topic) -> bool:
    """Whether it asks who said what was quoted last."""
    who = any(low in ("wer", "wem", "who", "whom") for low in reading.lows[: reading.asks])
    return bool(who and topic.newest and reading.has("verbs.saying") and not reading.content)


def constituent(reading: Reading, today: date) -> str | None:
    """The part to put into the earlier question (``Und in Frankreich?``), if it is only one."""
    if any(points_back(reading, position) for position in range(len(reading.words))):
        return None
    for phrase in listed_phrases("about"):
        if reading.text.lower().startswith(f"{phrase} "):
            keep = len(phrase) - 2 if phrase.endswith(" in") else len(phrase)
            rest = reading.text[keep:].strip(" ?!.").removesuffix(" aus")
            return rest if rest and not _has_verb(rest.lower().split()) else None
    words = [word for word in reading.words if word.text not in ",;"]
    if reading.asks or not words or _has_verb([word.low for word in words]):
        return None
    led = words[0].low in listed("ask", "prepositions")
    longest = _CONSTITUENT if reading.connective else _CONSTITUENT - 2 if led else 0
    own = reading.unknown if reading.connective else reading.content
    named = bool(own) or find_period(reading.text, today) is not None
    return reading.raw.strip(" ?!.¿") if named and len(words) <= longest else None


def _has_verb(lows: list[str]) -> bool:
    verbs = listed("verbs", "light") | listed("verbs", "common")
    return any(low in verbs for low in lows)


def points_back(reading: Reading, position: int) -> bool:
    """Whether a word stands for something that the question itself does not name."""
    word = reading.words[position]
    if reading.language not in ("de", "en") or (word.capital and position > 0):
        return False
    if len(reading.words) > _LONG:
        return False
    before = reading.lows[position - 1] if position else ""
    behind = reading.words[position + 1] if position + 1 < len(reading.words) else None
    named = _named_before(reading, position)
    if word.low in listed("anaphors", "there"):
        return _adverb_points_back(reading, position, named=named)
    if before in (",", ";"):
        return False  # a relative clause, a conjunction
    if word.low in listed("anaphors", "this") and word.low != "dessen":
        own_time = behind is not None and behind.low in listed("time_nouns")
        return not own_time and not named
    if word.low in listed("anaphors", "that"):
        return _that_points_back(reading, position, before, behind)
    return _pronoun_points_back(reading, position, before, named=named)


def _named_before(reading: Reading, position: int) -> bool:
    """Whether a noun or name in front of a word may be what it stands for."""
    if any(
        other.capital and other.start < reading.words[position].start for other in reading.content
    ):
        return True
    # "Welche Universität hat ihren Ursprung", but not "Welche Partei gründete er".
    kind = pronoun_kind(reading, position)
    own = kind in ("hers", "its", "his") or reading.lows[position] == "their"
    noun = reading.asks > 1 and (
        reading.language == "en" or reading.words[reading.asks - 1].capital
    )
    return noun and (own or "," in reading.lows[:position])


def _pronoun_points_back(reading: Reading, position: int, before: str, *, named: bool) -> bool:
    if reading.lows[position] in listed("anaphors", "they"):
        return not named
    kind = pronoun_kind(reading, position)
    if kind not in ("it", "its"):
        return kind is not None and not named
    ahead = set(reading.lows[position + 1 :])
    if listed("impersonal") & set(reading.lows) or _CLAUSES & ahead:
        return False
    if before in listed("ask", "prepositions") | {"about"} and len(reading.words) <= _SHORT:
        return True
    if before in listed("verbs", "auxiliary_en"):
        return True
    own = any(other.capital for other in reading.content) and reading.language == "en"
    return not named and not own


def _adverb_points_back(reading: Reading, position: int, *, named: bool) -> bool:
    low, lows = reading.lows[position], reading.lows
    before = lows[position - 1] if position else ""
    behind = lows[position + 1] if position + 1 < len(lows) else ""
    if before == "," or behind == "hinaus" or "," in lows[position:]:
        return False  # "dazu, dass": what follows says what is meant
    if low in _LOOSE and named:
        return False
    existential = low == "there" and {before, behind} & {"is", "are", "was", "were", "be", "been"}
    return not existential and not (low == "dann" and "wenn" in lows)


def _that_points_back(reading: Reading, position: int, before: str, behind: Word | None) -> bool:
    low = reading.lows[position]
    if low in ("dem", "den"):
        return behind is None
    if behind is None:
        return True
    if reading.language == "en":
        light = listed("verbs", "light")
        return low == "that" and (before in light or behind.low in light) and not reading.content
    if behind.capital:
        return False
    rest = reading.words[position + 1 :]
    return not any(word in reading.content or word.capital for word in rest)
