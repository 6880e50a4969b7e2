"""What several test files share."""

from __future__ import annotations

import os

os.environ["HF_HUB_OFFLINE"] = "1"  # before any import of the hub's client

from collections.abc import Iterator
from pathlib import Path

import platformdirs
import pytest

from bot.answering import Answerer
from bot.assistant import Assistant
from bot.library import Library
from index.build import build
from index.encoder import Encoder, load

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"

MODELS = Path(platformdirs.user_cache_dir("belegbot-tests"))
"""Kept over test runs, so that the bundled model is rebuilt once a machine."""


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The bundled model."""
    return load("bundled", MODELS)


@pytest.fixture(scope="session")
def seeds_index(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index over the project's own articles. Tests only read it."""
    index = tmp_path_factory.mktemp("seeds") / "index"
    build(SEEDS, index, lambda: encoder)
    return index


@pytest.fixture(scope="session")
def seeds_assistant(encoder: Encoder, seeds_index: Path) -> Iterator[Assistant]:
    """The program over that index."""
    library = Library(seeds_index, lambda: encoder)
    assistant = Assistant(library, Answerer(library))
    yield assistant
    assistant.close()
