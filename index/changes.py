"""What has changed in the seeds folder since the last build."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from index.articles import Article, Passage
from index.segment import split
from index.sources import FileRead, Found, Reader, Skipped
from index.storage.articles import article_hash
from index.storage.base import Base, Known
from index.storage.journal import FileMemory, Remembered

_SETTLED_NS = 2_000_000_000
_UNKNOWN_TIME = -1


@dataclass(frozen=True, slots=True)
class Fresh:
    """An article that must be stored anew, with its passages."""

    article: Article
    passages: tuple[Passage, ...]


@dataclass(slots=True)
class Intake:
    """Takes in the files of a seeds folder one by one and keeps account of each.

    Attributes:
        seeds: The seeds folder.
        base: What the index holds.
        memory: What files held when they were last read.
        in_step: Whether the index holds exactly what is remembered: then files that look
            unchanged need no second look at their articles.
        everything: Whether unchanged articles are stored anew as well.
        known: Id and content hash of the articles that the index has, by key; in step only
            those of files that are read or gone.
        present: Content hash of every article found in this build, by key; in step only those
            of files that are read.
        untouched: Articles of files that look unchanged, in step.
        skipped: What gives no article, with reasons.
        read: What the files read in this build hold.
        gone: Paths of files that are no more.
    """

    seeds: Path
    base: Base
    memory: Mapping[str, Remembered]
    in_step: bool = False
    everything: bool = False
    known: Known = field(default_factory=dict)
    present: dict[str, bytes] = field(default_factory=dict)
    untouched: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    read: dict[str, FileMemory] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)

    def begin(self, files: Iterable[Found]) -> list[Found]:
        """Take in the files that look unchanged; gives the others, which must be read."""
        if not self.in_step:
            self.known = self.base.articles()
        to_read, paths = [], set()
        for found in files:
            paths.add(found.relative)
            memory = self.memory.get(found.relative)
            if memory is None or not self._is_unchanged(found, memory):
                to_read.append(found)
                continue
            self._keep(found.relative, memory)
        self.gone = sorted(self.memory.keys() - paths)
        if self.in_step:
            self._look_up([*self.gone, *(found.relative for found in to_read)])
        return to_read

    def take(self, found: Found, reader: Reader) -> Iterator[Fresh]:
        """Read one file; yields the articles of it that must be stored."""
        started = time.time_ns()
        yield from self._take_read(found, reader.read(found.relative), started)

    def _is_unchanged(self, found: Found, memory: Remembered) -> bool:
        if self.everything or (memory.size, memory.mtime_ns) != (found.size, found.mtime_ns):
            return False
        if memory.reasons and memory.ctime_ns != self._ctime_ns(found):
            return False  # perhaps it may be read now
        return self.in_step or all(
            key in self.known and self.known[key][1].hex() == digest and key not in self.present
            for key, digest in memory.articles(found.relative)
        )

    def _keep(self, path: str, memory: Remembered) -> None:
        if memory.reasons:
            self.skipped.extend(memory.skipped())
        if self.in_step:
            self.untouched += memory.held
        else:
            articles = memory.articles(path)
            self.present.update((key, bytes.fromhex(digest)) for key, digest in articles)

    def _look_up(self, paths: Iterable[str]) -> None:
        """Find the articles that the index has of some files."""
        for path in paths:
            memory = self.memory.get(path)
            for key, _ in memory.articles(path) if memory else ():
                self._known_hash(key)

    def _known_hash(self, key: str) -> bytes | None:
        if self.in_step and key not in self.known:
            place = self.base.locate(key)
            if place is not None:
                self.known[key] = place
        return self.known[key][1] if key in self.known else None

    def _take_read(self, found: Found, result: FileRead, started: int) -> Iterator[Fresh]:
        skipped = list(result.skipped)
        articles = []
        for article in result.articles:
            digest = article_hash(article)
            if article.key in self.present:
                skipped.append(Skipped(article.key, "another article has this name already"))
                continue
            if self._known_hash(article.key) != digest or self.everything:
                passages = split(article)
                if not passages:
                    skipped.append(Skipped(article.key, "holds no sentence that can be quoted"))
                    continue
                yield Fresh(article, passages)
            self.present[article.key] = digest
            articles.append((article.key, digest.hex()))
        # A file written just now may be written again within the same tick of its clock.
        settled = found.mtime_ns < started - _SETTLED_NS
        mtime = found.mtime_ns if settled else _UNKNOWN_TIME
        self.read[found.relative] = FileMemory(
            found.size, mtime, self._ctime_ns(found), tuple(articles), tuple(skipped)
        )
        self.skipped.extend(skipped)

    def _ctime_ns(self, found: Found) -> int:
        try:
            return (self.seeds / found.relative).lstat().st_ctime_ns
        except OSError:
            return _UNKNOWN_TIME


@dataclass(frozen=True, slots=True)
class Changes:
    """How the articles found differ from those that the index had.

    Attributes:
        added: Keys that are new.
        changed: Keys whose content is another.
        moved: New key by old key, content the same.
        removed: Keys that are gone, not moved.
        unchanged: How many are as they were.
    """

    added: frozenset[str]
    changed: frozenset[str]
    moved: Mapping[str, str]
    removed: frozenset[str]
    unchanged: int

    @property
    def gone(self) -> frozenset[str]:
        """Keys whose stored article no longer holds."""
        return self.changed | self.removed | frozenset(self.moved)


def compare(intake: Intake) -> Changes:
    """Tell new, changed, moved, removed and unchanged articles apart."""
    known, present = intake.known, intake.present
    changed = {key for key, digest in present.items() if key in known and known[key][1] != digest}
    added = {key for key in present if key not in known}
    removed = {key for key in known if key not in present}
    moved = _moves(known, present, sorted(removed), sorted(added))
    return Changes(
        added=frozenset(added - set(moved.values())),
        changed=frozenset(changed),
        moved=moved,
        removed=frozenset(removed - set(moved)),
        unchanged=intake.untouched + len(present) - len(added) - len(changed),
    )


def _moves(
    known: Known, present: Mapping[str, bytes], removed: list[str], added: list[str]
) -> dict[str, str]:
    waiting: dict[bytes, list[str]] = defaultdict(list)
    for key in reversed(added):
        waiting[present[key]].append(key)
    moved = {}
    for key in removed:
        if waiting[known[key][1]]:
            moved[key] = waiting[known[key][1]].pop()
    return moved
