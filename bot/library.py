"""The index as a running program sees it: always one whole generation, the newest there is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import BelegError, MismatchError
from index.storage import History, current_name, open_current

if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.storage import Generation


@dataclass(slots=True)
class _Lease:
    """A generation and how many readers hold it; closed by the last one once it is replaced."""

    generation: Generation
    readers: int = 0
    replaced: bool = False


class Library:
    """Hands out the current generation and the encoder that made it.

    Readers take a generation for one question and keep it until they are done, while a newer
    one may come in beside it. Safe to use from several threads.
    """

    def __init__(
        self,
        index: Path,
        encoder: Callable[[], Encoder],
        fingerprint: Callable[[], str | None] = lambda: None,
        model: str | None = None,
    ) -> None:
        """Opens nothing yet.

        Args:
            index: The index folder.
            encoder: Loads the model; called at the first question.
            fingerprint: Knows the model's fingerprint without loading it, or None.
            model: Its name, so that another one's index is refused before anything is loaded.
        """
        self._model = model
        self._fingerprint = fingerprint
        self._index = index
        self._load_encoder = encoder
        self._encoder: Encoder | None = None
        self._lease: _Lease | None = None
        self._lock = threading.RLock()
        self.history = History(index)

    @property
    def encoder(self) -> Encoder:
        """The embedding model, loaded at first need.

        Raises:
            ModelError: It is missing, damaged or wrong.
        """
        with self._lock:
            if self._encoder is None:
                self._encoder = self._load_encoder()
            return self._encoder

    @contextmanager
    def generation(self) -> Iterator[Generation]:
        """The newest generation, open until the block ends.

        Raises:
            NoIndexError: There is none yet.
            DamagedError: No healthy one is left.
            MismatchError: Another model or format version made it.
        """
        with self._lock:
            if self._lease is None:
                self._lease = _Lease(self._open())
            lease = self._lease
            lease.readers += 1
        try:
            yield lease.generation
        finally:
            with self._lock:
                lease.readers -= 1
                self._close_if_idle(lease)

    def refresh(self) -> bool:
        """Takes up a newer generation if there is one; True if so.

        A newer one that cannot be used here (damaged, or made by another model) is left alone:
        a process that runs keeps what it has.
        """
        with self._lock:
            old = self._lease
            if old is None or current_name(self._index) == old.generation.name:
                return False
            try:
                fresh = self._open()
            except BelegError:
                return False
            if fresh.name == old.generation.name:
                fresh.close()
                return False
            self._lease = _Lease(fresh)
            old.replaced = True
            self._close_if_idle(old)
            return True

    def close(self) -> None:
        """Lets go of the generation as soon as its last reader is done."""
        with self._lock:
            if self._lease is not None:
                self._lease.replaced = True
                self._close_if_idle(self._lease)
                self._lease = None

    def _open(self) -> Generation:
        generation = open_current(self._index)
        made_by = generation.manifest.model
        if self._model is not None and made_by.name != self._model:
            generation.close()
            raise MismatchError(_mismatch(made_by.name, self._model))
        if made_by.fingerprint != (self._fingerprint() or self.encoder.fingerprint):
            generation.close()
            raise MismatchError(_mismatch(made_by.name, self.encoder.name))
        return generation

    @staticmethod
    def _close_if_idle(lease: _Lease) -> None:
        if lease.replaced and lease.readers == 0:
            lease.generation.close()


def _mismatch(made_by: str, mine: str) -> str:
    if made_by == mine:
        return (
            f"the index was made by another version of the model {mine!r}: "
            "run 'belegbot index --rebuild'"
        )
    return (
        f"the index was made by the model {made_by!r}, the settings name {mine!r}: "
        "run 'belegbot index --rebuild', or set BELEGBOT_EMBED_MODEL back"
    )
