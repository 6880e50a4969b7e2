"""Questions as ``train_evidence`` learns from them: looked at with their article and without."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.analysis import terms
from index.articles import Span
from index.evaluate import covers
from index.evidence.sight import Sight, look
from index.search import Question, prepare
from index.squad import QuestionSet
from index.weights import Scorer, Weights, load
from tools.own_questions import Asked

FOLDS = 6
NO_SCORER = Scorer({}, {})
FEW = 12
OWN_FOLDER = 40
"""So many articles are in a folder of which the project's own questions are asked."""
NAMES = 5.0
"""How rare a word is that names an article (inverse frequency): in one passage of 150."""
KINDS = ("answered", "gone", "near")
ALTERED = "altered"
_CAPITALISED = re.compile(r"(?<!^)\b[A-ZÄÖÜ][\w-]{2,}\b")
SHIFTED = ("en", "ru", "tr")
"""Languages whose questions gain from the shift; Spanish ones do not."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question in one language over one state of the articles.

    Attributes:
        gold: Id of the article that answers.
        kind: ``answered``; ``gone``: without that article; ``near``: without the passage;
            ``altered``: all is there, but the question names somebody or something else.
        few: Among a dozen articles instead of all.
        corpus: Which articles it was asked of: ``news`` or the project's ``own``.
        right: (candidates,) which sentences hold an answer.
    """

    language: str
    fold: int
    gold: int
    kind: str
    few: bool
    answers: tuple[Span, ...]
    sight: Sight
    right: NDArray[np.bool_]
    corpus: str = "news"


def fold_of(article: int) -> int:
    return article % FOLDS


def shifts(
    vectors: Mapping[str, NDArray[np.float32]], folds: NDArray[np.int_], left_out: int
) -> dict[str, NDArray[np.float32]]:
    """The step from each language's mean question to the German one, without one fold."""
    kept = folds != left_out
    german = vectors["de"][kept].mean(axis=0)
    return {name: german - vectors[name][kept].mean(axis=0) for name in SHIFTED if name in vectors}


def gather(
    generation: Any,
    encoder: Any,
    sets: Mapping[str, QuestionSet],
    ids: Sequence[int],
    vectors: Mapping[str, NDArray[np.float32]],
) -> list[Case]:
    """Look at every question in every language, with its article and without."""
    cases = []
    names = names_of(sets)
    for language, questions in sets.items():
        folds = np.array([fold_of(one.article) for one in questions.questions])
        moved = [
            Weights(NO_SCORER, NO_SCORER, shifts(vectors, folds, fold), encoder.name)
            for fold in range(FOLDS)
        ]
        for number, one in enumerate(questions.questions):
            fold, gold = fold_of(one.article), ids[one.article]
            asked = prepare(generation, encoder, one.text, language, moved[fold])
            other = altered(one.text, names, number)
            if other is not None:
                sight = look(
                    generation,
                    prepare(generation, encoder, other, language, moved[fold]),
                    frozenset(),
                )
                nothing = np.zeros(len(sight.found), bool)
                cases.append(Case(language, fold, gold, ALTERED, False, (), sight, nothing))
            dozen = np.random.default_rng(number).choice(ids, FEW, replace=False)
            far = frozenset(card.id for card in generation.cards()) - {gold, *dozen.tolist()}
            for few, away in ((False, frozenset[int]()), (True, far))[: 1 + (number % 3 == 0)]:
                there = look(generation, asked, away)
                gone = look(generation, asked, away | {gold})
                near = _without_passage(there, gold, one.answers)
                for kind, sight in zip(KINDS, (there, gone, near), strict=True):
                    right = _holding(sight, gold, one.answers if kind == KINDS[0] else ())
                    case = Case(language, fold, gold, kind, few, one.answers, sight, right)
                    cases.append(case)
        print(f"looked at {language}", flush=True)
    return cases


def names_of(sets: Mapping[str, QuestionSet]) -> list[frozenset[str]]:
    """Each question's names: capitalised words that two languages write alike."""
    spelt = [
        [set(_CAPITALISED.findall(one.text)) for one in questions.questions]
        for questions in sets.values()
    ]
    return [
        frozenset(
            word for words in row for word in words if sum(word in other for other in row) > 1
        )
        for row in zip(*spelt, strict=True)
    ]


def altered(text: str, names: Sequence[frozenset[str]], number: int) -> str | None:
    """The question with its names exchanged for another's, so that nothing answers it.

    A lie of this kind is what people ask without knowing ("How many people live in Tokyo?" of
    articles about the Danube): the same words but for the one that matters (Jia and Liang 2017).
    None where there is no name to exchange.
    """
    random = np.random.default_rng(number)
    foreign = sorted(frozenset[str]().union(*names) - names[number])
    own = [name for name in _CAPITALISED.findall(text) if name in names[number]]
    if not own or not foreign:
        return None
    for name in own:
        text = re.sub(rf"\b{re.escape(name)}\b", str(random.choice(foreign)), text)
    return text


def _without_passage(sight: Sight, gold: int, answers: Sequence[Span]) -> Sight:
    """The same without the passages that hold the answer: the article is there, the fact not."""
    kept = [
        place
        for place, hit in enumerate(sight.hits)
        if hit.passage.article_id != gold or not covers(hit.passage.span, answers)
    ]
    moved = {old: new for new, old in enumerate(kept)}
    rows = [row for row, one in enumerate(sight.found) if one.hit in moved]
    found = [replace(sight.found[row], hit=moved[sight.found[row].hit]) for row in rows]
    hits = [sight.hits[place] for place in kept]
    return replace(sight, hits=hits, found=found, matrix=sight.matrix[rows])


def _holding(sight: Sight, gold: int, answers: Sequence[Span]) -> NDArray[np.bool_]:
    """Which candidates hold one of the answers, (candidates,)."""
    return np.array(
        [
            sight.hits[one.hit].passage.article_id == gold and covers(one.span, answers)
            for one in sight.found
        ],
        bool,
    )


def gather_own(
    generation: Any, encoder: Any, asked: Sequence[Asked], moved: Mapping[str, Any]
) -> list[Case]:
    """The project's own questions, each asked of a folder of ``OWN_FOLDER`` articles.

    ``moved`` is each language's shift. Left out are questions that name nothing of their own
    article ("Wann wurde die Brücke eröffnet?"): among forty articles any bridge answers them.
    """
    cases = []
    weights = replace(load(), shifts=dict(moved))
    everything = [card.id for card in generation.cards()]
    keys = sorted({one.article for one in asked})

    @cache
    def words(article_id: int) -> frozenset[str]:
        article = generation.article(article_id).article
        return frozenset(terms(f"{article.title} {article.text}"))

    for number, one in enumerate(asked):
        gold = generation.find(one.article).id
        others = np.random.default_rng(number).choice(everything, OWN_FOLDER, replace=False)
        away = frozenset(everything) - {gold, *others.tolist()}
        question = prepare(generation, encoder, one.text, one.language, weights)
        if not _names(question, words(gold)):
            continue
        kinds = {"answered" if one.answers else "near": away}
        if one.answers and number % 2:
            kinds["gone"] = away | {gold}
        for kind, missing in kinds.items():
            sight = look(generation, question, missing)
            right = _holding(sight, gold, one.answers if kind == "answered" else ())
            fold = fold_of(keys.index(one.article))
            case = Case(one.language, fold, gold, kind, False, one.answers, sight, right, "own")
            cases.append(case)
    print("looked at the project's own", flush=True)
    return cases


def _names(question: Question, words: frozenset[str]) -> bool:
    """Whether the question has a rare word that these are among."""
    return any(question.rarity[term] >= NAMES and term in words for term in question.terms)


def index_articles(work: Path, gold: QuestionSet, noise: Path | None, encoder: Any) -> Any:
    """An index of the question set's articles and the noise, built once and kept in ``work``."""
    from index.build import build
    from index.storage import open_current

    seeds = work / "seeds"
    (seeds / "gold").mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(gold.articles):
        (seeds / "gold" / f"{number:03}.txt").write_text(text, encoding="utf-8")
    for file in sorted(noise.rglob("*.txt")) if noise else ():
        target = seeds / "noise" / file.name
        target.parent.mkdir(exist_ok=True)
        target.write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    build(seeds, work / "index", lambda: encoder)
    return open_current(work / "index")
