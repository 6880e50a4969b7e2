"""Trains the reader: ``python -m tools.reader.train LESSONS.pkl.gz OUT [--fold N]``.

LESSONS comes from ``tools.reader.gather``. Without a fold it learns from everything. With one it
leaves every third article out and then reads those. A GPU trains it in a minute or two; on two
cores an epoch takes hours.
"""

from __future__ import annotations

import argparse
import gzip
import math
import pickle
import random
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from index.reader.pages import MOST_TOKENS, Page, lay_out, room, window
from tools.reader.network import Network

BATCH_TOKENS = 24_000
PAGES = (96, 160, 208)
"""Tokens that pages hold at most: the reader must cope with short ones."""
TITLE_DROPPED = 0.2
ASIDE = 0.12
"""How often a page that has the answer is cut so that it does not."""
TOKEN_LOSS = 0.3
CHUNK = 8192
"""Pages among which those of like length are put together."""
WARM = 0.06
"""The part of all steps in which the rate rises."""

_state: dict[str, Any] = {}
_place: np.ndarray = np.zeros(0)


@dataclass(frozen=True, slots=True)
class Example:
    """A page with its labels: right sentences, and the answer's first and last token."""

    page: Page
    right: tuple[int, ...]
    answer: tuple[int, int] | None


def load(path: Path) -> None:
    """Reads the lessons into the module, where worker processes find them."""
    global _place
    with gzip.open(path, "rb") as file:
        _state.update(pickle.load(file))
    kept = _state["kept"]
    _place = np.full(kept.max() + 1, 0)
    _place[kept] = np.arange(len(kept))


def example(lesson: tuple[Any, ...], tokens: int, luck: random.Random) -> Example:
    """A page of at most so many tokens cut out of a passage at random around a sentence."""
    question, passage, right, answer = lesson
    ids = _state["questions"][question][0]
    title, sentences = _state["passages"][passage]
    if luck.random() < TITLE_DROPPED:
        title = []
    sizes = [len(one) for one in sentences]
    centre = luck.choice(right) if right and luck.random() > ASIDE else luck.randrange(len(sizes))
    span = window(sizes, centre, room(ids, title, tokens))
    page = lay_out(ids, title, [sentences[n] for n in span], _state["marks"])
    inside = tuple(n - span.start for n in right if n in span)
    ends = None
    if answer and answer[0] in span:
        start = int(np.argmax(page.parts == answer[0] - span.start + 1))
        if page.parts[start] == answer[0] - span.start + 1 and start + answer[2] < len(page.ids):
            ends = (start + answer[1], start + answer[2] - 1)
    return Example(page, inside, ends)


def collate(examples: Sequence[Example]) -> tuple[np.ndarray, ...]:
    """Arrays of a batch: ids, shares, right, which sentences there are, answers."""
    size = -(-max(len(one.page.ids) for one in examples) // 8) * 8
    most = max(one.page.sentences for one in examples)
    ids = np.full((len(examples), size), -1, np.int64)
    shares = np.zeros((len(examples), 1 + most, size), np.float16)
    right = np.zeros((len(examples), most), bool)
    there = np.zeros((len(examples), most), bool)
    answers = np.full((len(examples), 2), -1, np.int64)
    for row, one in enumerate(examples):
        n = len(one.page.ids)
        ids[row, :n] = _place[one.page.ids]
        made = one.page.shares()
        shares[row, : len(made), :n] = made
        right[row, list(one.right)] = True
        there[row, : one.page.sentences] = made[1:].any(axis=1)
        if one.answer:
            answers[row] = one.answer
    return ids, shares, right, there, answers


Planned = tuple[tuple[Any, ...], int]
"""A lesson and how many tokens its page holds at most."""


def plan(lessons: Sequence[tuple[Any, ...]], luck: random.Random) -> list[Planned]:
    """One time over everything: each question with what answers it and one page that does not."""
    of_question: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for one in lessons:
        of_question[one[0]].append(one)
    chosen = []
    for some in of_question.values():
        good = [one for one in some if one[2]]
        bad = [one for one in some if not one[2]]
        chosen += good + luck.sample(bad, min(len(bad), 1 if good else 2))
    luck.shuffle(chosen)
    return [(one, luck.choice(PAGES)) for one in chosen]


def _batches(job: tuple[int, list[Planned]]) -> list[tuple[np.ndarray, ...]]:
    """Pages of like length together, the batches in no order."""
    luck = random.Random(job[0])
    pages = [example(lesson, tokens, luck) for lesson, tokens in job[1]]
    pages.sort(key=lambda one: len(one.page.ids))
    batches: list[list[Example]] = [[]]
    for one in pages:
        if len(one.page.ids) * (len(batches[-1]) + 1) > BATCH_TOKENS:
            batches.append([])
        batches[-1].append(one)
    luck.shuffle(batches)
    return [collate(batch) for batch in batches]


def _size(reading: tuple[int, int, int, int]) -> int:
    title, sentences = _state["passages"][reading[1]]
    read = sum(map(len, sentences[reading[2] : reading[3]]))
    return min(len(_state["questions"][reading[0]][0]) + len(title) + read, MOST_TOKENS)


def loss_of(network: Network, batch: Sequence[torch.Tensor]) -> torch.Tensor:
    """Softmax over a page's sentences and "none", and over tokens where the answer stands."""
    ids, shares, right, there, answers = batch
    logits, tokens = network(ids, shares.float())
    logits = logits.masked_fill(~there, -1e4)
    none = torch.zeros_like(logits[:, :1])
    total = torch.logsumexp(torch.cat([none, logits], dim=1), dim=1)
    gold = torch.logsumexp(
        torch.cat([none.masked_fill(right.any(1, keepdim=True), -1e4),
                   logits.masked_fill(~right, -1e4)], dim=1), dim=1)  # fmt: skip
    value = (total - gold).mean()
    rows = (answers[:, 0] >= 0).nonzero()[:, 0]
    if len(rows):
        inside = shares[rows, 1:].sum(dim=1) > 0
        spans = tokens[rows].masked_fill(~inside[..., None], -1e4)
        spans_loss = sum(functional.cross_entropy(spans[..., n], answers[rows, n]) for n in (0, 1))
        value = value + TOKEN_LOSS * spans_loss * len(rows) / len(ids)
    return value


def read(
    network: Network, readings: Sequence[tuple[int, int, int, int]], device: str
) -> list[np.ndarray]:
    """Each page's logits, whole titles, in order."""
    network.eval()
    order = sorted(range(len(readings)), key=lambda n: _size(readings[n]))
    found: list[np.ndarray] = [np.zeros(0)] * len(readings)
    batches = [order[at : at + 192] for at in range(0, len(order), 192)]
    with get_context("fork").Pool(6) as pool, torch.inference_mode():
        jobs = ([readings[n] for n in batch] for batch in batches)
        for batch, arrays in zip(batches, pool.imap(_pages, jobs, chunksize=2), strict=True):
            ids, shares, *_ = (torch.from_numpy(one).to(device) for one in arrays)
            logits, _ = network(ids, shares.float())
            rows = logits.float().cpu().numpy()
            for row, n in enumerate(batch):
                found[n] = rows[row, : readings[n][3] - readings[n][2]]
    return found


def _pages(readings: Sequence[tuple[int, int, int, int]]) -> tuple[np.ndarray, ...]:
    made = []
    for question, passage, first, last in readings:
        title, sentences = _state["passages"][passage]
        page = lay_out(
            _state["questions"][question][0], title, sentences[first:last], _state["marks"]
        )
        made.append(Example(page, (), None))
    return collate(made)


def report(lessons: Sequence[tuple[Any, ...]], network: Network, device: str, fold: int) -> None:
    """First places and AUROC over whole passages of questions that were left out."""
    from index.evaluate import auroc

    aside = [one for one in lessons if _state["questions"][one[0]][2] == fold]
    readings = []
    for question, passage, right, _ in aside:
        title, sentences = _state["passages"][passage]
        sizes = [len(one) for one in sentences]
        centre = right[0] if right else 0
        span = window(sizes, centre, room(_state["questions"][question][0], title))
        readings.append((question, passage, span.start, span.stop))
    logits = read(network, readings, device)
    best: dict[int, tuple[float, bool]] = {}
    answerable: dict[int, bool] = defaultdict(bool)
    for (question, _, right, _), (*_, first, _), row in zip(aside, readings, logits, strict=True):
        answerable[question] |= bool(right)
        for n, value in enumerate(row):
            if value > best.get(question, (-1e9, False))[0]:
                best[question] = (float(value), n + first in right)
    groups = defaultdict(list)
    for question in best:
        _, language, _, corpus = _state["questions"][question]
        groups[corpus, language].append(question)
    for name, some in sorted(groups.items()):
        yes = [one for one in some if answerable[one]]
        no = [one for one in some if not answerable[one]]
        first = np.mean([best[one][1] for one in yes])
        tell = (
            auroc([best[one][0] for one in yes], [best[one][0] for one in no]) if no else math.nan
        )
        print(
            f"  fold {fold} {name}: {len(yes)}+{len(no)} first {first:.3f} auroc {tell:.3f}",
            flush=True,
        )


def _stream(
    jobs: Iterable[list[tuple[np.ndarray, ...]]], count: int
) -> Iterator[tuple[float, tuple[np.ndarray, ...]]]:
    """The batches of so many jobs one by one, each with the part of all that is done before it."""
    for job, batches in enumerate(jobs):
        for number, arrays in enumerate(batches):
            yield (job + number / len(batches)) / count, arrays


def train(options: argparse.Namespace, device: str) -> Network:
    """Learns from all but one fold."""
    torch.manual_seed(options.seed)
    dtype = torch.bfloat16 if device == "cuda" else torch.float32
    network = Network(
        _state, layers=options.layers, rank=options.rank, dropout=options.dropout, dtype=dtype
    ).to(device)
    optimiser = torch.optim.AdamW(
        network.parameters(),
        lr=options.rate,
        weight_decay=0.01,
        betas=(0.9, 0.98),
        fused=device == "cuda",
    )
    lessons = [one for one in _state["lessons"] if _state["questions"][one[0]][2] != options.fold]
    luck = random.Random(options.seed)
    jobs = [
        (luck.randrange(1 << 30), chosen[at : at + CHUNK])
        for _ in range(options.epochs)
        for chosen in (plan(lessons, luck),)
        for at in range(0, len(chosen), CHUNK)
    ]
    start, step = time.time(), 0
    with get_context("fork").Pool(options.workers) as pool:
        network.train()
        for done, arrays in _stream(pool.imap(_batches, jobs), len(jobs)):
            gone = max(done, (time.time() - start) / (60 * options.minutes))
            if gone >= 1 or (options.steps and step >= options.steps):
                break
            batch = [torch.from_numpy(one).to(device, non_blocking=True) for one in arrays]
            rate = min(1.0, (done + 1e-4) / WARM) * 0.5 * (1 + math.cos(math.pi * gone))
            for group in optimiser.param_groups:
                group["lr"] = options.rate * rate
            value = loss_of(network, batch)
            value.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            if step % 100 == 0:
                spent = time.time() - start
                print(f"  {done:.3f} loss {value.item():.3f} {spent:.0f} s", flush=True)
            step += 1
    print(
        f"trained {len(lessons)} lessons, {step} steps in {time.time() - start:.0f} s",
        flush=True,
    )
    return network


def store(network: Network, path: Path) -> None:
    """The trained numbers alone."""
    arrays = {}
    for name, one in network.named_parameters():
        parts = name.replace("layers.", "l").replace(".products", "").split(".")
        if parts[0] != "tokens":
            arrays[".".join(parts)] = one.detach().float().cpu().numpy().astype(np.float16)
    np.savez(path, **arrays)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("lessons", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--fold", type=int, default=-1, help="left out and read afterwards")
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--rank", type=int, default=28)
    parser.add_argument("--rate", type=float, default=1.2e-3)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--minutes", type=float, default=60.0, help="the most it may take")
    parser.add_argument("--steps", type=int, default=0, help="stop early, for a trial")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=12)
    options = parser.parse_args()
    load(options.lessons)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    network = train(options, device)
    store(network, options.out.with_suffix(".npz"))
    if options.fold >= 0:
        report(_state["lessons"], network, device, options.fold)
        mine = [
            n for n, one in enumerate(_state["readings"])
            if _state["questions"][one[0]][2] == options.fold
        ]  # fmt: skip
        logits = read(network, [_state["readings"][n] for n in mine], device)
        flat = np.concatenate(logits).astype(np.float16) if logits else np.zeros(0, np.float16)
        np.savez(options.out.with_suffix(".read.npz"), readings=np.array(mine), logits=flat)


if __name__ == "__main__":
    main()
