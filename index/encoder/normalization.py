"""The bundled model's view of a text.

Unicode NFC first, then the model file's own replacements, then runs of spaces to one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_SPACES = re.compile(" {2,}")


class Normalizer:
    """Applies NFC, the replacements and the collapsing of spaces."""

    def __init__(self, replacements: Mapping[int, str]) -> None:
        """``replacements``: what each code point becomes, maybe nothing."""
        self._replacements = dict(replacements)

    def __call__(self, text: str) -> str:
        """What the model reads of a text."""
        composed = unicodedata.normalize("NFC", text)
        return _SPACES.sub(" ", composed.translate(self._replacements))
