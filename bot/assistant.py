"""What every front end talks to: ask, open a citation, see what there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot.answering import Answerer, checked
from bot.citations import Opened, is_citation_id, open_citation
from index.articles import Article, Span
from index.language import detect
from index.search import prepare, search
from index.weights import load

if TYPE_CHECKING:
    from bot.answer import Answer
    from bot.conversation import Conversation
    from bot.language_model.writing import OnClaim
    from bot.library import Library
    from index.storage import Card


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage of an article, as found; higher scores are better."""

    id: int
    article: Article
    span: Span
    score: float


class Assistant:
    """A library and an answerer under one roof. Blocking; safe to use from several threads."""

    def __init__(self, library: Library, answerer: Answerer) -> None:
        self.library = library
        self.answerer = answerer

    @property
    def min_confidence(self) -> float:
        """The probability from which on a question is answered."""
        return self.answerer.min_confidence

    def answer(
        self,
        question: str,
        conversation: Conversation | None = None,
        *,
        today: date,
        on_claim: OnClaim | None = None,
    ) -> Answer:
        """Answers one question; see ``Answerer.answer``."""
        return self.answerer.answer(question, conversation, today=today, on_claim=on_claim)

    def passages(self, question: str, limit: int) -> list[FoundPassage]:
        """The passages that a search finds, best first."""
        text = checked(question)
        with self.library.generation() as generation:
            asked = prepare(generation, self.library.encoder, text, detect(text), load())
            hits = search(generation, asked, limit)
            return [
                FoundPassage(
                    hit.passage.id,
                    generation.article(hit.passage.article_id).article,
                    hit.passage.span,
                    hit.score,
                )
                for hit in hits
            ]

    def open(self, identifier: str) -> Opened:
        """Opens a citation in its surroundings.

        Raises:
            UsageError: There is no such citation.
        """
        with self.library.generation() as generation:
            return open_citation(generation, self.library.history, identifier)

    def find(self, name: str) -> Opened | Article | None:
        """What a person may mean by a name: a citation's id or an article's key."""
        with self.library.generation() as generation:
            stored = generation.find(name)
            if stored is not None:
                return stored.article
            if is_citation_id(name):
                return open_citation(generation, self.library.history, name)
            return None

    def cards(self) -> Sequence[Card]:
        """Every article of the index, without its text."""
        with self.library.generation() as generation:
            return generation.cards()

    def warm_up(self) -> None:
        """Makes the language model ready beside other work, where there is one."""
        self.answerer.warm_up()

    def close(self) -> None:
        """Lets go of the index."""
        self.library.close()
