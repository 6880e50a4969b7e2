"""One measurement: ``python -m tools.bench.worker TASK …`` prints JSON, one object a line."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

TODAY = date(2026, 1, 1)
Result = dict[str, Any]


def memory() -> dict[str, float]:
    """This process's memory in MB: the peak of all, and what is its own at this moment."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    found = {
        line.split(":")[0]: line.split()[1] for line in lines if line.startswith(("Vm", "Rss"))
    }
    return {"peak_mb": int(found["VmHWM"]) / 1024, "anonymous_mb": int(found["RssAnon"]) / 1024}


def cpu_seconds() -> float:
    """Processor time of this process, its threads and the children it has waited for."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def model(cache: str) -> Iterator[Result]:
    """Where the bundled model lies as a folder for sentence-transformers; rebuilt at need."""
    from index.encoder import folder

    yield {"folder": str(folder.ensure(cache_folder(cache)))}


def belegbot_build(articles: str, index: str, cache: str) -> Iterator[Result]:
    """Files to a finished generation; the clock starts when the model is loaded."""
    from index.build import build
    from index.encoder import load

    encoder = load("bundled", cache_folder(cache))
    encoder.encode_questions(["warm"])
    began, spent = time.perf_counter(), cpu_seconds()
    report = build(Path(articles), Path(index), lambda: encoder)
    yield {
        "seconds": time.perf_counter() - began,
        "cpu_s": cpu_seconds() - spent,
        "articles": report.articles,
        "passages": report.passages,
        "sentences": report.sentences,
        "embedded": report.embedded,
        **memory(),
    }


def starter_build(articles: str, stored: str, folder: str) -> Iterator[Result]:
    """Files to a stored index; the clock starts when the model is loaded."""
    from tools.bench import starter

    loaded = starter.embedding(Path(folder))
    loaded.get_query_embedding("warm")
    began, spent = time.perf_counter(), cpu_seconds()
    nodes = starter.build(Path(articles), Path(stored), loaded)
    seconds = time.perf_counter() - began
    yield {"seconds": seconds, "cpu_s": cpu_seconds() - spent, "nodes": nodes, **memory()}


def starter_first(stored: str, folder: str, question: str) -> Iterator[Result]:
    """The first retrieval over a stored index."""
    from tools.bench import starter

    found = starter.load(Path(stored), Path(folder)).retrieve(question)
    yield {"found": len(found)}


def starter_serve(stored: str, folder: str) -> Iterator[Result]:
    """Retrievals."""
    from tools.bench import starter

    retriever = starter.load(Path(stored), Path(folder))
    yield from _serve(retriever.retrieve)


def belegbot_serve(index: str, cache: str) -> Iterator[Result]:
    """Finished cited answers."""
    from bot.answering import Answerer
    from bot.assistant import Assistant
    from bot.library import Library
    from index.encoder import load

    library = Library(Path(index), lambda: load("bundled", cache_folder(cache)))
    assistant = Assistant(library, Answerer(library))
    yield from _serve(lambda question: assistant.answer(question, today=TODAY))


def encoder_serve(cache: str) -> Iterator[Result]:
    """The encoding of questions alone: what no answer can be quicker than."""
    from index.encoder import load

    encoder = load("bundled", cache_folder(cache))
    yield from _serve(lambda question: encoder.encode_questions([question]))


def _serve(ask: Callable[[str], object]) -> Iterator[Result]:
    """Each line holds a list of questions; each result the milliseconds of each."""
    yield {"ready": True}
    for line in sys.stdin:
        times = []
        spent = cpu_seconds()
        for question in json.loads(line):
            began = time.perf_counter()
            ask(question)
            times.append((time.perf_counter() - began) * 1000)
        yield {"ms": times, "cpu_s": cpu_seconds() - spent, **memory()}


def cache_folder(named: str) -> Path:
    """The cache folder of the settings unless another is named."""
    from bot.settings import load_settings

    return Path(named) if named else load_settings().cache_dir


TASKS: tuple[Callable[..., Iterator[Result]], ...] = (
    model,
    belegbot_build,
    belegbot_serve,
    encoder_serve,
    starter_build,
    starter_first,
    starter_serve,
)

if __name__ == "__main__":
    chosen = next(task for task in TASKS if task.__name__ == sys.argv[1])
    for result in chosen(*sys.argv[2:]):
        print(json.dumps(result), flush=True)
