"""A build in a process of its own, to be killed or starved: ``python -m`` with a few words.

Arguments: seeds, index, seconds a passage, log of passages embedded, largest file in bytes
(0: no limit).
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from index.build import build
from index.errors import BelegError
from tests.index.hashing import HashingEncoder


def main() -> int:
    seeds, index, seconds, log, largest = sys.argv[1:]
    if int(largest):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(largest), int(largest)))
    encoder = HashingEncoder(seconds=float(seconds), log=Path(log) if log else None)
    try:
        report = build(Path(seeds), Path(index), lambda: encoder)
    except BelegError as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 1
    sys.stdout.write(f"{report.generation} {report.embedded} {report.resumed}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
