"""Runs both programs side by side and prints the table."""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from tools.bench.questions import ROOT, SEEDS, questions_for

QUESTIONS = 100
STARTS = 3
RESULT = ROOT / "docs/bench/bench.json"


def run(task: str, *arguments: object) -> dict[str, Any]:
    """One task in a fresh process."""
    command = [sys.executable, "-m", "tools.bench.worker", task, *map(str, arguments)]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "true"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{task} failed:\n{done.stderr}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"  {task}: done", file=sys.stderr)
    return result


def measure(articles: Path, work: Path) -> dict[str, Any]:
    """All tasks over one folder of articles."""
    import platformdirs

    from index.encoder import folder

    cache = Path(platformdirs.user_cache_dir("belegbot"))
    model = folder.ensure(cache)
    asked = questions_for(articles, QUESTIONS)
    questions = work / "questions.json"
    questions.write_text(json.dumps(asked), encoding="utf-8")
    copy, index, stored = work / "articles", work / "index", work / "stored"
    shutil.copytree(articles, copy)
    found: dict[str, Any] = {
        "belegbot_build": run("belegbot_build", copy, index, cache),
        "starter_build": run("starter_build", copy, stored, model),
        "belegbot_warm": run("belegbot_warm", index, cache, questions),
        "starter_warm": run("starter_warm", stored, model, questions),
        "belegbot_first": _median(
            [run("belegbot_first", index, cache, asked[0]) for _ in range(STARTS)]
        ),
        "starter_first": _median(
            [run("starter_first", stored, model, asked[0]) for _ in range(STARTS)]
        ),
    }
    found["files"] = found["belegbot_build"]["articles"]
    edited = edit_some(copy)
    found["belegbot_update"] = run("belegbot_build", copy, index, cache)
    found["edited"] = edited
    return found


def edit_some(folder: Path) -> int:
    """Adds a sentence to one article in a hundred (at least one)."""
    paths = sorted(path for path in folder.rglob("*.*") if path.suffix in {".txt", ".md"})
    chosen = random.Random(1).sample(paths, max(1, len(paths) // 100))
    for path in chosen:
        with path.open("a", encoding="utf-8") as file:
            file.write("\n\nNachtrag: Die Redaktion hat diesen Artikel überarbeitet.\n")
    return len(chosen)


def _median(runs: list[dict[str, Any]]) -> dict[str, Any]:
    return sorted(runs, key=lambda one: one["seconds"])[len(runs) // 2]


def rows(found: dict[str, Any]) -> list[tuple[str, float, float, str]]:
    """Label, belegbot, starter, and what the ratio is of."""
    files = found["files"]
    mine, theirs = np.array(found["belegbot_warm"]["ms"]), np.array(found["starter_warm"]["ms"])
    update = found["belegbot_update"]["seconds"]
    clean = found["belegbot_build"]["seconds"]
    return [
        (
            "articles indexed per second",
            files / found["belegbot_build"]["seconds"],
            files / found["starter_build"]["seconds"],
            "{:.1f}",
        ),
        ("question, warm, median ms", float(np.median(mine)), float(np.median(theirs)), "{:.1f}"),
        (
            "question, warm, 95th percentile ms",
            float(np.percentile(mine, 95)),
            float(np.percentile(theirs, 95)),
            "{:.1f}",
        ),
        (
            "start to first answer, s",
            found["belegbot_first"]["seconds"],
            found["starter_first"]["seconds"],
            "{:.2f}",
        ),
        (
            "peak memory of that process, MB",
            found["belegbot_first"]["peak_mb"],
            found["starter_first"]["peak_mb"],
            "{:.0f}",
        ),
        ("1% of articles changed, s (beside a clean build)", update, clean, "{:.2f}"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", nargs="?", type=Path, default=SEEDS)
    articles = parser.parse_args().articles
    with tempfile.TemporaryDirectory(prefix="belegbot-bench-") as work:
        found = measure(articles, Path(work))
    table = rows(found)
    print(f"{found['files']} articles, {found['belegbot_build']['passages']} passages\n")
    print(f"{'':<50}{'belegbot':>10}{'starter':>10}{'ratio':>8}")
    for label, mine, theirs, form in table:
        print(f"{label:<50}{form.format(mine):>10}{form.format(theirs):>10}{mine / theirs:>8.2f}")
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    summary = {label: {"belegbot": mine, "starter": theirs} for label, mine, theirs, _ in table}
    result = {"date": date.today().isoformat(), "articles": found["files"], "rows": summary}
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
