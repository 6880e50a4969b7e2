"""Learns index/weights.json and measures what was learned on articles it has not seen.

    python -m tools.train_evidence WORK xquad.de.json xquad.en.json … --noise FOLDER
    python -m tools.reader.train WORK/lessons.pkl.gz f0 --fold 0    # and 1, 2; then without a fold
    python -m tools.train_evidence WORK … --noise FOLDER --read f?.read.npz [--write]

First all questions are looked at, and the reader's lessons written; then readers are trained, best
on a GPU: one for each third that is left out, and one from everything, which becomes
``index/reader/weights.npz``; then what weighs their word is learned.

The first file gives the articles, each further one the same questions in another language.
Data used for the weights that ship: the German, English, Spanish, Russian and Turkish
questions of 24 articles of XQuAD (Artetxe et al. 2020, google-deepmind/xquad, CC BY-SA 4.0),
asked over the German texts among 1,028 news articles of the Ten Thousand German News Articles
Dataset (CC BY-NC-SA 4.0) as noise; only numbers of the model below are kept of either. And the
project's own 77,928 questions (``tools/questions``, MIT).

What is learned:

- where a language's questions lie beside German ones (the shift, a mean);
- the ranker: a linear score of a sentence's features, fitted so that the softmax over all
  candidates puts its weight on the sentences that hold the answer;
- the confidence: logistic regression on the signs of an answer, over questions whose article is
  there and the same ones with it, or only the passage, taken away, among many articles and few.

Every figure printed comes from folds by article: weights are fitted without the articles that
they are measured on.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from index.evaluate import AIM, auroc, calibration_error, covers
from index.evidence.confidence import READ_SIGNS, SIGNS
from index.evidence.features import FEATURES, READ_FEATURES, with_reading
from index.evidence.find import judge
from index.evidence.result import Evidence, Query
from index.evidence.sight import Sight
from index.squad import QuestionSet, ask_in_parallel, read_squad
from index.weights import Regime, Scorer, Weights
from tools import own_questions
from tools.evidence_cases import (
    ALTERED,
    FOLDS,
    KINDS,
    Case,
    fold_of,
    gather,
    gather_own,
    index_articles,
    shifts,
)
from tools.reader.gather import Corpus, add_articles, add_cases, add_parallel, attach, save

LESSONS = "lessons.pkl.gz"
PARALLEL = ("en",)
"""Languages whose articles the reader learns from besides the German ones."""
OWN_LOOKED_AT = 4
"""Of the project's own articles every so many-th is searched; the reader learns from all."""
RANKER_PENALTY = 30.0
CONFIDENCE_PENALTY = 3.0
COUNTS = {"answered": 1.0, "gone": 0.65, "near": 0.15, ALTERED: 0.2}
"""What a case counts for the confidence: answerable and unanswerable questions alike."""
OWN, OWN_CONFIDENCE = 0.5, 0.5
"""What a question of the project's own counts beside one of XQuAD, for the ranker and for the
confidence: they teach what answers in other words, but are harder than what people ask."""
OWN_NEAR = 0.65
"""What one that its article does not answer counts beside those: it was written to be near, where
XQuAD's are only cut off from their passage."""
_GOOD, _BAD = (0.0, None), (None, 0.0)
BOUNDS = {
    **dict.fromkeys(("cosine", "passage", "keyword", "cover", "cover_near", "known"), _GOOD),
    **dict.fromkeys(("counted", "counted_near", "numbers", "likelihood", "gap"), _GOOD),
    **dict.fromkeys(("distance", "offered", "read"), _GOOD),
    **dict.fromkeys(("absent", "missing", "unoffered"), _BAD),
}
"""Signs that may only speak for an answer, or only against: what else some hundred questions
would teach about them does not hold for other articles."""
HEAD = (
    "     passage@1   @5  evidence@1   @3  quoted     AUROC  false@90       ECE"
    "  near AUROC  false@90  altered AUROC  false@90  threshold"
)


def fit_ranker(cases: Sequence[Case]) -> dict[str, float]:
    """Listwise logistic regression: softmax over a question's candidates."""
    used = [case for case in cases if not case.few and case.right.any()]
    names = FEATURES if used[0].sight.read is None else FEATURES + READ_FEATURES
    matrix = np.concatenate([_seen(case.sight) for case in used])
    right = np.concatenate([case.right for case in used]).astype(float)
    sizes = [len(case.right) for case in used]
    starts = np.cumsum([0, *sizes[:-1]])
    owner = np.repeat(np.arange(len(used)), sizes)
    counts = np.array([OWN if case.corpus == "own" else 1.0 for case in used])
    scale = matrix.std(axis=0) + 1e-9
    matrix = (matrix - matrix.mean(axis=0)) / scale

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = matrix @ weights
        powers = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        total = np.add.reduceat(powers, starts)
        gold = np.add.reduceat(powers * right, starts) + 1e-12
        slope = counts[owner] * (powers / total[owner] - powers * right / gold[owner])
        value = counts @ np.log(total / gold) + RANKER_PENALTY * weights @ weights
        return float(value), matrix.T @ slope + 2 * RANKER_PENALTY * weights

    best = minimize(loss, np.zeros(matrix.shape[1]), jac=True, method="L-BFGS-B").x / scale
    return {name: round(float(weight), 4) for name, weight in zip(names, best, strict=True)}


def _seen(sight: Sight) -> NDArray[np.float64]:
    return sight.matrix if sight.read is None else with_reading(sight.matrix, sight.read)


def fit_confidence(
    seen: Sequence[Mapping[str, float]], right: Sequence[bool], counts: Sequence[float]
) -> dict[str, float]:
    """Logistic regression on signs, each case counting ``counts``; the intercept is ""."""
    names = SIGNS + READ_SIGNS if READ_SIGNS[0] in seen[0] else SIGNS
    matrix = np.array([[one[name] for name in names] for one in seen])
    mean, scale = matrix.mean(axis=0), matrix.std(axis=0) + 1e-9
    matrix = np.column_stack([(matrix - mean) / scale, np.ones(len(matrix))])
    sign = np.where(right, 1.0, -1.0)
    weight = np.array(counts)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margins = sign * (matrix @ weights)
        slope = -sign * weight / (1 + np.exp(np.clip(margins, -30, 30)))
        penalised = np.append(weights[:-1], 0.0)
        value = weight @ np.logaddexp(0, -margins) + CONFIDENCE_PENALTY * penalised @ penalised
        return float(value), matrix.T @ slope + 2 * CONFIDENCE_PENALTY * penalised

    bounds = [BOUNDS.get(name, (None, None)) for name in (*names, "")]
    start = np.zeros(matrix.shape[1])
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    weights = best[:-1] / scale
    named = {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)}
    return named | {"": round(float(best[-1] - weights @ mean), 4)}


def learn(generations: Mapping[str, Any], cases: Sequence[Case]) -> Weights:
    """Ranker and confidence from these cases, each regime from its own, without reader and with."""
    silent = [replace(case, sight=replace(case.sight, read=None)) for case in cases]
    read = [case for case in cases if case.sight.read is not None]
    alone = _scorer(generations, silent)
    return Weights(alone, _scorer(generations, read) if read else alone, {}, "")


def _scorer(generations: Mapping[str, Any], cases: Sequence[Case]) -> Scorer:
    nothing = dict.fromkeys((*SIGNS, *READ_SIGNS, ""), 0.0)
    scorer = Scorer({}, {"same": nothing, "cross": nothing})
    weights = Weights(scorer, scorer, {}, "")
    for regime in get_args(Regime):
        used = [case for case in cases if case.sight.regime == regime and case.sight.found]
        if not any(case.right.any() for case in used):
            continue  # questions of one language alone
        scorer.ranker[regime] = fit_ranker(used)
        judged = [judge(generations[case.corpus], case.sight, Query(""), weights) for case in used]
        right = [_cites_answer(one, case) for one, case in zip(judged, used, strict=True)]
        scorer.confidence[regime] = fit_confidence(
            [one.trace.signs for one in judged], right, [_counts(case) for case in used]
        )
    return scorer


def _counts(case: Case) -> float:
    if case.corpus == "own":
        return OWN_CONFIDENCE * (OWN_NEAR if case.kind == "near" else COUNTS[case.kind])
    return COUNTS[case.kind]


def measure(
    generations: Mapping[str, Any], cases: Sequence[Case], show: str = ""
) -> list[tuple[Case, Evidence]]:
    """Judge every case with weights learned without its fold, and print a table."""
    judged = []
    for fold in range(FOLDS):
        weights = learn(generations, [case for case in cases if case.fold != fold])
        judged += [
            (case, judge(generations[case.corpus], case.sight, Query(""), weights))
            for case in cases
            if case.fold == fold
        ]
    parts = (("news", False, "all articles"), ("news", True, "a dozen"), ("own", False, "forty"))
    for corpus, few, among in parts:
        some = [(c, e) for c, e in judged if c.corpus == corpus and c.few == few]
        report(some, f"{corpus}, {show}, among {among}")
    return judged


def report(judged: Sequence[tuple[Case, Evidence]], show: str) -> None:
    """Print what was reached, a line a language."""
    print(f"\n{show}\n{HEAD}")
    for language in dict.fromkeys(case.language for case, _ in judged):
        there = [(c, e) for c, e in judged if c.language == language and c.kind == "answered"]
        gone = [e.confidence for c, e in judged if c.language == language and c.kind == "gone"]
        near = [e.confidence for c, e in judged if c.language == language and c.kind == "near"]
        lies = [e.confidence for c, e in judged if c.language == language and c.kind == ALTERED]
        passages = np.array([_passage_rank(case) for case, _ in there])
        ranks = np.array([_evidence_rank(case, evidence) for case, evidence in there])
        sure = [e.confidence for _, e in there]
        floor = np.quantile(sure, 1 - AIM, method="lower")
        right = [_cites_answer(e, c) for c, e in there] + [False] * len(gone)
        figures = (
            (passages < 1).mean(), (passages < 5).mean(), (ranks < 1).mean(), (ranks < 3).mean(),
            np.mean([sum(2 if one.lead else 1 for one in e.cited) for _, e in there]),
            auroc(sure, gone), np.mean(np.array(gone) >= floor),
            calibration_error([*sure, *gone], right),
            auroc(sure, near), np.mean(np.array(near) >= floor),
            auroc(sure, lies) if lies else np.nan,
            np.mean(np.array(lies) >= floor) if lies else np.nan, floor,
        )  # fmt: skip
        print(f"{language:4} " + "  ".join(f"{figure:8.3f}" for figure in figures), flush=True)


def _passage_rank(case: Case) -> int:
    passages = [hit.passage for hit in case.sight.hits]
    ranks = [n for n, one in enumerate(passages)
             if one.article_id == case.gold and covers(one.span, case.answers)]  # fmt: skip
    return min(ranks, default=99)


def _evidence_rank(case: Case, evidence: Evidence) -> int:
    ranks = [n for n, one in enumerate(evidence.candidates)
             if one.article_id == case.gold and covers(one.quote, case.answers)]  # fmt: skip
    return min(ranks, default=99)


def _cites_answer(evidence: Evidence, case: Case) -> bool:
    return case.kind == KINDS[0] and any(
        one.article_id == case.gold and covers(one.quote, case.answers) for one in evidence.cited
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("work", type=Path, help="folder for indexes, cases and lessons")
    parser.add_argument("questions", type=Path, nargs="+", help="NAME.LANGUAGE.json, German first")
    parser.add_argument("--noise", type=Path, help="folder of .txt files")
    parser.add_argument("--read", type=Path, nargs="+", help="what each fold's reader has read")
    parser.add_argument("--write", action="store_true", help="write index/weights.json")
    options = parser.parse_args()

    from index.encoder import load
    from index.storage import open_current

    encoder = load("bundled", options.work / "models")
    gold = read_squad(options.questions[0])
    names = [path.name.split(".")[-2] for path in options.questions]
    sets = {
        name: gold if name == names[0] else ask_in_parallel(gold, read_squad(path))
        for name, path in zip(names, options.questions, strict=True)
    }
    vectors = {
        name: encoder.encode_questions([one.text for one in questions.questions])
        for name, questions in sets.items()
    }
    generation = index_articles(options.work, gold, options.noise, encoder)
    kept = options.work / "cases.pkl"
    if not options.read:
        cases = _gather(options.work, generation, gold, sets, encoder, vectors)
        read = _lessons(options.work, generation, cases, options.questions)
        kept.write_bytes(pickle.dumps((cases, read)))
        return
    cases, read = pickle.loads(kept.read_bytes())
    generations = {"news": generation, "own": open_current(options.work / "own-index")}
    cases = attach(cases, read, options.read)
    measure(generations, cases, "learned without the articles measured on")
    if options.write:
        write(learn(generations, cases), vectors, encoder.name)


def _gather(
    work: Path, generation: Any, gold: QuestionSet, sets: Mapping[str, QuestionSet], encoder: Any,
    vectors: Mapping[str, NDArray[np.float32]],
) -> list[Case]:  # fmt: skip
    """Everything that is to be judged, looked at."""
    from index.build import build
    from index.storage import open_current

    ids = [generation.find(f"gold/{number:03}.txt").id for number in range(len(gold.articles))]
    cases = gather(generation, encoder, sets, ids, vectors)
    some = own_questions.read()[::OWN_LOOKED_AT]
    asked = [one for one in own_questions.write(some, work / "own") if one.kind == "own"]
    build(work / "own", work / "own-index", lambda: encoder)
    moved = shifts(vectors, np.zeros(len(vectors["de"]), int), left_out=-1)
    return cases + gather_own(open_current(work / "own-index"), encoder, asked, moved)


def _lessons(work: Path, generation: Any, cases: Sequence[Case], files: Sequence[Path]) -> Any:
    """Writes what the reader learns from; gives what is to be read for each case."""
    from index.encoder.folder import SERVING, ensure
    from index.encoder.tokens import Tokenizer
    from index.storage import open_current

    corpus = Corpus(Tokenizer(ensure(work / "models") / SERVING))
    generations = {"news": generation, "own": open_current(work / "own-index")}
    read = add_cases(corpus, generations, cases)
    sets = {path.name.split(".")[-2]: read_squad(path) for path in files}
    for language in PARALLEL:
        if language in sets:
            add_parallel(corpus, sets[language], sets, language)
    asked = list(own_questions.write(own_questions.read(), work / "all"))
    keys = sorted({one.article for one in asked})
    looked = sorted(path.name for path in (work / "own").iterdir())
    folds = {key: number for number, key in enumerate(keys)}
    folds |= {key: fold_of(number) for number, key in enumerate(looked)}
    known = {text for text, *_ in corpus.asked("own")}
    rest = [one for one in asked if one.text not in known]
    add_articles(corpus, work / "all", rest, folds)
    save(corpus, work / LESSONS)
    return read


def write(weights: Weights, vectors: Mapping[str, NDArray[np.float32]], model: str) -> None:
    """Write index/weights.json, learned from everything."""
    nobody = np.zeros(len(vectors["de"]), int)
    steps = shifts(vectors, nobody, left_out=-1)
    stored = {
        "model": model,
        "alone": {"ranker": weights.alone.ranker, "confidence": weights.alone.confidence},
        "read": {"ranker": weights.read.ranker, "confidence": weights.read.confidence},
        "shifts": {name: [round(float(x), 5) for x in step] for name, step in steps.items()},
    }
    path = Path(__file__).parents[1] / "index" / "weights.json"
    path.write_text(json.dumps(stored, indent=None, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
