"""The same with the bundled model: meaning survives the way to disk and back."""

from __future__ import annotations

from pathlib import Path

from index.build import build
from index.embedding import document
from index.encoder import Encoder
from index.storage import open_current

ARTICLES = {
    "mauer.md": """---
title: Der 9. November
date: 2024-11-09
---
# Der 9. November

Am 9. November 1989 öffnete die DDR **ihre Grenzen**. Tausende gingen in derselben Nacht
nach West-Berlin.
""",
    "vulkan.txt": "Der Ätna\n\nDer Ätna auf Sizilien ist der höchste tätige Vulkan Europas. "
    "Seine Asche legt im Winter oft den Flughafen von Catania lahm.\n",
    "bees.txt": "How bees dance\n\nHoney bees tell each other where food is by dancing. "
    "The angle of the dance shows the direction to the flowers.\n",
}


def test_questions_find_the_passage_that_answers_them(encoder: Encoder, tmp_path: Path) -> None:
    seeds, index = tmp_path / "seeds", tmp_path / "index"
    seeds.mkdir()
    for name, text in ARTICLES.items():
        (seeds / name).write_text(text, encoding="utf-8")
    report = build(seeds, index, lambda: encoder)
    assert (report.articles, report.model) == (3, encoder.name)
    questions = {
        "Wann fiel die Berliner Mauer?": "mauer.md",
        "Welcher Vulkan in Europa ist am höchsten?": "vulkan.txt",
        "Wie verständigen sich Bienen?": "bees.txt",
    }
    with open_current(index) as generation:
        generation.manifest.require_model(encoder.fingerprint, encoder.name)
        for vector, key in zip(
            encoder.encode_questions(list(questions)), questions.values(), strict=True
        ):
            best, score = generation.nearest(vector, 1)[0]
            passage = generation.passage(best)
            stored = generation.article(passage.article_id)
            assert stored.article.key == key
            exact = encoder.encode_documents(
                [document(stored.article, passage).text],
                [document(stored.article, passage).spans],
            )
            assert abs(float(exact.passages[0] @ vector) - score) < 0.002
            sentences = generation.sentence_vectors(best)
            assert abs(exact.sentences @ vector - sentences @ vector).max() < 0.002


def test_the_model_reads_sentences_without_markup(tmp_path: Path) -> None:
    from index.segment import split
    from index.sources import Reader

    (tmp_path / "mauer.md").write_text(ARTICLES["mauer.md"], encoding="utf-8")
    with Reader(tmp_path) as reader:
        article = reader.read("mauer.md").articles[0]
    passage = split(article)[0]
    read = document(article, passage)
    assert [read.text[a:b] for a, b in read.spans] == [
        "Am 9. November 1989 öffnete die DDR ihre Grenzen.",
        "Tausende gingen in derselben Nacht nach West-Berlin.",
    ]
