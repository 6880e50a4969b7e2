"""A scripted server that speaks OpenAI's chat completions on loopback."""

from tests.fake_llm.server import FakeModel, Reply, saying

__all__ = ["FakeModel", "Reply", "saying"]
