"""The golden set as a table, with what went wrong: ``python -m tools.golden [-v]``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import platformdirs

from bot.answering import Answerer
from bot.assistant import Assistant
from bot.library import Library
from index.build import build
from index.encoder import load
from tests.golden.scoring import score

ROOT = Path(__file__).parents[1]


def main() -> None:
    encoder = load("bundled", Path(platformdirs.user_cache_dir("belegbot")))
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        build(ROOT / "seeds", index, lambda: encoder)
        library = Library(index, lambda: encoder)
        assistant = Assistant(library, Answerer(library))
        for name in ("questions", "unanswerable", "followups", "time"):
            scored = list(score(assistant, name))
            right = sum(one.right for one in scored)
            print(f"{name:<14}{right:>4} of {len(scored):<4} {right / len(scored):.1%}")
            for one in scored:
                if not one.right:
                    answer = one.answer
                    asked = answer.rewritten or answer.question
                    print(f"  {one.id:<16}{asked}\n      {answer.confidence:.2f} {answer.answer}")
                    if "-v" in sys.argv[1:]:
                        for item in answer.evidence:
                            print(f"        {item.score:.2f} {item.article}: {item.quote[:110]!r}")
        assistant.close()


if __name__ == "__main__":
    main()
