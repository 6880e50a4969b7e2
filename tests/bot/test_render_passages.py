from __future__ import annotations

import unicodedata

from hypothesis import assume, given
from hypothesis import strategies as st

from bot.render.passages import Marked, clean, marked, one_line, readable, shortened

HOSTILE = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from("\x1b\x9b\x9d\x07\x08\r\n\t[]()*_`#>&;m8\\\u202e\u2066\u2028\ue000\ue001"),
    )
)


def test_terminal_escapes_vanish_whole():
    assert clean("a\x1b[31mrot\x1b[0m b") == "arot b"
    assert clean("\x1b]0;neuer Titel\x07Text") == "Text"
    assert clean("\x1b]8;;http://x.y\x1b\\Link\x1b]8;;\x1b\\!") == "Link!"
    assert clean("Text \x1bPq…\x1b\\Ende") == "Text Ende"
    assert clean("\x1bcText\x1b") == "Text"


def test_a_stray_introducer_takes_nothing_with_it():
    assert clean("\x1b]Ein ganzer Artikel.\nEnde.") == "Ein ganzer Artikel.\nEnde."
    assert clean("\x9bText\x98 in \x9dfalscher\x9c Kodierung") == "Text in falscher Kodierung"


def test_control_characters_and_reordering_marks_vanish():
    assert clean("a\x00b\x08c\x7fd\u202ee\u2066f") == "abcdef"


def test_line_breaks_of_all_kinds_become_newlines():
    assert clean("a\r\nb\rc\u2028d\x85e\tf") == "a\nb\nc\nd\ne\tf"
    assert one_line(" a\r\nb\u2028 c\t") == "a b c"


def test_words_of_any_script_stay():
    text = "Grüße, „Straße“ – Привет, İstanbul, 東京 👩‍👩‍👧 [bold] e\u0301"
    assert clean(text) == text


def test_markup_is_stripped_for_people():
    assert readable("Am **9. November** sagte\n[er](http://x.y/a_b) `ja`.") == (
        "Am 9. November sagte er ja."
    )


@given(HOSTILE)
def test_nothing_that_moves_a_cursor_is_left(text: str):
    shown = clean(text)
    assert all(unicodedata.category(c) != "Cc" or c in "\n\t" for c in shown)
    assert clean(shown) == shown
    shown.encode("utf-8")


def test_a_quote_is_marked_between_what_stands_around_it():
    passage = marked("Zuvor war **Ruhe. ", "Dann *fiel* die Mauer", "** an einem Abend.\n\nEnde.")
    assert passage == Marked("Zuvor war Ruhe. ", "Dann fiel die Mauer", " an einem Abend.\n\nEnde.")


def test_paragraphs_and_list_items_stay_apart():
    passage = marked("Eins.\n\n\n\nZwei.\n", "Drei.", "\n\n- vier\n- fünf\n1. sechs")
    assert passage == Marked("Eins.\n\nZwei. ", "Drei.", "\n\n- vier\n- fünf\n1. sechs")


def test_a_quote_inside_a_link_s_address_is_still_marked():
    passage = marked("Siehe [hier](http://x.y/", "quote", ") dort.")
    assert passage.quote == "quote"


@given(HOSTILE, HOSTILE, HOSTILE)
def test_marking_never_fails_nor_leaves_its_own_marks(before: str, quote: str, after: str):
    passage = marked(before, quote, after)
    assert not {"\ue000", "\ue001"} & set("".join(passage))
    shortened(passage, 10)


@given(*[st.text(alphabet="abc .")] * 3)
def test_text_without_markup_is_marked_as_it_is(before: str, quote: str, after: str):
    assume(quote.strip())
    passage = marked(before, quote, after)
    assert "".join(passage).split() == (before + quote + after).split()
    assert passage.quote.split() == quote.split()


def test_surroundings_are_shortened_at_words():
    passage = Marked("eins zwei drei vier ", "Quote.", " fünf sechs sieben")
    assert shortened(passage, 10) == Marked("…\u00a0vier ", "Quote.", " fünf\u00a0…")
    assert shortened(passage, 100) == passage
    assert shortened(Marked("", "Quote.", ""), 5) == Marked("", "Quote.", "")


def test_surroundings_end_with_the_paragraph():
    passage = Marked("Titel.\n\nZuvor. ", "Quote.", " Danach.\n- eins\n\nEnde.")
    assert shortened(passage, 20) == Marked("Zuvor. ", "Quote.", " Danach.")
    assert shortened(Marked("Zuvor.\n\n", "Quote.", "\n\nDanach."), 20) == Marked("", "Quote.", "")


def test_a_cut_that_is_there_already_is_not_marked_twice():
    passage = Marked("…eins zwei drei ", "Quote.", " vier fünf sechs…")
    assert shortened(passage, 100) == passage
    assert shortened(passage, 12) == Marked("…\u00a0zwei drei ", "Quote.", " vier fünf\u00a0…")
