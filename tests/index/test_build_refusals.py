"""Builds that are refused, and what makes them possible."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.build import build
from index.errors import (
    IndexFolderError,
    LockHeldError,
    MismatchError,
    NoIndexError,
    SeedsError,
    UsageError,
)
from index.storage import open_current
from index.storage.layout import Layout
from index.storage.lease import build_lock
from tests.index.folders import Folders, answers, counts, make_seeds
from tests.index.hashing import HashingEncoder


def test_another_model_is_refused_until_rebuilt(folders: Folders) -> None:
    first = folders.build()
    folders.encoder = HashingEncoder("hash2")
    with pytest.raises(MismatchError, match="belegbot index --rebuild"):
        folders.build()
    with folders.open() as generation:
        assert generation.name == first.generation
    report = folders.build(rebuild=True)
    assert report.embedded == report.passages
    assert counts(report) == (0, 0, 0, 0, 12)
    with folders.open() as generation:
        assert generation.manifest.model.fingerprint == "hash2"


def test_a_rebuild_with_the_same_model_uses_its_vectors_again(folders: Folders) -> None:
    folders.build()
    with folders.open() as before:
        expected = answers(before)
    report = folders.build(rebuild=True)
    assert report.embedded == 0
    with folders.open() as after:
        assert answers(after) == expected


def test_another_seeds_folder_needs_a_rebuild(folders: Folders, tmp_path: Path) -> None:
    folders.build()
    folders.seeds = make_seeds(tmp_path / "others", 3, first=90)
    with pytest.raises(SeedsError, match="--rebuild"):
        folders.build()
    assert folders.build(rebuild=True).articles == 3


def test_bad_folders_are_refused_and_leave_nothing_behind(tmp_path: Path) -> None:
    seeds = make_seeds(tmp_path / "seeds", 2)
    empty = tmp_path / "empty"
    empty.mkdir()
    encoder = HashingEncoder
    with pytest.raises(UsageError, match="inside"):
        build(seeds, seeds / "index", encoder)
    with pytest.raises(UsageError, match="inside"):
        build(seeds, seeds, encoder)
    with pytest.raises(SeedsError, match="no seeds folder"):
        build(tmp_path / "missing", tmp_path / "index", encoder)
    with pytest.raises(SeedsError, match="empty"):
        build(empty, tmp_path / "index", encoder)
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexFolderError, match="not a folder"):
        build(seeds, tmp_path / "file", encoder)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "file", "seeds"]
    assert sorted(path.name for path in seeds.iterdir()) == ["0000.txt", "0001.txt"]


def test_no_index_is_told_from_a_damaged_one(tmp_path: Path) -> None:
    with pytest.raises(NoIndexError, match="belegbot index"):
        open_current(tmp_path / "index")


def test_a_second_build_is_told_who_holds_the_lock(folders: Folders) -> None:
    folders.build()
    with (
        build_lock(Layout(folders.index).lock),
        pytest.raises(LockHeldError, match=f"process {os.getpid()}, since 2"),
    ):
        folders.build()
    assert counts(folders.build()) == (0, 0, 0, 0, 12)


def test_a_vanished_folder_does_not_empty_the_index(folders: Folders) -> None:
    folders.build()
    for path in folders.seeds.iterdir():
        path.unlink()
    with pytest.raises(SeedsError, match="empty"):
        folders.build()
    with folders.open() as generation:
        assert generation.manifest.articles == 12
