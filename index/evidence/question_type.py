"""What a question asks for, and whether a sentence offers something of that kind.

Signs only, no grammar: the question's words (German, English, Spanish, Russian, Turkish) say
whether it wants a time, a person, a place, a number or a reason; patterns over a German or
English sentence say whether it has one that the question does not name itself.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache


class Wanted(StrEnum):
    """The kinds of answer that leave a mark on the sentence that holds them."""

    TIME = "time"
    PERSON = "person"
    PLACE = "place"
    NUMBER = "number"
    REASON = "reason"
    NAME = "name"


_QUESTIONS: tuple[tuple[Wanted, str], ...] = (
    (
        Wanted.TIME,
        r"\bwann\b|\bwelche[nmrs]? (?:jahr|jahrhundert|monat|tag|datum|jahrzehnt|zeit)"
        r"|\bwhen\b|\b(?:what|which) (?:year|date|day|month|century|decade)\b"
        r"|\bcuándo\b|\bqué (?:año|fecha|día|mes|siglo|década)\b"
        r"|\bкогда\b|\bкако(?:м|й|го) (?:году|год|года|дата|веке|месяце|день|числа)\b"
        r"|\bne zaman\b|\bhangi (?:yıl|tarih|gün|ay|yüzyıl)",
    ),
    (
        Wanted.NUMBER,
        r"\bwie ?viele?\b|\bwie (?:hoch|groß|lange?|alt|schnell|weit|schwer|teuer|breit|tief|oft)\b"
        r"|\bwelche[rn]? (?:prozentsatz|anteil|anzahl|zahl|höhe|länge|größe|fläche)"
        r"|\bhow (?:many|much|old|tall|long|far|fast|large|big|high|deep|wide|often|heavy)\b"
        r"|\b(?:what|which) (?:percentage|percent|number|fraction|portion)\b"
        r"|\bcuánt[oa]s?\b|\bqué (?:porcentaje|cantidad|edad|altura|distancia)\b"
        r"|\bсколько\b|\bкако(?:й|е|ва) (?:процент|количество|доля|высота|возраст)\b"
        r"|\bkaç\b|\bne kadar\b|\byüzde kaç",
    ),
    (
        Wanted.REASON,
        r"\bwarum\b|\bweshalb\b|\bwieso\b|\bweswegen\b|\bwozu\b|\baus welche[mn] gr[uü]nde?n?\b"
        r"|\bwhy\b|\bwhat (?:caused|reason)\b|\bfor what reason"
        r"|\bpor qué\b|\bpara qué\b|\bпочему\b|\bзачем\b|\bпо какой причине\b"
        r"|\bneden\b|\bniçin\b|\bniye\b",
    ),
    (
        Wanted.PLACE,
        r"\bwo\b|\bwohin\b|\bwoher\b"
        r"|\bwelche[nmrs]? (?:\w+ ){0,2}(?:ort|stadt|land|kontinent|staat|region|gebiet|fluss"
        r"|insel|county|gegend|länder[n]?|provinz|bezirk|straße|gebäude)"
        r"|\bwhere\b|\b(?:what|which) (?:\w+ ){0,2}(?:city|country|place|state|continent|region"
        r"|county|river|island|area|town|location|building|province)\b"
        r"|\ba?dónde\b|\bqué (?:ciudad|país|lugar|estado|continente|región|condado|isla)\b"
        r"|\bгде\b|\bкуда\b|\bоткуда\b|\bкако(?:м|й) (?:городе|стране|месте|штате|округе|город"
        r"|страна)"
        r"|\bnere\w*|\bhangi (?:şehir|ülke|kıta|eyalet|bölge|yer|ada|ilçe)",
    ),
    (
        Wanted.PERSON,
        r"\bwer\b|\bwen\b|\bwem\b|\bwessen\b"
        r"|\bwelche[rnms]? (?:\w+ ){0,2}(?:person|mann|frau|spieler|präsident|könig|kaiser"
        r"|politiker|schauspieler|sänger|autor|wissenschaftler|dichter|minister|philosoph|künstler)"
        r"|\bwho\b|\bwhom\b|\bwhose\b"
        r"|\b(?:what|which) (?:\w+ ){0,2}(?:person|man|woman|player|president|king|emperor"
        r"|politician|actor|actress|singer|author|scientist|poet|leader)\b"
        r"|\bquién(?:es)?\b|\bкто\b|\bкого\b|\bкому\b|\bкем\b|\bчь[яеёи]\b|\bчей\b"
        r"|\bkim(?:i|e|in|ler|dir|di)?\b",
    ),
    (
        Wanted.NAME,
        r"\bwie (?:heißt|heißen|hieß|hießen|lautet|lautete|nennt|nannte|wird|werden|wurde)\b"
        r"|\bbezeichnet\b|\bgenannt\b|\bname\b"
        r"|\bwhat (?:is|was|are|were) (?:the name|\w+ (?:called|named))|\bcalled\b|\bnamed?\b"
        r"|\bcómo se (?:llam|denomin|conoc)|\bnombre\b|\bназыва|\bназвание\b|\bимя\b|\badı\b",
    ),
)
_WANTED = tuple((wanted, re.compile(pattern, re.IGNORECASE)) for wanted, pattern in _QUESTIONS)

_MONTH = (
    r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
    r"|January|February|March|May|June|July|October|December)"
)
_YEAR = re.compile(r"\b(?:1\d{3}|20\d\d)\b")
_TIME = re.compile(
    rf"\b(?:1\d{{3}}|20\d\d)(?:er)?\b|\b\d{{1,2}}\.\s(?:{_MONTH}|Jahrhundert)|\b{_MONTH}\b"
    r"|\b\d{1,2}(?:st|nd|rd|th) century|\b\d{3,4} (?:v|n)\. ?Chr|\b\d{1,2}(?:[:.]\d\d)? Uhr\b"
    r"|\b(?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag|Monday|Tuesday|Wednesday"
    r"|Thursday|Friday|Saturday|Sunday)\b|\b(?:Winter|Sommer|Frühjahr|Herbst)\b"
)
_NUMBER = re.compile(
    r"\d+|\b(?:zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|hundert\w*|tausend\w*"
    r"|Million\w*|Milliarde\w*|Prozent|Dutzend|Hälfte|Drittel|Viertel|ein|eine|einen|einer|keine?n?"
    r"|two|three|four|five|six|seven|eight|nine|ten|hundreds?|thousands?|dozens?|half|third|percent)\b",
)
_REASON = re.compile(
    r"\b(?:weil|da|denn|wegen|aufgrund|infolge|dadurch|daher|deshalb|deswegen|damit|sodass|zwecks"
    r"|Grund|Gründen?|Gründe|Ursachen?|führten?|verursacht\w*|um|nachdem|durch|dank|Folge"
    r"|because|since|due|caused?|therefore|reasons?|so that|in order|thus|as a result)\b"
)
_PLACE = re.compile(
    r"\b(?:in|im|aus|nach|bei|von|am|an der|auf|nahe|über|zwischen|at|near|from|to)\s"
    r"(?:der |den |dem |die |the )?(?:\w+(?:en|er|n) )?(?P<name>[A-ZÄÖÜ][\w-]+)"
)
_FULL_NAME = re.compile(
    r"\b[A-ZÄÖÜ][\w’'-]+"
    r"(?: (?:von|van|de|der|den|di|da|al|la|of|the|zu|[A-ZÄÖÜ]\.))* [A-ZÄÖÜ][\w’'-]+"
)

_BEHIND = re.compile(r"(?<=\S)\s\([^()]*\)$")


@lru_cache(maxsize=4096)
def wanted(question: str) -> frozenset[Wanted]:
    """What a question asks for; empty when its words do not say.

    What stands in brackets behind it, an earlier question perhaps, is not asked.
    """
    question = _BEHIND.sub("", question)
    found = {kind for kind, pattern in _WANTED if pattern.search(question)}
    if Wanted.TIME in found and re.search(r"\bhangi gün|\bwie lange\b", question, re.I):
        found.discard(Wanted.NUMBER)
    return frozenset(found)


def offers(sentence: str, question: str, kind: Wanted) -> float:
    """How well a sentence offers that kind of answer, from 0 to 1.

    What the question itself names does not count: its year is no answer to "when".
    """
    return _OFFERS[kind](sentence, question)


def _time(sentence: str, question: str) -> float:
    found = {match for match in _TIME.findall(sentence) if match not in question}
    return 1.0 if any(_YEAR.search(match) for match in found) else 0.7 if found else 0.0


def _number(sentence: str, question: str) -> float:
    found = [match for match in _NUMBER.findall(sentence) if match not in question]
    if not found:
        return 0.0
    digits = any(match[0].isdigit() for match in found)
    article = all(match.startswith(("ein", "kein")) for match in found)
    return 0.2 if article else 1.0 if digits else 0.8


def _reason(sentence: str, _: str) -> float:
    return float(bool(_REASON.search(sentence)))


def _place(sentence: str, question: str) -> float:
    names = {match["name"] for match in _PLACE.finditer(sentence)}
    return float(any(name not in question for name in names))


def _person(sentence: str, question: str) -> float:
    return 1.0 if any(name not in question for name in _FULL_NAME.findall(sentence)) else 0.0


def _name(sentence: str, _: str) -> float:
    quoted = re.search(r"[„“\"»‚'][^„“”\"«»]{2,40}[“”\"«]", sentence)
    called = re.search(
        r"\b(?:genannt|bezeichnet|heißt|hieß|namens|Namen|called|named|known as)\b", sentence
    )
    return 1.0 if quoted or called else 0.0


_OFFERS = {
    Wanted.TIME: _time,
    Wanted.NUMBER: _number,
    Wanted.REASON: _reason,
    Wanted.PLACE: _place,
    Wanted.PERSON: _person,
    Wanted.NAME: _name,
}
