"""The parts on disk, one by one."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.arrays import ArrayWriter, from_bytes_rows, open_array, to_bytes_rows
from index.articles import Article
from index.errors import DamagedError, MismatchError
from index.storage import Manifest, Model, article_hash, article_uid
from index.storage.articles import ArticleTable, ArticleWriter
from index.storage.checksums import FileEntry, checksum, entry_of, fault, faults
from index.storage.manifest import SegmentEntry
from index.vectors import IndexKind
from tests.index.folders import ARTICLE

MANIFEST = Manifest(
    name="000001-20240101T000000Z",
    created="2024-01-01T00:00:00+00:00",
    seeds="/somewhere/Ärger",
    model=Model("hashing", "hash1", 64),
    articles=3,
    passages=5,
    sentences=9,
    stories=0,
    next_serial=2,
    previous=None,
    segments=(
        SegmentEntry(1, 4, 6, (2,), "hash1", IndexKind("exact"), {"a.npy": FileEntry(3, "00ff")}),
    ),
    files={"stories.npy": FileEntry(128, "abcd")},
)

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200)


def test_arrays_are_written_in_pieces_and_mapped(tmp_path: Path) -> None:
    with ArrayWriter(tmp_path / "a.npy", np.int32, (2,)) as writer:
        writer.append([[1, 2]])
        writer.append(np.zeros((0, 2)))
        writer.append([[3, 4], [5, 6]])
    array = open_array(tmp_path / "a.npy")
    assert array.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert not array.flags.writeable
    assert np.load(tmp_path / "a.npy").dtype == np.int32


def test_an_array_without_rows_keeps_its_shape(tmp_path: Path) -> None:
    with ArrayWriter(tmp_path / "a.npy", np.float16, (7,)):
        pass
    assert open_array(tmp_path / "a.npy").shape == (0, 7)


def test_arrays_are_opened_by_several_threads_at_once(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.arange(6).reshape(2, 3))
    found: list[object] = []

    def read() -> None:
        for _ in range(2000):
            if open_array(tmp_path / "a.npy").tolist() != [[0, 1, 2], [3, 4, 5]]:
                found.append("wrong")
        found.append("done")

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["done"] * 4


def test_vectors_in_bytes_keep_their_direction() -> None:
    vectors = np.random.default_rng(0).standard_normal((500, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    back = from_bytes_rows(*to_bytes_rows(vectors))
    assert np.abs(vectors @ vectors[:50].T - back @ vectors[:50].T).max() < 0.002
    assert np.allclose(np.linalg.norm(back, axis=1), 1, atol=1e-6)
    zero = np.zeros((1, 384), np.float32)
    assert np.array_equal(from_bytes_rows(*to_bytes_rows(zero)), zero)


def test_a_manifest_is_read_as_it_was_written() -> None:
    assert Manifest.from_bytes(MANIFEST.to_bytes()) == MANIFEST


def test_no_flipped_bit_of_a_manifest_goes_unnoticed() -> None:
    data = MANIFEST.to_bytes()
    for place in range(len(data)):
        for bit in range(8):
            damaged = bytearray(data)
            damaged[place] ^= 1 << bit
            with pytest.raises(DamagedError):
                Manifest.from_bytes(bytes(damaged))


def test_another_format_is_refused_with_the_command() -> None:
    with pytest.raises(MismatchError, match="belegbot index --rebuild"):
        Manifest.from_bytes(replace(MANIFEST, format=99).to_bytes())


def test_another_model_is_refused_with_the_command() -> None:
    MANIFEST.require_model("hash1", "hashing")
    with pytest.raises(MismatchError, match="hashing, not with this other: run `belegbot index"):
        MANIFEST.require_model("hash2", "other")


def test_checksums_tell_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"x" * 3_000_000)
    entry = entry_of(path)
    assert entry == FileEntry(3_000_000, checksum(path))
    assert fault(path, entry) is None
    path.write_bytes(b"x" * 2_999_999 + b"y")
    assert fault(path, entry) == "a.bin does not match its checksum"
    path.write_bytes(b"x")
    assert fault(path, entry) == "a.bin has 1 bytes instead of 3000000"
    path.unlink()
    assert faults([(path, entry)]) == {path: "a.bin is missing"}


def test_large_files_are_checked_in_parallel(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.bin" for number in range(4)]
    for path in paths:
        path.write_bytes(os.urandom(6_000_000))
    entries = {path: entry_of(path) for path in paths}
    assert faults(entries.items()) == {}
    with paths[2].open("r+b") as file:
        file.seek(4_000_000)
        file.write(b"\0\0\0\0\0\0\0\0\0\0")
    assert list(faults(entries.items())) == [paths[2]]


def table(path: Path, *articles: Article) -> ArticleTable:
    writer = ArticleWriter(path)
    for one in articles:
        writer.add(one)
    writer.finish()
    return ArticleTable(path)


def test_an_article_is_read_as_it_was_written(tmp_path: Path) -> None:
    bare = Article("b.txt", "", "B", ())
    articles = table(tmp_path / "a # b?.sqlite", ARTICLE, bare)
    assert articles.article(0) == ARTICLE
    assert articles.article(1) == bare
    assert articles.find("ort/ä.md") == 0
    assert articles.find("none") is None
    assert articles.find_uid(article_uid("b.txt")) == [1]
    card = articles.card(0, 100)
    assert (card.id, card.key, card.title, card.date) == (100, "ort/ä.md", "Titel", "2024-11-09")
    assert [one.id for one in articles.cards(100)] == [100, 101]
    with pytest.raises(KeyError):
        articles.article(2)
    articles.close()


@given(text=texts, title=texts, key=texts)
def test_any_text_survives(text: str, title: str, key: str, tmp_path_factory: object) -> None:
    path = tmp_path_factory.mktemp("any") / "a.sqlite"  # type: ignore[attr-defined]
    article = replace(ARTICLE, text=text, title=title, key=key)
    articles = table(path, article)
    assert articles.article(0) == article
    assert articles.find(key) == 0
    articles.close()


def test_the_content_hash_covers_everything_but_the_key() -> None:
    assert article_hash(replace(ARTICLE, key="other")) == article_hash(ARTICLE)
    changed = [
        replace(ARTICLE, text="x"),
        replace(ARTICLE, title="x"),
        replace(ARTICLE, date=None),
        replace(ARTICLE, author="x"),
        replace(ARTICLE, source="x"),
        replace(ARTICLE, url="x"),
        replace(ARTICLE, language="en"),
        replace(ARTICLE, sections=()),
    ]
    assert len({article_hash(one) for one in [ARTICLE, *changed]}) == 9


def test_a_uid_has_48_bits_and_depends_on_the_key_alone() -> None:
    assert 0 < article_uid("a.txt") < 1 << 48
    assert article_uid("a.txt") != article_uid("b.txt")


def test_json_of_a_manifest_is_for_people_too() -> None:
    content = json.loads(MANIFEST.to_bytes())
    assert content["seeds"] == "/somewhere/Ärger"
    assert content["segments"][0]["kind"] == {"kind": "exact", "lists": 0, "probes": 0}
