"""A model behind its bounds: down, slow, cut off, babbling, refused, paused, back again."""

from __future__ import annotations

import pytest

from bot.language_model.breaker import CircuitBreaker
from bot.language_model.endpoint import language_model
from bot.language_model.speaking import Bounds, LanguageModelError, Message, Speaker
from tests.fake_llm import FakeModel, Reply, saying

HELLO = [Message("user", "Hallo")]
QUICK = Bounds(
    first_seconds=1.5, pause_seconds=0.3, total_seconds=3.0, characters=200, retry_after_seconds=0.0
)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module", autouse=True)
def _imported() -> None:
    """The client's imports and first call take a second or two, once."""
    with FakeModel(saying("bereit")) as model:
        Speaker(lambda: language_model(model.url, "x", "")).say(HELLO)


def speaker(url: str, breaker: CircuitBreaker | None = None) -> Speaker:
    return Speaker(lambda: language_model(url, "scripted", ""), bounds=QUICK, breaker=breaker)


def test_streams_what_the_model_says() -> None:
    with FakeModel(saying("Guten Tag!")) as model:
        assert speaker(model.url).say(HELLO) == "Guten Tag!"
        asked = model.requests[0]
    assert asked["messages"] == [{"role": "user", "content": "Hallo"}]
    assert (asked["model"], asked["stream"], asked["max_tokens"]) == ("scripted", True, 400)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_one_retry_after_an_error(status: int) -> None:
    with FakeModel(Reply(status=status), saying("Doch noch.")) as model:
        assert speaker(model.url).say(HELLO) == "Doch noch."
        assert len(model.requests) == 2


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=500),
        Reply(status=429),
        Reply(content_type="text/html"),
        Reply(),
        saying("nie", wait=5.0),
        saying("langsam, sehr langsam", pause=1.0),
        saying("mitten im Satz abgebrochen", garbage_after=2),
    ],
    ids=["500", "429", "wrong type", "silent", "slow to begin", "slow", "malformed"],
)
def test_every_failure_is_one_error(reply: Reply) -> None:
    with FakeModel(reply) as model, pytest.raises(LanguageModelError):
        speaker(model.url).say(HELLO)


def test_nobody_listens() -> None:
    with pytest.raises(LanguageModelError):
        speaker("http://127.0.0.1:9/v1").say(HELLO)


def test_endless_output_ends() -> None:
    with FakeModel(Reply(("bla ",), endless=True)) as model:
        said = speaker(model.url).say(HELLO)
    assert 200 <= len(said) <= 204


def test_the_breaker_opens_pauses_and_closes() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock, failures=2, pause_seconds=60)
    with FakeModel(*[Reply(status=500)] * 6, saying("Wieder da.")) as model:
        one = speaker(model.url, breaker)
        for _ in range(2):
            with pytest.raises(LanguageModelError):
                one.say(HELLO)
        assert len(model.requests) == 4  # each with its retry
        with pytest.raises(LanguageModelError, match="paused"):
            one.say(HELLO)
        assert len(model.requests) == 4
        clock.now = 61
        with pytest.raises(LanguageModelError):
            one.say(HELLO)  # on trial, and failed
        with pytest.raises(LanguageModelError, match="paused"):
            one.say(HELLO)
        clock.now = 122
        assert one.say(HELLO) == "Wieder da."
        assert one.say(HELLO) == "Wieder da."


def test_one_trial_at_a_time() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock, failures=1, pause_seconds=10)
    breaker.failed()
    assert not breaker.lets_through()
    clock.now = 10
    assert [breaker.lets_through(), breaker.lets_through()] == [True, False]
    breaker.succeeded()
    assert [breaker.lets_through(), breaker.lets_through()] == [True, True]
