"""Bringing the index up to date with a folder of articles.

A build works aside and becomes visible in one step; killed at any instant it leaves the old
generation or the new one, and the next build goes on from the embeddings that were finished.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from index.analysis import terms
from index.changes import Changes, Fresh, Intake, compare
from index.embedding import Embedding, Spool, document
from index.encoder import Encoder
from index.errors import IndexFolderError, MismatchError, SeedsError, UsageError
from index.sources import Reader, Scan, Skipped, scan
from index.storage.assembly import Assembly
from index.storage.base import Base, load_base
from index.storage.history import History
from index.storage.journal import FileCache, Journal, remove_cache
from index.storage.layout import Layout, writing
from index.storage.lease import build_lock
from index.storage.manifest import REBUILD, Manifest, Model
from index.storage.reuse import KnownVectors
from index.storage.writer import FreshSegment


class Progress(Protocol):
    """Told how far a build has come."""

    def step(self, stage: str, done: int, total: int) -> None:
        """``stage`` is ``reading`` (files), ``embedding`` (passages) or ``writing`` (steps)."""
        ...


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did; ``embedded`` and ``resumed`` count passages, ``seconds`` is wall time."""

    generation: str
    articles: int
    passages: int
    sentences: int
    embedded: int
    resumed: int
    added: int
    changed: int
    moved: int
    removed: int
    unchanged: int
    stories: int
    skipped: tuple[Skipped, ...]
    model: str
    seconds: float


def build(
    seeds: Path,
    index: Path,
    encoder: Callable[[], Encoder],
    *,
    rebuild: bool = False,
    progress: Progress | None = None,
) -> BuildReport:
    """Bring the index up to date with the seeds folder.

    Args:
        seeds: The folder of articles.
        index: The index folder; made when it is not there.
        encoder: Gives the embedding model; asked once.
        rebuild: Take in everything anew, after a change of model, format or seeds folder.
            Vectors that the same model made of the same text are used again.
        progress: Told how far the build has come.

    Raises:
        UsageError: The index folder lies inside the seeds folder.
        SeedsError: The seeds folder is missing, empty, or not the one of this index.
        IndexFolderError: The index folder cannot be written, or the disk is full.
        LockHeldError: Another build of this index is at work.
        MismatchError: Another model or version made the index, and ``rebuild`` is not set.
        ModelError: From ``encoder``.
    """
    _check_folders(seeds, index)
    found = scan(seeds)
    if not found.files and not found.skipped:
        raise SeedsError(f"The seeds folder {seeds} is empty: put articles into it.")
    layout = Layout(index)
    model = encoder()  # before the folder is made: a model that fails leaves nothing behind
    with writing(index):
        index.mkdir(parents=True, exist_ok=True)
        with build_lock(layout.lock):
            layout.sweep()
            job = _Build(seeds.resolve(), layout, model, found, rebuild, progress)
            try:
                return job.run()
            finally:
                layout.sweep()


def _check_folders(seeds: Path, index: Path) -> None:
    inside, outside = index.resolve(), seeds.resolve()
    if inside == outside or outside in inside.parents:
        raise UsageError(
            f"The index folder {index} lies inside the seeds folder {seeds}: "
            "choose another one with --index."
        )
    if seeds.exists() and not seeds.is_dir():
        raise SeedsError(f"{seeds} is a file, not a folder: name the folder that it lies in.")
    if not seeds.is_dir():
        raise SeedsError(
            f"There is no seeds folder {seeds}: make it and put articles into it, "
            "or name another one with --seeds."
        )
    if index.exists() and not index.is_dir():
        raise IndexFolderError(f"{index} is not a folder: choose another one with --index.")


@dataclass(slots=True)
class _Build:
    """One build, under the lock."""

    seeds: Path
    layout: Layout
    encoder: Encoder
    found: Scan
    rebuild: bool
    progress: Progress | None

    def run(self) -> BuildReport:
        started = time.monotonic()
        base = self._base()
        with ExitStack() as stack:
            stack.callback(base.close)
            cache = FileCache(self.layout.files)
            stack.callback(cache.close)
            intake = self._intake(base, cache)
            assembly = Assembly(self.layout, base, self._model(), str(self.seeds), self.rebuild)
            stack.callback(assembly.close)
            embedding = self._store_fresh(intake, assembly, stack)
            changes = compare(intake)
            manifest = self._publish(base, assembly, intake, changes)
            cache.update(intake.read, intake.gone, manifest.name)
        remove_cache(self.layout.journal)
        assembly.collect_garbage()
        return _report(manifest, changes, intake, embedding, time.monotonic() - started)

    def _intake(self, base: Base, cache: FileCache) -> Intake:
        in_order = base.damaged is None and not self.rebuild
        in_step = base.manifest is not None and cache.generation() == base.manifest.name
        return Intake(
            self.seeds,
            base,
            cache.load(),
            in_step=in_step and in_order,
            everything=self.rebuild,
            skipped=[*self.found.skipped],
        )

    def _base(self) -> Base:
        try:
            base = load_base(self.layout)
        except MismatchError:
            if not self.rebuild:
                raise
            return Base(None, (), None, None)
        if base.manifest and not self.rebuild:
            try:
                self._check(base.manifest)
            except BaseException:
                base.close()
                raise
        return base

    def _check(self, manifest: Manifest) -> None:
        manifest.require_model(self.encoder.fingerprint, self.encoder.name)
        if manifest.seeds != str(self.seeds):
            raise SeedsError(
                f"The index was built from {manifest.seeds}, not from {self.seeds}: "
                f"run `{REBUILD}` to change that, or name another index with --index."
            )

    def _model(self) -> Model:
        return Model(self.encoder.name, self.encoder.fingerprint, self.encoder.dimension)

    def _store_fresh(
        self, intake: Intake, assembly: Assembly, stack: ExitStack
    ) -> Embedding | None:
        """Read what changed, embed it and write it as a new segment."""
        segment: FreshSegment | None = None
        spool: Spool | None = None
        with Reader(self.seeds) as reader:
            to_read = intake.begin(self.found.files)
            for number, file in enumerate(to_read, start=1):
                for fresh in intake.take(file, reader):
                    if segment is None or spool is None:
                        segment = assembly.start_segment()
                        spool = Spool(segment.writer.folder.with_suffix(".documents"))
                        stack.callback(spool.close)
                    _store(fresh, segment, spool)
                self._step("reading", number, len(to_read))
        if segment is None or spool is None:
            return None
        journal = Journal(self.layout.journal, self.encoder.fingerprint)
        stack.callback(journal.close)
        embedding = Embedding(self.encoder, self._known(assembly), journal, self._embedded)
        embedding.run(spool, segment)
        assembly.seal_segment()
        return embedding

    def _known(self, assembly: Assembly) -> KnownVectors:
        if assembly.must_publish:
            return KnownVectors.on_disk(self.layout, self.encoder.fingerprint)
        return KnownVectors(segment.folder for segment in assembly.base.segments)

    def _publish(
        self, base: Base, assembly: Assembly, intake: Intake, changes: Changes
    ) -> Manifest:
        if base.manifest and not assembly.must_publish and not (changes.added or changes.gone):
            return base.manifest
        self._step("writing", 0, 2)
        gone = [intake.known[key][0] for key in sorted(changes.gone)]
        self._keep_history(base, intake, changes)
        self._step("writing", 1, 2)
        manifest = assembly.publish(gone, datetime.now(UTC))
        self._step("writing", 2, 2)
        return manifest

    def _keep_history(self, base: Base, intake: Intake, changes: Changes) -> None:
        """Keep what is about to go, before it goes: citations of it have been handed out."""
        if not changes.gone:
            return
        segments = {segment.entry.serial: segment for segment in base.segments}
        places = ((key, intake.known[key][0]) for key in sorted(changes.gone))
        History(self.layout.root).keep(
            (segments[one >> 32].articles.article(one & 0xFFFFFFFF), changes.moved.get(key))
            for key, one in places
        )

    def _embedded(self, done: int, total: int) -> None:
        self._step("embedding", done, total)

    def _step(self, stage: str, done: int, total: int) -> None:
        if self.progress is not None:
            self.progress.step(stage, done, total)


def _store(fresh: Fresh, segment: FreshSegment, spool: Spool) -> None:
    documents = [document(fresh.article, passage) for passage in fresh.passages]
    keys = [spool.add(one) for one in documents]
    segment.add(fresh.article, fresh.passages, keys, [terms(one.text) for one in documents])


def _report(
    manifest: Manifest,
    changes: Changes,
    intake: Intake,
    embedding: Embedding | None,
    seconds: float,
) -> BuildReport:
    counts: Mapping[str, int] = {
        "embedded": embedding.embedded if embedding else 0,
        "resumed": embedding.resumed if embedding else 0,
        "added": len(changes.added),
        "changed": len(changes.changed),
        "moved": len(changes.moved),
        "removed": len(changes.removed),
        "unchanged": changes.unchanged,
    }
    return BuildReport(
        generation=manifest.name,
        articles=manifest.articles,
        passages=manifest.passages,
        sentences=manifest.sentences,
        stories=manifest.stories,
        skipped=tuple(intake.skipped),
        model=manifest.model.name,
        seconds=seconds,
        **counts,
    )
