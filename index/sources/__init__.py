"""Files of every format into articles; each bad one into a reason a person can act on."""

from __future__ import annotations

from index.sources.outcome import FileRead, Skipped
from index.sources.reading import Reader
from index.sources.scanning import Found, Scan, scan

__all__ = ["FileRead", "Found", "Reader", "Scan", "Skipped", "scan"]
