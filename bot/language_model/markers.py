"""A model's stream cut into sentences with their citation numbers, as it comes."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBERS = r"\^?\s*\d{1,3}(?:\s*[,;&–-]\s*\^?\s*\d{1,3})*"
_MARKER = re.compile(
    rf"\s*[\[【(]\s*(?:(?:Quellen?|Sources?|Nr\.?|No\.?)\s*)?({_NUMBERS})(?:†[^】\]]{{0,80}})?\s*[\]】)]"
)
_HALF_MARKER = re.compile(r"\s*(?:[\[【][^\]】\n]{0,90})?$")
_STOP = re.compile(r"[.!?…]+[\"”“»«’')]*")
_BULLET = re.compile(r"^\s*(?:[-*•–]\s+|\d{1,2}[.)]\s+|#{1,6}\s+)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:z|d|u|o|a|i|v|n|St|Dr|Prof|Nr|No|Art|Abs|ca|bzw|etc|vgl|Mr|Mrs|Ms|Jr|Sr|Mio|Mrd"
    r"|Inc|Ltd|vs|approx|e\.g|i\.e|U\.S|u\.a|z\.B|d\.h|[A-ZÄÖÜ]))$"
)
_ORDINAL = re.compile(r"(?<![\d.,:])\d{1,2}$")
MOST_CHARACTERS = 700
"""A longer sentence is no claim."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a model.

    Attributes:
        text: Without its markers.
        numbers: The sources it names, each once, in order.
        finished: False for what the end of the stream cut off.
    """

    text: str
    numbers: tuple[int, ...]
    finished: bool = True


class SentenceStream:
    """Takes a stream in pieces of any size and gives back each sentence once it is whole.

    A sentence is whole when the next one begins, its line ends, or, where it has its markers
    before the full stop, with the blank behind that.
    """

    def __init__(self) -> None:
        self._held = ""

    def feed(self, piece: str) -> list[Sentence]:
        """The sentences that this piece completes."""
        self._held += piece.replace("\r", "")
        found = []
        while (cut := self._boundary()) is not None:
            sentence, self._held = self._held[:cut], self._held[cut:].lstrip(" ")
            found += _sentence(sentence)
        if len(self._held) > MOST_CHARACTERS:
            found += _sentence(self._held, finished=False)
            self._held = ""
        return found

    def close(self) -> list[Sentence]:
        """What is left when the stream has ended."""
        rest, self._held = self._held.strip(), ""
        marked = list(_MARKER.finditer(rest))
        ends = bool(marked) and marked[-1].end() == len(rest)
        return _sentence(rest, finished=ends or bool(re.search(r"[.!?…][\"”“»«’')]*$", rest)))

    def _boundary(self) -> int | None:
        """Where the first sentence ends, if that can be told yet."""
        line_end = self._held.find("\n")
        for stop in _STOP.finditer(self._held):
            if 0 <= line_end < stop.start():
                break
            cut = self._after_stop(stop)
            if cut is not None:
                return cut
        return line_end + 1 if line_end >= 0 else None

    def _after_stop(self, stop: re.Match[str]) -> int | None:
        """Where the sentence of this full stop ends; None: nowhere, or not yet known."""
        held, end = self._held, stop.end()
        before = held[: stop.start()]
        if stop[0].startswith(".") and (_ABBREVIATION.search(before) or _is_ordinal(before)):
            return None
        while marker := _MARKER.match(held, end):
            end = marker.end()
        rest = held[end:]
        if marked_behind := end > stop.end():
            end += len(rest) - len(rest.lstrip(".")) if rest.startswith(".") else 0
            rest = held[end:]
        if not rest.strip():
            whole = bool(rest) and (marked_behind or bool(_MARKER.search(before)))
            return end if whole else None
        if _HALF_MARKER.fullmatch(rest):
            return None
        begins = rest.lstrip()[0]
        parted = rest[0].isspace() or marked_behind
        return end if parted and not begins.islower() else None


def _is_ordinal(before: str) -> bool:
    """Whether a full stop belongs to a day ("am 9. November") rather than end a sentence."""
    return bool(_ORDINAL.search(before))


def _sentence(raw: str, *, finished: bool = True) -> list[Sentence]:
    numbers: list[int] = []
    for marker in _MARKER.finditer(raw):
        numbers += _expanded(marker[1])
    text = _BULLET.sub("", " ".join(_MARKER.sub("", raw).split())).strip()
    if not re.search(r"\w", text):
        return []
    return [Sentence(text, tuple(dict.fromkeys(numbers)), finished)]


def _expanded(numbers: str) -> list[int]:
    """``1, 3`` and ``1-3`` as their numbers."""
    found: list[int] = []
    for part in re.split(r"[,;&]", numbers.replace("^", "")):
        ends = [int(number) for number in re.findall(r"\d+", part)]
        if len(ends) == 2 and 0 < ends[1] - ends[0] < 10:
            found += range(ends[0], ends[1] + 1)
        else:
            found += ends
    return found
