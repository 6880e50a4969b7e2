"""Hand-made answers for the tests of what people see."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

from rich.console import Console

from bot.answer import (
    Answer,
    Citation,
    Claim,
    EvidenceItem,
    Kind,
    NearestArticle,
    Timing,
    joined,
)
from bot.citations import Opened

WALL = "Am **9. November 1989** öffnete die DDR ihre Grenzen."

CITATION = Citation(
    n=1,
    id="a" * 24,
    article="geschichte/mauerfall.md",
    title="Der Fall der Berliner Mauer",
    section="Der Abend",
    page=3,
    source="Geschichtsblatt",
    date="2024-11-09",
    url="https://example.org/mauerfall",
    quote=WALL,
    start=311,
    end=364,
    score=0.87123456,
)

ANSWER = Answer(
    question="Wann fiel die Berliner Mauer?",
    rewritten=None,
    answered=True,
    mode="extractive",
    answer="Am 9. November 1989 öffnete die DDR ihre Grenzen. [1]",
    claims=(Claim("Am 9. November 1989 öffnete die DDR ihre Grenzen.", (1,)),),
    citations=(CITATION,),
    evidence=(
        EvidenceItem("geschichte/mauerfall.md", WALL, 311, 364, 0.87123456),
        EvidenceItem(
            "geschichte/die-lange-vorgeschichte-des-mauerfalls.md",
            "Im Sommer 1989 flohen Tausende über Ungarn.",
            20,
            63,
            0.5,
        ),
    ),
    nearest=(),
    dropped=(),
    confidence=0.93456,
    generation="20241109-1",
    ms=Timing(8.14, 3.06, 12.44),
    language="de",
)

SECOND = replace(
    CITATION,
    n=2,
    id="b" * 24,
    article="wall.txt",
    title="The Wall",
    section=None,
    page=None,
    source=None,
    date=None,
    url=None,
    quote="The border opened in the evening.",
    start=0,
    end=33,
    score=0.5,
)

REFUSAL = Answer(
    question="Wer gewann 2031?",
    rewritten=None,
    answered=False,
    mode="extractive",
    answer="Dazu finde ich in den Artikeln nichts Belegtes.",
    claims=(),
    citations=(),
    evidence=(EvidenceItem("a.md", "Nichts davon.", 0, 13, 0.1),),
    nearest=(
        NearestArticle("a.md", "Ein Artikel", "2024-01-02", "https://example.org/a", 0.41236),
        NearestArticle("b.md", "Noch einer", None, None, 0.3),
    ),
    dropped=(),
    confidence=0.04,
    generation="20241109-1",
    ms=Timing(5.0, 0.0, 5.0),
    language="de",
    kind=Kind.REFUSAL,
)

GREETING = replace(
    REFUSAL,
    question="Hallo",
    answer="Hallo! Stell mir eine Frage.",
    evidence=(),
    nearest=(),
    kind=Kind.TALK,
)

OPENED = Opened(
    id="a" * 24,
    status="same",
    article="geschichte/mauerfall.md",
    title="Der Fall der Berliner Mauer",
    section="Der Abend",
    page=3,
    source="Geschichtsblatt",
    date="2024-11-09",
    url="https://example.org/mauerfall",
    quote=WALL,
    start=311,
    end=364,
    before="…Zuvor sprach **Schabowski** vor der Presse.\n\n",
    after=" Tausende kamen.\n\n- zu Fuß\n- mit dem *Trabant*\n\nDann…",
)


def two_citations() -> Answer:
    """ANSWER with a second claim from a bare text file."""
    claims = (*ANSWER.claims, Claim("The border opened in the evening.", (2,)))
    return replace(ANSWER, answer=joined(claims), claims=claims, citations=(CITATION, SECOND))


def pipe() -> Console:
    """A console that is no terminal."""
    return Console(file=StringIO(), force_terminal=False)


def terminal(width: int = 80, *, colours: bool = True) -> Console:
    """A console that takes itself for a terminal."""
    return Console(
        file=StringIO(),
        force_terminal=True,
        color_system="standard",
        width=width,
        no_color=not colours,
        legacy_windows=False,
        _environ={},
    )


def written(console: Console) -> str:
    """What was written to a console made here."""
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()
