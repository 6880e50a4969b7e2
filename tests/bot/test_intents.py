from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intents import Intent, small_talk

MESSAGES = {
    Intent.GREETING: """Hallo|Hallo!|hallo zusammen|Guten Tag|Guten Morgen!|Hi|Hi there
        |Hello|Hey|Moin|Moin moin|Servus|Grüß Gott|Wie geht's?|Wie geht es dir?
        |Hallo, wie geht’s?|How are you?|Good morning|Hallo Belegbot|/start
        |Guten Abend allerseits""",
    Intent.THANKS: """Danke|Danke!|Danke schön|Vielen Dank!|Vielen lieben Dank
        |Besten Dank|Thanks|Thanks a lot!|Thank you so much|Danke, super!|Danke dir
        |Danke für die Hilfe|Ok, danke|Okay|Alles klar, danke|Merci|thx
        |Danke, das war hilfreich|Super""",
    Intent.FAREWELL: """Tschüss|Tschüß!|Bis bald|Auf Wiedersehen|Danke, tschüss|Bye
        |Goodbye|See you|Good night|Schönen Abend noch|Mach’s gut|Have a nice day""",
    Intent.NONSENSE: """asdf|asdfgh jkl|qwertz|qwerty|sdfkjhsdf|aaaa|xxxxxxxx|???|...|!?|🙂
        |👍👍|12|–|hahaha|lol|test|jklö|Hm""",
    Intent.ABOUT_BOT: """Was kannst du?|Was kannst du alles?|Wer bist du?|Was bist du|help
        |Hilfe!|/help|Wie funktionierst du?|Who are you?|What can you do?
        |What can I ask you?|Bist du ein Bot?|Hallo Bot, was kannst du?
        |Was kann ich dich fragen?|Are you human?|Wie heißt du?|Kannst du mir helfen?
        |How does this work?|Was ist belegbot?|Wer hat dich gebaut?""",
    Intent.COLLECTION_NEWS: """Was gibt es Neues?|Was gibt's Neues?|Was gibt’s heute Neues?|News
        |What's new?|Neuigkeiten?|Was sind die neuesten Artikel?
        |Zeig mir die neuesten Artikel|Any news?|What are the latest articles?
        |Hallo, was gibt es Neues?|Gibt es was Neues?|Was ist los?""",
    Intent.COLLECTION_TOPICS: """Worüber hast du Artikel?|Welche Themen?|Welche Themen gibt es?
        |Themen|Wovon handeln die Artikel?|Was für Artikel hast du?
        |Wie viele Artikel hast du?|What topics do you cover?|What are the articles about?
        |Which articles are there?|Zu welchen Themen hast du Artikel?|List all articles
        |Worüber weißt du etwas?""",
    Intent.SUMMARY: """Fasse den Artikel zusammen
        |Fasse den Artikel über die Mauer zusammen|Fass mir das bitte zusammen
        |Bitte fasse den Text zusammen|Kannst du den Text zusammenfassen?
        |Zusammenfassung bitte|Gib mir eine kurze Zusammenfassung
        |Summarise the article about NATO|Can you summarize this?
        |Give me a summary of the article|tl;dr""",
}
QUESTIONS = """Hallo, wann fiel die Mauer?|Guten Tag, wer war Konrad Adenauer?
        |Warum?|Wo?|Wer?|Und danach?|Was gibt es Neues zum Ukraine-Krieg?
        |What's new in Ukraine?|Danke, und wo war das?|Thanks, and why?
        |Was sind die neuesten Nachrichten aus Berlin?|NATO|Putin|BVB|UNHCR|DGB|1989
        |12.2.2025|2022?|G20|Hilfe für die Ukraine|Wer leistete Hilfe?
        |Wie geht es der Wirtschaft?|Was ist neu am Gesetz?|Wert
        |Welche Themen besprach der Gipfel?|Worüber hat Merkel gesprochen?|Was ist passiert?
        |Schwyz|Was hat die Zusammenfassung des Berichts ergeben?
        |Wer fasste die Thesen zusammen?|Mauer|Wer hat den Eiffelturm gebaut?
        |Who built the tower?|Who are the Beatles?|What are black holes?
        |Was kann man gegen Grippe tun?|What can plants do?|Angstschweiß|selbstständig
        |Nein, in Frankreich|Good morning America: when did it start?
        |Wie heißt die Hauptstadt?|Was macht die Bundesbank?|Почему?|¿Por qué?
        |Woran starb er?|Wie viele Artikel hat das Grundgesetz?|Was ist ein Bot?|Rhythmus
        |Was gibt es in Wien?|How does a heat pump work?|Wann ist Feierabend?
        |Wozu dient das?"""


def pieces(text: str) -> list[str]:
    return [piece.strip() for piece in text.split("|")]


@pytest.mark.parametrize(
    ("intent", "message"), [(intent, m) for intent, text in MESSAGES.items() for m in pieces(text)]
)
def test_what_is_no_question(intent: Intent, message: str) -> None:
    assert small_talk(message) is intent
    assert small_talk(f"  {message.upper() if intent is Intent.GREETING else message} ") is intent


@pytest.mark.parametrize("question", pieces(QUESTIONS))
def test_questions_are_left_alone(question: str) -> None:
    assert small_talk(question) is None


def test_a_long_message_takes_no_time() -> None:
    assert small_talk("danke " * 150 + "mauer") is None
    assert small_talk("fasse " * 160) is None


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    assert small_talk(text) in (None, *Intent)
