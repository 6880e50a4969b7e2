from __future__ import annotations

import string
from pathlib import Path

import pytest

from bot.render.strings import Strings, languages, load_strings, long_date, number, strings


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def needs(texts: Strings, key: str) -> set[str] | int:
    """What a translation must agree on: a text's placeholders, a list's length."""
    value = texts.templates[key]
    return placeholders(value) if isinstance(value, str) else len(value)


def test_the_languages_are_german_and_english():
    assert languages() == ("de", "en")


def test_the_languages_have_the_same_keys():
    assert strings("de").templates.keys() == strings("en").templates.keys()


def test_no_text_is_empty():
    for language in languages():
        for key, value in strings(language).templates.items():
            for text in [value] if isinstance(value, str) else value:
                assert text, key
                # A thousands separator may be a lone space; nothing else may.
                assert text == text.strip() or key.startswith("format."), key


def test_the_languages_have_the_same_placeholders():
    german, english = strings("de"), strings("en")
    for key in german.templates:
        if key.endswith(".one"):  # "ein Artikel" may leave out what "{count} Artikel" says
            continue
        assert needs(german, key) == needs(english, key), key


def test_the_one_form_asks_for_nothing_that_the_other_form_lacks():
    for language in languages():
        texts = strings(language)
        for key in texts.templates:
            if key.endswith(".one"):
                other = key.removesuffix("one") + "other"
                one, more = needs(texts, key), needs(texts, other)
                assert isinstance(one, set)
                assert isinstance(more, set)
                assert one <= more, key


def test_text_is_found_by_its_dotted_name_and_filled_in():
    assert strings("de").text("repl.error", message="kaputt {x}") == "Fehler: kaputt {x}"
    assert strings("en").text("answer.page", page=3) == "p. 3"


def test_refusals_are_german_or_english():
    assert strings("de").text("answer.refusal") == "Dazu finde ich in den Artikeln nichts Belegtes."
    english = "I find nothing in the articles that answers this."
    assert [strings(code).text("answer.refusal") for code in ("en", "tr", "ru", None)] == [
        english
    ] * 4


@pytest.mark.parametrize(
    ("asked", "got"),
    [("de", "de"), ("de-AT", "de"), ("DE_de", "de"), ("fr", "en"), ("", "en"), (None, "en")],
)
def test_an_unknown_language_gets_english(asked: str | None, got: str):
    assert strings(asked).language == got


def test_a_missing_text_or_value_is_an_error():
    with pytest.raises(KeyError):
        strings("de").text("talk.nothing")
    with pytest.raises(KeyError):
        strings("de").text("repl.error")
    with pytest.raises(KeyError):
        strings("de").text("format.months")
    with pytest.raises(KeyError):
        strings("de").words("format.date")


def test_counted_texts():
    german = strings("de")
    assert german.counted("repl.welcome", 1) == "belegbot: ein Artikel"
    assert german.counted("repl.welcome", 0) == "belegbot: 0 Artikel"
    assert german.counted("repl.welcome", 1028) == "belegbot: 1.028 Artikel"
    assert strings("en").counted("repl.welcome", 1028) == "belegbot: 1,028 articles"


def test_dates():
    assert long_date("2024-11-09", "de") == "9. November 2024"
    assert long_date("2024-11-09", "en") == "9 November 2024"
    assert long_date("2022-03-01", "de") == "1. März 2022"
    assert long_date("2022-03-01", "es") == "1 March 2022"
    assert long_date(None, "de") == ""
    assert long_date("im Herbst", "de") == "im Herbst"


def test_numbers():
    assert number(1028, "de") == "1.028"
    assert number(1028, "en") == "1,028"
    assert number(0.8712, "de", 2) == "0,87"
    assert number(1234567.25, "de", 1) == "1.234.567,2"
    assert number(1234567.25, "en", 1) == "1,234,567.2"


def test_another_builder_s_files_are_read_the_same_way(tmp_path: Path):
    (tmp_path / "chat_en.toml").write_text('[a]\nb = "c {d}"\n', encoding="utf-8")
    (tmp_path / "chat_de.toml").write_text('[a]\nb = "ä {d}"\n', encoding="utf-8")
    assert languages(tmp_path, "chat") == ("de", "en")
    assert load_strings(tmp_path, "chat", "de").text("a.b", d=1) == "ä 1"
    assert load_strings(tmp_path, "chat", "it").text("a.b", d=1) == "c 1"
