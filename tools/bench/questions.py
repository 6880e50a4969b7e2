"""What both programs are given: articles in plain formats, and questions."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
FORMATS = {".txt", ".md"}
"""What the starter pipeline reads as its author meant it: it would index HTML with its tags."""
WORDS = 12  # of an article's own text, where nobody wrote questions for it
SEED = 7


def articles_in(folder: Path) -> list[Path]:
    """The articles that both programs are given."""
    return sorted(path for path in folder.rglob("*") if path.suffix in FORMATS)


def copy_articles(folder: Path, to: Path, most: int | None = None) -> int:
    """Copies the articles (at most so many, spread over the folder), times of change included."""
    paths = articles_in(folder)
    if most is not None and most < len(paths):
        paths = sorted(random.Random(SEED).sample(paths, most))
    for path in paths:
        target = to / path.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    return len(paths)


def questions_for(folder: Path, count: int, written: Path | None = None) -> list[str]:
    """Questions in a shuffled order.

    Args:
        folder: The articles.
        count: How many questions at most.
        written: A file with one question a line. Without it ``seeds/`` gets the golden set's
            questions; any other folder gets runs of words out of its own articles.
    """
    if written is not None:
        found = written.read_text(encoding="utf-8").splitlines()
    elif folder.resolve() == SEEDS.resolve():
        rows = (ROOT / "tests/golden/questions.jsonl").read_text(encoding="utf-8").splitlines()
        found = [json.loads(row)["question"] for row in rows]
    else:
        found = _from_articles(folder)
    random.Random(SEED).shuffle(found)
    return found[:count]


def _from_articles(folder: Path) -> list[str]:
    found = []
    for path in articles_in(folder):
        words = path.read_text(encoding="utf-8-sig", errors="replace").split()
        middle = len(words) // 2
        if len(words) > WORDS:
            found.append(" ".join(words[middle : middle + WORDS]))
    return found


def edit_some(folder: Path, share: float, seed: int) -> int:
    """Adds a sentence to a share of the articles (at least one); returns how many."""
    paths = articles_in(folder)
    chosen = random.Random(seed).sample(paths, max(1, round(len(paths) * share)))
    for path in chosen:
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\n\nNachtrag {seed}: Die Redaktion hat diesen Artikel überarbeitet.\n")
    return len(chosen)
