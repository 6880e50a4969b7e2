"""The project's own questions: 4,500 articles written for training, with 78,000 questions.

``tools/questions/*.jsonl`` (MIT, like the rest; none of it is about what ``seeds/`` or the golden
set are about): one article a line with ``id``, ``language``, ``title``, ``date``, ``sentences``
and ``questions``; a question names the ``sentence`` that answers and the ``answer`` in it, or
neither where the article, though near, does not answer; ``after`` are the turns of a conversation
before it, each with the sentence that answered. They are harder than XQuAD's: most
questions use other words than the article, and many answers stand in sentences that do not
repeat their subject.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.conversation import Conversation, Turn, understand
from index.articles import Span

DATA = Path(__file__).parent / "questions"
_UNTITLED = 0.3
_BESIDE = 0.1
"""Questions that are asked once more behind another one that they do not lean on."""
_PARAGRAPH = 4  # sentences


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about one article.

    Attributes:
        article: Key of the article.
        answers: Where it is answered in the article's text; empty: nowhere.
        kind: ``own``, or of what kind a follow-up is.
    """

    text: str
    language: str
    article: str
    answers: tuple[Span, ...]
    kind: str = "own"


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
            answer = _answer(one, asked, starts)
            for text, kind in _searched(one, asked):
                yield Asked(text, asked["language"], key, answer, kind)
            if "after" not in asked and luck.random() < _BESIDE:
                other = luck.choice(one["questions"])
                if "after" not in other and other is not asked:
                    text = f"{asked['question']} ({other['question']})"
                    yield Asked(text, asked["language"], key, answer, "beside")


def _searched(one: dict[str, Any], asked: dict[str, Any]) -> list[tuple[str, str]]:
    """The question in each form in which it is searched, and the kind of that form."""
    if "after" not in asked:
        return [(asked["question"], "own")]
    today = date.fromisoformat(one["date"])
    talk = Conversation()
    for turn in asked["after"]:
        text = turn["question"]
        searched = understand(text, talk, today=today).search
        quote = one["sentences"][turn["sentence"]]
        made = Turn(text, searched, asked["language"], True, (one["id"],), (quote,))
        talk = Conversation((*talk.turns, made))
    understood = understand(asked["question"], talk, today=today)
    forms = [(understood.search, "talk")]
    if understood.beside:
        forms.append((understood.beside.search, "talk beside"))
    return forms


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
