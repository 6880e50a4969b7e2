"""The language model that the settings name: any OpenAI-compatible endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.language_model.speaking import Bounds

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

CONTEXT_TOKENS = 4096
"""What every model of today can read at once; prompts stay far below."""
ANSWER_TOKENS = 400


def language_model(url: str, model: str, api_key: str, bounds: Bounds | None = None) -> LLM:
    """An ``OpenAILike`` for an endpoint; importing what it needs takes about a second.

    Args:
        url: Root of the API, such as ``http://localhost:11434/v1``; without a path ``/v1``
            is added.
        model: Name of the model there.
        api_key: May be empty for a local server.
        bounds: Time-outs.
    """
    from llama_index.llms.openai_like import OpenAILike

    bounds = bounds or Bounds()
    made: LLM = OpenAILike(
        model=model or "default",
        api_base=url if urlsplit(url).path.strip("/") else f"{url.rstrip('/')}/v1",
        api_key=api_key or "none",
        is_chat_model=True,
        is_function_calling_model=False,
        context_window=CONTEXT_TOKENS,
        max_tokens=ANSWER_TOKENS,
        temperature=0.0,
        max_retries=0,
        timeout=bounds.first_seconds,
    )
    return made
