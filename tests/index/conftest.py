"""What the tests of the index share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.index.folders import Folders, make_seeds


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    made = Folders(tmp_path)
    make_seeds(made.seeds, 12)
    return made
