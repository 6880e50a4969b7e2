"""Making a generation visible: its folder first, then one atomic switch."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

import numpy as np

from index.storage.checksums import FileEntry, entry_of
from index.storage.layout import Layout, sync_file, sync_folder, write_durably
from index.storage.manifest import Manifest

_NUMBER = re.compile(r"(\d+)-")


def next_name(layout: Layout, now: datetime) -> str:
    """A name that sorts after all others."""
    numbers = [
        int(found[1]) for name in layout.generation_names() if (found := _NUMBER.match(name))
    ]
    return f"{max(numbers, default=0) + 1:06d}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def next_serial(layout: Layout, manifest: Manifest | None) -> int:
    """A number that no segment of this index ever had."""
    on_disk = layout.segment_serials()
    stated = manifest.next_serial if manifest else 1
    return max(stated, on_disk[-1] + 1 if on_disk else 1)


def settle_segment(layout: Layout, serial: int) -> None:
    """Move a sealed segment to its place; no generation names it yet."""
    layout.segments.mkdir(exist_ok=True)
    layout.building(serial).rename(layout.segment(serial))
    sync_folder(layout.segments)


def write_stories(layout: Layout, name: str, pairs: Iterable[tuple[int, int]]) -> None:
    """Write the near-duplicates of a generation to come."""
    layout.generation(name).mkdir(parents=True, exist_ok=True)
    array = np.array(sorted(pairs), np.int64).reshape(-1, 2)
    np.save(layout.stories(name), array)
    sync_file(layout.stories(name))


def publish(layout: Layout, manifest: Manifest) -> None:
    """Write the manifest of a complete generation and switch to it."""
    write_durably(layout.manifest(manifest.name), manifest.to_bytes())
    sync_folder(layout.generations)
    write_durably(layout.current, f"{manifest.name}\n".encode())


def stories_entry(layout: Layout, name: str) -> FileEntry:
    """Size and checksum of a generation's near-duplicates, for its manifest."""
    return entry_of(layout.stories(name))
