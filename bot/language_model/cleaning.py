"""Articles are data: what in them speaks to a model instead of a reader is kept from it."""

from __future__ import annotations

import re
import unicodedata

_TEMPLATE = re.compile(
    r"<\|[^|>\n]{0,40}\|>|\[/?INST\]|<</?SYS>>|</?s>|<\/?(?:system|assistant|user|source|sources"
    r"|question|instructions?)\b[^>]{0,80}>|^\s*#{2,}\s*(?:system|instruction)",
    re.IGNORECASE | re.MULTILINE,
)
_ROLE = re.compile(
    r"(?:^|[\n.!?:;\"“”»«(\[*]\s*)(?:system|assistant|developer|user|human|ai|assistent|benutzer"
    r"|nutzer|entwickler)(?:[ -]?(?:prompt|message|nachricht|notice|hinweis))?\s*[:>\]]",
    re.IGNORECASE,
)
_ORDERS = re.compile(
    r"""
    \b(?:ignor\w*|disregard\w*|forget|override|vergiss|vergesst|missachte\w*|überschreib\w*|ignoriez
        |olvida\w*|игнорируй\w*|забудь\w*|yok\ say\w*|oublie\w*)\b
        (?=.{0,80}\b(?:above|previous|prior|instruct\w*|rules?|prompt|everything|all|context|obige\w*
        |vorherig\w*|vorig\w*|bisherig\w*|anweisung\w*|regeln?|alles|instruc\w*|consignes?|anterior\w*
        |предыдущ\w*|инструкц\w*|talimat\w*|önceki\w*|précédent\w*|sources?|quellen?)\b)
  | \b(?:instruct\w*|rules?|prompt|anweisung\w*|regeln?|instruc\w*|consignes?|инструкц\w*|talimat\w*
        |vorgaben?)\b(?=.{0,40}\b(?:ignor\w*|disregard\w*|forget|vergiss|missachte\w*|olvida\w*|oublie\w*
        |игнорируй\w*|забудь\w*|yok\ say\w*|unut)\b)
  | \b(?:you\ are|you're|act\ as|pretend|du\ bist|sie\ sind|verhalte\ dich|tu\ so|spiele)\b
        (?=.{0,60}\b(?:now|model|assistant|ai|bot|chatbot|dan|system|jetzt|modell|assistent\w*|ki)\b)
  | \b(?:system\ ?prompt|systemprompt|jailbreak|prompt\ injection|developer\ mode|entwicklermodus)\b
  | \b(?:language\ model|sprachmodell|chatbot|assistant|assistent|llm|ki-modell)\b
        (?=.{0,80}\b(?:must|should|shall|answer|reply|say|write|soll\w*|muss|antwort\w*|sag\w*|schreib\w*)\b)
  | \b(?:new|neue|updated|actual)\ (?:instructions?|anweisung\w*|rules?|regeln?|task|aufgabe)\b
  | (?:^|[.!?:;“”"»«(]\s*)(?:please\ |bitte\ |now\ |jetzt\ |then\ |dann\ )?
        (?:say|reply|respond|answer|repeat|print|output|reveal|cite|claim|write|tell|state|pretend|translate
        |append|include|insert|mention|recommend|visit|click|send|sage?|antworte\w*|wiederhole?\w*|gib|nenne?
        |zitiere?\w*|behaupte\w*|schreibe?\w*|verrate?\w*|füge|erwähne?\w*|empfiehl|besuche?\w*|klicke?\w*|sende
        |übersetze?\w*|di|responde|escribe|скажи|ответь|напиши|söyle|yaz|cevapla|dis|réponds|écris)\b
        (?!\s+(?:er|sie|es|he|she|they|it|was|were|is|wird|wurde|hat)\b)
    """,
    re.IGNORECASE | re.VERBOSE,
)


def visible(text: str) -> str:
    """The text without characters that nobody sees: zero width, direction marks, tags.

    Characters that only look like Latin ones in wide or mathematical letters become those.
    """
    kept = "".join(
        character
        for character in text
        if unicodedata.category(character) not in ("Cf", "Cc", "Co", "Cn", "Cs")
        or character in "\n\t"
    )
    if any(ord(character) >= 0x1D400 or 0xFF00 <= ord(character) <= 0xFFEF for character in kept):
        kept = unicodedata.normalize("NFKC", kept)
    return kept


def instructs(sentence: str) -> bool:
    """Whether a sentence gives orders to a model or plays a role of its conversation."""
    sentence = visible(sentence)
    return any(pattern.search(sentence) for pattern in (_TEMPLATE, _ROLE, _ORDERS))


def harmless(text: str) -> str:
    """Text that cannot end the part of the prompt that it stands in."""
    text = _TEMPLATE.sub(" ", visible(text))
    text = text.replace("<", "‹").replace(">", "›").replace("[", "(").replace("]", ")")
    return " ".join(text.split())
