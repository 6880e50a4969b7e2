"""What several test files share."""

from __future__ import annotations

import os

os.environ["HF_HUB_OFFLINE"] = "1"  # before any import of the hub's client

from pathlib import Path

import platformdirs
import pytest

from index.encoder import Encoder, load

MODELS = Path(platformdirs.user_cache_dir("belegbot-tests"))
"""Kept over test runs, so that the bundled model is rebuilt once a machine."""


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The bundled model."""
    return load("bundled", MODELS)
