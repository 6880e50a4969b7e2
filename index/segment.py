"""Sections into passages of whole sentences, each sentence a span of the article's text.

A section is read line by line into paragraphs (a list item, a table row, a run of prose), each
paragraph into sentences by sentencex, and the sentences are packed into passages of about
``TARGET_TOKENS``, breaking between paragraphs where that is possible.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from index.articles import Article, Passage, Span
from index.markup import unquotable
from index.paragraphs import paragraphs
from index.sentences import sentences

TARGET_TOKENS = 200
"""The size that passages aim at, in tokens of the embedding model."""

MOST_TOKENS = 300
"""A paragraph up to this size stays in one passage; no passage of two sentences is larger."""

MOST_SENTENCES = 60
"""A passage of a list or a table holds no more of its lines."""

CHARACTERS_PER_TOKEN = 4.3
"""German prose under a multilingual tokeniser; denser scripts are counted by ``_DENSE``."""

_DENSE = re.compile(r"[\u2e80-\ud7ff\uf900-\ufaff\U0001f000-\U0003ffff]")
_DENSE_TOKENS = 0.7
_INSIDE_PARAGRAPH = 0.05  # what a break inside a paragraph costs, beside a deviation squared
_INSIDE_SHORT_PARAGRAPH = 4.0


def split(article: Article) -> tuple[Passage, ...]:
    """Splits an article into passages.

    Returns:
        Passages in reading order. Their sentences are free of white space at both ends, never
        empty, in order, inside their section, not overlapping, and bounded in length. Code
        blocks, HTML comments and link definitions are left out.
    """
    language = article.language or "de"
    hidden = unquotable(article.text)
    passages: list[Passage] = []
    for number, section in enumerate(article.sections):
        found = [
            list(sentences(article.text, paragraph, language))
            for paragraph in paragraphs(article.text, section.span, hidden)
        ]
        groups = _pack(article.text, [spans for spans in found if spans])
        passages.extend(Passage(number, group) for group in groups)
    return tuple(passages)


def tokens(text: str) -> float:
    """Estimates how many tokens the embedding model sees in a text."""
    if text.isascii():
        return len(text) / CHARACTERS_PER_TOKEN
    dense = len(_DENSE.findall(text))
    return (len(text) - dense) / CHARACTERS_PER_TOKEN + dense * _DENSE_TOKENS


def _pack(text: str, found: list[list[Span]]) -> Iterator[tuple[Span, ...]]:
    """Parts the sentences of a section so that the passages' sizes deviate least."""
    spans = [span for paragraph in found for span in paragraph]
    sizes = [tokens(text[span.start : span.end]) for span in spans]
    costs = _break_costs(found, sizes)
    best = [0.0] + [float("inf")] * len(spans)  # best[i]: the least cost of the first i
    begins = [0] * (len(spans) + 1)
    for end in range(1, len(spans) + 1):
        size = 0.0
        for begin in range(end - 1, max(-1, end - 1 - MOST_SENTENCES), -1):
            size += sizes[begin]
            if size > MOST_TOKENS and begin < end - 1:
                break
            cost = best[begin] + costs[begin] + (size / TARGET_TOKENS - 1) ** 2
            if cost < best[end]:
                best[end], begins[end] = cost, begin
    ends = [len(spans)]
    while ends[-1]:
        ends.append(begins[ends[-1]])
    ends.reverse()
    for begin, end in pairwise(ends):
        yield tuple(spans[begin:end])


def _break_costs(found: list[list[Span]], sizes: list[float]) -> list[float]:
    """What it costs to begin a passage at each sentence of a section."""
    costs: list[float] = []
    for paragraph in found:
        size = sum(sizes[len(costs) : len(costs) + len(paragraph)])
        inside = _INSIDE_SHORT_PARAGRAPH if size <= MOST_TOKENS else _INSIDE_PARAGRAPH
        costs.extend([0.0] + [inside] * (len(paragraph) - 1))
    return costs
