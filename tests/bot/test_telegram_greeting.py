"""The example in the greeting: out of the index, and one that the bot does answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.intents import Intent, small_talk
from bot.telegram_app.desk import texts_in
from index.errors import NoIndexError
from tests.bot.telegram_world import SmallAssistant, serving
from tests.fake_bot_api import FakeBotApi


class Empty(SmallAssistant):
    """Has read nothing."""

    def cards(self) -> Sequence[Any]:
        return []


class NoIndex(SmallAssistant):
    """Has no index."""

    def cards(self) -> Sequence[Any]:
        raise NoIndexError("there is none")


@pytest.mark.parametrize("assistant", [Empty(), NoIndex()])
async def test_without_articles_there_is_no_example(
    tmp_path: Path, assistant: SmallAssistant
) -> None:
    async with FakeBotApi() as api, serving(api, tmp_path, assistant):
        anna = api.person("Anna")
        anna.says("/start")
        paragraphs = (await anna.hears()).text.split("\n\n")
        assert paragraphs[1:] == ["Just ask.", "/help shows what else I can do."]


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_example_is_answered_whatever_was_read(language: str) -> None:
    example = texts_in(language).text("example.newest", title="")
    question = re.search(r": (.+\?)\n", example)
    assert question is not None
    assert small_talk(question[1]) is Intent.COLLECTION_NEWS
