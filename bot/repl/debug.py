"""``/debug``: what was searched for the last question, and what scored how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.style import Style
from rich.text import Text

from bot.answer import Answer, EvidenceItem, Kind, Timing
from bot.render.page import EMPTY, Line, Page
from bot.render.passages import one_line, readable
from bot.render.strings import Strings, number, strings

if TYPE_CHECKING:
    from index.evidence import Trace

_HEAD = Style(dim=True)
_CITED = Style(bold=True)
_GAP = "  "
_KEY_WIDTH = 28  # columns for an article's path
_LEAST = 20  # columns that a sentence gets however narrow the terminal


def render_debug(answer: Answer, threshold: float, language: str, width: int | None) -> Page:
    """Two small tables: how the question was searched, and the best sentences with their scores.

    Args:
        answer: The last answer.
        threshold: The confidence from which on a question is answered.
        language: Of the labels.
        width: Columns to keep to, cutting paths and sentences; None: whole.
    """
    words = strings(language)
    if answer.kind is Kind.TALK:
        return [Line(Text(words.text("debug.none")))]
    page = _facts(answer, threshold, words)
    if answer.evidence:
        page += [EMPTY, *_candidates(answer, words, width)]
    return page


def _facts(answer: Answer, threshold: float, words: Strings) -> Page:
    facts = [
        ("searched", one_line(answer.rewritten or answer.question)),
        *(_traced(answer.trace, words) if answer.trace else ()),
        ("confidence", _confidence(answer.confidence, threshold, words)),
        ("mode", words.text(f"debug.mode_{answer.mode}")),
        *(("dropped", one_line(f"{drop.text} ({drop.reason})")) for drop in answer.dropped),
        ("times", _times(answer.ms, words)),
        ("generation", answer.generation),
    ]
    labels = [words.text(f"debug.{name}") for name, _ in facts]
    wide = max(map(len, labels)) + len(_GAP)
    return [
        Line(Text(value), wide, Text(label, _HEAD))
        for label, (_, value) in zip(labels, facts, strict=True)
    ]


def _traced(trace: Trace, words: Strings) -> list[tuple[str, str]]:
    """What the search made of the question, as far as there is anything to say."""
    language = words.language
    weights = sorted(trace.terms.items(), key=lambda item: (-item[1], item[0]))
    facts = [
        ("language", trace.language or ""),
        ("wanted", ", ".join(words.text(f"debug.wanted_{kind}") for kind in trace.wanted)),
        ("terms", ", ".join(f"{term} {number(weight, language, 1)}" for term, weight in weights)),
    ]
    if trace.passages:
        _, _, cosine, keyword = trace.passages[0]
        best = words.text(
            "debug.best_passage",
            count=len(trace.passages),
            meaning=number(cosine, language, 2),
            words=number(keyword, language, 2),
        )
        facts.append(("passages", best))
    return [(name, one_line(value)) for name, value in facts if value]


def _times(ms: Timing, words: Strings) -> str:
    search, answer, total = (
        number(value, words.language, 1) for value in (ms.search, ms.answer, ms.total)
    )
    return words.text("debug.milliseconds", search=search, answer=answer, total=total)


def _confidence(confidence: float, threshold: float, words: Strings) -> str:
    shown = (number(value, words.language, 2) for value in (confidence, threshold))
    return words.text("debug.needed", confidence=next(shown), threshold=next(shown))


def _candidates(answer: Answer, words: Strings, width: int | None) -> Page:
    """One row a sentence: score, citation number, article, sentence."""
    cited = {(c.article, c.start): f"[{c.n}]" for c in answer.citations}
    heads = [words.text(f"debug.{name}") for name in ("score", "cited", "article", "sentence")]
    rows = [
        _row(item, cited.get((item.article, item.start), ""), words) for item in answer.evidence
    ]
    wide = [max(cell_len(row[column]) for row in [heads, *rows]) for column in range(3)]
    if width is not None:
        wide[2] = min(wide[2], _KEY_WIDTH)
    rest = None if width is None else max(_LEAST, width - sum(wide) - 3 * len(_GAP))
    page = [Line(Text(_laid_out(heads, wide, rest), _HEAD))]
    for row in rows:
        page.append(Line(Text(_laid_out(row, wide, rest), _CITED if row[1] else "")))
    return page


def _row(item: EvidenceItem, cited: str, words: Strings) -> list[str]:
    score = number(item.score, words.language, 2)
    return [score, cited, one_line(item.article), readable(item.quote)]


def _laid_out(row: list[str], wide: list[int], rest: int | None) -> str:
    score, cited, key, sentence = row
    cells = [
        set_cell_size(score, wide[0]),
        set_cell_size(cited, wide[1]),
        set_cell_size(_end_of(key, wide[2]), wide[2]),
        sentence if rest is None else _start_of(sentence, rest),
    ]
    return _GAP.join(cells).rstrip()


def _start_of(text: str, width: int) -> str:
    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"


def _end_of(text: str, width: int) -> str:
    """A path's end says more than its start."""
    if cell_len(text) <= width:
        return text
    while cell_len(text) > width - 1:
        text = text[1:]
    return "…" + text
