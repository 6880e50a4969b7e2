"""Thumbs from Telegram as a question set in SQuAD format, as ``belegbot eval`` reads it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from index.articles import Article
from index.errors import UsageError

if TYPE_CHECKING:
    from bot.citations import Opened
    from bot.state import Thumb

Find = Callable[[str], "Opened | Article | None"]


def question_set(thumbs: Iterable[Thumb], find: Find) -> dict[str, Any]:
    """The question set.

    A good answer gives its question with its quotes as the right answers, over the whole
    article; a good refusal gives a question that has no answer. Of a bad answer nobody knows
    the right one: it stands apart, under ``rejected``, which ``eval`` does not read. Of several
    thumbs for one question the last counts; quotes whose article has changed are left out.

    Args:
        thumbs: Oldest first.
        find: What a citation's id or an article's key stands for.
    """
    latest = {thumb.question: thumb for thumb in thumbs}
    texts: dict[str, str] = {}
    questions: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    impossible, rejected = [], []
    for number, thumb in enumerate(latest.values(), 1):
        entry: dict[str, Any] = {"id": f"thumb-{number}", "question": thumb.question}
        if thumb.value < 0:
            rejected.append(entry | {"answer": thumb.answer, "citations": list(thumb.citations)})
        elif not thumb.citations:
            impossible.append(entry | {"answers": [], "is_impossible": True})
        else:
            _add_answers(entry, thumb, find, texts, questions)
    if texts:  # a question without an answer needs some article that does not answer it
        questions[next(iter(texts))] += impossible
    data = [
        {"title": key, "paragraphs": [{"context": texts[key], "qas": questions[key]}]}
        for key in texts
    ]
    return {"version": "v2.0", "data": data, "rejected": rejected}


def _add_answers(
    entry: dict[str, Any],
    thumb: Thumb,
    find: Find,
    texts: dict[str, str],
    questions: dict[str, list[dict[str, Any]]],
) -> None:
    """Adds the question to the article of its first quote that still stands there."""
    quotes = [quote for quote in (_standing(name, find) for name in thumb.citations) if quote]
    if not quotes:
        return
    key = quotes[0].article
    article = find(key)
    if not isinstance(article, Article):
        return
    texts[key] = article.text
    answers = [
        {"text": quote.quote, "answer_start": quote.start}
        for quote in quotes
        if quote.article == key
    ]
    questions[key].append(entry | {"answers": answers})


def _standing(name: str, find: Find) -> Opened | None:
    """The citation, if its quote stands in its article today."""
    try:
        found = find(name)
    except UsageError:
        return None
    if found is None or isinstance(found, Article) or found.status != "same":
        return None
    return found
