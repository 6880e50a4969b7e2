"""Any other model, run by sentence-transformers with the model's own prompts."""

from __future__ import annotations

import json
import logging as logging_
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xxhash

from index.articles import Span
from index.encoder.documents import VIEW, encode_by_sentences
from index.encoder.protocol import DocumentVectors, Vectors
from index.encoder.windows import unit
from index.errors import ModelError

_DOCUMENT_PROMPTS = ("document", "passage", "corpus")
_BATCH = 16
_AT_ONCE = 64  # texts between two reports of progress


def load(model: str) -> ForeignEncoder:
    """Loads a sentence-transformers model by name or folder.

    Raises:
        ModelError: There is no such model, or it is not one for embeddings.
    """
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    disable_progress_bar: Callable[[], None] = logging.disable_progress_bar
    disable_progress_bar()
    # What goes wrong is said in one line of our own.
    logging_.getLogger("sentence_transformers").setLevel(logging_.ERROR)
    try:
        found = SentenceTransformer(model)
    except Exception as error:  # the library passes on whatever its many parts raise
        raise ModelError(_complaint(model, error)) from error
    if not found.get_embedding_dimension():
        raise ModelError(f"The model {model} makes no vectors; choose a sentence-transformers one")
    return ForeignEncoder(model, found)


class ForeignEncoder:
    """A sentence-transformers model; see ``Encoder``."""

    reader = None

    def __init__(self, name: str, model: Any) -> None:
        self.name = name
        self.dimension = int(model.get_embedding_dimension())
        self.fingerprint = _fingerprint(model)
        self._model = model
        prompts = {kind: text for kind, text in model.prompts.items() if text}
        self._question_prompt: str = prompts.get("query", "")
        self._document_prompt: str = next(
            (prompts[kind] for kind in _DOCUMENT_PROMPTS if kind in prompts), ""
        )

    def encode_documents(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]],
        *,
        on_done: Callable[[int], None] | None = None,
    ) -> DocumentVectors:
        """See ``Encoder``."""
        return encode_by_sentences(texts, spans, self._documents, on_done)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """See ``Encoder``."""
        return self._unit_rows(self._model.encode_query, list(texts), self._question_prompt)

    def _documents(self, texts: list[str], on_done: Callable[[int], None]) -> Vectors:
        parts = [np.zeros((0, self.dimension), np.float32)]
        for at in range(0, len(texts), _AT_ONCE):
            part = texts[at : at + _AT_ONCE]
            parts.append(self._unit_rows(self._model.encode_document, part, self._document_prompt))
            on_done(len(part))
        return np.concatenate(parts)

    def _unit_rows(self, encode: Callable[..., Any], texts: list[str], prompt: str) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        rows = encode(texts, prompt=prompt, batch_size=_BATCH, show_progress_bar=False)
        return unit(np.asarray(rows, np.float32))


def _fingerprint(model: Any) -> str:
    """From the weights, the modules and their settings, the vocabulary and the prompts."""
    import torch

    digest = xxhash.xxh3_64()
    vocabulary = sorted(model.tokenizer.get_vocab().items())
    digest.update(json.dumps([VIEW, repr(model), model.prompts, vocabulary]).encode())
    for name, values in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(values.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy())
    return digest.hexdigest()


def _complaint(model: str, error: Exception) -> str:
    if Path(model).is_dir():
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        return f"The folder {model} is no complete sentence-transformers model: {reason}"
    return (
        f"The embedding model {model} was not found: give the folder of a sentence-transformers "
        "model, a name that the model hub knows, or bundled"
    )
