"""Whether a sentence can stand alone, or leans on the one before it.

It leans when its head is a pronoun or a connective that points back ("Er lud Trump … ein"),
and when it reports what somebody said without saying who: in the German subjunctive of
reported speech, or inside quotation marks.
"""

from __future__ import annotations

import re

_HEAD_DE = (
    r"er|sie|es|ihm|ihr|ihre[mnrs]?|sein|seine[mnrs]?|dies|diese[mnrs]?|jene[mnrs]?|das|dem|denen"
    r"|dessen|deren|dabei|dadurch|dafür|dagegen|daher|damit|danach|daneben|daran|darauf|daraufhin"
    r"|daraus|darin|darüber|darum|darunter|davon|davor|dazu|deshalb|deswegen|stattdessen|trotzdem"
    r"|dennoch|jedoch|allerdings|zudem|außerdem|ferner|weiters|zugleich|gleichzeitig|dort|dorthin"
    r"|damals|dann|hier|hierbei|hierfür|hierzu|schließlich|anschließend|später|zuvor|beide"
    r"|letztere[rsn]?|erstere[rsn]?|folglich|somit|also|doch|aber|denn|hingegen|vielmehr|ebenso"
    r"|ebenfalls|solche[rsnm]?|infolgedessen|demnach|demzufolge|andererseits|einerseits"
)
_HEAD_EN = (
    r"he|she|it|they|him|his|her|hers|its|their|them|this|that|these|those|however|moreover"
    r"|furthermore|therefore|thus|hence|also|besides|instead|then|afterwards|later|meanwhile"
    r"|nevertheless|nonetheless|consequently|but|yet|as a result|for example"
)
_POINTS_BACK = re.compile(rf"^\W*(?:{_HEAD_DE}|{_HEAD_EN})\b(?!-)", re.IGNORECASE)
_PREPOSITION_POINTS_BACK = re.compile(
    r"^\W*(?:in|bei|nach|vor|mit|für|zu|seit|aus|auf|an|von|während|trotz|wegen|unter|durch|um"
    r"|at|after|before|during|with|for|from|since|on|by|of)\s"
    r"(?:dies\w*|jene\w*|seine[mnrs]?|ihre[mnrs]?|ihm|ihnen|this|that|these|those|his|her|their)\b",
    re.IGNORECASE,
)
_TIME_NOUN = (
    r"Jahre?n?|Tage?n?|Wochen?|Monate?n?|Zeit|Januar|Februar|März|April|Mai|Juni|Juli|August"
    r"|September|Oktober|November|Dezember"
)
# "Ein Jahr später erhielt er …": no name before the pronoun that it could stand for.
_PRONOUN_AFTER_VERB = re.compile(
    rf"^\W*\w+\s(?:(?:[a-zäöüß\d.]+|{_TIME_NOUN})\s){{0,4}}?(?:[a-zäöüß]+\s)?"
    r"(?:er|sie|ihn|ihm|ihnen)\b"
)
# "Das Gesetz …" opens with an article, "Es gibt …" with a word that stands for nothing.
_EMPTY_IT = re.compile(
    r"^\W*(?:es\s(?:gibt|gab|wird|wurde|handelt|kommt|kam|dauert|bestehen|existieren)|it\sis|it\swas)\b",
    re.IGNORECASE,
)
# … but "Das teilte die Polizei mit" points back.
_NOUN_AFTER = re.compile(
    r"^\W*(?i:das|dem)\s+(?!(?:teilte|sagte|erklärte|meldete|berichtete|bestätigte|betonte|forderte"
    r"|zeigte|machte|führte|bedeutete|ermöglichte|erlaubte|löste|stellte|wollte|sollte|konnte|musste"
    r"|hatte|wurde)\s)(?:[a-zäöüß]+(?:e|en)\s+){0,2}[A-ZÄÖÜ]"
)

_REPORTED = re.compile(
    r"\b(?:sei|seien|habe|werde|könne|müsse|solle|wolle|dürfe|möge|wisse|gebe|gehe|komme|stehe"
    r"|liege|lasse|bleibe|brauche|bestehe|gelte|handle|zeige|führe|bringe|sehe|halte|nehme|mache)\b"
)
_FIRST_PERSON = re.compile(r"\bich\b", re.IGNORECASE)
_SAYING = re.compile(
    r"\b(?:sag(?:t|te|ten|en)|erklär(?:t|te|ten|en)|beton(?:t|te|ten)|mein(?:t|te|ten)"
    r"|bericht(?:et|ete|eten)|behaupt(?:et|ete|eten)|forder(?:t|te|ten)|kritisier(?:t|te|ten)"
    r"|teil(?:t|te|ten)\b.*\bmit|gab\b.*\ban|gibt\b.*\ban|hieß es|heißt es|laut|zufolge"
    r"|nach Angaben|nach Ansicht|nach Einschätzung|nach Aussage"
    r"|wie\b.*\b(?:sagt|berichtet|erklärt)\w*|so der|so die|schrieb|schreibt|sprach|spricht"
    r"|verwies|verweist|warn(?:t|te)|kündig\w+|bestätig(?:t|te)"
    r"|räum(?:t|te)\b.*\bein|glaub(?:t|te)|vermut(?:et|ete)|says?|said|told|according|claim(?:s|ed)"
    r"|report(?:s|ed)|stat(?:es|ed)|argu(?:es|ed)|wrote|writes|explain(?:s|ed)|ob|als ob|dass)\b"
    r"|, so [A-ZÄÖÜ]",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"^\s*[„“\"»«‚'](?P<inside>[^“”\"«»]+)[“”\"«»]?\W*$")


def leans(sentence: str) -> bool:
    """Whether a German or English sentence must be read with the one before it."""
    return _points_back(sentence) or _reports_without_speaker(sentence)


def _points_back(sentence: str) -> bool:
    if _POINTS_BACK.search(sentence):
        return not (_NOUN_AFTER.search(sentence) or _EMPTY_IT.search(sentence))
    return bool(_PREPOSITION_POINTS_BACK.search(sentence) or _PRONOUN_AFTER_VERB.search(sentence))


def _reports_without_speaker(sentence: str) -> bool:
    if _QUOTED.match(sentence):
        return True
    if _FIRST_PERSON.search(sentence) or not _REPORTED.search(sentence):
        return False
    return not _SAYING.search(sentence)
