"""One pipeline for every front end: a question and its conversation in, an Answer out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from bot.answer import (
    Answer,
    Citation,
    Claim,
    EvidenceItem,
    Kind,
    NearestArticle,
    Timing,
    joined,
)
from bot.citations import cite
from bot.collection import about_collection
from bot.conversation import Conversation, Understood, is_unclear, understand
from bot.intents import Intent, small_talk
from bot.render.strings import strings
from index.articles import Article, Span
from index.errors import UsageError
from index.evidence import Candidate, Evidence, Query, find_evidence
from index.evidence.question_type import Wanted, offers
from index.language import detect
from index.markup import plain

if TYPE_CHECKING:
    from bot.language_model.writing import OnClaim, Writer
    from bot.library import Library
    from index.storage import Generation

MAX_QUESTION = 1000  # characters
MIN_CONFIDENCE = 0.4
"""The calibrated threshold: see "When it answers" in the README."""
SURE = 0.8
"""A follow-up that is answered so surely needs no second form."""


class Answerer:
    """Answers questions with verbatim quotes, or says that the articles do not say.

    Pure in its arguments: the same question in the same conversation on the same day over the
    same generation gets the same answer. Safe to use from several threads.
    """

    def __init__(
        self,
        library: Library,
        *,
        min_confidence: float | None = None,
        writer: Writer | None = None,
    ) -> None:
        """``min_confidence``: answer at or above this probability; None: the calibrated one.

        ``writer``: the language model that phrases answers; None: they quote.
        """
        self._library = library
        self._writer = writer
        self.min_confidence = MIN_CONFIDENCE if min_confidence is None else min_confidence

    def answer(
        self,
        question: str,
        conversation: Conversation | None = None,
        *,
        today: date,
        exclude: Sequence[str] = (),
        on_claim: OnClaim | None = None,
    ) -> Answer:
        """Answers one question.

        Args:
            question: As a person typed it, 1 to 1,000 characters.
            conversation: What was said before; none: a fresh one.
            today: What "yesterday" and "last week" count from.
            exclude: Keys of articles to treat as if they were not there (for measuring).
            on_claim: Told of each claim of a language model as soon as it has passed.

        Raises:
            UsageError: The question is empty or too long.
            BelegError: The index or the model cannot be used.
        """
        began = time.perf_counter()
        question = checked(question)
        conversation = conversation or Conversation()
        intent = small_talk(question)
        if intent is None and is_unclear(question, conversation, today=today):
            intent = Intent.UNCLEAR
        with self._library.generation() as generation:
            if intent is not None:
                return self._talk(question, intent, conversation, generation, began)
            understood = understand(question, conversation, today=today)
            if self._writer:
                understood = self._writer.understand(
                    question, conversation, understood, today=today
                )
            understood, evidence = self._find(generation, understood, conversation, exclude)
            searched = time.perf_counter()
            answer = self._compose(question, understood, evidence, generation)
            if self._writer:
                encoder = self._library.encoder
                answer = self._writer.write(
                    answer, understood.language, evidence, generation, encoder, on_claim
                )
        return answer.timed(_timing(began, searched, time.perf_counter()))

    def _find(
        self,
        generation: Generation,
        understood: Understood,
        conversation: Conversation,
        exclude: Sequence[str],
    ) -> tuple[Understood, Evidence]:
        """What was found, and for which form of a follow-up: the one that finds the surer answer.

        The earlier questions' words in brackets make any sentence about them look likely, so that
        the second form counts only where the reader itself says that its sentence answers.
        """

        def find(asked: Understood) -> Evidence:
            query = _query(generation, asked, exclude)
            found = find_evidence(generation, self._library.encoder, query)
            return _with_reason(generation, found, asked, conversation)

        evidence = find(understood)
        beside = understood.beside
        if beside is None or evidence.confidence >= SURE:
            return understood, evidence
        other = find(beside)
        heard = other.trace.signs.get("read", 0.0) > 0
        if heard and other.confidence > max(evidence.confidence, self.min_confidence):
            return beside, other
        return understood, evidence

    def warm_up(self) -> None:
        """Makes the language model ready beside other work, where there is one."""
        if self._writer:
            self._writer.speaker.warm_up()

    def _talk(
        self,
        question: str,
        intent: Intent,
        conversation: Conversation,
        generation: Generation,
        began: float,
    ) -> Answer:
        """A kind word, or what the collection holds."""
        language = _ours(detect(question, conversation.language))
        text, cards = about_collection(intent, generation.cards(), language)
        answer = Answer(
            question=question,
            rewritten=None,
            answered=False,
            mode="extractive",
            answer=text,
            claims=(),
            citations=(),
            evidence=(),
            nearest=tuple(NearestArticle(c.key, c.title, c.date, c.url, 0.0) for c in cards),
            dropped=(),
            confidence=0.0,
            generation=generation.name,
            ms=Timing(0.0, 0.0, 0.0),
            language=language,
            kind=Kind.TALK,
        )
        now = time.perf_counter()
        return answer.timed(_timing(began, now, now))

    def _compose(
        self, question: str, understood: Understood, evidence: Evidence, generation: Generation
    ) -> Answer:
        language = _ours(understood.language)
        answered = bool(evidence.cited) and evidence.confidence >= self.min_confidence
        cited = evidence.cited if answered else ()
        claims, citations = _cite(generation, cited)
        if answered:
            text = joined(claims)
        elif understood.rewritten:
            text = strings(language).text("answer.refusal_follow_up", searched=understood.rewritten)
        else:
            text = strings(language).text("answer.refusal")
        return Answer(
            question=question,
            rewritten=understood.rewritten,
            answered=answered,
            mode="extractive",
            answer=text,
            claims=claims,
            citations=citations,
            evidence=tuple(_evidence_item(generation, c) for c in evidence.candidates),
            nearest=tuple(_nearest(generation, *near) for near in evidence.nearest),
            dropped=(),
            confidence=evidence.confidence,
            generation=generation.name,
            ms=Timing(0.0, 0.0, 0.0),
            language=language,
            kind=Kind.ANSWER if answered else Kind.REFUSAL,
            trace=evidence.trace,
        )


def checked(question: str) -> str:
    """The question without surrounding blanks.

    Raises:
        UsageError: It is empty or longer than 1,000 characters.
    """
    question = question.strip()
    if not question:
        raise UsageError('the question is empty: type one, such as "Wann fiel die Berliner Mauer?"')
    if len(question) > MAX_QUESTION:
        raise UsageError(
            f"the question has {len(question):,} characters, {MAX_QUESTION:,} are allowed: "
            "ask something shorter"
        )
    return question


def _with_reason(
    generation: Generation, evidence: Evidence, understood: Understood, conversation: Conversation
) -> Evidence:
    """A follow-up that asks why is not answered by what was just quoted and gives no reason.

    Scores are shares of the whole: without the sentences told, the others share what is left.
    """
    if not (understood.rewritten and Wanted.REASON in evidence.trace.wanted):
        return evidence
    quoted = "\n".join(conversation.turns[-1].quotes)

    def gives_reason(one: Candidate) -> bool:
        return offers(_sentence(generation, one), understood.search, Wanted.REASON) > 0

    def told(one: Candidate) -> bool:
        return _sentence(generation, one) in quoted and not gives_reason(one)

    if not any(map(told, evidence.cited)):
        return evidence
    left = [one for one in evidence.candidates if not told(one)]
    best = tuple(filter(gives_reason, left[:1]))
    share = best[0].score / sum(one.score for one in left) if best and best[0].score else 0.0
    return replace(evidence, cited=best, confidence=evidence.confidence * share)


def _ours(language: str | None) -> str:
    """What refusals and labels are written in: German for German questions, else English."""
    return "de" if language == "de" else "en"


def _query(generation: Generation, understood: Understood, exclude: Sequence[str]) -> Query:
    return Query(
        text=understood.search,
        language=understood.language,
        period=understood.period,
        context=_ids(generation, understood.keys),
        exclude=frozenset(_ids(generation, exclude)),
    )


def _ids(generation: Generation, keys: Sequence[str]) -> tuple[int, ...]:
    found = (generation.find(key) for key in keys)
    return tuple(stored.id for stored in found if stored is not None)


def _cite(
    generation: Generation, cited: Sequence[Candidate]
) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
    """Each sentence becomes a claim; a sentence and the one it leans on share a citation."""
    claims: list[Claim] = []
    citations: list[Citation] = []
    for number, candidate in enumerate(cited, start=1):
        stored = generation.article(candidate.article_id)
        sentences = [span for span in (candidate.lead, candidate.span) if span is not None]
        for sentence in sentences:
            text = plain(stored.article.text[sentence.start : sentence.end])
            claims.append(Claim(text, (number,)))
        citations.append(cite(generation, number, stored.id, candidate.quote, candidate.score))
    return tuple(claims), tuple(citations)


def _evidence_item(generation: Generation, candidate: Candidate) -> EvidenceItem:
    article, span = generation.article(candidate.article_id).article, candidate.quote
    return EvidenceItem(article.key, _quote(article, span), span.start, span.end, candidate.score)


def _nearest(generation: Generation, article_id: int, score: float) -> NearestArticle:
    article = generation.article(article_id).article
    return NearestArticle(article.key, article.title, article.date, article.url, score)


def _sentence(generation: Generation, candidate: Candidate) -> str:
    return _quote(generation.article(candidate.article_id).article, candidate.span)


def _quote(article: Article, span: Span) -> str:
    return article.text[span.start : span.end]


def _timing(began: float, searched: float, done: float) -> Timing:
    search, answer, total = searched - began, done - searched, done - began
    return Timing(search=search * 1000, answer=answer * 1000, total=total * 1000)
