from __future__ import annotations

import json
from dataclasses import replace

import numpy as np

from bot.answer import Dropped
from bot.render.as_json import answer_json
from tests.bot.samples import ANSWER, REFUSAL, WALL


def test_an_answer_has_the_documented_keys_in_their_order():
    assert json.dumps(answer_json(ANSWER), ensure_ascii=False) == (
        '{"question": "Wann fiel die Berliner Mauer?", "rewritten": null, "answered": true,'
        ' "mode": "extractive",'
        ' "answer": "Am 9. November 1989 öffnete die DDR ihre Grenzen. [1]",'
        ' "claims": [{"text": "Am 9. November 1989 öffnete die DDR ihre Grenzen.",'
        ' "citations": [1]}],'
        ' "citations": [{"n": 1, "id": "aaaaaaaaaaaaaaaaaaaaaaaa",'
        ' "article": "geschichte/mauerfall.md", "title": "Der Fall der Berliner Mauer",'
        ' "section": "Der Abend", "page": 3, "source": "Geschichtsblatt", "date": "2024-11-09",'
        ' "url": "https://example.org/mauerfall",'
        ' "quote": "Am **9. November 1989** öffnete die DDR ihre Grenzen.",'
        ' "start": 311, "end": 364, "score": 0.8712}],'
        ' "evidence": [{"article": "geschichte/mauerfall.md",'
        ' "quote": "Am **9. November 1989** öffnete die DDR ihre Grenzen.",'
        ' "start": 311, "end": 364, "score": 0.8712},'
        ' {"article": "geschichte/die-lange-vorgeschichte-des-mauerfalls.md",'
        ' "quote": "Im Sommer 1989 flohen Tausende über Ungarn.",'
        ' "start": 20, "end": 63, "score": 0.5}],'
        ' "nearest": [], "dropped": [], "confidence": 0.9346, "generation": "20241109-1",'
        ' "ms": {"search": 8.1, "answer": 3.1, "total": 12.4}}'
    )


def test_a_quote_stays_verbatim():
    assert answer_json(ANSWER)["citations"][0]["quote"] == WALL


def test_a_refusal_names_the_nearest_articles():
    shown = answer_json(REFUSAL)
    assert (shown["answered"], shown["claims"], shown["citations"]) == (False, [], [])
    assert shown["nearest"] == [
        {
            "article": "a.md",
            "title": "Ein Artikel",
            "date": "2024-01-02",
            "url": "https://example.org/a",
            "score": 0.4124,
        },
        {"article": "b.md", "title": "Noch einer", "date": None, "url": None, "score": 0.3},
    ]


def test_dropped_claims_say_why():
    dropped = replace(ANSWER, dropped=(Dropped("Die Mauer war blau.", "no quote says so"),))
    assert answer_json(dropped)["dropped"] == [
        {"text": "Die Mauer war blau.", "reason": "no quote says so"}
    ]


def test_numbers_of_numpy_become_numbers():
    answer = replace(ANSWER, confidence=np.float32(0.25))  # type: ignore[arg-type]
    assert json.loads(json.dumps(answer_json(answer)))["confidence"] == 0.25
