"""Question sets in SQuAD format (Rajpurkar et al. 2016; v2.0 adds unanswerable questions).

An article's paragraphs become one text, joined by a blank line, so that a question is asked over
whole articles; answers' offsets are moved along.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.articles import Span
from index.errors import UsageError

JOINT = "\n\n"


@dataclass(frozen=True, slots=True)
class Question:
    """One question and where its answer stands.

    Attributes:
        article: Position in ``QuestionSet.articles``.
        answers: Spans in that article's text; empty: the articles do not answer it.
    """

    id: str
    text: str
    article: int
    answers: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Texts of whole articles, and questions about them."""

    articles: tuple[str, ...]
    questions: tuple[Question, ...]


def read_squad(path: Path) -> QuestionSet:
    """Reads one file.

    Raises:
        UsageError: It cannot be read or is not in SQuAD format.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))["data"]
        return _parse(data)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UsageError(f"{path} is not a question set in SQuAD format (JSON)") from None


def merge(sets: list[QuestionSet]) -> QuestionSet:
    """Several sets as one."""
    articles: list[str] = []
    questions: list[Question] = []
    for one in sets:
        shift = len(articles)
        articles += one.articles
        questions += [Question(q.id, q.text, q.article + shift, q.answers) for q in one.questions]
    return QuestionSet(tuple(articles), tuple(questions))


def ask_in_parallel(gold: QuestionSet, other: QuestionSet) -> QuestionSet:
    """The questions of a parallel file (same ids) over this set's articles and answers.

    Raises:
        UsageError: The two have no question in common.
    """
    texts = {question.id: question.text for question in other.questions}
    questions = tuple(
        Question(q.id, texts[q.id], q.article, q.answers) for q in gold.questions if q.id in texts
    )
    if not questions:
        raise UsageError("the parallel file has no question id in common with the question set")
    return QuestionSet(gold.articles, questions)


def _parse(data: list[dict[str, Any]]) -> QuestionSet:
    articles: list[str] = []
    questions: list[Question] = []
    for number, entry in enumerate(data):
        position, contexts = 0, []
        for paragraph in entry["paragraphs"]:
            context = paragraph["context"].replace("\r\n", "\n").replace("\r", "\n")
            contexts.append(context)
            questions += [_question(qa, number, position) for qa in paragraph["qas"]]
            position += len(context) + len(JOINT)
        articles.append(JOINT.join(contexts))
    return QuestionSet(tuple(articles), tuple(questions))


def _question(qa: dict[str, Any], article: int, shift: int) -> Question:
    spans = {
        Span(shift + answer["answer_start"], shift + answer["answer_start"] + len(answer["text"]))
        for answer in qa.get("answers", [])
    }
    return Question(str(qa["id"]), qa["question"], article, tuple(sorted(spans)))
