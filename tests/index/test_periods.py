from __future__ import annotations

from datetime import date

import pytest

from index.articles import Span
from index.periods import Period, dates_in, find_period, spelt

TODAY = date(2026, 11, 23)  # a Monday
MIN, MAX = str(date.min), str(date.max)

# What is named, its first and its last day, the words that name it if not all of the text.
ABSOLUTE = [
    ("am 12. Februar 2025", "2025-02-12", "2025-02-12"),
    ("12.2.2025", "2025-02-12", "2025-02-12"),
    ("12.02.2025", "2025-02-12", "2025-02-12"),
    ("12. 2. 2025", "2025-02-12", "2025-02-12"),
    ("12.02.25", "2025-02-12", "2025-02-12"),
    ("03.10.90", "1990-10-03", "1990-10-03"),
    ("2025-02-12", "2025-02-12", "2025-02-12"),
    ("2025/02/12", "2025-02-12", "2025-02-12"),
    ("den 12. Feb. 2025", "2025-02-12", "2025-02-12"),
    ("am Freitag, dem 13. März 2020", "2020-03-13", "2020-03-13"),
    ("Freitag, 13. März 2020", "2020-03-13", "2020-03-13"),
    ("am 1. Jänner 2000", "2000-01-01", "2000-01-01"),
    ("on March 5, 2020", "2020-03-05", "2020-03-05"),
    ("March 5th, 2020", "2020-03-05", "2020-03-05"),
    ("5 March 2020", "2020-03-05", "2020-03-05"),
    ("on the 5th of March, 2020", "2020-03-05", "2020-03-05"),
    ("Dec. 24, 2019", "2019-12-24", "2019-12-24"),
    ("Tuesday, September 11, 2001", "2001-09-11", "2001-09-11"),
    ("el 12 de febrero de 2025", "2025-02-12", "2025-02-12"),
    ("im März 2022", "2022-03-01", "2022-03-31"),
    ("im Februar 2024", "2024-02-01", "2024-02-29"),
    ("in March 2022", "2022-03-01", "2022-03-31"),
    ("in May 2018", "2018-05-01", "2018-05-31"),
    ("Sept. 2019", "2019-09-01", "2019-09-30"),
    ("im Dezember des Jahres 1989", "1989-12-01", "1989-12-31"),
    ("en marzo de 2022", "2022-03-01", "2022-03-31"),
    ("2025-02", "2025-02-01", "2025-02-28"),
    ("2015", "2015-01-01", "2015-12-31"),
    ("in 2015", "2015-01-01", "2015-12-31"),
    ("im Jahr 2000", "2000-01-01", "2000-12-31"),
    ("im Jahre 1848", "1848-01-01", "1848-12-31"),
    ("in the year 1848", "1848-01-01", "1848-12-31"),
    ("im Jahr 800", "0800-01-01", "0800-12-31"),
    ("im Jahr 9 n. Chr.", "0009-01-01", "0009-12-31"),
    ("um 1900", "1900-01-01", "1900-12-31"),
    ("en 2015", "2015-01-01", "2015-12-31"),
    ("seit 2021", "2021-01-01", MAX),
    ("since 2021", "2021-01-01", MAX),
    ("desde 2021", "2021-01-01", MAX),
    ("ab dem 1. Juli 2017", "2017-07-01", MAX),
    ("seit März 2022", "2022-03-01", MAX),
    ("seit Anfang 2020", "2020-01-01", MAX),
    ("since the 1980s", "1980-01-01", MAX),
    ("vor 2010", MIN, "2009-12-31"),
    ("vor dem 11. September 2001", MIN, "2001-09-10"),
    ("before March 2020", MIN, "2020-02-29"),
    ("bis 1990", MIN, "1990-12-31"),
    ("bis zum 3. Mai 2020", MIN, "2020-05-03"),
    ("until 1989", MIN, "1989-12-31"),
    ("bis Ende 2020", MIN, "2020-12-31"),
    ("nach dem 3. Mai 2020", "2020-05-04", MAX),
    ("nach 1945", "1946-01-01", MAX),
    ("after 1945", "1946-01-01", MAX),
    ("zwischen 1990 und 1995", "1990-01-01", "1995-12-31"),
    ("between 1990 and 1995", "1990-01-01", "1995-12-31"),
    ("entre 1990 y 1995", "1990-01-01", "1995-12-31"),
    ("zwischen März und Mai 2020", "2020-03-01", "2020-05-31"),
    ("zwischen dem 3. und dem 5. Mai 2020", "2020-05-03", "2020-05-05"),
    ("between March and May 2020", "2020-03-01", "2020-05-31"),
    ("von 1949 bis 1990", "1949-01-01", "1990-12-31"),
    ("from 1949 to 1990", "1949-01-01", "1990-12-31"),
    ("1949 bis 1990", "1949-01-01", "1990-12-31"),
    ("1949-1990", "1949-01-01", "1990-12-31"),
    ("1949 – 1990", "1949-01-01", "1990-12-31"),
    ("1914–18", "1914-01-01", "1918-12-31"),
    ("2015/16", "2015-01-01", "2016-12-31"),
    ("2001-02", "2001-01-01", "2002-12-31"),
    ("vom 3. bis 5. Mai 2020", "2020-05-03", "2020-05-05"),
    ("vom 3. Mai bis zum 5. Juni 2020", "2020-05-03", "2020-06-05"),
    ("von November bis Februar 2020", "2019-11-01", "2020-02-29"),
    ("vom 1.9.1939 bis zum 8.5.1945", "1939-09-01", "1945-05-08"),
    ("from May 3 to May 5, 2020", "2020-05-03", "2020-05-05"),
    ("in den 1980er Jahren", "1980-01-01", "1989-12-31"),
    ("in den 1980er-Jahren", "1980-01-01", "1989-12-31"),
    ("in den 80er Jahren", "1980-01-01", "1989-12-31"),
    ("in den Achtzigerjahren", "1980-01-01", "1989-12-31"),
    ("in den Achtzigern", "1980-01-01", "1989-12-31"),
    ("die 1980er", "1980-01-01", "1989-12-31"),
    ("in the 1980s", "1980-01-01", "1989-12-31"),
    ("the '80s", "1980-01-01", "1989-12-31"),
    ("in the eighties", "1980-01-01", "1989-12-31"),
    ("Anfang der 1980er", "1980-01-01", "1982-12-31"),
    ("in the late 1980s", "1986-01-01", "1989-12-31"),
    ("in the 1800s", "1800-01-01", "1899-12-31"),
    ("im 19. Jahrhundert", "1801-01-01", "1900-12-31"),
    ("im neunzehnten Jahrhundert", "1801-01-01", "1900-12-31"),
    ("in the 19th century", "1801-01-01", "1900-12-31"),
    ("in the nineteenth century", "1801-01-01", "1900-12-31"),
    ("in der ersten Hälfte des 19. Jahrhunderts", "1801-01-01", "1850-12-31"),
    ("Ende des 19. Jahrhunderts", "1867-01-01", "1900-12-31"),
    ("im frühen 20. Jahrhundert", "1901-01-01", "1933-12-31"),
    ("Anfang 2020", "2020-01-01", "2020-04-30"),
    ("Mitte 2020", "2020-05-01", "2020-08-31"),
    ("Ende 2020", "2020-09-01", "2020-12-31"),
    ("Anfang März 2022", "2022-03-01", "2022-03-10"),
    ("Mitte März 2022", "2022-03-11", "2022-03-20"),
    ("Ende März 2022", "2022-03-21", "2022-03-31"),
    ("in early 2020", "2020-01-01", "2020-04-30"),
    ("mid-2020", "2020-05-01", "2020-08-31"),
    ("at the end of 2020", "2020-09-01", "2020-12-31"),
    ("in the first half of 2023", "2023-01-01", "2023-06-30"),
    ("im zweiten Halbjahr 2023", "2023-07-01", "2023-12-31"),
    ("im dritten Quartal 2023", "2023-07-01", "2023-09-30"),
    ("3. Quartal 2023", "2023-07-01", "2023-09-30"),
    ("Q3 2023", "2023-07-01", "2023-09-30"),
    ("Q4/2023", "2023-10-01", "2023-12-31"),
    ("in the third quarter of 2023", "2023-07-01", "2023-09-30"),
    ("im Sommer 2015", "2015-06-01", "2015-08-31"),
    ("in the summer of 2015", "2015-06-01", "2015-08-31"),
    ("in the fall of 1989", "1989-09-01", "1989-11-30"),
    ("im Frühjahr 1945", "1945-03-01", "1945-05-31"),
    ("im Winter 1942/43", "1942-12-01", "1943-02-28"),
]
RELATIVE = [
    ("heute", "2026-11-23", "2026-11-23"),
    ("gestern", "2026-11-22", "2026-11-22"),
    ("vorgestern", "2026-11-21", "2026-11-21"),
    ("morgen", "2026-11-24", "2026-11-24"),
    ("heute Morgen", "2026-11-23", "2026-11-23"),
    ("today", "2026-11-23", "2026-11-23"),
    ("yesterday", "2026-11-22", "2026-11-22"),
    ("the day before yesterday", "2026-11-21", "2026-11-21"),
    ("last night", "2026-11-22", "2026-11-22"),
    ("letzte Woche", "2026-11-16", "2026-11-22"),
    ("in der vergangenen Woche", "2026-11-16", "2026-11-22"),
    ("diese Woche", "2026-11-23", "2026-11-29"),
    ("nächste Woche", "2026-11-30", "2026-12-06"),
    ("last week", "2026-11-16", "2026-11-22"),
    ("vergangenen Monat", "2026-10-01", "2026-10-31"),
    ("im letzten Monat", "2026-10-01", "2026-10-31"),
    ("this month", "2026-11-01", "2026-11-30"),
    ("dieses Jahr", "2026-01-01", "2026-12-31"),
    ("voriges Jahr", "2025-01-01", "2025-12-31"),
    ("im vergangenen Jahr", "2025-01-01", "2025-12-31"),
    ("im Vorjahr", "2025-01-01", "2025-12-31"),
    ("last year", "2025-01-01", "2025-12-31"),
    ("im nächsten Jahr", "2027-01-01", "2027-12-31"),
    ("Ende letzten Jahres", "2025-09-01", "2025-12-31"),
    ("im letzten Quartal", "2026-07-01", "2026-09-30"),
    ("in den letzten drei Tagen", "2026-11-20", "2026-11-23"),
    ("in the last 3 days", "2026-11-20", "2026-11-23"),
    ("in den letzten 24 Stunden", "2026-11-22", "2026-11-23"),
    ("in den vergangenen zwei Wochen", "2026-11-09", "2026-11-23"),
    ("in den letzten Monaten", "2026-05-23", "2026-11-23"),
    ("in the last few days", "2026-11-16", "2026-11-23"),
    ("in den letzten zehn Jahren", "2016-11-23", "2026-11-23"),
    ("in den nächsten zwei Wochen", "2026-11-23", "2026-12-07"),
    ("vor drei Tagen", "2026-11-20", "2026-11-20"),
    ("vor zwei Wochen", "2026-11-09", "2026-11-15"),
    ("vor einem Jahr", "2025-01-01", "2025-12-31"),
    ("vor ein paar Tagen", "2026-11-16", "2026-11-23"),
    ("three years ago", "2023-01-01", "2023-12-31"),
    ("a few weeks ago", "2026-10-26", "2026-11-23"),
    ("seit gestern", "2026-11-22", MAX),
    ("seit letzter Woche", "2026-11-16", MAX),
    ("seit drei Jahren", "2023-11-23", MAX),
    ("bis heute", MIN, "2026-11-23"),
    ("von 2015 bis heute", "2015-01-01", "2026-11-23"),
    ("im Februar", "2026-02-01", "2026-02-28"),
    ("im November", "2026-11-01", "2026-11-30"),
    ("im Dezember", "2025-12-01", "2025-12-31"),
    ("in May", "2026-05-01", "2026-05-31"),
    ("since March", "2026-03-01", MAX),
    ("Ende Mai", "2026-05-21", "2026-05-31"),
    ("letzten Februar", "2026-02-01", "2026-02-28"),
    ("last November", "2025-11-01", "2025-11-30"),
    ("am 12. Februar", "2026-02-12", "2026-02-12"),
    ("am 24. Dezember", "2025-12-24", "2025-12-24"),
    ("am 12.2.", "2026-02-12", "2026-02-12"),
    ("on March 5", "2026-03-05", "2026-03-05"),
    ("am 29. Februar", "2024-02-29", "2024-02-29"),
    ("im Sommer", "2026-06-01", "2026-08-31"),
    ("im Winter", "2025-12-01", "2026-02-28"),
    ("letzten Sommer", "2026-06-01", "2026-08-31"),
    ("im ersten Quartal", "2026-01-01", "2026-03-31"),
    ("am Montag", "2026-11-23", "2026-11-23"),
    ("am Dienstag", "2026-11-17", "2026-11-17"),
    ("letzten Montag", "2026-11-16", "2026-11-16"),
    ("on Friday", "2026-11-20", "2026-11-20"),
    ("last Friday", "2026-11-20", "2026-11-20"),
    ("nächsten Montag", "2026-11-30", "2026-11-30"),
    ("am Wochenende", "2026-11-21", "2026-11-22"),
    ("letztes Wochenende", "2026-11-21", "2026-11-22"),
]
NONE = [
    "Wann fiel die Berliner Mauer?",
    "Starben dort 1989 Menschen?",
    "Der Index verlor 308 Punkte.",
    "Was kostet mehr als 2000 Euro?",
    "Was steht in Artikel 20?",
    "Was steht in Artikel 1989?",
    "Wie lange dauern 24 Stunden?",
    "Was war die Agenda 2010?",
    "zwischen 1500 und 2000 Euro",
    "von 1500 bis 2000 Metern",
    "from 1500 to 2000 people",
    "1200 neue Stellen",
    "1500 Besucherinnen",
    "2015 Arbeitsstellen",
    "im Jahr 44 v. Chr.",
    "44 BC",
    "im 3. Jahrhundert v. Chr.",
    "vor 2000 Jahren",
    "31.2.2020",
    "32.1.2020",
    "COVID-2019",
    "um 15.30 Uhr",
    "12.2 Prozent",
    "Version 3.10.2019.1",
    "Windows 2000",
    "May I ask who won?",
    "Who led the march?",
    "What came after the fall of the Berlin Wall?",
    "What may happen next?",
    "Was sagte Theresa May?",
    "Was geschieht am Morgen?",
    "Was passierte vor dem Zweiten Weltkrieg?",
    "die 2. Liga",
    "2.1989 Cent",
    "1989,5 Grad",
    "1989%",
    "Raum 2010",
    "Wer fing im vierten Quarter den Ball?",
    "Who fumbled in the fourth quarter?",
    "Welche Reste sind noch heute zu sehen?",
    "Wer bewohnte das heute als Jacksonville bekannte Gebiet?",
    "Which parts are visible even today?",
    "Wer war Karl Mai?",
    "",
    "Und wo war das?",
]


def days(period: Period | None) -> tuple[str, str] | None:
    return None if period is None else (str(period.start), str(period.end))


@pytest.mark.parametrize(("words", "start", "end"), [*ABSOLUTE, *RELATIVE])
def test_a_period_alone_and_in_a_question(words: str, start: str, end: str) -> None:
    for text in (words, f"Was geschah {words}?", f"Was geschah {words} in Wien?"):
        period = find_period(text, TODAY)
        assert days(period) == (start, end)
        assert period is not None
        assert period.text == words == text[slice(*period.span)]


@pytest.mark.parametrize(("words", "start", "end"), ABSOLUTE)
def test_absolute_periods_in_sentences(words: str, start: str, end: str) -> None:
    sentence = f"Das war {words} in Wien."
    (period,) = dates_in(sentence)
    assert days(period) == (start, end)
    assert sentence[slice(*period.span)] == words


@pytest.mark.parametrize("words", [words for words, _, _ in RELATIVE if "2015" not in words])
def test_sentences_of_articles_have_no_today(words: str) -> None:
    assert dates_in(f"Das war {words} in Wien.") == ()


@pytest.mark.parametrize("text", NONE)
def test_what_names_no_period(text: str) -> None:
    assert find_period(text, TODAY) is None
    assert dates_in(text) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Wer wurde 2013 Papst?", "2013"),
        ("Wer gewann die Bundestagswahl 2017?", "2017"),
        ("Was sagte Theresa May 2018?", "2018"),
        ("Wer war der 2017 gewählte Präsident?", "2017"),
        ("Was sagte Merkel zur Wahl 2017 am 3. Mai 2020?", "am 3. Mai 2020"),
        ("Wie viele Flüchtlinge kamen 2015?", "2015"),
        ("Что случилось в 2015 году?", "2015"),
        ("2015 yılında ne oldu?", "2015"),
    ],
)
def test_the_period_of_a_whole_question(text: str, words: str) -> None:
    period = find_period(text, TODAY)
    assert period is not None
    assert period.text == words


def test_all_dates_of_a_sentence_in_order() -> None:
    text = "Von 1914 bis 1918 und ab dem 1. September 1939 war Krieg, 1945 nicht mehr (8.5.1945)."
    assert [(p.text, str(p.start), str(p.end)) for p in dates_in(text)] == [
        ("Von 1914 bis 1918", "1914-01-01", "1918-12-31"),
        ("ab dem 1. September 1939", "1939-09-01", MAX),
        ("1945", "1945-01-01", "1945-12-31"),
        ("8.5.1945", "1945-05-08", "1945-05-08"),
    ]


def test_a_period_is_plain_data() -> None:
    assert find_period("seit 2021", TODAY) == Period(
        date(2021, 1, 1), date.max, "seit 2021", Span(0, 9)
    )


@pytest.mark.parametrize(
    ("question", "language", "name"),
    [
        ("Wie hoch war der Wert letztes Jahr?", "de", "2024"),
        ("Was wurde gestern beschlossen?", "de", "12. Februar 2025"),
        ("What was decided yesterday?", "en", "12 February 2025"),
        ("Wer trat letzten Monat zurück?", "de", "Januar 2025"),
        ("Who resigned last month?", "en", "January 2025"),
        ("Was geschah letzte Woche?", "de", "Februar 2025"),
        ("Was geschah im März 2022?", "de", None),
        ("Was hat sich seit letztem Jahr geändert?", "de", None),
        ("Was geschah in den Achtzigerjahren?", "de", None),
    ],
)
def test_a_period_counted_from_today_is_spelt_out(
    question: str, language: str, name: str | None
) -> None:
    period = find_period(question, date(2025, 2, 13))
    assert period is not None
    assert spelt(period, language) == name
