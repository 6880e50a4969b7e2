"""Putting a new generation together out of old segments and a fresh one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from index import stories
from index.storage import publishing
from index.storage.base import Base
from index.storage.collecting import collect
from index.storage.layout import Layout
from index.storage.manifest import Manifest, Model, SegmentEntry
from index.storage.merging import merge, to_merge
from index.storage.segment import Segment
from index.storage.writer import FreshSegment
from index.vectors import choose_kind

_LOW = (1 << 32) - 1
Pairs = set[tuple[int, int]]


class Assembly:
    """The segments of a generation to come.

    Attributes:
        base: What the build starts from.
        must_publish: Whether there is a new generation even when no article has changed: at the
            beginning, after damage, and when everything is taken in anew.
    """

    def __init__(self, layout: Layout, base: Base, model: Model, seeds: str, everything: bool):
        self.base = base
        self.must_publish = everything or base.manifest is None or base.damaged is not None
        self._layout = layout
        self._model = model
        self._seeds = seeds
        self._old = () if everything else base.segments
        self._serial = publishing.next_serial(layout, base.manifest)
        self._writer: FreshSegment | None = None
        self._fresh: Segment | None = None
        self._opened: list[Segment] = []
        self._published: str | None = None

    def start_segment(self) -> FreshSegment:
        """Begin the segment of the articles read in this build."""
        self._writer = FreshSegment(self._layout.building(self._serial), self._model.dimension)
        return self._writer

    def seal_segment(self) -> None:
        """Complete the fresh segment and put it in its place."""
        if self._writer is None:
            return
        entry = self._writer.seal(self._serial, self._model.fingerprint, choose_kind)
        publishing.settle_segment(self._layout, self._serial)
        self._fresh = self._open(entry)
        self._serial += 1

    def publish(self, gone: Collection[int], now: datetime) -> Manifest:
        """Make the generation visible, without the articles (ids) that are ``gone``."""
        segments = self._without(gone)
        pairs = self._pairs(segments)
        segments, pairs = self._merged(segments, pairs)
        name = publishing.next_name(self._layout, now)
        publishing.write_stories(self._layout, name, pairs)
        manifest = Manifest(
            name=name,
            created=now.isoformat(timespec="seconds"),
            seeds=self._seeds,
            model=self._model,
            articles=sum(int(one.live_articles.sum()) for one in segments),
            passages=sum(one.shelf.passages for one in segments),
            sentences=sum(_live_sentences(one) for one in segments),
            stories=len(set(stories.groups(pairs).values())),
            next_serial=self._serial,
            previous=self._previous(),
            segments=tuple(one.entry for one in segments),
            files={"stories.npy": publishing.stories_entry(self._layout, name)},
        )
        publishing.publish(self._layout, manifest)
        self._published = name
        return manifest

    def collect_garbage(self) -> None:
        """Remove what neither readers nor the last two generations need."""
        if self._published is not None:
            keep = [self._published, self._previous()]
            collect(self._layout, [name for name in keep if name])

    def close(self) -> None:
        """Let go of all files, complete or not."""
        if self._writer is not None:
            self._writer.close()
        for segment in self._opened:
            segment.close()

    def _previous(self) -> str | None:
        """The generation to fall back on: the one before the current, if that is in order."""
        manifest = self.base.manifest
        if manifest is None:
            return None
        return manifest.name if self.base.damaged is None else manifest.previous

    def _open(self, entry: SegmentEntry) -> Segment:
        self._opened.append(Segment(entry, self._layout.segment(entry.serial)))
        return self._opened[-1]

    def _without(self, gone: Collection[int]) -> list[Segment]:
        """Old and fresh segments as the new generation sees them, empty ones left out."""
        dead: dict[int, set[int]] = {}
        for one in gone:
            dead.setdefault(one >> 32, set()).add(one & _LOW)
        segments = []
        for segment in self._old:
            fewer = dead.get(segment.entry.serial, set())
            entry = replace(segment.entry, dead=tuple(sorted(fewer | segment.dead)))
            if len(entry.dead) == entry.articles:
                continue
            segments.append(self._open(entry) if fewer else segment)
        return segments if self._fresh is None else [*segments, self._fresh]

    def _pairs(self, segments: Sequence[Segment]) -> Pairs:
        """All near-duplicates; those among old segments are taken over where they are known."""
        alive = {one.base: one.live_articles for one in segments}
        known = self.base.pairs if self._old else None
        found: Pairs = set() if known is None else {(int(a), int(b)) for a, b in known}
        for place, segment in enumerate(segments):
            if known is None or segment is self._fresh:
                found |= _pairs_with(segment, segments[:place])
        return {pair for pair in found if all(_is_alive(one, alive) for one in pair)}

    def _merged(self, segments: list[Segment], pairs: Pairs) -> tuple[list[Segment], Pairs]:
        live = [one.shelf.passages for one in segments]
        dead = [one.entry.passages - count for one, count in zip(segments, live, strict=True)]
        places = to_merge(live, dead)
        if not places:
            return segments, pairs
        serial, folder = self._serial, self._layout.building(self._serial)
        entry, new_ids = merge([segments[one] for one in places], folder, serial, choose_kind)
        publishing.settle_segment(self._layout, serial)
        self._serial += 1
        rest = [one for place, one in enumerate(segments) if place not in places]
        moved = {tuple(sorted(new_ids.get(one, one) for one in pair)) for pair in pairs}
        return [*rest, self._open(entry)], {(a, b) for a, b in moved}


def _live_sentences(segment: Segment) -> int:
    counts = segment.passages[:, 3]
    return int((counts if segment.live is None else counts[segment.live]).sum())


def _pairs_with(segment: Segment, earlier: Sequence[Segment]) -> Pairs:
    bands, order = segment.story_bands, segment.story_order
    within = stories.pairs_within(segment.signatures, bands, order)
    found = {(segment.base + a, segment.base + b) for a, b in within}
    for other in earlier:
        across = stories.pairs_across(
            segment.signatures, other.signatures, other.story_bands, other.story_order
        )
        found |= {(other.base + b, segment.base + a) for a, b in across}
    return found


def _is_alive(article: int, alive: Mapping[int, NDArray[np.bool_]]) -> bool:
    flags = alive.get(article & ~_LOW)
    return flags is not None and bool(flags[article & _LOW])
