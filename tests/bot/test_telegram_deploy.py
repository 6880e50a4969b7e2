"""The unit in docs/deploy.md is one that systemd takes."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "docs" / "deploy.md"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_the_unit_is_valid(tmp_path: Path) -> None:
    found = re.search(r"```ini\n(.*?)```", DEPLOY.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    unit = tmp_path / "belegbot.service"
    program = "/opt/belegbot/.venv/bin/belegbot telegram"
    assert program in found[1]
    unit.write_text(found[1].replace(program, "/bin/true"), encoding="utf-8")
    command = ["systemd-analyze", "verify", str(unit)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (result.returncode, result.stderr.strip()) == (0, "")
