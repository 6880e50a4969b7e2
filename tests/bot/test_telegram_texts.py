"""The texts of the Telegram bot: complete in every language, and no longer than they may be."""

from __future__ import annotations

import re
import string
from pathlib import Path

from bot.render.strings import languages
from bot.telegram_app.desk import HERE, texts_in
from tests.fake_bot_api import utf16_length


def fields(template: str) -> set[str]:
    """The placeholders of a template."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_every_language_has_every_text_with_the_same_placeholders() -> None:
    english = texts_in("en").templates
    assert languages(HERE, "texts") == ("de", "en")
    for language in languages(HERE, "texts"):
        templates = texts_in(language).templates
        assert templates.keys() == english.keys()
        for key, template in templates.items():
            assert fields(str(template)) == fields(str(english[key])), key
            assert str(template).strip() == template, key
            assert utf16_length(str(template)) < 2000, key


def test_texts_fit_where_they_stand() -> None:
    for language in languages(HERE, "texts"):
        texts = texts_in(language)
        for key, template in texts.templates.items():
            if key.startswith("commands."):
                assert 3 <= len(template) <= 60, key
            if key.startswith("buttons."):
                assert len(template) < 150, key
            if key.startswith("inline."):
                assert len(template) <= 64, key


def test_every_text_that_is_used_exists_and_every_text_is_used() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in Path(HERE).glob("*.py"))
    used = set(re.findall(r"\"([a-z_]+(?:\.[a-z_]+)*)\"", source))
    made = ("commands.", "index.reading", "index.embedding", "index.writing", "sources.period.")
    for key in texts_in("en").templates:
        whole = re.sub(r"\.(one|other)$", "", key)
        assert key.startswith(made) or key in used or whole in used, key
