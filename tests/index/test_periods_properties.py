from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from index.periods import dates_in, find_period

TODAY = date(2026, 11, 23)

MONTHS_DE, MONTHS_EN = (
    names.split()
    for names in (
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "January February March April May June July August September October November December",
    )
)


def spellings(day: date) -> list[str]:
    german, english = MONTHS_DE[day.month - 1], MONTHS_EN[day.month - 1]
    german_dot, english_dot = ("" if name in ("Mai", "May") else "." for name in (german, english))
    return [
        day.isoformat(),
        f"{day.day}.{day.month}.{day.year}",
        f"{day:%d.%m.%Y}",
        f"am {day.day}. {german} {day.year}",
        f"{day.day}. {german[:3]}{german_dot} {day.year}",
        f"{english} {day.day}, {day.year}",
        f"on {day.day} {english} {day.year}",
        f"{english[:3]}{english_dot} {day.day}, {day.year}",
    ]


def test_every_day_of_two_years_in_every_spelling() -> None:
    for year in (2023, 2024):
        day = date(year, 1, 1)
        while day.year == year:
            for spelling in spellings(day):
                period = find_period(f"Was war {spelling}?", TODAY)
                assert period is not None, spelling
                assert (period.start, period.end, period.text) == (day, day, spelling)
            day += timedelta(days=1)


WORDS = """seit vor nach bis zwischen und von vom im in den der letzten nächste this last Woche
Jahren Mai March 3. 12 5 . , - – / 2020 1990 1980er 80er Jahre Jahrhundert 19. v. Chr. Anfang Ende
of the heute gestern morgen am Montag Q3 Quartal Winter /21 % Menschen ago a drei 9999 0"""
PIECES = st.sampled_from(WORDS.split())


@given(st.lists(PIECES, max_size=12).map(" ".join), st.dates())
def test_any_words_give_ordered_days_and_true_spans(text: str, today: date) -> None:
    found = [*dates_in(text), *filter(None, [find_period(text, today)])]
    for period in found:
        assert period.start <= period.end
        assert text[slice(*period.span)] == period.text != ""


@given(st.text(max_size=60), st.dates())
def test_any_text_is_read(text: str, today: date) -> None:
    period = find_period(text, today)
    assert period is None or text[slice(*period.span)] == period.text


@given(st.dates())
def test_days_named_from_today(today: date) -> None:
    period = find_period("Was war letzte Woche?", today)
    assert period is not None
    if today > date.min + timedelta(days=14):
        assert period.start.weekday() == 0
        assert period.end - period.start == timedelta(days=6)
        assert period.end < today <= period.end + timedelta(days=7)


def test_long_texts_of_nothing_but_periods_are_read_in_a_moment() -> None:
    for words in ("Anfang der ", "1990 und ", "vor ", "zwischen 3. und ", "seit Ende "):
        text = words * 2000 + "1990."
        found = dates_in(text)
        assert found
        assert all(text[slice(*period.span)] == period.text for period in found)
