from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language import detect, function_words, question_words

QUESTIONS = {
    "de": [
        "Wann fiel die Berliner Mauer?",
        "Warum?",
        "Wer?",
        "Und wo war das?",
        "Und in Frankreich?",
        "Wie viele Tote gab es?",
        "Gründung der NATO",
        "wie heisst der kanzler",
        "Wer ist Lionel Messi?",
        "Wann war die Show von The Beatles?",
        "Was macht Der Spiegel?",
        "Hallo",
        "Danke!",
        "Ukraine-Krieg aktuell",
    ],
    "en": [
        "When did the Berlin Wall fall?",
        "Why?",
        "Who said that?",
        "What about France?",
        "causes of World War I",
        "Who is the editor of Der Spiegel?",
        "Who wrote Die Zeit's article?",
        "how many people died",
        "Thanks!",
        "What was Die Wende?",
    ],
    "es": ["¿Cuándo cayó el Muro de Berlín?", "¿Por qué?", "Quién es el presidente de España?"],
    "fr": ["Quand le mur de Berlin est-il tombé ?", "Pourquoi ?", "Qui est Emmanuel Macron ?"],
    "it": ["Quando è caduto il muro di Berlino?", "Perché?", "Chi ha vinto la guerra?"],
    "pt": ["Quando caiu o Muro de Berlim? Quem foi o primeiro?"],
    "nl": ["Wanneer viel de Berlijnse Muur?", "Waarom?", "Wie is de president van Frankrijk?"],
    "sv": ["När föll Berlinmuren?", "Varför?"],
    "da": ["Hvornår faldt Berlinmuren?", "Hvorfor?"],
    "pl": ["Kiedy upadł mur berliński?", "Dlaczego?", "Kto jest prezydentem Polski?"],
    "cs": ["Kdy padla Berlínská zeď?", "Proč?"],
    "tr": ["Berlin Duvarı ne zaman yıkıldı?", "Neden?", "İstanbul'un nüfusu kaçtır?"],
    "ru": ["Когда пала Берлинская стена?", "Почему?", "Кто написал Liber servitoris?"],
    "uk": ["Коли впав Берлінський мур?", "Чому?", "Хто президент України?"],
    "ja": ["ベルリンの壁はいつ崩壊しましたか?"],
    "zh": ["柏林墙是什么时候倒塌的?"],
    "ko": ["베를린 장벽은 언제 무너졌습니까?"],
    "ar": ["متى سقط جدار برلين؟"],
    "fa": ["دیوار برلین چه زمانی فرو ریخت؟ چرا گفت"],
    "he": ["מתי נפלה חומת ברלין?"],
    "el": ["Πότε έπεσε το Τείχος του Βερολίνου;"],
}


@pytest.mark.parametrize(
    ("language", "question"), [(name, text) for name, texts in QUESTIONS.items() for text in texts]
)
def test_short_questions(language: str, question: str) -> None:
    assert detect(question) == language
    assert detect(question, fallback="de") == language
    assert detect(question, fallback="en") == language


@pytest.mark.parametrize(
    "text",
    ["NATO?", "Putin", "Angela Merkel", "Donald Trump Ukraine", "", "  ", "1989", "?!", "🙂"],
)
def test_what_names_no_language_takes_the_fallback(text: str) -> None:
    assert detect(text) is None
    assert detect(text, fallback="de") == "de"
    assert detect(text, fallback="tr") == "tr"


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("de", "Der Präsident der Ukraine hat am Mittwoch mit Wladimir Putin telefoniert."),
        ("de", "Erdoğan spricht nach Angaben seines Büros langsam und getragen."),
        ("en", "The chancellor met Emmanuel Macron in Paris to discuss the budget."),
        ("fr", "Le président a rencontré la chancelière à Berlin pour parler du budget."),
        ("es", "El presidente se reunió con la canciller en Berlín para hablar del presupuesto."),
        ("it", "Il presidente ha incontrato la cancelliera a Berlino per parlare del bilancio."),
        ("nl", "De president heeft de kanselier in Berlijn ontmoet om over het budget te praten."),
        ("pl", "Prezydent spotkał się z kanclerz w Berlinie, aby porozmawiać o budżecie."),
        ("tr", "Cumhurbaşkanı bütçeyi görüşmek için Berlin'de şansölye ile bir araya geldi."),
        ("ru", "Президент встретился с канцлером в Берлине, чтобы обсудить бюджет."),
        ("uk", "Президент зустрівся з канцлером у Берліні, щоб обговорити бюджет."),
    ],
)
def test_sentences_of_news(language: str, sentence: str) -> None:
    assert detect(sentence) == language


def test_decomposed_accents_read_like_composed_ones() -> None:
    assert detect("Fu\u0308r wen?") == "de"


def test_the_words_of_a_language() -> None:
    assert "warum" in question_words("de")
    assert "the" in function_words("en")
    assert question_words("xx") == frozenset()


@given(st.text(max_size=200))
def test_any_text_has_a_code_or_the_fallback(text: str) -> None:
    code = detect(text, fallback="de")
    assert code is not None
    assert len(code) == 2
    assert detect(text, fallback="de") == code
