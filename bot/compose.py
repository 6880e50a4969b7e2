"""The composition root: the one place that turns settings into objects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.answering import Answerer
from bot.assistant import Assistant
from bot.freshness import Keeper
from bot.library import Library
from bot.settings import Settings
from index.encoder import fingerprint, load

if TYPE_CHECKING:
    from bot.language_model.writing import Writer
    from index.build import BuildReport, Progress
    from index.encoder import Encoder


@dataclass(frozen=True, slots=True)
class Program:
    """Settings with the options of one call laid over them.

    ``seeds_named``: somebody named the seeds folder; it is not the default.
    """

    settings: Settings
    seeds: Path
    index: Path
    seeds_named: bool = False

    def encoder(self) -> Encoder:
        """The embedding model that the settings name.

        Raises:
            ModelError: It is missing, damaged or wrong.
        """
        return load(self.settings.embed_model, self.settings.cache_dir)

    def build(self, *, rebuild: bool = False, progress: Progress | None = None) -> BuildReport:
        """Brings the index up to date with the seeds folder.

        Raises:
            BelegError: The folders or the model cannot be used.
        """
        from index.build import build

        return build(self.seeds, self.index, self.encoder, rebuild=rebuild, progress=progress)

    def assistant(self) -> Assistant:
        """What front ends talk to; opens nothing before the first question."""
        model = self.settings.embed_model
        library = Library(self.index, self.encoder, lambda: fingerprint(model), model)
        answerer = Answerer(
            library, min_confidence=self.settings.min_confidence, writer=self.writer()
        )
        return Assistant(library, answerer)

    def writer(self) -> Writer | None:
        """The language model that the settings name, if they name one; asks it nothing."""
        settings = self.settings
        if not settings.llm_url:
            return None
        from bot.language_model.writing import Writer

        key = settings.llm_api_key.get_secret_value()
        return Writer.at(settings.llm_url, settings.llm_model, key)

    def kept_fresh(self, assistant: Assistant) -> Keeper[BuildReport]:
        """A context in which the assistant's index follows the seeds folder."""
        return Keeper(self.seeds, assistant.library, self.refresher(assistant))

    def refresher(self, assistant: Assistant) -> Callable[[Progress | None], BuildReport]:
        """Builds with the assistant's own model, then lets it take up the new generation."""
        from index.build import build

        library = assistant.library

        def refresh(progress: Progress | None = None) -> BuildReport:
            report = build(self.seeds, self.index, lambda: library.encoder, progress=progress)
            library.refresh()
            return report

        return refresh


def compose(settings: Settings, seeds: Path | None = None, index: Path | None = None) -> Program:
    """Lays a call's options over the settings."""
    named = seeds is not None or "seeds_dir" in settings.model_fields_set
    return Program(settings, seeds or settings.seeds_dir, index or settings.index_dir, named)
