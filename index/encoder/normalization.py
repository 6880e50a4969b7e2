"""The bundled model's view of a text, and where each of its characters came from.

Unicode NFC first, then the model file's own replacements, then runs of spaces to one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_SPACE = ord(" ")
# Nothing before an ASCII character ever composes with it, so NFC can be taken run by run.
_RUN = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]*")


@dataclass(frozen=True, slots=True)
class Normalized:
    """A normalised text.

    Attributes:
        text: What the model reads.
        origins: Shape (characters + 1,): for each character of ``text`` the place of the
            character of the source that it came from; last, the source's length.
    """

    text: str
    origins: NDArray[np.int64]


class Normalizer:
    """Applies NFC, the replacements and the collapsing of spaces."""

    def __init__(self, replacements: Mapping[int, str]) -> None:
        self._replacements = dict(replacements)
        self._lengths = np.ones(max(replacements, default=0) + 2, np.uint8)
        for code_point, text in replacements.items():
            self._lengths[code_point] = len(text)

    def __call__(self, text: str, prefix: str = "") -> Normalized:
        """Normalises ``prefix + text``; the prefix's characters come from place 0 of the text.

        The prefix is ASCII and takes part in the collapsing of spaces.
        """
        composed, origins = _compose(text)
        composed = prefix + composed
        origins = np.concatenate([np.zeros(len(prefix), np.int64), origins])
        codes = _code_points(composed)
        lengths = self._lengths[np.minimum(codes, len(self._lengths) - 1)]
        replaced = composed.translate(self._replacements)
        origins = np.append(np.repeat(origins[:-1], lengths), origins[-1])
        codes = _code_points(replaced)
        doubled = np.zeros(len(codes) + 1, bool)
        doubled[1:-1] = (codes[1:] == _SPACE) & (codes[:-1] == _SPACE)
        if doubled.any():
            replaced = codes[~doubled[:-1]].astype("<u4").tobytes().decode("utf-32-le")
        return Normalized(replaced, origins[~doubled])


def _code_points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def _compose(text: str) -> tuple[str, NDArray[np.int64]]:
    """NFC of a text, with the origin of each character and the text's length at the end."""
    if unicodedata.is_normalized("NFC", text):
        return text, np.arange(len(text) + 1)
    parts: list[str] = []
    origins: list[int] = []
    for run in _RUN.finditer(text):
        composed = unicodedata.normalize("NFC", run.group())
        parts.append(composed)
        origins += _run_origins(run.group(), composed, run.start())
    return "".join(parts), np.array([*origins, len(text)], np.int64)


def _run_origins(run: str, composed: str, start: int) -> list[int]:
    """Origins inside one run: by its base characters where these say it all, else its start."""
    if run == composed:
        return list(range(start, start + len(run)))
    edges = [0, *(i for i in range(1, len(run)) if not unicodedata.combining(run[i])), len(run)]
    pieces = [(a, unicodedata.normalize("NFC", run[a:b])) for a, b in pairwise(edges)]
    if "".join(piece for _, piece in pieces) != composed:
        return [start] * len(composed)
    return [start + at for at, piece in pieces for _ in piece]
