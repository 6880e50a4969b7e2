"""What both programs are asked."""

from __future__ import annotations

import json
import random
from pathlib import Path

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
WORDS = 12  # of an article's own text, where nobody wrote questions for it
SEED = 7


def questions_for(folder: Path, count: int) -> list[str]:
    """The golden set's questions for ``seeds/``; elsewhere runs of words out of the articles."""
    if folder.resolve() == SEEDS.resolve():
        rows = (ROOT / "tests/golden/questions.jsonl").read_text(encoding="utf-8").splitlines()
        found = [json.loads(row)["question"] for row in rows]
    else:
        found = _from_articles(folder)
    random.Random(SEED).shuffle(found)
    return found[:count]


def _from_articles(folder: Path) -> list[str]:
    found = []
    for path in sorted(folder.rglob("*.*")):
        if path.suffix not in {".txt", ".md"}:
            continue
        words = path.read_text(encoding="utf-8-sig").split()
        middle = len(words) // 2
        if len(words) > WORDS:
            found.append(" ".join(words[middle : middle + WORDS]))
    return found
