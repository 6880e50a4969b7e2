"""What machine a benchmark ran on, in a few words."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

_PACKAGES = ("numpy", "faiss-cpu", "onnxruntime", "torch", "sentence-transformers",
             "llama-index-core")  # fmt: skip


def about() -> dict[str, Any]:
    """Processor, cores, how busy it was, and versions."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "packages": {name: found for name in _PACKAGES if (found := _version(name))},
    }


def _processor() -> str:
    """The model's name and the vector instructions that matter to the figures."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    parted = (line.partition(":") for line in lines)
    facts = {name.strip(): value.strip() for name, _, value in parted}
    flags = set(facts.get("flags", "").split())
    known = [
        name for name in ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8") if name in flags
    ]
    return f"{facts.get('model name', platform.machine())} ({', '.join(known) or 'plain'})"


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
