"""The project's own questions: 2,000 articles written for training, with 34,000 questions.

``tools/questions/*.jsonl`` (MIT, like the rest; none of it is about what ``seeds/`` or the golden
set are about): one article a line with ``id``, ``language``, ``title``, ``date``, ``sentences``
and ``questions``; a question names the ``sentence`` that answers and the ``answer`` in it, or
neither where the article, though near, does not answer. They are harder than XQuAD's: most
questions use other words than the article, and many answers stand in sentences that do not
repeat their subject.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.articles import Span

DATA = Path(__file__).parent / "questions"
_UNTITLED = 0.3
_PARAGRAPH = 4  # sentences


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about one article.

    Attributes:
        article: Key of the article.
        answers: Where it is answered in the article's text; empty: nowhere.
    """

    text: str
    language: str
    article: str
    answers: tuple[Span, ...]


def read(folder: Path = DATA) -> list[dict[str, Any]]:
    """All articles, in a fixed order."""
    return [
        json.loads(line)
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def write(articles: Sequence[dict[str, Any]], folder: Path) -> Iterator[Asked]:
    """Writes articles as files, some without a title, and yields their questions."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in articles:
        luck = random.Random(one["id"])
        titled = luck.random() >= _UNTITLED
        key = f"{one['id']}.{'md' if titled else 'txt'}"
        title = json.dumps(one["title"], ensure_ascii=False)
        head = f"---\ntitle: {title}\ndate: {one['date']}\n---\n\n" if titled else ""
        text, starts = _body(one["sentences"], head)
        (folder / key).write_text(text, encoding="utf-8", newline="\n")
        for asked in one["questions"]:
            yield Asked(asked["question"], asked["language"], key, _answer(one, asked, starts))


def _body(sentences: Sequence[str], head: str) -> tuple[str, list[int]]:
    """Paragraphs of a few sentences, and where each sentence starts."""
    text, starts = head, []
    for number, sentence in enumerate(sentences):
        if number:
            text += " " if number % _PARAGRAPH else "\n\n"
        starts.append(len(text))
        text += sentence
    return text + "\n", starts


def _answer(one: dict[str, Any], asked: dict[str, Any], starts: Sequence[int]) -> tuple[Span, ...]:
    number = asked.get("sentence")
    if number is None:
        return ()
    start = starts[number] + one["sentences"][number].index(asked["answer"])
    others = (
        Span(starts[also], starts[also] + len(one["sentences"][also]))
        for also in asked.get("also", ())
    )
    return (Span(start, start + len(asked["answer"])), *others)
