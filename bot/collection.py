"""Questions about the collection itself: what is new in it, what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.intents import Intent
from bot.render.strings import long_date, strings

if TYPE_CHECKING:
    from index.storage import Card

SHOWN = 5  # articles named in one reply


def about_collection(
    intent: Intent, cards: Sequence[Card], language: str
) -> tuple[str, tuple[Card, ...]]:
    """What to say to small talk, and the articles that go with it."""
    words = strings(language)
    if intent not in (Intent.COLLECTION_NEWS, Intent.COLLECTION_TOPICS):
        return words.text(f"talk.{intent.value}"), ()
    if not cards:
        return words.text("talk.empty_collection"), ()
    dated = sorted((card for card in cards if card.date), key=_by_date, reverse=True)
    if intent is Intent.COLLECTION_NEWS:
        key = "talk.news" if dated else "talk.news_undated"
        shown = tuple((dated or list(cards))[:SHOWN])
        return words.counted(key, len(shown)), shown
    shown = _spread(dated or list(cards))
    if not dated:
        return words.counted("talk.topics", len(cards)), shown
    text = words.counted(
        "talk.topics_period",
        len(cards),
        first=long_date(dated[-1].date, language),
        last=long_date(dated[0].date, language),
    )
    return text, shown


def _by_date(card: Card) -> tuple[str, str]:
    return card.date or "", card.key


def _spread(cards: Sequence[Card]) -> tuple[Card, ...]:
    """A few from all over the collection rather than neighbours about one event."""
    step = max(1, len(cards) // SHOWN)
    return tuple(cards[::step][:SHOWN])
