"""Runs both programs side by side and prints the table."""

from __future__ import annotations

import argparse
import json
import tempfile
from datetime import date
from pathlib import Path

from tools.bench import plots
from tools.bench.machine import about
from tools.bench.plan import QUESTIONS, Bench
from tools.bench.questions import ROOT, SEEDS, copy_articles, questions_for
from tools.bench.report import notes, rows, summary, table

RESULTS = ROOT / "docs/bench"


def main() -> None:
    asked = _arguments()
    machine = about()
    with tempfile.TemporaryDirectory(prefix="belegbot-bench-") as folder:
        work = Path(folder)
        copied = copy_articles(asked.articles, work / "articles", asked.most)
        questions = questions_for(asked.articles, QUESTIONS, asked.questions)
        print(f"{copied} articles, {len(questions)} questions ...")
        found = Bench(work, questions, asked.cache).measure()
    lines = rows(found)
    print("\n".join(["", table(lines), "", *notes(found)]))
    asked.out.mkdir(parents=True, exist_ok=True)
    name = f"bench-{copied}"
    result = summary(found, lines, date=date.today().isoformat(), machine=machine)
    target = asked.out / f"{name}.json"
    target.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    times = {name: found["warm"][name]["ms"] for name in ("belegbot", "starter", "encoding")}
    if not plots.side_by_side(lines, times, target.with_suffix(".png")):
        print("no plot: install the bench extra for matplotlib")
    print(f"written to {target}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools.bench", description=__doc__)
    parser.add_argument("articles", nargs="?", type=Path, default=SEEDS, help="a folder")
    parser.add_argument("--questions", type=Path, help="a file with one question a line")
    parser.add_argument("--most", type=int, help="so many of the articles at most")
    parser.add_argument("--cache", default="", help="the cache folder of models")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the results go")
    return parser.parse_args()


if __name__ == "__main__":
    main()
