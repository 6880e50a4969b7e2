"""Generations on disk: complete, immutable states of the index."""

from __future__ import annotations

from index.storage.articles import Card, article_hash, article_uid
from index.storage.generation import Generation, StoredArticle, StoredPassage
from index.storage.history import History, PastVersion
from index.storage.manifest import REBUILD, Manifest, Model
from index.storage.opening import current_name, open_current

__all__ = [
    "REBUILD",
    "Card",
    "Generation",
    "History",
    "Manifest",
    "Model",
    "PastVersion",
    "StoredArticle",
    "StoredPassage",
    "article_hash",
    "article_uid",
    "current_name",
    "open_current",
]
