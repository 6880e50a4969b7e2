"""Hostile text, Markdown, JSONL and CSV files."""

from __future__ import annotations

from tests.hostile.kinds import Hostile, holding, sized

MEGABYTE = 1024 * 1024
_NOISE = bytes(range(0x80, 0xA0)) * 40 + b"\x01\x02\x03" * 20

TEXTS = (
    Hostile("leer.txt", holding(b""), "is empty"),
    Hostile("nur-marke.txt", holding(b"\xef\xbb\xbf"), "is blank"),
    Hostile("blank.txt", holding("\n \t\n\u00a0\n"), "is blank"),
    Hostile("zeichen.txt", holding("… — !!! \n*** \n"), "is blank"),
    Hostile("nul.txt", holding(b"Ein Satz.\0\0\0 Noch einer."), "NUL bytes"),
    Hostile("binaer.txt", holding(bytes(range(256)) * 20), "NUL bytes"),
    Hostile("rauschen.txt", holding(_NOISE), "cannot be decoded"),
    Hostile("utf16-halb.txt", holding(b"\xff\xfeE\0i\0n\0s\0."), "cannot be decoded as UTF-16"),
    Hostile("utf8-halb.txt", holding(b"\xef\xbb\xbfEin Satz \xc3"), "cannot be decoded as UTF-8"),
    Hostile(
        "utf8-bruch.txt", holding("Größe über Öl. ".encode() * 9 + b"\xfc."), "decoded as UTF-8"
    ),
    Hostile("utf16-ersatz.txt", holding(b"\xff\xfe\x00\xd8a\0"), "cannot be decoded as UTF-16"),
    Hostile("eine-zeile-100-mb.txt", sized(100 * MEGABYTE), "too large: 100.0 MB, at most 8 MB"),
    Hostile("gross.md", sized(9 * MEGABYTE), "too large: 9.0 MB"),
    Hostile("nur-titel.md", holding("# Nur\n\n## Titel\n"), "contains no sentences"),
    Hostile("nur-kode.md", holding("```\nx = 1\n```\n<!-- nichts -->\n"), "contains no sentences"),
    Hostile("nur-kopf.md", holding("---\ntitle: Nichts\n---\n"), "contains no sentences"),
    # Records: the rest of the file is read.
    Hostile("leer.jsonl", holding(b""), "is empty"),
    Hostile("blank.jsonl", holding("\n  \n"), "is empty"),
    Hostile("kaputt.jsonl", holding('{"text": "Gut."}\n{"text": \n'), "no valid JSON", ":2"),
    Hostile("tief.jsonl", holding("[" * 200_000 + "\n"), "nested too deeply", ":1"),
    Hostile("liste.jsonl", holding('["kein Artikel"]\n'), "no JSON object", ":1"),
    Hostile("ohne-text.jsonl", holding('{"id": 7, "titel": "T"}\n'), "has no text", ":1"),
    Hostile("textlos.jsonl", holding('{"text": "  "}\n'), "empty or blank", ":1"),
    Hostile("zahl.jsonl", holding('{"text": ' + "9" * 5_000 + "}\n"), "no valid JSON", ":1"),
    Hostile(
        "doppelt.jsonl",
        holding('{"id": "a\\nb", "text": "Eins."}\n{"id": "a\\nb", "text": "Zwei."}\n'),
        "id a b is already used in line 1",
        "#a b",
    ),
    Hostile(
        "zweimal.jsonl",
        holding('{"id": "x", "text": "Eins."}\n\n{"id": "x", "text": "Zwei."}\n'),
        "already used in line 1",
        "#x",
    ),
    Hostile(
        "byte.jsonl", holding(b'{"text": "Gut."}\n{"text": "\xff"}\n'), "not valid UTF-8", ":2"
    ),
    Hostile(
        "lang.jsonl", holding('{"text": "' + "a " * (9 * MEGABYTE) + '"}\n'), "is longer than", ":1"
    ),
    Hostile("riesig.jsonl", sized(300 * MEGABYTE), "too large: 300.0 MB, at most 256 MB"),
    Hostile("nul.jsonl", holding(b"\0" * 4_000), "NUL bytes"),
    Hostile("leer.csv", holding(b""), "is empty"),
    Hostile("ohne-kopf.csv", holding("a,b\n1,2\n"), "names no text column"),
    Hostile("schief.csv", holding("id,text\n1,Gut.\n2\n"), "has 1 fields, the header 2", ":3"),
    Hostile("doppelt.csv", holding("id;text\n1;Eins.\n1;Zwei.\n"), "already used in line 2", "#1"),
    Hostile("feld.csv", holding('text\n"' + "a " * (3 * MEGABYTE) + '"\n'), "is longer than", ":2"),
    Hostile("offen.csv", holding('id,text\n1,"nie zu\n2,b\n'), "never closed", ":2"),
)
