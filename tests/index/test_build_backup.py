"""Backup: copying the index folder is enough, and history is the part that matters."""

from __future__ import annotations

import shutil
from pathlib import Path

from index.build import build
from index.storage import History, article_uid, open_current
from tests.index.folders import article_text, make_seeds
from tests.index.hashing import HashingEncoder


def test_a_copy_of_the_index_folder_answers_and_goes_on(tmp_path: Path) -> None:
    seeds, index = make_seeds(tmp_path / "seeds", 6), tmp_path / "index"
    build(seeds, index, HashingEncoder)
    (seeds / "0001.txt").write_text(article_text(80), encoding="utf-8")
    first = build(seeds, index, HashingEncoder)
    backup = tmp_path / "backup"
    shutil.copytree(index, backup)
    shutil.rmtree(index)
    shutil.copytree(backup, index)
    with open_current(index) as generation:
        assert generation.name == first.generation
        assert generation.damaged is None
    assert [one.text for one in History(index).past_versions(article_uid("0001.txt"))] == [
        article_text(1)
    ]
    again = build(seeds, index, HashingEncoder)
    assert (again.generation, again.embedded) == (first.generation, 0)


def test_the_history_alone_brings_old_quotes_back(tmp_path: Path) -> None:
    seeds, index = make_seeds(tmp_path / "seeds", 3), tmp_path / "index"
    build(seeds, index, HashingEncoder)
    (seeds / "0002.txt").unlink()
    build(seeds, index, HashingEncoder)
    kept = (index / "history.sqlite").read_bytes()
    shutil.rmtree(index)
    index.mkdir()
    (index / "history.sqlite").write_bytes(kept)
    assert build(seeds, index, HashingEncoder).articles == 2
    assert History(index).past_versions(article_uid("0002.txt"))[0].text == article_text(2)


def test_seeds_and_index_that_moved_together_need_no_embedding(tmp_path: Path) -> None:
    seeds, index = make_seeds(tmp_path / "old" / "seeds", 4), tmp_path / "old" / "index"
    build(seeds, index, HashingEncoder)
    (tmp_path / "old").rename(tmp_path / "new")
    report = build(
        tmp_path / "new" / "seeds", tmp_path / "new" / "index", HashingEncoder, rebuild=True
    )
    assert (report.articles, report.embedded, report.unchanged) == (4, 0, 4)
