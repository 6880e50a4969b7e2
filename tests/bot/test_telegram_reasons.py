"""Why a file was not read, for German admins: every reason that there is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import index.sources
from bot.telegram_app.reasons import reason_in
from bot.telegram_app.upload import UnreadError, checked
from index.build import build
from index.encoder import Encoder
from index.sources import scan
from tests.bot.telegram_world import SmallAssistant, serving
from tests.fake_bot_api import FakeBotApi


def given() -> Iterator[str]:
    """Every reason that is written out where files are read, its fields filled in."""
    for path in Path(index.sources.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                place = {"Unreadable": 0, "Skipped": 1}.get(node.func.id, 9)
                if len(node.args) > place:
                    yield from written_out(node.args[place])


def written_out(node: ast.expr) -> Iterator[str]:
    """A text as it stands in the source; one that begins with a field is made elsewhere."""
    if isinstance(node, ast.Constant):
        yield node.value
    elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        yield "".join(
            str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values
        ).replace("JSON7", "JSON (column 7)")


def test_every_reason_is_said_in_german() -> None:
    reasons = set(given()) - {"this folder 7"}
    reasons |= {  # made of two
        "this folder may not be read: give this user permission to read it",
        "this folder vanished while it was being read; the next run will see",
        "this folder cannot be read: Input/output error",
        "this record is longer than 4 million characters; split it",
        "this record is longer than 4 million characters; what follows is not read",
        "is a link; put the file itself here",
        "is too large: 30.0 MB, at most 20 MB; split it into smaller files",
        "needs more than 1,024 MB of memory to read; split it",
        "made its parser crash; is it damaged?",
    }
    assert len(reasons) > 30
    assert {reason for reason in reasons if reason_in("de", reason) == reason} == set()


@pytest.mark.parametrize(
    ("name", "data", "german"),
    [
        ("a.pdf", b"", "leer"),
        ("a.pdf", b"%PDF-1.7 nonsense", "beschädigt oder unvollständig; bitte eine neue Kopie"),
        ("a.pdf", b"nonsense", "keine PDF-Datei"),
        ("a.docx", b"nonsense", "kein DOCX-Dokument, oder ein beschädigtes"),
        ("a.docx", b"\xd0\xcf\x11\xe0", "verschlüsselt oder im alten DOC-Format"),
        ("a.html", b"<p></p>", "kein Text enthalten"),
        ("a.txt", b" \n ", "leer, ohne ein Wort"),
        ("a.txt", b"a\0b", "NUL-Bytes enthalten"),
        ("a.md", b"# Nur eine", "keine Sätze enthalten"),
        ("a.rss", b"nonsense", "kein RSS- oder Atom-Feed"),
        ("a.csv", b"a,b\n1,2\n", "Die erste Zeile nennt keine Spalte mit Text: text, "),
        ("a.jsonl", b"{nonsense\n", "kein gültiges JSON (Spalte 2); bitte die Zeile berichtigen"),
        ("a.jsonl", b'{"a": "b"}\n', "ohne Text; bitte das Feld so nennen: text, "),
    ],
)
def test_what_an_upload_meets(name: str, data: bytes, german: str) -> None:
    with pytest.raises(UnreadError) as raised:
        checked(data, name, None)
    assert reason_in("de", str(raised.value)).startswith(german)
    assert reason_in("en", str(raised.value)) == str(raised.value)


def test_what_stands_in_the_folder(tmp_path: Path) -> None:
    for name in (".a", ".b", ".c", ".d", "e.zip", "f"):
        (tmp_path / name).touch()
    (tmp_path / "g.md").symlink_to(tmp_path / "nowhere")
    said = [reason_in("de", skipped.reason) for skipped in scan(tmp_path).skipped]
    assert said[0] == "4 versteckte Dateien: .a, .b, .c, …"
    assert said[1].startswith("Format .zip wird nicht gelesen, sondern .")
    assert said[2].startswith("ohne Endung, die das Format nennt; gelesen werden .")
    assert said[3] == "eine Verknüpfung ins Leere; bitte entfernen oder die Datei hierher legen"


def test_an_unknown_reason_stays_as_it_is() -> None:
    assert reason_in("de", "is {strange}") == "is {strange}"


async def test_admins_read_it_in_their_language(tmp_path: Path, encoder: Encoder) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / ".versteckt").touch()
    (seeds / "leer.md").touch()

    def rebuild(_: object, first: object) -> object:
        return build(seeds, tmp_path / "index", lambda: encoder)

    async with FakeBotApi() as api:
        boss = api.person("Chefin", language="de")
        told = {"admins": (boss.id,), "seeds": seeds, "rebuild": rebuild}
        async with serving(api, tmp_path / "state", SmallAssistant(), **told):
            boss.sends_document("kaputt.pdf", b"%PDF-1.7 nonsense")
            assert (await boss.hears(20)).text == (
                "Die Datei wurde nicht aufgenommen: beschädigt oder unvollständig; bitte eine "
                "neue Kopie besorgen"
            )
            boss.says("/index")
            await boss.hears()
            assert (await boss.hears(20)).text.splitlines()[1:] == [
                "Übersprungen: 2",
                "• 1 versteckte Datei: .versteckt",
                "• leer.md: leer",
            ]
