"""One measurement: ``python -m tools.bench_large.worker TASK …`` prints one line of JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tools.bench.worker import TODAY, cache_folder, cpu_seconds, memory

if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.storage import Generation
    from tools.bench_large.material import Vectors

REPEATS = 3
NEAREST = 10
POOL = 32
ANSWERS = 60
WARMING = 20
Result = dict[str, Any]


def base(articles: str, index: str, cache: str) -> Iterator[Result]:
    """The real index that all others are put together from."""
    from index.build import build

    report = build(Path(articles), Path(index), lambda: _encoder(cache))
    yield {"passages": report.passages, "sentences": report.sentences}


def write(base_index: str, passages: str, seeds: str, index: str, cache: str) -> Iterator[Result]:
    """A collection of so many passages, on disk."""
    from tools.bench_large.material import material
    from tools.bench_large.writing import write_collection

    began = time.perf_counter()
    made = material(Path(base_index))
    manifest = write_collection(made, int(passages), Path(seeds), Path(index), _encoder(cache))
    (segment,) = manifest.segments
    sizes = {name: entry.size for name, entry in segment.files.items()}
    yield {
        "seconds": time.perf_counter() - began,
        "kind": [segment.kind.kind, segment.kind.lists, segment.kind.probes],
        "megabytes": {name: round(size / 1e6, 1) for name, size in sizes.items()},
        **memory(),
    }


def search(index: str, questions: str, found: str, cache: str) -> Iterator[Result]:
    """Both searches of a serving process, and whole answers."""
    from bot.answering import Answerer
    from bot.assistant import Assistant
    from bot.library import Library
    from index.analysis import question_terms

    asked = json.loads(Path(questions).read_text(encoding="utf-8"))
    library = Library(Path(index), lambda: _encoder(cache))
    vectors = np.asarray(library.encoder.encode_questions(asked), np.float32)
    began = time.perf_counter()
    with library.generation() as generation:
        opened = time.perf_counter() - began
        hits = [generation.nearest(vector, NEAREST) for vector in vectors]
        np.save(found, np.array([[one for one, _ in of_one] for of_one in hits], np.int64))
        np.save(f"{found}.questions.npy", vectors)
        words = [question_terms(question) for question in asked]
        result = {
            "open_s": opened,
            "vectors": timed(lambda vector: generation.nearest(vector, NEAREST), list(vectors)),
            "pool": timed(lambda vector: generation.nearest(vector, POOL), list(vectors)),
            "keywords": timed(lambda one: generation.keywords(one, POOL), words),
            "searching": memory(),
        }
    assistant = Assistant(library, Answerer(library))
    some = asked[:ANSWERS]
    result["answers"] = timed(lambda question: assistant.answer(question, today=TODAY), some)
    yield {**result, **memory()}


def exact(index: str, found: str) -> Iterator[Result]:
    """How many of the truly nearest passages a search found."""
    from index.storage import open_current

    with open_current(Path(index)) as generation:
        questions = np.load(f"{found}.questions.npy")
        truth = _nearest(generation, Path(index), questions)
    hits = np.load(found)
    shares = [len(set(a) & set(b)) / NEAREST for a, b in zip(hits.tolist(), truth, strict=True)]
    yield {"recall": float(np.mean(shares)), "worst": min(shares)}


def add(seeds: str, index: str, cache: str) -> Iterator[Result]:
    """A build that finds one new article; the model is loaded already."""
    from index.build import build

    encoder = _encoder(cache)
    encoder.encode_questions(["warm"])
    began, spent = time.perf_counter(), cpu_seconds()
    report = build(Path(seeds), Path(index), lambda: encoder)
    yield {
        "seconds": time.perf_counter() - began,
        "cpu_s": cpu_seconds() - spent,
        "added": report.added,
        "embedded": report.embedded,
        **memory(),
    }


def timed(act: Callable[[Any], object], inputs: Sequence[Any]) -> Result:
    """Milliseconds of each call, several rounds; the first calls are left out."""
    for one in inputs[:WARMING]:
        act(one)
    rounds = []
    spent = cpu_seconds()
    for _ in range(REPEATS):
        times = []
        for one in inputs:
            began = time.perf_counter()
            act(one)
            times.append((time.perf_counter() - began) * 1000)
        rounds.append(times)
    best = np.min(rounds, axis=0)
    return {
        "cpu_ms": (cpu_seconds() - spent) * 1000 / np.size(rounds),
        "median_ms": float(np.median(rounds)),
        "p95_ms": float(np.percentile(rounds, 95)),
        "best_median_ms": float(np.median(best)),
        "best_p95_ms": float(np.percentile(best, 95)),
    }


def _nearest(generation: Generation, index: Path, questions: Vectors) -> list[list[int]]:
    """The ids of the nearest passages, by comparing all vectors."""
    from index.arrays import open_array
    from index.storage.layout import Layout

    (segment,) = generation.manifest.segments
    vectors = open_array(Layout(index).segment(segment.serial) / "passage_vectors.npy")
    scores = np.empty((len(questions), len(vectors)), np.float32)
    for start in range(0, len(vectors), 16_384):
        block = np.asarray(vectors[start : start + 16_384], np.float32)
        scores[:, start : start + len(block)] = questions @ block.T
    best = np.argpartition(-scores, NEAREST, axis=1)[:, :NEAREST]
    base = segment.serial << 32
    return [[base + int(one) for one in of_one] for of_one in best]


def _encoder(cache: str) -> Encoder:
    from index.encoder import load

    return load("bundled", cache_folder(cache))


TASKS: tuple[Callable[..., Iterator[Result]], ...] = (base, write, search, exact, add)

if __name__ == "__main__":
    chosen = next(task for task in TASKS if task.__name__ == sys.argv[1])
    for answer in chosen(*sys.argv[2:]):
        print(json.dumps(answer), flush=True)
