from __future__ import annotations

import os
from pathlib import Path

from index.analysis import terms
from index.build import build
from index.storage import History, article_uid
from index.storage.layout import Layout
from tests.index.folders import Folders, answers, article_text, counts, make_seeds
from tests.index.hashing import HashingEncoder


def test_a_first_build_takes_in_every_article(folders: Folders) -> None:
    report = folders.build()
    assert counts(report) == (12, 0, 0, 0, 0)
    assert report.embedded == report.passages == len(folders.encoder.texts)
    assert report.skipped == ()
    with folders.open() as generation:
        assert generation.name == report.generation
        assert generation.manifest.articles == report.articles == 12
        assert generation.damaged is None
        stored = generation.find("0003.txt")
        assert stored is not None
        assert stored.article.text == article_text(3)
        assert stored.article.key == "0003.txt"


def test_what_is_stored_is_what_was_read(folders: Folders) -> None:
    report = folders.build()
    with folders.open() as generation:
        seen = 0
        for card in generation.cards():
            stored = generation.article(card.id)
            for passage_id in generation.passages_of(card.id):
                passage = generation.passage(passage_id)
                assert passage.article_id == card.id
                sentences = [stored.article.text[a:b] for a, b in passage.sentences]
                assert all(one == one.strip() and one for one in sentences)
                vectors = generation.sentence_vectors(passage_id)
                for vector, sentence in zip(vectors, sentences, strict=True):
                    assert vector @ HashingEncoder().question(sentence) > 0.998
                seen += len(sentences)
        assert seen == report.sentences


def test_nothing_changed_makes_no_generation_and_embeds_nothing(folders: Folders) -> None:
    first = folders.build()
    again = folders.build()
    assert again.generation == first.generation
    assert counts(again) == (0, 0, 0, 0, 12)
    assert again.embedded == 0
    assert len(list(Layout(folders.index).generations.iterdir())) == 1


def test_unchanged_files_are_not_opened_again(folders: Folders) -> None:
    for number in range(12):
        folders.write(f"{number:04d}.txt", article_text(number))
    folders.build()
    before = {path: path.stat().st_atime_ns for path in folders.seeds.iterdir()}
    for path in before:
        os.utime(path, ns=(1, path.stat().st_mtime_ns))
    folders.build()
    assert {path.stat().st_atime_ns for path in before} == {1}


def test_a_file_written_twice_in_one_tick_is_read_again(folders: Folders) -> None:
    path = folders.seeds / "0001.txt"
    folders.build()
    stat = path.stat()
    path.write_text(article_text(1).replace("Stimmen", "Summen"), encoding="utf-8")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert path.stat().st_size < stat.st_size
    path.write_text(article_text(1).replace("Stimmen", "Summmen"), encoding="utf-8")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert path.stat().st_size == stat.st_size
    assert counts(folders.build()) == (0, 1, 0, 0, 11)


def test_added_changed_moved_and_removed_are_told_apart(folders: Folders) -> None:
    folders.build()
    folders.encoder.texts.clear()
    folders.write("neu.txt", article_text(50))
    folders.write("0001.txt", article_text(51))
    (folders.seeds / "archiv").mkdir()
    (folders.seeds / "0002.txt").rename(folders.seeds / "archiv" / "alt.txt")
    (folders.seeds / "0003.txt").unlink()
    report = folders.build()
    assert counts(report) == (1, 1, 1, 1, 9)
    assert report.articles == 12
    with folders.open() as generation:
        keys = sorted(card.key for card in generation.cards())
        assert keys == sorted(
            path.relative_to(folders.seeds).as_posix() for path in folders.seeds.rglob("*.txt")
        )
        assert generation.find("0002.txt") is None
        assert generation.find_uid(article_uid("0003.txt")) is None
        moved = generation.find_uid(article_uid("archiv/alt.txt"))
        assert moved is not None
        assert moved.article.text == article_text(2)
    assert report.embedded == len(folders.encoder.texts)
    assert not any("Nummer 2 " in text for text in folders.encoder.texts)


def test_an_edit_embeds_only_the_passages_it_touches(folders: Folders) -> None:
    long = article_text(70, sentences=60)
    folders.write("lang.txt", long)
    folders.build()
    with folders.open() as generation:
        stored = generation.find("lang.txt")
        assert stored is not None
        assert len(generation.passages_of(stored.id)) > 3
    folders.write("lang.txt", long + "Die Sitzung endet um zehn Uhr abends.\n")
    report = folders.build()
    assert report.changed == 1
    assert report.embedded == 1


def test_a_move_embeds_nothing(folders: Folders) -> None:
    folders.build()
    folders.encoder.texts.clear()
    folders.seeds.joinpath("0004.txt").rename(folders.seeds / "anders.txt")
    assert counts(folders.build()) == (0, 0, 1, 0, 11)
    assert folders.encoder.texts == []


def test_an_index_that_grew_answers_like_one_made_at_once(tmp_path: Path) -> None:
    grown, clean = Folders(tmp_path / "grown"), Folders(tmp_path / "clean")
    make_seeds(grown.seeds, 100)
    grown.build()
    for round_number in range(7):
        grown.write(f"{100 + round_number:04d}.txt", article_text(100 + round_number))
        grown.write(f"{round_number % 10:04d}.txt", article_text(200 + round_number))
        if round_number % 3 == 0:
            (grown.seeds / f"{100 + round_number // 2:04d}.txt").unlink()
        report = grown.build()
    clean.seeds.mkdir(parents=True)
    for path in grown.seeds.iterdir():
        clean.write(path.name, path.read_text(encoding="utf-8"))
    expected = clean.build()
    with grown.open() as left, clean.open() as right:
        assert answers(left) == answers(right)
        assert left.manifest.passages == right.manifest.passages
        assert left.manifest.sentences == right.manifest.sentences
        assert left.passage_frequency("rathaus") == right.passage_frequency("rathaus")
        assert 2 <= len(left.manifest.segments) <= 5
    assert (report.articles, report.stories) == (expected.articles, expected.stories)


def test_excluded_articles_are_as_if_they_were_not_there(tmp_path: Path) -> None:
    whole, fewer = Folders(tmp_path / "whole"), Folders(tmp_path / "fewer")
    make_seeds(whole.seeds, 12)
    make_seeds(fewer.seeds, 8)
    whole.build()
    fewer.build()
    with whole.open() as left, fewer.open() as right:
        excluded = [card.id for card in left.cards() if card.key >= "0008"]
        question = HashingEncoder().question("Das Museum prüft die Orgel")
        weights = dict.fromkeys(terms("Das Museum prüft die Orgel"), 1.0)
        for expected, hits in (
            (right.nearest(question, 50), left.nearest(question, 50, exclude=excluded)),
            (right.keywords(weights, 50), left.keywords(weights, 50, exclude=excluded)),
        ):
            assert [round(score, 6) for _, score in hits] == [round(s, 6) for _, s in expected]


def test_replaced_articles_stay_in_the_history(folders: Folders) -> None:
    folders.build()
    folders.write("0001.txt", article_text(51))
    (folders.seeds / "0002.txt").rename(folders.seeds / "neuer-name.txt")
    (folders.seeds / "0003.txt").unlink()
    folders.build()
    history = History(folders.index)
    changed, moved, removed = (
        history.past_versions(article_uid(f"000{number}.txt")) for number in (1, 2, 3)
    )
    assert [one.text for one in changed] == [article_text(1)]
    assert [(one.key, one.moved_to) for one in moved] == [("0002.txt", "neuer-name.txt")]
    assert [(one.text, one.moved_to) for one in removed] == [(article_text(3), None)]
    assert history.moved_to(article_uid("0002.txt")) == "neuer-name.txt"
    assert history.past_versions(article_uid("0005.txt")) == []


def test_a_bad_file_is_skipped_with_its_reason_every_time(folders: Folders) -> None:
    (folders.seeds / "kaputt.txt").write_bytes(b"\x00\x01\x02" * 50)
    for _ in range(2):
        report = folders.build()
        assert [one.path for one in report.skipped] == ["kaputt.txt"]
        assert report.skipped[0].reason
        assert report.articles == 12


def test_a_file_that_may_be_read_at_last_is_read(folders: Folders) -> None:
    path = folders.seeds / "kaputt.txt"
    path.write_bytes(b"\x00" * 60)
    os.utime(path, (1e9, 1e9))
    assert len(folders.build().skipped) == 1
    text = "Ein Satz, der nun gelesen werden darf. Noch einer dazu."
    path.write_text(text.ljust(60), encoding="utf-8")
    os.utime(path, (1e9, 1e9))  # only the time of its last change of any kind tells
    report = folders.build()
    assert (report.added, report.skipped) == (1, ())


def test_progress_counts_up_to_the_end(folders: Folders) -> None:
    steps: list[tuple[str, int, int]] = []

    class Recorder:
        def step(self, stage: str, done: int, total: int) -> None:
            steps.append((stage, done, total))

    report = build(folders.seeds, folders.index, HashingEncoder, progress=Recorder())
    by_stage = {stage: (done, total) for stage, done, total in steps}
    assert by_stage == {
        "reading": (12, 12),
        "embedding": (report.embedded, report.embedded),
        "writing": (2, 2),
    }
