"""A follow-up turned into the question to search, with the words of the question before it.

Three forms, the closest first: the earlier question with its question word or one of its parts
exchanged; the new question with its pronoun replaced by what it stands for; the new question
with the earlier topic in brackets behind it, the earlier question word gone, so that what is
asked for stays the new question's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.names import named_phrases, names_in, phrases_in
from bot.reading import Reading, capitalised, listed
from index.periods import find_period

_CONTEXT = re.compile(r"^(?P<head>.*\S) \((?P<context>[^()]*)\)$", re.DOTALL)
_DEFINITE = frozenset({"der", "die", "das", "den", "dem", "the"})
_YEAR_PART = re.compile(
    r"(?:in|im|von|of|the|der|die|das)(?: (?:jahr|the))? (?P<year>\d{4})(?: one)?", re.IGNORECASE
)
_EARLIER = 3  # questions
_QUOTE_WORDS = 14  # of a quote that "who said that" asks about
_HAPPENED = frozenset(
    {"passiert", "passierte", "geschah", "geschehen", "happen", "happened", "happens"}
)

# "Warum so spät?"
_SO = frozenset(("so", "nicht", "not", "erst", "only", "spät", "late", "früh", "early"))


@dataclass(frozen=True, slots=True)
class Topic:
    """What a follow-up may lean on: the question before it and what answered it.

    ``quotes`` answered that question and those between, its own first; ``newest`` was the last.
    """

    question: str
    language: str
    quotes: tuple[str, ...] = ()
    newest: str | None = None

    @property
    def reading(self) -> Reading:
        """The question taken apart, without a bracketed topic."""
        return Reading(split_context(self.question)[0], self.language)

    def context(self, *, event: bool) -> str:
        """What the question says of its topic, the question word gone.

        ``event``: with its verb, where that says something; else only what it names.
        """
        context = split_context(self.question)[1]
        if context is None:
            return _said_by(self.reading, event=event)
        parts = [context if event else _said_by(Reading(context, self.language), event=False)]
        if self.reading.content:
            parts.append(_said_by(self.reading, event=event))
        return "; ".join(filter(None, parts))


def _said_by(reading: Reading, *, event: bool) -> str:
    """What a question says, or names, of its topic."""
    said, named = reading.without_question(), ", ".join(named_phrases(reading))
    if not named:
        return said
    words = {word.low for word in Reading(said, reading.language).words}
    words -= {word.low for word in Reading(named, reading.language).words}
    empty = listed("verbs", "light") | listed("verbs", "priced") | listed("ask", "quality")
    return said if event and words - empty else named


def split_context(searched: str) -> tuple[str, str | None]:
    """A searched question and the topic in brackets that was added behind it."""
    match = _CONTEXT.match(searched)
    return (match["head"], match["context"]) if match else (searched, None)


def exchanged_question(new: Reading, topic: Topic) -> str | None:
    """The earlier question with the new question phrase, where both ask for circumstances."""
    old = topic.reading
    if not (new.adverbial and (old.adverbial or old.quality) and _asks_nothing_else(new)):
        return None
    context = split_context(topic.question)[1]
    if old.language != new.language or (context is not None and not old.content):
        return None
    phrase = capitalised(new.text[: new.words[new.asks - 1].end])
    rest = old.text[old.words[old.asks - 1].end :]
    if old.quality:
        rest = f"{rest.rstrip(' ?!.')} so {old.quality}?"
    return f"{phrase}{rest} ({context})" if context else phrase + rest


def _asks_nothing_else(new: Reading) -> bool:
    """Whether nothing but auxiliaries and "das" stand behind the question phrase."""
    rest = set(new.lows[new.asks :])
    if rest & {"es", "it"} and not rest & (_HAPPENED | {"dazu"}):
        return False  # "How long was it?": a thing, no event
    return rest <= _asking_nothing()


def _asking_nothing() -> frozenset[str]:
    """Words that say nothing of an event but that it was."""
    return listed("verbs", "light") | listed("filler") | listed("anaphors", "that") | _HAPPENED


def exchanged_part(constituent: str, topic: Topic, today: date) -> str:
    """The earlier question with one part exchanged: its period, its phrase, its name."""
    question = split_context(topic.question)[0]
    constituent = constituent.rstrip(" ?!.")
    period, old_period = find_period(constituent, today), find_period(question, today)
    if period is not None:
        if old_period is not None:
            year = _YEAR_PART.fullmatch(constituent)
            if year is not None and old_period.text.isdecimal():
                constituent = year["year"]  # "the 2014 World Cup", "And in 2018?"
            return _put(question, old_period.span.start, old_period.span.end, constituent)
        return _appended(question, constituent)
    first = constituent.partition(" ")[0]
    if first.lower() in listed("ask", "prepositions"):
        return _exchanged_behind(question, first.lower(), constituent)
    if first.lower() in _DEFINITE:
        phrases = [phrase for phrase in phrases_in(question) if phrase.start > 0]
        same = [phrase for phrase in phrases if phrase.article == first.lower()]
        for phrase in same or phrases[: len(phrases) == 1]:
            return _put(question, phrase.start, phrase.end, constituent)
        return f"{question} ({constituent})"
    general = listed("nouns", "general")
    names = [(name, at) for name, at in names_in(question) if at and name.lower() not in general]
    if names and constituent[:1].isupper():
        name, start = names[-1]
        return _put(question, start, start + len(name), constituent)
    content = topic.reading.content
    if content and " " not in constituent and content[-1].capital == constituent[0].isupper():
        return _put(question, content[-1].start, content[-1].end, constituent)
    return f"{question} ({constituent})"


def _exchanged_behind(question: str, preposition: str, constituent: str) -> str:
    for name, start in names_in(question):
        before = question[:start].rstrip()
        if before.lower().endswith(f" {preposition}"):
            return _put(question, len(before) - len(preposition), start + len(name), constituent)
    for phrase in phrases_in(question):
        before = question[: phrase.start].rstrip()
        if before.lower().endswith(f" {preposition}"):
            return _put(question, len(before) - len(preposition), phrase.end, constituent)
    return _appended(question, constituent)


def _appended(question: str, constituent: str) -> str:
    return f"{question.rstrip(' ?!.')} {_uncapitalised(constituent)}?"


def _put(question: str, start: int, end: int, constituent: str) -> str:
    if start > 0:
        constituent = _uncapitalised(constituent)
    return question[:start] + constituent + question[end:]


def _uncapitalised(constituent: str) -> str:
    """Inside a sentence a preposition or article has no capital."""
    head = constituent.partition(" ")[0].lower()
    known = listed("ask", "prepositions") | _DEFINITE
    return head + constituent[len(head) :] if head in known else constituent


def in_context(text: str, topic: Topic, name: str | None = None) -> str:
    """The new question with the earlier topic in brackets, and a name that belongs to it.

    The topic's verb stays only where the new question asks about the event and says nothing
    of its own ("Wann war das?"): beside another verb or noun it would draw the search away.
    """
    asked = Reading(text, topic.language)
    event = set(asked.lows[asked.asks :]) <= _asking_nothing() | listed("sequence") | _SO
    context = "; ".join(filter(None, (topic.context(event=event), name)))
    return f"{text} ({context})" if context else text


def behind(text: str, earlier: Sequence[str]) -> str:
    """The new question with those before it, as they were typed, in brackets behind it."""
    return _bracketed(text, " ".join(earlier[-_EARLIER:]))


def in_quote(text: str, topic: Topic) -> str:
    """The new question with the head of the quote that it asks about in brackets."""
    words = (topic.newest or "").split()
    head = " ".join(words[:_QUOTE_WORDS]).rstrip(" .!?")
    return _bracketed(text, head)


def _bracketed(text: str, said: str) -> str:
    """The text with what was said in brackets behind it, and none inside them."""
    return f"{text} ({re.sub(r'[()]', '', said)})"
