"""Puts the index under stress and prints what it bore, as a table.

    python tools/stress.py                          # articles mixed from seeds/, a few minutes
    python tools/stress.py --articles FOLDER        # articles as they are
    python tools/stress.py --model bundled          # the real model instead of a small stand-in

The stand-in hashes words and sleeps as long as a model would compute.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import platformdirs
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from index.build import build  # noqa: E402
from index.encoder import Encoder, load  # noqa: E402
from index.errors import BelegError, NoIndexError  # noqa: E402
from index.storage import open_current  # noqa: E402
from index.storage.layout import Layout  # noqa: E402
from index.watch import watch  # noqa: E402
from tools.stand_in import Counting, StandIn, copied_articles, mixed_articles  # noqa: E402


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    reach: str
    found: str
    good: bool


def encoder_of(model: str, seconds: float = 0.0) -> Encoder:
    if model == "stand-in":
        return StandIn(seconds)
    return load(model, Path(platformdirs.user_cache_dir("belegbot")))


def child(arguments: Sequence[str]) -> None:
    """A build in a process of its own: seeds, index, log, model."""
    seeds, index, log, model = arguments
    encoder = Counting(encoder_of(model, 0.004), Path(log))
    build(Path(seeds), Path(index), lambda: encoder)


def start_child(seeds: Path, index: Path, log: Path, model: str) -> subprocess.Popen[bytes]:
    words = ["--child", str(seeds), str(index), str(log), model]
    return subprocess.Popen([sys.executable, __file__, *words], stderr=subprocess.PIPE)


def passages_in(log: Path) -> int:
    return sum(int(line) for line in log.read_text().split()) if log.exists() else 0


def kills(articles: Path, home: Path, model: str, count: int, chance: random.Random) -> Row:
    """Kill builds at random instants; whatever they leave must answer, and be finished."""
    old_seeds = home / "seeds"
    copied_articles(old_seeds, articles, 20)
    prepared = home / "prepared"
    build(old_seeds, prepared, lambda: encoder_of(model))
    shutil.copytree(articles, old_seeds, dirs_exist_ok=True)
    clean, seconds = _clean_build(old_seeds, prepared, home, model)
    shares, bad = [], 0
    for number in range(count):
        index, log = home / f"index-{number}", home / f"log-{number}"
        shutil.copytree(prepared, index)
        process = start_child(old_seeds, index, log, model)
        time.sleep(chance.random() * seconds)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        bad += not _answers(index)
        bad += start_child(old_seeds, index, log, model).wait() != 0
        bad += not _answers(index)
        shares.append(passages_in(log) / clean)
        shutil.rmtree(index)
    found = f"{bad} failed; {max(shares):.3f} x at most, {statistics.mean(shares):.3f} x on average"
    return Row(
        f"kill -9 at {count} random instants of a build over {len(list(articles.iterdir()))} "
        "articles: questions answered, next build finishes; passages embedded over both",
        "0 failed; 1.1 x a clean build",
        found,
        bad == 0 and max(shares) <= 1.1,
    )


def _clean_build(seeds: Path, prepared: Path, home: Path, model: str) -> tuple[int, float]:
    index, log = home / "clean", home / "clean-log"
    shutil.copytree(prepared, index)
    started = time.monotonic()
    start_child(seeds, index, log, model).wait()
    seconds = time.monotonic() - started
    shutil.rmtree(index)
    return passages_in(log), seconds


def _answers(index: Path) -> bool:
    """Whether a generation opens and each of its articles can be read and found."""
    try:
        with open_current(index) as generation:
            if generation.damaged is not None:
                return False
            question = np.ones(generation.manifest.model.dimension, np.float32)
            question /= np.linalg.norm(question)
            hits = generation.nearest(question, 10)
            texts = [generation.article(generation.passage(one).article_id) for one, _ in hits]
            return len(texts) == 10 and len(list(generation.cards())) >= 20
    except (BelegError, OSError, KeyError):
        return False


def damages(articles: Path, home: Path, count: int, chance: random.Random) -> Row:
    """Flip bits in, cut and remove files of a generation; none may be served silently."""
    seeds, index = home / "seeds", home / "index"
    shutil.copytree(articles, seeds)
    build(seeds, index, StandIn)
    next(iter(sorted(seeds.iterdir()))).write_text("Ein neuer Satz steht hier.", encoding="utf-8")
    build(seeds, index, StandIn)
    served, mended, tried = [], 0, 0
    while tried < count:
        for path in _files(index):
            target = home / "damaged"
            shutil.copytree(index, target)
            way = _damage(target / path.relative_to(index), chance)
            if _serves_silently(target):
                served.append(f"{way} {path.name}")
            build(seeds, target, StandIn)
            mended += _answers(target)
            shutil.rmtree(target)
            tried += 1
    return Row(
        f"{tried} bit flips, cuts and removals over every file of a generation",
        "0 served silently; all mended by the next build",
        f"{len(served)} served silently{': ' + ', '.join(served) if served else ''}; "
        f"{mended} mended",
        not served and mended == tried,
    )


def _files(index: Path) -> list[Path]:
    layout = Layout(index)
    with open_current(index) as generation:
        folders = [layout.segment(one.serial) for one in generation.manifest.segments]
        folders.append(layout.generation(generation.name))
    found = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    # A segment's own description is a spare copy that serving never reads.
    return [layout.current, *(one for one in sorted(found) if one.name != "segment.json")]


def _damage(path: Path, chance: random.Random) -> str:
    content = bytearray(path.read_bytes())
    way = chance.choice(["flip", "flip", "cut", "removal"])
    if way == "removal":
        path.unlink()
    elif way == "cut":
        path.write_bytes(content[: chance.randrange(len(content))])
    else:
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(content)
    return way


def _serves_silently(index: Path) -> bool:
    try:
        with open_current(index) as generation:
            return generation.damaged is None
    except NoIndexError:
        return True
    except BelegError:
        return False


def quiet_times(articles: Path, home: Path) -> Iterator[Row]:
    """How long a build takes when nothing, or one article, has changed."""
    seeds, index = home / "seeds", home / "index"
    shutil.copytree(articles, seeds)
    build(seeds, index, StandIn)
    time.sleep(2.5)
    build(seeds, index, StandIn)
    reports = [build(seeds, index, StandIn) for _ in range(5)]
    number = len(list(seeds.iterdir()))
    seconds = statistics.median(one.seconds for one in reports)
    embedded = sum(one.embedded for one in reports)
    yield Row(
        f"nothing changed, {number} articles",
        "1 s, nothing embedded",
        f"{seconds:.3f} s, {embedded} embedded",
        seconds < 1 and not embedded,
    )
    times = []
    for extra in range(5):
        (seeds / f"neu-{extra}.txt").write_text(f"Nachricht {extra} von heute.", encoding="utf-8")
        times.append(build(seeds, index, StandIn).seconds)
    worst = max(times)
    yield Row(f"one article added to {number}, model apart", "5 s", f"{worst:.3f} s", worst < 5)


def watched(articles: Path, home: Path) -> Row:
    """A new article in a watched folder, with a question every 50 ms meanwhile."""
    seeds, index = home / "seeds", home / "index"
    shutil.copytree(articles, seeds)
    build(seeds, index, StandIn)
    stop = threading.Event()
    watcher = threading.Thread(
        target=watch, args=(seeds, lambda: build(seeds, index, StandIn) and None, stop)
    )
    watcher.start()
    time.sleep(1)
    text = "Der Zaunkönig baut sein Nest in der Regenrinne."
    started = time.monotonic()
    (seeds / "zaunkoenig.txt").write_text(text, encoding="utf-8")
    failed = asked = 0
    found = False
    while not found and time.monotonic() < started + 20:
        asked += 1
        try:
            with open_current(index) as generation:
                hit, _ = generation.nearest(StandIn().encode_questions([text])[0], 1)[0]
                stored = generation.article(generation.passage(hit).article_id)
                found = stored.article.key == "zaunkoenig.txt"
        except (BelegError, OSError, KeyError):
            failed += 1
        time.sleep(0.05)
    seconds = time.monotonic() - started
    stop.set()
    watcher.join()
    return Row(
        f"a new article in a watched folder of {len(list(articles.iterdir()))}: answerable, "
        "a question every 50 ms meanwhile",
        "5 s, 0 failed",
        f"{seconds:.2f} s, {failed} of {asked} failed",
        found and seconds < 5 and not failed,
    )


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=Path, help="a folder of articles (mixed from seeds/)")
    parser.add_argument("--model", default="stand-in", help="stand-in, bundled or a model's name")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--damages", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1, help="of the random instants and places")
    return parser.parse_args()


def main() -> int:
    """Run everything and print the table; 1 when something was not reached."""
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2:])
        return 0
    options = parsed()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        if options.articles:
            many = copied_articles(home / "many", options.articles, 1000)
        else:
            many = mixed_articles(home / "many", ROOT / "seeds", 1000, chance)
        some = copied_articles(home / "some", many, 300)
        few = copied_articles(home / "few", many, 40)
        rows = [
            kills(some, home / "kills", options.model, options.kills, chance),
            damages(few, home / "damages", options.damages, chance),
            *quiet_times(many, home / "quiet"),
            watched(many, home / "watched"),
        ]
    table = Table("what", "reach", "found", "")
    for row in rows:
        table.add_row(row.what, row.reach, row.found, "yes" if row.good else "NO")
    Console(width=140).print(table)
    return 0 if all(row.good for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
