"""From evidence to an answer in a model's own sentences, each held against what it cites."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.answer import Citation, Claim, Dropped
from bot.citations import cite
from bot.language_model.claims.checker import Fault, Verdict, check
from bot.language_model.claims.meaning import (
    EncodedPassage,
    Limits,
    encode_claim,
    encode_passage,
)
from bot.language_model.cleaning import instructs, visible
from bot.language_model.markers import Sentence, SentenceStream
from bot.language_model.prompt import MOST_CHARACTERS, ask, words
from bot.language_model.sources import Source, gather
from bot.language_model.speaking import LanguageModelError, Speaker
from index.articles import Span
from index.language import detect
from index.markup import plain

if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.evidence import Evidence
    from index.storage import Generation

MOST_CLAIMS = 5
_HIDDEN = "…"  # for what must not come out even as dropped: links, markup, the prompt's rules
_SHORTEST_RULE = 12


@dataclass(frozen=True, slots=True)
class Passed:
    """A claim that passed, with the citations it is the first to use."""

    claim: Claim
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """The end of a composition.

    Attributes:
        claims, citations: All that passed; none: quote the evidence instead.
        dropped: What did not pass.
        notice: A line for the person when something went wrong.
    """

    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    dropped: tuple[Dropped, ...]
    notice: str | None


class Composer:
    """Lets a model speak, sentence by sentence, never beyond its evidence."""

    def __init__(self, speaker: Speaker) -> None:
        """``speaker``: the model behind its bounds; kept, for its breaker remembers."""
        self.speaker = speaker

    def compose_stream(
        self,
        question: str,
        language: str,
        evidence: Evidence,
        generation: Generation,
        encoder: Encoder,
    ) -> Iterator[Passed | Done]:
        """Each claim as soon as it has passed, then the whole.

        Args:
            question: As it was searched for.
            language: ISO 639-1 code of the question.
            evidence: What was found; it must be strong enough to answer.
            generation: Where it was found.
            encoder: The generation's model.
        """
        sources = gather(generation, evidence, MOST_CHARACTERS)
        work = _Composition(question, language, sources, generation, encoder)
        yield from work.run(self.speaker)


class _Composition:
    """One answer on its way."""

    def __init__(
        self,
        question: str,
        language: str,
        sources: Sequence[Source],
        generation: Generation,
        encoder: Encoder,
    ) -> None:
        self._question = question
        self._language = language
        self._sources = {source.number: source for source in sources}
        self._generation = generation
        self._encoder = encoder
        self._limits = Limits.of(encoder)
        self._passages: dict[int, EncodedPassage] = {}
        self._claims: list[Claim] = []
        self._citations: dict[tuple[int, Span], Citation] = {}
        self._dropped: list[Dropped] = []

    def run(self, speaker: Speaker) -> Iterator[Passed | Done]:
        if not self._sources:
            yield self._done("notice.unsupported")
            return
        messages = ask(self._question, list(self._sources.values()), self._language)
        sentences = SentenceStream()
        try:
            for piece in speaker.stream(messages, self._encode_next):
                yield from self._weigh(sentences.feed(visible(piece)))
                if len(self._claims) >= MOST_CLAIMS:
                    break
            yield from self._weigh(sentences.close())
        except LanguageModelError:
            yield self._done("notice.broken_off" if self._claims else "notice.down")
            return
        yield self._done(None if self._claims else "notice.unsupported")

    def _encode_next(self) -> bool:
        """Encodes one more passage while the model thinks; False when all are done."""
        missing = next((n for n in self._sources if n not in self._passages), None)
        if missing is not None:
            self._passage(missing)
        return missing is not None

    def _passage(self, number: int) -> EncodedPassage:
        if number not in self._passages:
            source = self._sources[number]
            self._passages[number] = encode_passage(
                self._encoder, source.sentences, source.language, source.topic
            )
        return self._passages[number]

    def _weigh(self, sentences: Sequence[Sentence]) -> Iterator[Passed]:
        for sentence in sentences:
            if len(self._claims) < MOST_CLAIMS and (passed := self._passed(sentence)):
                yield passed

    def _passed(self, sentence: Sentence) -> Passed | None:
        text = plain(sentence.text)
        reason = self._unfit(sentence, text)
        if reason is not None:
            self._drop(text, reason)
            return None
        spoken = detect(text, self._language)
        claim = encode_claim(self._encoder, text, "de" if spoken == "de" else "en")
        cited = [self._sources[n] for n in sentence.numbers if n in self._sources]
        verdicts = [
            (source, check(claim, self._passage(source.number), self._limits)) for source in cited
        ]
        supports = [(source, verdict) for source, verdict in verdicts if verdict.passed]
        if not supports:
            first = verdicts[0][1]
            detail = "" if first.fault is Fault.FORM else first.detail
            self._drop(text, str(first.fault), detail)
            return None
        return self._accept(text, supports)

    def _unfit(self, sentence: Sentence, text: str) -> str | None:
        """Why a sentence need not be looked at."""
        if not any(number in self._sources for number in sentence.numbers):
            return "unknown_source" if sentence.numbers else "no_citation"
        if not sentence.finished:
            return "unfinished"
        if "](" in sentence.text or instructs(text):
            return Fault.FORM.value
        said_before = any(claim.text == text for claim in self._claims)
        return "repeated" if said_before else None

    def _drop(self, text: str, reason: str, detail: str = "") -> None:
        said = words(self._language).text(f"dropped.{reason}", detail=detail)
        bare = reason == Fault.FORM or _repeats_rules(text, self._language)
        shown = _HIDDEN if bare else text
        self._dropped.append(Dropped(shown, said.strip().removesuffix(":")))

    def _accept(self, text: str, supports: Sequence[tuple[Source, Verdict]]) -> Passed:
        before = len(self._citations)
        numbers = dict.fromkeys(self._cite(source, verdict) for source, verdict in supports)
        claim = Claim(text, tuple(numbers))
        self._claims.append(claim)
        return Passed(claim, tuple(self._citations.values())[before:])

    def _cite(self, source: Source, verdict: Verdict) -> int:
        """The number of the citation whose quote supports the claim."""
        span = Span(source.spans[verdict.first].start, source.spans[verdict.last].end)
        key = (source.article_id, span)
        if key not in self._citations:
            number = len(self._citations) + 1
            score = min(1.0, max(0.0, verdict.score))
            self._citations[key] = cite(self._generation, number, source.article_id, span, score)
        return self._citations[key].n

    def _done(self, notice: str | None) -> Done:
        text = words(self._language).text(notice) if notice else None
        citations = tuple(self._citations.values())
        return Done(tuple(self._claims), citations, tuple(self._dropped), text)


def _repeats_rules(text: str, language: str) -> bool:
    """Whether a sentence tells what the model was told."""
    rules = {
        " ".join(re.findall(r"\w+", rule.lower()))
        for spoken in (language, "en")
        for rule in re.split(r"[.\n]", words(spoken).text("answer.system"))
    }
    said = " ".join(re.findall(r"\w+", text.lower()))
    return any(said in rule or rule in said for rule in rules if len(rule) > _SHORTEST_RULE)
