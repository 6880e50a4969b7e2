"""Which sentence of an excerpt answers a question, by reading both together."""

from __future__ import annotations

from index.reader.reader import Excerpt, Reader, Reading
from index.reader.weights import PATH, changes, head

__all__ = ["PATH", "Excerpt", "Reader", "Reading", "changes", "head"]
