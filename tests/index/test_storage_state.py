"""What an index folder keeps beside its generations: caches, history, locks."""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from index.arrays import to_bytes_rows
from index.errors import IndexFolderError, LockHeldError
from index.sources import Skipped
from index.storage import History, article_uid
from index.storage.journal import Embedded, FileCache, FileMemory, Journal
from index.storage.layout import Layout, write_durably, writing
from index.storage.lease import Lease, build_lock, remove_unless_leased
from index.storage.merging import to_merge
from tests.index.folders import ARTICLE


def embedded(seed: int, sentences: int = 3) -> Embedded:
    chance = np.random.default_rng(seed)
    rows, scales = to_bytes_rows(chance.standard_normal((sentences, 16)).astype(np.float32))
    return Embedded(chance.standard_normal(16).astype(np.float16), rows, scales)


def equal(left: Embedded | None, right: Embedded) -> bool:
    return left is not None and all(
        np.array_equal(getattr(left, name), getattr(right, name))
        for name in ("passage", "sentences", "scales")
    )


def test_a_journal_keeps_embeddings_of_each_model(tmp_path: Path) -> None:
    path = tmp_path / "work.sqlite"
    key, other = (2**64 - 1, 0), (1, 2)
    journal = Journal(path, "m1")
    journal.put([(key, embedded(1)), (other, embedded(2, sentences=1))])
    journal.close()
    again = Journal(path, "m1")
    assert again.keys() == {key, other}
    assert equal(again.get(key), embedded(1))
    assert equal(again.get(other), embedded(2, sentences=1))
    assert again.get((5, 5)) is None
    again.close()
    foreign = Journal(path, "m2")
    assert foreign.keys() == set()
    assert foreign.get(key) is None
    foreign.close()


def test_a_damaged_embedding_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    path = tmp_path / "work.sqlite"
    journal = Journal(path, "m1")
    journal.put([((1, 1), embedded(1))])
    journal.close()
    content = bytearray(path.read_bytes())
    place = content.find(embedded(1).passage.tobytes())
    assert place > 0
    content[place] ^= 1
    path.write_bytes(content)
    journal = Journal(path, "m1")
    assert journal.get((1, 1)) is None
    journal.close()


def test_the_file_cache_remembers_names_of_any_kind(tmp_path: Path) -> None:
    memory = FileMemory(5, -1, 7, (("a#1", "00ff"),), (Skipped("a:2", "broken"),))
    names = ["a", "ä\n\u202e😀", "x" * 255]
    cache = FileCache(tmp_path / "files.sqlite")
    cache.update(dict.fromkeys(names, memory), [])
    assert cache.generation() is None
    cache.update({}, ["a"], "g1")
    assert cache.generation() == "g1"
    cache.close()
    cache = FileCache(tmp_path / "files.sqlite")
    loaded = cache.load()
    assert list(loaded) == sorted(names[1:])
    for path, one in loaded.items():
        assert FileMemory(*one[:3], one.articles(path), one.skipped()) == memory
        assert one.held == 1
    cache.close()


def test_a_cache_of_another_version_is_thrown_away(tmp_path: Path) -> None:
    path = tmp_path / "files.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE memory(something TEXT)")
    cache = FileCache(path)
    assert cache.load() == {}
    cache.close()


def test_history_gives_versions_newest_first_and_follows_moves(tmp_path: Path) -> None:
    history = History(tmp_path)
    uid = article_uid(ARTICLE.key)
    assert history.past_versions(uid) == []
    assert history.moved_to(uid) is None
    history.keep([(ARTICLE, None)], datetime(2024, 1, 1, tzinfo=UTC))
    later = replace(ARTICLE, text="Neu.")
    history.keep([(later, "b.md")], datetime(2024, 2, 1, tzinfo=UTC))
    history.keep([(replace(later, key="b.md"), "c.md")], datetime(2024, 3, 1, tzinfo=UTC))
    versions = history.past_versions(uid)
    assert [one.text for one in versions] == ["Neu.", ARTICLE.text]
    assert versions[1].replaced == "2024-01-01T00:00:00.000+00:00"
    assert (versions[1].title, versions[1].url) == (ARTICLE.title, ARTICLE.url)
    assert history.moved_to(uid) == "c.md"


def test_moves_in_a_circle_end(tmp_path: Path) -> None:
    history = History(tmp_path)
    history.keep([(replace(ARTICLE, key="a"), "b"), (replace(ARTICLE, key="b"), "a")])
    assert history.moved_to(article_uid("a")) in {"a", "b"}


def test_a_damaged_history_gives_nothing_wrong_and_can_be_written_again(tmp_path: Path) -> None:
    history = History(tmp_path)
    history.keep([(ARTICLE, None)])
    path = Layout(tmp_path).history
    content = path.read_bytes()
    place = content.find(b"Titel")
    path.write_bytes(content[:place] + b"Tit3l" + content[place + 5 :])
    assert history.past_versions(article_uid(ARTICLE.key)) == []
    path.write_bytes(b"rubbish" * 1000)
    assert history.past_versions(article_uid(ARTICLE.key)) == []
    history.keep([(ARTICLE, None)])
    assert [one.text for one in history.past_versions(article_uid(ARTICLE.key))] == [ARTICLE.text]
    assert path.with_suffix(".damaged").read_bytes() == b"rubbish" * 1000


def test_a_leased_generation_is_not_removed(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_bytes(b"{}")
    first, second = Lease(manifest), Lease(manifest)
    assert not remove_unless_leased(manifest)
    first.release()
    first.release()
    assert not remove_unless_leased(manifest)
    second.release()
    assert remove_unless_leased(manifest)
    assert not manifest.exists()
    with pytest.raises(FileNotFoundError):
        Lease(manifest)


def test_a_lease_that_waited_for_the_removal_notices_it(tmp_path: Path) -> None:
    import fcntl

    manifest = tmp_path / "manifest.json"
    manifest.write_bytes(b"{}")
    handle = os.open(manifest, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    outcome: list[object] = []

    def lease() -> None:
        try:
            outcome.append(Lease(manifest))
        except FileNotFoundError as error:
            outcome.append(error.errno)

    thread = threading.Thread(target=lease)
    thread.start()
    time.sleep(0.1)
    manifest.unlink()
    os.close(handle)
    thread.join()
    assert outcome == [errno.ENOENT]


def test_the_lock_is_free_again_after_its_holder(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with (
        build_lock(path, datetime(2024, 5, 1, 12, tzinfo=UTC)),
        pytest.raises(LockHeldError, match=rf"process {os.getpid()}, since 2024-05-01T12"),
        build_lock(path),
    ):
        pass
    with build_lock(path):
        pass


def test_a_write_is_whole_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "CURRENT"
    write_durably(path, b"one")
    write_durably(path, b"two")
    assert path.read_bytes() == b"two"
    assert [one.name for one in tmp_path.iterdir()] == ["CURRENT"]


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "cannot be written")],
)
def test_failures_to_write_are_one_clear_line(number: int, said: str, tmp_path: Path) -> None:
    with pytest.raises(IndexFolderError, match=said), writing(tmp_path):
        raise OSError(number, os.strerror(number))
    with pytest.raises(OSError, match="Bad file"), writing(tmp_path):
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


@pytest.mark.parametrize(
    ("live", "dead", "expected"),
    [
        ([], [], []),
        ([1000], [0], []),
        ([1000, 1], [0, 0], []),
        ([1000, 1, 1], [0, 0, 0], [1, 2]),
        ([1000, 3, 4], [0, 0, 0], [1, 2]),
        ([1000, 16, 4, 4], [0, 0, 0, 0], [1, 2, 3]),
        ([1000, 40, 4, 4], [0, 0, 0, 0], [2, 3]),
        ([1000, 300], [0, 0], [0, 1]),
        ([600, 10], [400, 0], [0]),
        ([900, 10], [100, 0], []),
    ],
)
def test_small_segments_are_merged_before_they_are_many(
    live: list[int], dead: list[int], expected: list[int]
) -> None:
    assert to_merge(live, dead) == expected


def test_the_number_of_segments_stays_small() -> None:
    live = [100_000]
    most = copied = 0
    for _ in range(20_000):
        live.append(4)
        places = to_merge(live, [0] * len(live))
        if places:
            merged = sum(live[place] for place in places)
            copied += merged
            live = [one for place, one in enumerate(live) if place not in places] + [merged]
        most = max(most, len(live))
    assert most <= 12
    assert copied < 20 * 80_000
