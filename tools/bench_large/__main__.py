"""Runs all sizes and prints the table."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from tools.bench.machine import about
from tools.bench.processes import run
from tools.bench.questions import ROOT, SEEDS, articles_in, copy_articles, questions_for
from tools.bench_large.report import Result, plot, table

RESULTS = ROOT / "docs/bench"
WORKER = "tools.bench_large.worker"
SIZES = (10_000, 100_000, 1_000_000)
BASE = 300
QUESTIONS = 200
ADDITIONS = 3
BYTES_PER_PASSAGE = 7_000
"""Disk that a passage needs here: vectors, postings, the article's share, its file."""


def measure(work: Path, passages: int, questions: Path, cache: str, keep: bool) -> Result:
    """All figures of one size; its files are removed afterwards unless they are to be kept."""
    place = work / f"{passages}"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    seeds, index, found, log = place / "seeds", place / "index", place / "found.npy", work / "log"
    try:
        result = {
            "passages": passages,
            "write": run(WORKER, "write", work / "base", passages, seeds, index, cache, log=log),
            "search": run(WORKER, "search", index, questions, found, cache, log=log),
            "exact": run(WORKER, "exact", index, found, log=log),
        }
        result["add"] = [
            _add(work / "articles", seeds, index, n, cache, log) for n in range(ADDITIONS)
        ]
    finally:
        if not keep:
            shutil.rmtree(place, ignore_errors=True)
    return result


def _add(articles: Path, seeds: Path, index: Path, number: int, cache: str, log: Path) -> Result:
    """One more article: a real one, under a new name and with a word that makes it new."""
    source = articles_in(articles)[number]
    text = source.read_text(encoding="utf-8-sig")
    (seeds / f"neu-{number}{source.suffix}").write_text(f"{text}\n\nNeu.\n", encoding="utf-8")
    began = time.perf_counter()
    result = run(WORKER, "add", seeds, index, cache, log=log)
    return {**result, "process_s": time.perf_counter() - began}


def run_sizes(work: Path, asked: argparse.Namespace) -> list[Result]:
    """Each size that the disk has room for."""
    shutil.rmtree(work / "articles", ignore_errors=True)
    copy_articles(asked.articles, work / "articles", BASE)
    questions = work / "questions.json"
    questions.write_text(json.dumps(questions_for(asked.articles, QUESTIONS, asked.questions)))
    made = run(WORKER, "base", work / "articles", work / "base", asked.cache, log=work / "log")
    print(f"made of {made['passages']} real passages and {made['sentences']} sentences")
    results = []
    for passages in asked.sizes:
        needed, free = passages * BYTES_PER_PASSAGE, shutil.disk_usage(work).free
        if needed > free:
            room = f"need {needed / 1e9:.1f} GB in {work}, {free / 1e9:.1f} are free"
            print(f"{passages:,} passages {room}: left out (see --work)", file=sys.stderr)
            continue
        print(f"{passages:,} passages (up to {needed / 1e9:.1f} GB of disk) ...", file=sys.stderr)
        results.append(measure(work, passages, questions, asked.cache, asked.keep))
    return results


def main() -> None:
    asked = _arguments()
    machine = about()
    with tempfile.TemporaryDirectory(prefix="belegbot-large-") as temporary:
        work = asked.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        results = run_sizes(work, asked)
    print("\n" + table(results))
    asked.out.mkdir(parents=True, exist_ok=True)
    target = asked.out / "bench-large.json"
    result = {"date": date.today().isoformat(), "machine": machine, "sizes": results}
    target.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if not plot(results, target.with_suffix(".png")):
        print("no plot: install the bench extra for matplotlib")
    print(f"written to {target}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools.bench_large", description=__doc__)
    parser.add_argument("articles", nargs="?", type=Path, default=SEEDS, help="a folder")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of passages")
    parser.add_argument("--questions", type=Path, help="a file with one question a line")
    parser.add_argument("--work", type=Path, help="where the collections are written")
    parser.add_argument("--keep", action="store_true", help="do not remove the collections")
    parser.add_argument("--cache", default="", help="the cache folder of models")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the results go")
    return parser.parse_args()


if __name__ == "__main__":
    main()
