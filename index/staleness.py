"""Whether the seeds folder has changed since an index was built, without reading a file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from index.errors import SeedsError
from index.sources import scan
from index.storage import Generation
from index.storage.journal import FileCache
from index.storage.layout import Layout


def changed_since(seeds: Path, index: Path, generation: Generation) -> bool:
    """Compares names, sizes and times with what the last build saw.

    False as well where there is nothing to compare: no seeds folder, another one than the
    index was built from, a copied index without its memory of files, or a read-only one.
    """
    layout = Layout(index)
    memory = layout.files
    if str(seeds.resolve()) != generation.manifest.seeds or not memory.is_file():
        return False
    try:
        found = {one.relative: one for one in scan(seeds).files}
    except SeedsError:
        return False
    try:
        switched = layout.current.stat().st_mtime_ns
        cache = FileCache(memory)
    except (OSError, sqlite3.Error):
        return False  # a copy that may only be read
    try:
        known = cache.load()
    finally:
        cache.close()
    return known.keys() != found.keys() or any(
        one.size != known[path].size
        # A file written just before the build has no time there that could be relied on.
        or one.mtime_ns != known[path].mtime_ns >= 0
        or (known[path].mtime_ns < 0 and one.mtime_ns > switched)
        for path, one in found.items()
    )
