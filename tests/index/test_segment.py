"""Sentences and passages: exact spans on small texts, and what must hold for any text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles import Article, Passage, Section, Span
from index.segment import MOST_TOKENS, TARGET_TOKENS, split, tokens


def article(text: str, *sections: Section, language: str | None = None) -> Article:
    held = sections or (Section(Span(0, len(text))),)
    return Article(key="a.txt", text=text, title="T", sections=held, language=language)


def quotes(text: str, language: str | None = None) -> list[str]:
    passages = split(article(text, language=language))
    return [text[s.start : s.end] for passage in passages for s in passage.sentences]


GERMAN = [
    ("Eins ist da. Zwei auch.", ["Eins ist da.", "Zwei auch."]),
    (
        "Am 9. November 1989 fiel die Mauer. Das ist z. B. in Berlin bekannt.",
        ["Am 9. November 1989 fiel die Mauer.", "Das ist z. B. in Berlin bekannt."],
    ),
    (
        "Im 19. Jahrhundert begann es. Der 2. Weltkrieg endete 1945. Beim 5. Mal gelang es.",
        [
            "Im 19. Jahrhundert begann es.",
            "Der 2. Weltkrieg endete 1945.",
            "Beim 5. Mal gelang es.",
        ],
    ),
    (
        "Die Fa. Meier baute es. Dr. Müller kam. Es kostete 3,5 Mio. Euro.",
        ["Die Fa. Meier baute es.", "Dr. Müller kam.", "Es kostete 3,5 Mio. Euro."],
    ),
    (
        "Sie kam um 10 Uhr. 1989 fiel die Mauer. Im Sept. 1990 zog er um.",
        ["Sie kam um 10 Uhr.", "1989 fiel die Mauer.", "Im Sept. 1990 zog er um."],
    ),
    (
        "„Ich komme. Und zwar morgen.“ Er ging. „Nein! Nie!“, rief sie. Dann war Ruhe.",
        ["„Ich komme. Und zwar morgen.“", "Er ging.", "„Nein! Nie!“, rief sie.", "Dann war Ruhe."],
    ),
    (
        "Auf dem guten 16. Platz blieb er in Wr. Neustadt. Die FRITZ!Box und K.-o.-Tropfen fehlen.",
        [
            "Auf dem guten 16. Platz blieb er in Wr. Neustadt.",
            "Die FRITZ!Box und K.-o.-Tropfen fehlen.",
        ],
    ),
    ("🚀 Start um acht! Das war’s.", ["🚀 Start um acht!", "Das war’s."]),
    ("Was nun? Nichts…", ["Was nun?", "Nichts…"]),
]


@pytest.mark.parametrize(("text", "expected"), GERMAN)
def test_german_sentences(text: str, expected: list[str]) -> None:
    assert quotes(text) == expected


def test_the_article_s_language_decides() -> None:
    text = "Er kam am 3. Mai. Dann ging er."
    assert quotes(text, "de") == ["Er kam am 3. Mai.", "Dann ging er."]
    assert quotes("It was the 3. Then it ended.", "en") == ["It was the 3.", "Then it ended."]
    assert quotes("Eine Sprache. Die keiner kennt.", "xx") == ["Eine Sprache.", "Die keiner kennt."]


MARKUP = [
    ("**Er kam.** Sie ging. Es *war* spät.", ["Er kam.", "Sie ging.", "Es *war* spät."]),
    ("**Er kam. Sie ging.** Ende.", ["Er kam.", "Sie ging.", "Ende."]),
    (
        "Satz eins.[^1] Satz zwei. **Das** war es.",
        ["Satz eins.[^1]", "Satz zwei.", "**Das** war es."],
    ),
    (
        "Siehe [hier. Oder](http://a.de/b.html) dort. Ja.",
        ["Siehe [hier. Oder](http://a.de/b.html) dort.", "Ja."],
    ),
    ("- eins\n- zwei\n* drei\n+ vier", ["eins", "zwei", "drei", "vier"]),
    ("1. Erst dies.\n2. Dann das.\n   Und mehr.", ["Erst dies.", "Dann das.", "Und mehr."]),
    ("9. November 1989 war der Tag.", ["9. November 1989 war der Tag."]),
    ("- [ ] offen\n- [x] fertig", ["offen", "fertig"]),
    (
        "| Stadt | Höhe |\n|-------|------|\n| Bonn | 60 m |\n| Ulm | 478 m |",
        ["Stadt | Höhe", "Bonn | 60 m", "Ulm | 478 m"],
    ),
    ("> Ein Zitat.\n> Noch eines.\n\nDanach.", ["Ein Zitat.", "Noch eines.", "Danach."]),
    ("[^1]: Eine Fußnote.", ["Eine Fußnote."]),
    ("Davor.\n```python\nx = 1. Nein.\n```\nDanach.", ["Davor.", "Danach."]),
    ("Davor. <!-- geheim. Ja. --> Danach.", ["Davor.", "Danach."]),
    ("Text.\n\n[x]: https://example.org/a\n", ["Text."]),
    ("Vor dem Zaun.\n```\nnie geschlossen.", ["Vor dem Zaun.", "nie geschlossen."]),
    ("---\n\n***\n\nText.\n\n| --- |", ["Text."]),
]


@pytest.mark.parametrize(("text", "expected"), MARKUP)
def test_markup_stays_outside_the_edges(text: str, expected: list[str]) -> None:
    assert quotes(text) == expected


def test_lines_are_paragraphs_unless_the_text_is_wrapped() -> None:
    assert quotes("Kurzer Kontext\nHier steht ein Satz.") == [
        "Kurzer Kontext",
        "Hier steht ein Satz.",
    ]
    for dash in "–-":
        dashed = (
            f"Gestern hat die Regierung in der Hauptstadt gesagt\n{dash} nach Zögern {dash} so."
        )
        assert quotes(dashed) == [dashed]
    assert quotes("Es gilt:\n– eins\n– zwei") == ["Es gilt:", "eins", "zwei"]
    wrapped = "Gestern hat die Regierung in der Hauptstadt beschlossen, die\n"
    wrapped += "Steuern zu senken. Das gilt\nab Mai."
    assert quotes(wrapped) == [
        "Gestern hat die Regierung in der Hauptstadt beschlossen, die\nSteuern zu senken.",
        "Das gilt\nab Mai.",
    ]


def test_spans_count_code_points() -> None:
    text = "🚀🚀 Äh. Öl 𝔘 da."
    assert split(article(text)) == (Passage(0, (Span(0, 6), Span(7, 15))),)


def test_no_passage_crosses_a_section() -> None:
    text = "Eins. Zwei.\nTitel\nDrei."
    held = article(text, Section(Span(0, 11)), Section(Span(18, 23), "Titel"))
    assert split(held) == (
        Passage(0, (Span(0, 5), Span(6, 11))),
        Passage(1, (Span(18, 23),)),
    )


def paragraph(sentences: int, name: str = "x") -> str:
    return " ".join(
        f"Dies ist der Satz {name}{n:02d} mit genau zehn guten Wörtern." for n in range(sentences)
    )


def sizes(text: str) -> list[int]:
    return [len(passage.sentences) for passage in split(article(text))]


def test_a_paragraph_below_the_limit_stays_whole() -> None:
    assert TARGET_TOKENS < tokens(paragraph(22)) < MOST_TOKENS
    assert sizes(paragraph(22)) == [22]


def test_a_long_paragraph_is_parted_evenly() -> None:
    assert sizes(paragraph(32)) == [16, 16]
    assert sizes(paragraph(48)) == [16, 16, 16]


def test_short_paragraphs_are_packed_and_breaks_fall_between_them() -> None:
    text = "\n\n".join(paragraph(4, name) for name in "abcdefgh")
    assert sizes(text) == [16, 16]
    assert sizes("\n\n".join([paragraph(14, "a"), paragraph(6, "b"), paragraph(8, "c")])) == [
        14,
        14,
    ]


def test_a_monster_without_a_full_stop_is_cut_at_sensible_points() -> None:
    text = "anfang " + ", ".join(f"wort{n} und noch etwas" for n in range(250)) + " ende"
    found = quotes(text)
    assert len(text) > 5_000
    assert max(map(len, found)) <= 600
    assert all(quote.endswith((",", "ende")) for quote in found)
    assert re.findall(r"\w+", " ".join(found)) == re.findall(r"\w+", text)


def test_a_giant_line_is_cut_too() -> None:
    found = quotes("a" * 5_000)
    assert "".join(found) == "a" * 5_000
    assert max(map(len, found)) <= 600


def test_dense_scripts_count_more_tokens() -> None:
    assert tokens("a" * 43) == pytest.approx(10)
    assert tokens("東京は日本の首都") == pytest.approx(5.6)


MARKED = ["*fett*", "**Haus.**", "_so_", "[x](y.z)", "-", "*", ">", "#", "'", "(", ")", ":"]
SPOKEN = ["Er", "Sie", "kam", "ging.", "Im 19.", "Jahrhundert", "z. B.", "Dr.", "„Ja.", "Nein!“"]
FOREIGN = [
    "übel",
    "Öl",
    "🚀",
    "🇩🇪",
    "e\u0301",
    "1952",
    "9. November",
    "東京。",
    "Was?",
    "…",
    "\u200f",
]
WORDS = st.sampled_from([*MARKED, *SPOKEN, *FOREIGN])
GAPS = st.sampled_from([" ", " ", " ", "\n", "\n\n", "  ", "\t", "\u00a0", "\r\n", "\u2028", ""])
TEXTS = st.one_of(
    st.lists(st.tuples(WORDS, GAPS), max_size=80).map(
        lambda pairs: "".join(a + b for a, b in pairs)
    ),
    st.text(max_size=300),
    st.text('aB.!? \n-*_>|1„“"\u00e4🚀[]()', max_size=1500),
)


def check(held: Article) -> None:
    passages = split(held)
    before = 0
    for passage in passages:
        body = held.sections[passage.section].span
        assert passage.sentences
        for span in passage.sentences:
            quote = held.text[span.start : span.end]
            assert quote
            assert quote == quote.strip()
            assert len(quote) <= 600
            assert max(before, body.start) <= span.start < span.end <= body.end
            before = span.end
    assert [p.section for p in passages] == sorted(p.section for p in passages)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.sampled_from([None, "de", "en", "ru", "zh"]))
def test_spans_hold_for_any_text(text: str, language: str | None) -> None:
    check(article(text, language=language))


@settings(max_examples=300, deadline=None)
@given(TEXTS.filter(lambda text: "`" not in text and "~~" not in text and "<!--" not in text))
def test_every_word_lies_in_exactly_one_sentence(text: str) -> None:
    if re.search(r"\]:\s|\[\^", text):
        return
    spans = [s for passage in split(article(text)) for s in passage.sentences]
    marks = {match.span(1) for match in re.finditer(r"(?m)^[ \t>]*(\d{1,3})[.)][ \t]", text)}
    for word in re.finditer(r"\w+", text):
        if word.span() in marks:
            continue  # an ordered list's number
        # A sentence may part a word that is longer than a sentence, never leave any of it out.
        held = sum(max(0, min(s.end, word.end()) - max(s.start, word.start())) for s in spans)
        assert held + _edge_signs(text, word.span(), spans) == len(word[0])


def _edge_signs(text: str, word: tuple[int, int], spans: list[Span]) -> int:
    """Underscores count as letters, but are signs of emphasis at a sentence's edge."""
    outside = [at for at in range(*word) if not any(s.start <= at < s.end for s in spans)]
    return sum(text[at] == "_" for at in outside)


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS)
def test_spans_hold_inside_sections(first: str, second: str) -> None:
    text = f"{first}\n# Kopf\n{second}"
    at = len(first)
    check(article(text, Section(Span(0, at)), Section(Span(at + 8, len(text)), "Kopf")))
