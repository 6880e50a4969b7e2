"""What the answering pipeline sees of a language model: it understands, and it writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from bot.answer import Answer, Citation, Claim, joined
from bot.language_model.composing import Composer, Done, Passed
from bot.language_model.endpoint import language_model
from bot.language_model.follow_ups import understand_with
from bot.language_model.speaking import LanguageModelError, Message, Speaker

if TYPE_CHECKING:
    from bot.conversation import Conversation, Understood
    from index.encoder import Encoder
    from index.evidence import Evidence
    from index.storage import Generation

OnClaim = Callable[[Claim, tuple[Citation, ...]], None]
"""Told of each claim that has passed, and of the citations it is the first to use."""


class Writer:
    """A language model at work for the answerer. Safe to use from several threads."""

    def __init__(self, speaker: Speaker) -> None:
        self.speaker = speaker
        self._composer = Composer(speaker)

    @classmethod
    def at(cls, url: str, model: str, api_key: str) -> Writer:
        """For an OpenAI-compatible endpoint; nothing is imported or asked before it is needed."""
        return cls(Speaker(lambda: language_model(url, model, api_key)))

    def understand(
        self, question: str, conversation: Conversation, understood: Understood, *, today: date
    ) -> Understood:
        """What a follow-up means; see ``follow_ups.understand_with``."""
        return understand_with(self.speaker, question, conversation, understood, today=today)

    def write(
        self,
        quoted: Answer,
        language: str,
        evidence: Evidence,
        generation: Generation,
        encoder: Encoder,
        on_claim: OnClaim | None = None,
    ) -> Answer:
        """The answer in the model's words, or the quoted one with a line on why.

        Args:
            quoted: The answer that quotes; a refusal or small talk comes back as it is.
            language: ISO 639-1 code of the question.
            evidence: What was found.
            generation: Where it was found.
            encoder: The generation's model.
            on_claim: Told of claims as they pass; never of one that did not.
        """
        if not quoted.answered:
            return quoted
        question = quoted.rewritten or quoted.question
        done = Done((), (), (), None)
        stream = self._composer.compose_stream(question, language, evidence, generation, encoder)
        for event in stream:
            if isinstance(event, Done):
                done = event
            elif isinstance(event, Passed) and on_claim is not None:
                on_claim(event.claim, event.citations)
        if not done.claims:
            return replace(quoted, dropped=done.dropped, notice=done.notice)
        return replace(
            quoted,
            mode="generative",
            answer=joined(done.claims),
            claims=done.claims,
            citations=done.citations,
            dropped=done.dropped,
            notice=done.notice,
        )

    def probe(self) -> str | None:
        """Tries the endpoint with a word; what is wrong with it, or None."""
        try:
            self.speaker.say([Message("user", "Say OK.")])
        except LanguageModelError as error:
            return str(error)
        return None
