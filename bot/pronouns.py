"""What a pronoun of a follow-up stands for, and the question with that in its place."""

from __future__ import annotations

from bot.names import named_phrases, person_in_question, person_in_quote, phrases_in
from bot.reading import Reading, Word, capitalised, listed
from bot.rewriting import Topic, in_context

_WHO = frozenset((low,) for low in ("wer", "wen", "wem", "who", "whom"))
_DATIVES = frozenset(("ihm", "ihr", "ihnen"))
_KINDS = ("his", "he", "hers", "she", "its", "it")
_POSSESSIVES = frozenset(("his", "hers", "its"))
# The articles of the noun phrases that a pronoun may stand for.
_ARTICLES = {
    "he": ("der", "den"),
    "his": ("der", "den"),
    "she": ("die",),
    "hers": ("die",),
    "it": ("das", "the"),
    "its": ("das", "the"),
}


def with_antecedent(new: Reading, topic: Topic) -> str | None:
    """The new question with its pronoun replaced by the name or thing it stands for.

    The topic stays in brackets where the name came out of a quote or something else points back.
    """
    for position, word in enumerate(new.words):
        kind = pronoun_kind(new, position)
        if kind is None or (kind == "it" and listed("impersonal") & set(new.lows)):
            continue
        if word.low == "sie" and _plural(new, position):
            return None
        if _ambiguous(kind, word, new, topic):
            return in_context(new.text, topic, quoted_person(topic))
        found = _antecedent(kind, word, new, topic)
        if found is None:
            return None
        name, asked = found
        if kind in _POSSESSIVES:
            name = _genitive(name, new.language)
        if position == 0:
            name = capitalised(name)
        text = new.text[: word.start] + name + new.text[word.end :]
        left = listed("anaphors", "there") | {"das", "that"}
        more = any(low in left for low in new.lows)
        return text if asked and not more else in_context(text, topic)
    return None


def _plural(new: Reading, position: int) -> bool:
    """Whether the verb beside "sie" makes it "they"."""
    verb = new.lows[position - 1] if position else new.lows[1] if len(new.lows) > 1 else ""
    return verb == "sind" or (verb.endswith("en") and not verb.endswith("schien"))


def pronoun_kind(new: Reading, position: int) -> str | None:
    """Which personal or possessive pronoun stands there: a list's name, or None."""
    word = new.words[position]
    behind = new.words[position + 1] if position + 1 < len(new.words) else None
    if new.language == "de":
        if word.capital and position > 0:
            return None  # "Sie": the person who is asked
        if word.low in ("sein", "ihr") and not (behind and behind.capital):
            return "she" if word.low == "ihr" else None
    elif new.language != "en":
        return None
    elif word.low == "her":
        return "hers" if behind and behind.low not in listed("verbs", "light") else "she"
    kinds = (kind for kind in _KINDS if word.low in listed("anaphors", kind))
    return next(kinds, None)


def _antecedent(kind: str, word: Word, new: Reading, topic: Topic) -> tuple[str, bool] | None:
    """What a pronoun stands for, and whether the earlier question itself named it."""
    question = topic.reading
    thing, person = _thing(kind, word, new, question), person_in_question(question.text)
    if kind not in ("it", "its") and _made(question) and quoted_person(topic) is not None:
        person = None  # "Wann wurde Penicillin entdeckt?" names none
    if kind in ("it", "its"):
        if thing is None and new.language == "en":
            plain = _plain_thing(question)
            # "the report on Lake Marren" is asked about, not the lake.
            within = plain is not None and person is not None and f" {person}" in plain
            thing = plain if person is None or within else None
        return _named(thing or person)
    if set(new.lows) & (listed("ask", "quality") - listed("personal")):
        return _named(thing)
    quoted = quoted_person(topic)
    if question.lows[:1] in _WHO and (quoted is not None or set(new.lows) & listed("personal")):
        return None if quoted is None else (quoted, False)
    return _named(person or thing) or (None if quoted is None else (quoted, False))


def _named(name: str | None) -> tuple[str, bool] | None:
    return None if name is None else (name, True)


def quoted_person(topic: Topic) -> str | None:
    """The name that leads one of the quotes which answered the earlier question."""
    return next(filter(None, map(person_in_quote, topic.quotes)), None)


def _ambiguous(kind: str, word: Word, new: Reading, topic: Topic) -> bool:
    """Whether a pronoun may as well be the person asked for as the thing asked about.

    "Wer schrieb die Verwandlung?" "Wann erschien sie?"
    """
    if kind in ("it", "its") or set(new.lows) & (listed("personal") | listed("ask", "quality")):
        return False
    question = topic.reading
    thing = _thing(kind, word, new, question)
    both = thing is not None and quoted_person(topic) is not None
    return both and question.lows[:1] in _WHO and new.language == "de"


def _made(question: Reading) -> bool:
    """Whether the earlier question was passive, of a thing that was made or sold."""
    return bool(set(question.lows) & listed("verbs", "made")) and question.lows[:1] not in _WHO


def _thing(kind: str, word: Word, new: Reading, question: Reading) -> str | None:
    """The noun phrase that fits a pronoun's gender, in the pronoun's case."""
    phrases = phrases_in(question.text)
    phrase = next((phrase for phrase in phrases if phrase.article in _ARTICLES[kind]), None)
    if phrase is None:
        return None
    noun = _undated(phrase.noun)
    if word.low in _DATIVES:
        before = new.lows[new.words.index(word) - 1]
        bent = noun[0].islower() or before not in listed("ask", "prepositions")
        return None if bent else f"{'der' if word.low == 'ihr' else 'dem'} {noun}"
    if new.language == "en":
        return f"{phrase.article} {noun}"
    if kind in _POSSESSIVES:
        return None
    article = {"ihn": "den", "er": "der"}.get(word.low, phrase.article)
    return f"{article} {_inflected(noun, phrase.article, article)}"


def _undated(noun: str) -> str:
    """A noun phrase without a date behind it (``Donau Ende September``)."""
    words = noun.split()
    while len(words) > 1 and words[-1].lower() in listed("nouns", "calendar"):
        words.pop()
    return " ".join(words)


def _plain_thing(question: Reading) -> str | None:
    """What an English question in small letters is about (``the financial crisis``)."""
    phrases = named_phrases(question)
    for phrase in phrases:
        _, the, noun = f" {phrase}".partition(" the ")
        if the:
            return f"the {noun}"
    head, _, tail = phrases[-1].partition(" ") if phrases else ("", "", "")
    return (
        (tail if head.lower() in listed("ask", "prepositions") else phrases[-1]) if head else None
    )


def _inflected(noun: str, old: str, new: str) -> str:
    """A noun phrase whose adjective follows its new article (den ersten, der erste)."""
    adjective, blank, rest = noun.partition(" ")
    if old == new or not adjective[0].islower():
        return noun
    adjective = adjective.removesuffix("n") if new == "der" else f"{adjective}n"
    return f"{adjective}{blank}{rest}"


def _genitive(name: str, language: str) -> str:
    if language == "en":
        return f"{name}’" if name.endswith("s") else f"{name}’s"
    return f"{name}’" if name.endswith(("s", "x", "z", "ß")) else f"{name}s"
