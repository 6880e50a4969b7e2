"""Text embedding models behind one protocol."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from index.encoder.protocol import DocumentVectors, Encoder, Vectors

__all__ = ["BUNDLED", "DocumentVectors", "Encoder", "Vectors", "fingerprint", "load"]

BUNDLED = "bundled"


def load(model: str, cache: Path, *, on_step: Callable[[str], None] | None = None) -> Encoder:
    """Loads an embedding model, ready to encode.

    Args:
        model: ``bundled``, or the name or folder of a sentence-transformers model.
        cache: Folder in which the bundled model is rebuilt once and found again.
        on_step: Called with a few words before each stage of that rebuilding.

    Raises:
        ModelError: The model is missing, damaged or not one for embeddings.
    """
    if model == BUNDLED:
        from index.encoder.bundled import load as load_bundled

        return load_bundled(cache, on_step)
    from index.encoder.foreign import load as load_foreign

    return load_foreign(model)


def fingerprint(model: str) -> str | None:
    """The fingerprint of the encoder that ``load`` would give; None: it must be loaded first."""
    if model != BUNDLED:
        return None
    from index.encoder.folder import fingerprint as of_bundled

    return of_bundled()
