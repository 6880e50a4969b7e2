"""Files that want to do harm: each ends as a reason, and takes nothing with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.sources import FileRead, Reader, Skipped, scan
from tests.hostile import HOSTILE, Hostile, write_all
from tests.hostile.documents import page_of, pdf
from tests.hostile.filesystem import GOOD_NAMES

ROOT = Path(__file__).resolve().parents[2]


READ_ALL = """
import json, resource, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from index.sources import Reader, scan
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
seeds = Path(sys.argv[2])
found = scan(seeds)
skipped, texts, before = [*found.skipped], {}, peak()
with Reader(seeds, memory_mb=512, seconds=60) as reader:
    for file in found.files:
        outcome = reader.read(file.relative)
        skipped += outcome.skipped
        texts |= {article.key: article.text for article in outcome.articles}
growth = peak() - before
print(json.dumps([growth, [[s.path, s.reason] for s in skipped], texts]))
"""


@dataclass(frozen=True)
class Outcome:
    expected: dict[str, str]
    skipped: list[tuple[str, str]]
    texts: dict[str, str]
    growth_mb: int


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """One folder with every kind and fifty good files, read in a process of its own."""
    seeds = tmp_path_factory.mktemp("feindlich") / "seeds"
    seeds.mkdir()
    for number in range(50):
        (seeds / f"gut{number}.txt").write_text("Ein guter Satz.")
    (seeds / "zuletzt.pdf").write_bytes(pdf(page_of("Ein guter Satz.")))
    expected = write_all(seeds)
    done = run(READ_ALL, seeds)
    growth, skipped, texts = json.loads(done)
    return Outcome(expected, [(path, reason) for path, reason in skipped], texts, growth)


def run(script: str, seeds: Path) -> str:
    command = [sys.executable, "-c", script, str(ROOT), str(seeds)]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout


def names(kind: Hostile) -> str:
    return kind.skipped.encode("unicode_escape").decode()


def test_there_are_more_than_forty_kinds() -> None:
    assert len({kind.skipped for kind in HOSTILE}) == len(HOSTILE) > 80


@pytest.mark.parametrize("kind", HOSTILE, ids=names)
def test_each_kind_is_skipped_with_its_reason(kind: Hostile, outcome: Outcome) -> None:
    if kind.skipped not in outcome.expected:
        pytest.skip("this machine or user cannot make one")
    assert kind.reason in dict(outcome.skipped)[kind.skipped]


def test_nothing_else_is_skipped_and_reasons_are_one_line(outcome: Outcome) -> None:
    assert sorted(path for path, _ in outcome.skipped) == sorted(outcome.expected)
    assert all(reason.isprintable() and len(reason) < 200 for _, reason in outcome.skipped)


def test_every_good_file_and_record_beside_them_is_read(outcome: Outcome) -> None:
    good = {f"gut{number}.txt" for number in range(50)} | {"zuletzt.pdf"}
    assert {outcome.texts[key] for key in good} == {"Ein guter Satz."}
    assert {key: text for key, text in outcome.texts.items() if key not in good} == {
        "byte.jsonl#23031cde1df6": "Gut.",
        "doppelt.csv#1": "Eins.",
        "doppelt.jsonl#a b": "Eins.",
        "doppelt.rss#a": "0x.",
        "kaputt.jsonl#23031cde1df6": "Gut.",
        "schief.csv#1": "Gut.",
        "zweimal.jsonl#x": "Eins.",
    }


def test_the_parent_s_memory_stays_flat(outcome: Outcome) -> None:
    assert outcome.growth_mb < 40


@pytest.mark.parametrize("name", GOOD_NAMES, ids=lambda n: n.encode("unicode_escape").decode()[:30])
def test_odd_but_legal_names_work(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("Ein guter Satz.")
    assert [file.relative for file in scan(tmp_path).files] == [name]
    with Reader(tmp_path) as reader:
        assert reader.read(name).articles[0].key == name
    (tmp_path / name).rename(tmp_path / (name[:80] + ".csv"))
    with Reader(tmp_path) as reader:
        reason = reader.read(name[:80] + ".csv").skipped[0]
    assert reason == Skipped(
        name[:80] + ".csv", "its first line names no text column: text, body, content"
    )


def test_a_file_that_vanishes(tmp_path: Path) -> None:
    for name in ("weg.txt", "weg.pdf"):
        (tmp_path / name).write_text("Text.")
    found = scan(tmp_path).files
    with Reader(tmp_path) as reader:
        for file in found:
            (tmp_path / file.relative).unlink()
            assert reader.read(file.relative) == FileRead(
                skipped=(
                    Skipped(
                        file.relative, "vanished while it was being read; the next run will see"
                    ),
                )
            )


def test_a_file_that_turns_into_something_else(tmp_path: Path) -> None:
    (tmp_path / "draussen.txt").write_text("Geheim.")
    seeds = tmp_path / "seeds"
    (seeds / "unter").mkdir(parents=True)
    (seeds / "a.txt").symlink_to(tmp_path / "draussen.txt")
    (seeds / "b.txt").mkdir()
    os.mkfifo(seeds / "c.html")
    (seeds / "unter").rmdir()
    (seeds / "unter").symlink_to(tmp_path)
    with Reader(seeds) as reader:
        assert reader.read("a.txt").skipped == (
            Skipped("a.txt", "is a link; put the file itself here"),
        )
        assert reader.read("b.txt").skipped == (Skipped("b.txt", "is a folder"),)
        assert "named pipe" in reader.read("c.html").skipped[0].reason
        assert reader.read("unter/draussen.txt").skipped == (
            Skipped("unter/draussen.txt", "lies behind a link; put the file itself here"),
        )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become nobody")
def test_an_unreadable_file_and_folder(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    (seeds / "zu").mkdir(parents=True)
    (seeds / "zu").chmod(0)
    (seeds / "a.txt").write_text("Geheim.")
    (seeds / "a.txt").chmod(0)
    script = (
        "import os, sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path; from index.sources import Reader, scan\n"
        "os.chdir(sys.argv[2]); os.setgid(65534); os.setuid(65534); seeds = Path('.')\n"
        "skipped = scan(seeds).skipped + list(Reader(seeds).read('a.txt').skipped)\n"
        "print([(s.path, s.reason) for s in skipped])"
    )
    for folder in (seeds, *seeds.parents):
        if folder.stat().st_uid == 0 and folder.is_relative_to("/tmp"):
            folder.chmod(folder.stat().st_mode | 0o055)
    assert run(script, seeds).strip() == str(
        [
            ("zu", "this folder may not be read: give this user permission to read it"),
            ("a.txt", "may not be read: give this user permission to read it"),
        ]
    )


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    (tmp_path / "gut.html").write_text("<p>Ein guter Satz.</p>")
    (tmp_path / "gut.txt").write_text("Ein guter Satz.")
    (tmp_path / "gut.csv").write_text("text\nEin guter Satz.\n")
    return tmp_path


def worker_of(reader: Reader) -> int:
    assert reader.worker_pid is not None
    return reader.worker_pid


def test_text_needs_no_worker(seeds: Path) -> None:
    with Reader(seeds) as reader:
        assert reader.read("gut.txt").articles[0].text == "Ein guter Satz."
        assert reader.worker_pid is None


def test_a_dead_worker_is_replaced(seeds: Path) -> None:
    with Reader(seeds) as reader:
        reader.read("gut.csv")
        dead = worker_of(reader)
        os.kill(dead, signal.SIGKILL)
        assert reader.read("gut.html").articles[0].text == "Ein guter Satz."
        assert worker_of(reader) != dead


def test_a_hanging_worker_is_replaced(seeds: Path) -> None:
    with Reader(seeds, seconds=1.5) as reader:
        reader.read("gut.csv")
        hanging = worker_of(reader)
        os.kill(hanging, signal.SIGSTOP)
        assert reader.read("gut.csv").skipped == (
            Skipped("gut.csv", "takes longer than 1.5 s to read; split it"),
        )
        with pytest.raises(ProcessLookupError):
            os.kill(hanging, 0)
        assert reader.read("gut.csv").articles[0].text == "Ein guter Satz."


def test_memory_has_a_limit(seeds: Path) -> None:
    (seeds / "viel.csv").write_text("text\n" + "Ein Satz.\n" * 8_000_000)
    with Reader(seeds, memory_mb=128) as reader:
        assert reader.read("viel.csv").skipped == (
            Skipped("viel.csv", "needs more than 128 MB of memory to read; split it"),
        )
        assert reader.read("gut.csv").articles[0].text == "Ein guter Satz."


def test_a_million_broken_lines_are_counted(seeds: Path) -> None:
    (seeds / "kaputt.jsonl").write_text("{\n" * 20_000 + '{"text": "Gut."}\n')
    with Reader(seeds) as reader:
        outcome = reader.read("kaputt.jsonl")
    assert [article.text for article in outcome.articles] == ["Gut."]
    assert len(outcome.skipped) == 1_001
    assert outcome.skipped[-1] == Skipped("kaputt.jsonl", "19,000 more records are skipped")


def test_closing_ends_the_worker(seeds: Path) -> None:
    reader = Reader(seeds)
    reader.read("gut.csv")
    pid = worker_of(reader)
    reader.close()
    reader.close()
    assert reader.worker_pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_worker_ends_with_its_parent(seeds: Path) -> None:
    script = (
        "import os, sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path; from index.sources import Reader\n"
        "reader = Reader(Path(sys.argv[2])); reader.read('gut.csv')\n"
        "print(reader.worker_pid, flush=True); os.kill(os.getpid(), 9)"
    )
    pid = int(run(script, seeds))
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        if "Z (zombie)" in Path(f"/proc/{pid}/status").read_text():
            return
        signal.sigtimedwait([], 0.05)
    pytest.fail("the worker outlives its parent")
