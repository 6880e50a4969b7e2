"""Builds that are killed, starved of disk, or meet damaged files."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.build import build
from index.errors import DamagedError
from index.storage import current_name, open_current
from index.storage.layout import Layout
from tests.index.folders import article_text, make_seeds
from tests.index.hashing import HashingEncoder

ROOT = Path(__file__).parents[2]


def start(
    seeds: Path, index: Path, *, seconds: float = 0.0, log: Path | None = None, largest: int = 0
) -> subprocess.Popen[str]:
    words = [str(seeds), str(index), str(seconds), str(log or ""), str(largest)]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.index.build_child", *words],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def embedded(log: Path) -> int:
    return sum(int(line) for line in log.read_text().split()) if log.exists() else 0


def kill_when(process: subprocess.Popen[str], log: Path, passages: int) -> None:
    deadline = time.monotonic() + 30
    while embedded(log) < passages and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()


def names_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_a_killed_build_leaves_the_old_generation_and_is_resumed(tmp_path: Path) -> None:
    seeds, index, log = make_seeds(tmp_path / "seeds", 20), tmp_path / "index", tmp_path / "log"
    old = build(seeds, index, HashingEncoder).generation
    make_seeds(seeds, 300, first=100)
    for passages in (100, 220):
        kill_when(start(seeds, index, seconds=0.003, log=log, largest=0), log, passages)
        assert current_name(index) == old
        with open_current(index) as generation:
            assert generation.damaged is None
            assert generation.manifest.articles == 20
    process = start(seeds, index, log=log)
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    name, sent, resumed = out.split()
    with open_current(index) as generation:
        assert generation.name == name
        assert generation.manifest.articles == 320
    assert int(resumed) >= 128
    assert int(sent) + int(resumed) == 300
    # A kill loses at most the passages that were being embedded, here 64.
    assert embedded(log) <= 300 + 2 * 64
    assert not list(index.glob("building-*"))
    assert not list(index.glob("work.sqlite*"))


def test_a_kill_at_any_instant_leaves_a_whole_generation(tmp_path: Path) -> None:
    seeds, index = make_seeds(tmp_path / "seeds", 30), tmp_path / "index"
    build(seeds, index, HashingEncoder)
    for attempt in range(6):
        text = article_text(500 + attempt)
        (seeds / "0000.txt").write_text(text, encoding="utf-8")
        process = start(seeds, index)
        time.sleep(0.5 + 0.08 * attempt)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        with open_current(index) as generation:
            assert generation.damaged is None
            assert generation.manifest.articles == 30
        assert build(seeds, index, HashingEncoder).articles == 30
        with open_current(index) as generation:
            stored = generation.find("0000.txt")
            assert stored is not None
            assert stored.article.text == text


@pytest.mark.parametrize("largest", [3_000, 40_000])
def test_a_full_disk_is_one_line_and_changes_nothing(largest: int, tmp_path: Path) -> None:
    seeds, index = make_seeds(tmp_path / "seeds", 5), tmp_path / "index"
    old = build(seeds, index, HashingEncoder).generation
    before = names_below(index)
    make_seeds(seeds, 200, first=100)
    process = start(seeds, index, largest=largest)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert errors.startswith("IndexFolderError: The disk is full"), errors
    assert errors.count("\n") == 1
    left = {name for name in names_below(index) - before if not name.startswith("work.sqlite")}
    assert left <= {"files.sqlite-wal", "files.sqlite-shm"}
    with open_current(index) as generation:
        assert generation.name == old
        assert generation.damaged is None
    assert build(seeds, index, HashingEncoder).articles == 205


def test_an_unwritable_index_is_one_line(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("nothing is unwritable for root")
    seeds, index = make_seeds(tmp_path / "seeds", 2), tmp_path / "index"
    index.mkdir(mode=0o500)
    process = start(seeds, index)
    _, errors = process.communicate(timeout=60)
    assert errors.startswith("IndexFolderError")


def files_of(index: Path, name: str) -> list[Path]:
    layout = Layout(index)
    with open_current(index) as generation:
        segments = [layout.segment(one.serial) for one in generation.manifest.segments]
    found = [path for folder in segments for path in folder.rglob("*") if path.is_file()]
    return [layout.current, layout.manifest(name), layout.stories(name), *sorted(found)]


def damage(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    way = chance.choice(["flip", "cut", "gone"])
    if way == "gone":
        path.unlink()
    elif way == "cut":
        path.write_bytes(content[: len(content) // 2])
    else:
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(content)


def test_damage_to_any_file_is_noticed_and_mended(tmp_path: Path) -> None:
    seeds, index = make_seeds(tmp_path / "seeds", 12), tmp_path / "index"
    old = build(seeds, index, HashingEncoder).generation
    make_seeds(seeds, 2, first=50)
    new = build(seeds, index, HashingEncoder).generation
    kept = tmp_path / "kept"
    shutil.copytree(index, kept)
    chance = random.Random(7)
    for path in files_of(index, new):
        if path.name == "segment.json":
            continue  # a spare copy of what the manifest says: see below
        damage(path, chance)
        try:
            generation = open_current(index)
        except DamagedError:
            pass  # both generations share this file
        else:
            with generation:
                assert generation.damaged, path
                assert generation.manifest.articles == {old: 12, new: 14}[generation.name]
                for card in generation.cards():
                    assert generation.article(card.id).article.text
        report = build(seeds, index, HashingEncoder)
        assert report.articles == 14, path
        with open_current(index) as generation:
            assert generation.damaged is None, path
            assert generation.manifest.articles == 14
        shutil.rmtree(index)
        shutil.copytree(kept, index)


def current_segment(index: Path) -> Path:
    with open_current(index) as generation:
        return Layout(index).segment(generation.manifest.segments[0].serial)


@pytest.mark.parametrize(
    "lost",
    ["vectors.faiss", "articles.sqlite", "keywords/postings.npy", "signatures.npy", "manifest"],
)
def test_mending_embeds_nothing_where_vectors_are_whole(lost: str, tmp_path: Path) -> None:
    seeds, index = make_seeds(tmp_path / "seeds", 12), tmp_path / "index"
    name = build(seeds, index, HashingEncoder).generation
    path = Layout(index).manifest(name) if lost == "manifest" else current_segment(index) / lost
    path.write_bytes(b"rubbish")
    with pytest.raises(DamagedError, match="belegbot index"):
        open_current(index)
    mended = build(seeds, index, HashingEncoder)
    assert (mended.articles, mended.embedded) == (12, 0)
    with open_current(index) as generation:
        assert generation.damaged is None


def test_lost_vectors_are_embedded_again(tmp_path: Path) -> None:
    seeds, index = make_seeds(tmp_path / "seeds", 12), tmp_path / "index"
    report = build(seeds, index, HashingEncoder)
    (current_segment(index) / "sentence_vectors.npy").write_bytes(b"rubbish")
    assert build(seeds, index, HashingEncoder).embedded == report.embedded


def test_a_segments_own_description_is_written_again(tmp_path: Path) -> None:
    seeds, index = make_seeds(tmp_path / "seeds", 3), tmp_path / "index"
    first = build(seeds, index, HashingEncoder)
    path = current_segment(index) / "segment.json"
    content = path.read_bytes()
    path.write_bytes(b"rubbish")
    assert build(seeds, index, HashingEncoder).generation == first.generation
    assert path.read_bytes() == content


def test_damaged_caches_cost_nothing_but_time(tmp_path: Path) -> None:
    seeds, index = make_seeds(tmp_path / "seeds", 5), tmp_path / "index"
    first = build(seeds, index, HashingEncoder)
    layout = Layout(index)
    for path in (layout.files, layout.journal):
        for content in (b"rubbish" * 1000, b"", b"SQLite format 3\x00" + b"\xff" * 5000):
            path.write_bytes(content)
            assert build(seeds, index, HashingEncoder).generation == first.generation
    layout.lock.write_text("rubbish")
    assert build(seeds, index, HashingEncoder).generation == first.generation
