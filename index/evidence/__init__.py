"""Evidence: the sentences chosen to answer a question, and how sure they are."""

from __future__ import annotations

from index.evidence.find import find_evidence
from index.evidence.result import Candidate, Evidence, Query, Trace

__all__ = ["Candidate", "Evidence", "Query", "Trace", "find_evidence"]
