"""The manifest: what one generation consists of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import xxhash

from index.errors import DamagedError, MismatchError
from index.storage.checksums import FileEntry
from index.vectors import IndexKind

FORMAT = 1
"""Version of everything on disk: raised when files, segmentation or terms change."""

SEGMENT_FILE = "segment.json"
REBUILD = "belegbot index --rebuild"


@dataclass(frozen=True, slots=True)
class Model:
    """The embedding model whose vectors a generation holds."""

    name: str
    fingerprint: str
    dimension: int


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """One segment of a generation.

    Attributes:
        serial: Never used twice in the life of an index; the upper half of all ids.
        articles: Articles in its files, dead ones included.
        passages: Passages in its files, dead ones included.
        dead: Positions of the articles that this generation no longer has, ascending.
        model: Fingerprint of the embedding model.
        kind: The kind of its FAISS index.
        files: Every file of the segment.
    """

    serial: int
    articles: int
    passages: int
    dead: tuple[int, ...]
    model: str
    kind: IndexKind
    files: Mapping[str, FileEntry]

    def to_bytes(self) -> bytes:
        """The entry as JSON that carries its own checksum; lies in the segment's folder."""
        return _sealed({**asdict(self), "format": FORMAT})

    @classmethod
    def from_bytes(cls, data: bytes) -> SegmentEntry:
        """Read an entry; raises ``DamagedError`` and ``MismatchError``."""
        content = _unsealed(data)
        del content["format"]
        return _segment_entry(content)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one generation consists of; ``articles``, ``passages``, ``sentences`` are counts."""

    name: str
    created: str
    seeds: str
    model: Model
    articles: int
    passages: int
    sentences: int
    stories: int
    next_serial: int
    previous: str | None
    segments: tuple[SegmentEntry, ...]
    files: Mapping[str, FileEntry]
    format: int = FORMAT

    def to_bytes(self) -> bytes:
        """The manifest as JSON that carries its own checksum."""
        return _sealed(asdict(self))

    @classmethod
    def from_bytes(cls, data: bytes) -> Manifest:
        """Read a manifest.

        Raises:
            DamagedError: It does not match its own checksum.
            MismatchError: Another version of the program wrote it.
        """
        content = _unsealed(data)
        content["segments"] = tuple(_segment_entry(one) for one in content["segments"])
        content["model"] = Model(**content["model"])
        content["files"] = _entries(content["files"])
        return cls(**content)

    def require_model(self, fingerprint: str, name: str) -> None:
        """Refuse a model that did not make this generation's vectors.

        Raises:
            MismatchError: Another model, or another version of it.
        """
        if fingerprint != self.model.fingerprint:
            other = "version of it" if name == self.model.name else name
            raise MismatchError(
                f"The index was made with the embedding model {self.model.name}, "
                f"not with this {other}: run `{REBUILD}` or set the model back."
            )


def read_manifest(path: Path) -> Manifest:
    """Read the manifest at ``path``; raises like ``Manifest.from_bytes`` and ``OSError``."""
    return Manifest.from_bytes(path.read_bytes())


def _entries(content: Mapping[str, Mapping[str, Any]]) -> dict[str, FileEntry]:
    return {name: FileEntry(**entry) for name, entry in content.items()}


def _segment_entry(content: Mapping[str, Any]) -> SegmentEntry:
    fields = {
        **content,
        "dead": tuple(content["dead"]),
        "kind": IndexKind(**content["kind"]),
        "files": _entries(content["files"]),
    }
    return SegmentEntry(**fields)


def _sealed(content: dict[str, Any]) -> bytes:
    content["checksum"] = _own_checksum(content)
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _unsealed(data: bytes) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(data)
        intact = content.pop("checksum") == _own_checksum(content)
    except (ValueError, KeyError, TypeError, AttributeError):
        intact = False
    if not intact:
        raise DamagedError("the manifest does not match its checksum")
    if content["format"] != FORMAT:
        raise MismatchError(
            f"The index has format {content['format']}, this program reads {FORMAT}: "
            f"run `{REBUILD}`."
        )
    return content


def _own_checksum(content: Mapping[str, Any]) -> str:
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return xxhash.xxh3_128_hexdigest(plain.encode())
