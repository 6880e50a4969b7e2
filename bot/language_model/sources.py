"""The passages that a model may use, numbered, and their sentences as evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.language_model.claims.mentions import mentions
from bot.language_model.claims.reading import read
from bot.language_model.cleaning import instructs, visible
from index.articles import Span
from index.language import detect
from index.markup import plain

if TYPE_CHECKING:
    from index.articles import Article
    from index.evidence import Evidence
    from index.storage import Generation

MOST_SOURCES = 5
_OPENING = 2  # sentences of an article that say what it is about
_SURVEYED = 60  # sentences of an article that are looked through for whom it speaks of
_OFTEN = 3


@dataclass(frozen=True, slots=True)
class Source:
    """One numbered passage, or the stretch of it around what was found.

    Attributes:
        number: What the model cites it by, from 1.
        article_id: Its article.
        spans: Its sentences in the article's text.
        sentences: The same without markup and unseen characters.
        language: ``de``, or ``en`` for any other.
        topic: Title and opening of the article and whom it speaks of often.
    """

    number: int
    article_id: int
    title: str
    date: str | None
    spans: tuple[Span, ...]
    sentences: tuple[str, ...]
    language: str
    topic: tuple[str, ...]


def gather(generation: Generation, evidence: Evidence, most_characters: int) -> tuple[Source, ...]:
    """The passages of the best candidates, best first, as many as fit; never none if one is fit.

    Sentences that give orders to a model are no evidence and part a passage in two.
    """
    found: list[Source] = []
    taken: set[tuple[int, int]] = set()
    room = most_characters
    for candidate in evidence.candidates:
        stored = generation.article(candidate.article_id)
        passage = generation.passage(candidate.passage_id)
        spans = _stretch(stored.article, passage.sentences, candidate.span, room)
        if not spans or (candidate.article_id, spans[0].start) in taken:
            continue
        taken.add((candidate.article_id, spans[0].start))
        sentences = tuple(_clean(stored.article, span) for span in spans)
        room -= sum(map(len, sentences))
        found.append(
            _source(generation, len(found) + 1, stored.article, candidate.article_id, spans)
        )
        if len(found) == MOST_SOURCES or room <= 0:
            break
    return tuple(found)


def _source(
    generation: Generation, number: int, article: Article, article_id: int, spans: Sequence[Span]
) -> Source:
    sentences = tuple(_clean(article, span) for span in spans)
    spoken = detect(" ".join(sentences), article.language)
    language = "de" if spoken == "de" else "en"
    title = "" if instructs(article.title) else visible(plain(article.title))
    opening = tuple(_survey(generation, article, article_id))
    return Source(
        number=number,
        article_id=article_id,
        title=title,
        date=article.date,
        spans=tuple(spans),
        sentences=sentences,
        language=language,
        topic=(title, *opening[:_OPENING], *spoken_of(opening, language)),
    )


def _stretch(article: Article, spans: Sequence[Span], around: Span, room: int) -> tuple[Span, ...]:
    """The run of harmless sentences around one, its far ends given up where room is short."""
    at = next((number for number, span in enumerate(spans) if span == around), None)
    if at is None or instructs(_clean(article, around)):
        return ()
    first = last = at
    size = len(_clean(article, around))
    grows = True
    while grows:
        grows = False
        for step in (first - 1, last + 1):
            if not 0 <= step < len(spans) or instructs(_clean(article, spans[step])):
                continue
            if size + len(_clean(article, spans[step])) > room:
                continue
            size += len(_clean(article, spans[step]))
            first, last, grows = min(first, step), max(last, step), True
    return tuple(spans[first : last + 1])


def _clean(article: Article, span: Span) -> str:
    return visible(plain(article.text[span.start : span.end]))


def _survey(generation: Generation, article: Article, article_id: int) -> Iterator[str]:
    """The first sentences of an article that speak to readers."""
    count = 0
    for passage_id in generation.passages_of(article_id):
        for span in generation.passage(passage_id).sentences:
            sentence = _clean(article, span)
            if not instructs(sentence):
                yield sentence
            count += 1
            if count == _SURVEYED:
                return


@lru_cache(maxsize=256)
def spoken_of(sentences: tuple[str, ...], language: str) -> tuple[str, ...]:
    """The names that some sentences use again and again, each in its longest form."""
    counts: Counter[frozenset[str]] = Counter()
    longest: dict[frozenset[str], str] = {}
    for sentence in sentences:
        for mention in mentions(read(sentence, language)):
            for name in mention.names:
                if name.listed:
                    continue
                counts[name.keys] += 1
                if len(mention.text) > len(longest.get(name.keys, "")):
                    longest[name.keys] = mention.text
    often = (longest[keys] for keys, count in counts.items() if count >= _OFTEN)
    return tuple(dict.fromkeys(often))
