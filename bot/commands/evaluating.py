"""``belegbot eval``: measures the program on question sets, through its own pipeline."""

from __future__ import annotations

import dataclasses
import json as json_
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer
import xxhash

from bot.answer import Answer, Citation, EvidenceItem
from bot.commands.progress import ProgressBar
from index.articles import Span
from index.errors import UsageError
from index.evaluate import Outcome, Report, covers, first_rank, summarise
from index.squad import Question, QuestionSet, ask_in_parallel, merge, read_squad

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.compose import Program
    from index.storage import Generation

PASSAGES = 10  # how deep retrieval is looked at
KEPT = 3  # evaluation indexes kept, so that a second run over the same files is quick
# A fixed day, so that a measurement can be repeated.
TODAY = date(2026, 1, 1)

ROWS = (
    ("questions", "questions", "{:.0f}"),
    ("passage recall@1", "recall_at_1", "{:.3f}"),
    ("passage recall@5", "recall_at_5", "{:.3f}"),
    ("passage recall@10", "recall_at_10", "{:.3f}"),
    ("mean reciprocal rank", "mrr", "{:.3f}"),
    ("evidence@1", "evidence_at_1", "{:.3f}"),
    ("evidence@3", "evidence_at_3", "{:.3f}"),
    ("answered", "answered", "{:.3f}"),
    ("answers whose citations hold it", "cited_gold", "{:.3f}"),
    ("sentences an answer", "sentences_per_answer", "{:.2f}"),
    ("quotes not verbatim", "not_verbatim", "{:.0f}"),
    ("abstention AUROC", "auroc", "{:.3f}"),
    ("false answers", "false_answers", "{:.3f}"),
    ("false answers at 90% answered", "false_answers_at_90", "{:.3f}"),
    ("calibration error", "calibration_error", "{:.3f}"),
    ("median ms", "median_ms", "{:.1f}"),
    ("95th percentile ms", "p95_ms", "{:.1f}"),
)


def run_eval(
    program: Program,
    files: Sequence[Path],
    *,
    questions: Path | None,
    noise: Path | None,
    json: bool,
) -> int:
    """Builds an index of the files' articles, asks their questions, prints the measures."""
    gold = merge([read_squad(path) for path in files])
    if questions is not None:
        gold = ask_in_parallel(gold, read_squad(questions))
    folder, keys = _prepare(program.settings.cache_dir / "eval", gold, noise)
    measured = dataclasses.replace(program, seeds=folder / "seeds", index=folder / "index")
    with ProgressBar() as progress:
        measured.build(progress=progress)
        report = _measure(measured.assistant(), gold, keys, progress)
    if json:
        typer.echo(json_.dumps(dataclasses.asdict(report), ensure_ascii=False))
    else:
        _print_table(report)
    return 0


def _prepare(root: Path, gold: QuestionSet, noise: Path | None) -> tuple[Path, list[str]]:
    """A folder with the articles as files; the same one for the same articles."""
    if noise is not None and not noise.is_dir():
        raise UsageError(f"--noise takes a folder of articles, and {noise} is none")
    if not any(question.answers for question in gold.questions):
        raise UsageError("the question set has no question with an answer")
    digest = xxhash.xxh3_64()
    for text in gold.articles:
        digest.update(text.encode("utf-8", "surrogatepass"))
    digest.update(str(noise and noise.resolve()).encode())
    folder = root / digest.hexdigest()
    seeds = folder / "seeds"
    shutil.rmtree(seeds, ignore_errors=True)
    (seeds / "questions").mkdir(parents=True)
    keys = [f"questions/{number:05}.txt" for number in range(len(gold.articles))]
    for key, text in zip(keys, gold.articles, strict=True):
        (seeds / key).write_text(text, encoding="utf-8", newline="\n")
    if noise is not None:
        shutil.copytree(noise, seeds / "noise")
    _forget_old(root, folder)
    return folder, keys


def _forget_old(root: Path, current: Path) -> None:
    others = sorted(
        (path for path in root.iterdir() if path != current),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )
    for path in others[KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def _measure(
    assistant: Assistant, gold: QuestionSet, keys: Sequence[str], progress: ProgressBar
) -> Report:
    """Asks each question twice: with its article, and as if that were not there."""
    asked = [question for question in gold.questions if question.answers]
    known: list[Outcome] = []
    unknown: list[Outcome] = []
    for done, question in enumerate(asked, start=1):
        key = keys[question.article]
        known.append(_outcome(assistant, question, key, exclude=()))
        unknown.append(_outcome(assistant, question, key, exclude=(key,)))
        progress.step("asking", done, len(asked))
    return summarise(known, unknown)


def _outcome(
    assistant: Assistant, question: Question, key: str, *, exclude: tuple[str, ...]
) -> Outcome:
    answer = assistant.answerer.answer(question.text, today=TODAY, exclude=exclude)
    ranked = [] if exclude else assistant.passages(question.text, PASSAGES)
    with assistant.library.generation() as generation:
        not_verbatim = _not_verbatim(generation, answer)
    return Outcome(
        answered=answer.answered,
        passage_rank=first_rank(
            [p.article.key == key and _holds(p.span, question.answers) for p in ranked]
        ),
        evidence_rank=first_rank(
            [
                e.article == key and covers(Span(e.start, e.end), question.answers)
                for e in answer.evidence
            ]
        ),
        cited_gold=any(
            c.article == key and covers(Span(c.start, c.end), question.answers)
            for c in answer.citations
        ),
        sentences=len(answer.claims),
        not_verbatim=not_verbatim,
        confidence=answer.confidence,
        seconds=answer.ms.total / 1000,
    )


def _holds(passage: Span, answers: Sequence[Span]) -> bool:
    """Whether a gold answer begins in the passage (a long one may reach into the next)."""
    return any(passage.start <= answer.start < passage.end for answer in answers)


def _not_verbatim(generation: Generation, answer: Answer) -> int:
    """How many quotes are not the text that stands at their place."""
    wrong = 0
    quotes: list[Citation | EvidenceItem] = [*answer.citations, *answer.evidence]
    for quoted in quotes:
        stored = generation.find(quoted.article)
        text = stored.article.text if stored else ""
        wrong += text[quoted.start : quoted.end] != quoted.quote
    return wrong


def _print_table(report: Report) -> None:
    values = dataclasses.asdict(report)
    for label, name, form in ROWS:
        value = values[name]
        typer.echo(f"{label:<34}{'–' if value is None else form.format(value):>8}")
