"""What has changed in the seeds folder since the last build."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from index.articles import Article, Passage
from index.segment import split
from index.sources import FileRead, Found, Reader, Skipped
from index.storage.articles import article_hash
from index.storage.base import Known
from index.storage.journal import FileMemory

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
        known: Id and content hash of the articles that the index has, by key.
        memory: What files held when they were last read.
        everything: Whether unchanged articles are stored anew as well.
        present: Content hash of every article found in this build, by key.
        skipped: What gives no article, with reasons.
        read: What the files read in this build hold.
    """

    seeds: Path
    known: Known
    memory: Mapping[str, FileMemory]
    everything: bool = False
    present: dict[str, bytes] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    read: dict[str, FileMemory] = field(default_factory=dict)

    def take(self, found: Found, reader: Reader) -> Iterator[Fresh]:
        """Take in one file; yields the articles of it that must be stored."""
        memory = self.memory.get(found.relative)
        if memory is not None and self._is_unchanged(found, memory):
            self.present.update((key, bytes.fromhex(digest)) for key, digest in memory.articles)
            self.skipped.extend(memory.skipped)
            return
        started = time.time_ns()
        yield from self._take_read(found, reader.read(found.relative), started)

    def _is_unchanged(self, found: Found, memory: FileMemory) -> bool:
        if self.everything or (memory.size, memory.mtime_ns) != (found.size, found.mtime_ns):
            return False
        if memory.skipped and memory.ctime_ns != self._ctime_ns(found):
            return False  # perhaps it may be read now
        return all(
            key in self.known and self.known[key][1].hex() == digest and key not in self.present
            for key, digest in memory.articles
        )

    def _take_read(self, found: Found, result: FileRead, started: int) -> Iterator[Fresh]:
        skipped = list(result.skipped)
        articles = []
        for article in result.articles:
            digest = article_hash(article)
            if article.key in self.present:
                skipped.append(Skipped(article.key, "another article has this name already"))
                continue
            if self.everything or self.known.get(article.key, (0, b""))[1] != digest:
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


def compare(known: Known, present: Mapping[str, bytes]) -> Changes:
    """Tell new, changed, moved, removed and unchanged articles apart."""
    changed = {key for key, digest in present.items() if key in known and known[key][1] != digest}
    added = {key for key in present if key not in known}
    removed = {key for key in known if key not in present}
    moved = _moves(known, present, sorted(removed), sorted(added))
    return Changes(
        added=frozenset(added - set(moved.values())),
        changed=frozenset(changed),
        moved=moved,
        removed=frozenset(removed - set(moved)),
        unchanged=len(present) - len(added) - len(changed),
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
