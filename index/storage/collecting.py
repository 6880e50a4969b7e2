"""Removing generations and segments that nobody needs any more."""

from __future__ import annotations

import shutil
from collections.abc import Collection

from index.errors import BelegError
from index.storage.layout import Layout
from index.storage.lease import remove_unless_leased
from index.storage.manifest import read_manifest


def collect(layout: Layout, keep: Collection[str]) -> None:
    """Remove what no reader has open, but for the generations named in ``keep``.

    Only for the holder of the build lock. Where a generation's manifest cannot be read, the
    segments stay until that generation is gone.
    """
    for name in layout.generation_names():
        if name not in keep:
            _remove_generation(layout, name)
    needed: set[int] = set()
    for name in layout.generation_names():
        try:
            manifest = read_manifest(layout.manifest(name))
        except (BelegError, OSError):
            return
        needed.update(segment.serial for segment in manifest.segments)
    for serial in layout.segment_serials():
        if serial not in needed:
            shutil.rmtree(layout.segment(serial), ignore_errors=True)


def _remove_generation(layout: Layout, name: str) -> None:
    manifest = layout.manifest(name)
    if not manifest.exists() or remove_unless_leased(manifest):
        shutil.rmtree(layout.generation(name), ignore_errors=True)
