"""What the bot remembers: the inbox, conversations, answers, thumbs, people."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from bot.state import FILE, Given, State, StateError, Stats, new_id
from bot.state.database import Database
from bot.state.inbox import MAX_ATTEMPTS
from bot.state.schema import MIGRATIONS

DAY = 86400.0
GIVEN = Given(
    chat=7,
    person=7,
    message=70,
    at=1000.0,
    question="Wann?",
    answer="Gestern. [1]",
    kind="answer",
    confidence=0.9,
    generation="g1",
    citations=("a" * 24,),
    nearest=("a.md",),
    view={"html": "x"},
    seconds=0.5,
    id="x" * 16,
)


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path, 1)


def test_an_update_is_accepted_once(state: State) -> None:
    assert state.inbox.accept([(1, "7", {"a": "ä"}), (2, "8", {})], 0.0) == {1, 2}
    assert state.inbox.accept([(2, "8", {}), (3, "7", {})], 0.0) == {3}
    assert [(p.update_id, p.place, p.payload) for p in state.inbox.pending()] == [
        (1, "7", {"a": "ä"}),
        (2, "8", {}),
        (3, "7", {}),
    ]
    state.inbox.finish(1)
    assert state.inbox.accept([(1, "7", {})], 0.0) == frozenset()
    assert state.inbox.find(1) is None


def test_a_reply_goes_on_where_it_stopped(tmp_path: Path) -> None:
    state = State(tmp_path, 1)
    state.inbox.accept([(1, "7", {})], 0.0)
    state.inbox.prepare(1, [{"html": "a"}, {"html": "b"}])
    state.inbox.tick(1, 1)
    state.close()
    pending = State(tmp_path, 1).inbox.find(1)
    assert pending is not None
    assert (pending.outgoing, pending.sent) == (({"html": "a"}, {"html": "b"}), 1)


def test_bots_have_inboxes_of_their_own(tmp_path: Path) -> None:
    State(tmp_path, 1).inbox.accept([(1, "7", {})], 0.0)
    assert State(tmp_path, 2).inbox.accept([(1, "7", {})], 0.0) == {1}


def test_an_update_that_ends_the_process_is_set_aside_in_the_end(state: State) -> None:
    state.inbox.accept([(1, "7", {})], 0.0)
    for _ in range(3):
        assert state.inbox.begin(1)
        state.inbox.put_back(1)
    assert [state.inbox.begin(1) for _ in range(MAX_ATTEMPTS + 1)] == [True] * MAX_ATTEMPTS + [
        False
    ]
    assert state.inbox.pending() == []
    assert state.inbox.aside() == [(1, "too many attempts")]


def test_a_chat_that_is_gone_is_dropped(state: State) -> None:
    state.inbox.accept([(1, "7", {}), (2, "8", {}), (3, "7", {})], 0.0)
    assert state.inbox.finish_place("7") == 2
    assert [pending.update_id for pending in state.inbox.pending()] == [2]


def test_set_aside(state: State) -> None:
    state.inbox.set_aside(5, [1], "cannot be read", 0.0)
    state.inbox.accept([(6, "7", {})], 0.0)
    state.inbox.set_aside(6, {}, "nor this", 0.0)
    assert state.inbox.aside() == [(5, "cannot be read"), (6, "nor this")]
    assert state.inbox.pending() == []


def test_pruning_keeps_what_is_pending(state: State) -> None:
    state.inbox.accept([(1, "7", {}), (2, "7", {})], 0.0)
    state.inbox.finish(1)
    state.prune(2 * DAY - 1)
    assert state.inbox.accept([(1, "7", {})], 0.0) == frozenset()
    state.prune(2 * DAY + 1)
    assert state.inbox.accept([(1, "7", {})], 0.0) == {1}
    assert [pending.update_id for pending in state.inbox.pending()] == [1, 2]


def test_a_done_update_leaves_no_words(tmp_path: Path) -> None:
    state = State(tmp_path, 1)
    state.inbox.accept([(1, "7", {"text": "geheim"})], 0.0)
    state.inbox.prepare(1, [{"html": "geheim"}])
    state.inbox.finish(1)
    assert state.database.rows("SELECT payload, outgoing FROM inbox") == [("{}", None)]


def test_conversations(state: State) -> None:
    assert state.records.conversation(7) is None
    state.records.save_conversation(7, 0, [1], 10.0)
    state.records.save_conversation(7, 3, [2], 10.0)
    state.records.save_conversation(7, 0, [1, 3], 20.0)
    assert [state.records.conversation(7), state.records.conversation(7, 3)] == [[1, 3], [2]]
    state.records.end_conversation(7, 0)
    assert [state.records.conversation(7), state.records.conversation(7, 3)] == [None, [2]]
    state.records.move_chat(7, -100)
    assert state.records.conversation(-100, 3) == [2]
    state.prune(31 * DAY)
    assert state.records.conversation(-100, 3) is None


def test_given_answers(state: State) -> None:
    later = replace(GIVEN, id="y" * 16, at=2000.0, question="Wann denn?")
    for given in (GIVEN, later):
        state.records.add_given(given)
    assert state.records.given("x" * 16) == GIVEN
    assert state.records.given("z" * 16) is None
    assert state.records.given_to(7, 70) == later
    state.prune(1500.0 + 30 * DAY)
    assert state.records.given("x" * 16) is None
    assert state.records.given("y" * 16) == later


def test_thumbs_outlive_their_answers_and_change(state: State) -> None:
    state.records.rate(GIVEN, 7, 1, 5.0)
    state.records.rate(GIVEN, 7, -1, 6.0)
    state.records.rate(GIVEN, 8, 1, 7.0)
    assert [
        (t.value, t.at, t.question, t.generation, t.citations) for t in state.records.thumbs()
    ] == [
        (-1, 6.0, "Wann?", "g1", ("a" * 24,)),
        (1, 7.0, "Wann?", "g1", ("a" * 24,)),
    ]


def test_stats(state: State) -> None:
    assert state.records.stats(0.0) == Stats(0, 0, 0, 0, 0, 0.0, 0.0)
    for number in range(20):
        given = replace(
            GIVEN,
            id=new_id(),
            person=number % 3,
            kind=("answer", "refusal")[number % 2],
            seconds=number / 10,
        )
        state.records.add_given(given)
    state.records.add_given(replace(GIVEN, id=new_id(), at=10.0))
    state.records.add_given(replace(GIVEN, id=new_id(), kind="talk"))
    state.records.rate(GIVEN, 7, 1, 1001.0)
    assert state.records.stats(500.0) == Stats(20, 10, 3, 1, 0, 1.0, 1.9)


def test_forgetting(state: State) -> None:
    state.records.save_conversation(7, 0, [1], 10.0)
    state.records.add_given(GIVEN)
    state.records.rate(GIVEN, 7, 1, 1.0)
    state.records.add_given(replace(GIVEN, id="y" * 16, person=8))
    state.forget(7, 7)
    assert state.records.conversation(7) is None
    assert state.records.given("x" * 16) is None
    assert state.records.given("y" * 16) is not None
    assert state.records.thumbs() == []


def test_people(state: State) -> None:
    assert state.people.knock(5, "Eve", "de", 1.0)
    assert not state.people.knock(5, "Eve", "de", 2.0)
    assert state.people.knock(6, "Bob", "en", 3.0)
    assert [(k.id, k.name, k.language, k.since) for k in state.people.waiting()] == [
        (5, "Eve", "de", 1.0),
        (6, "Bob", "en", 3.0),
    ]
    assert not state.people.is_allowed(5)
    state.people.decide(5, "allowed")
    state.people.decide(6, "denied")
    assert state.people.waiting() == []
    assert (state.people.is_allowed(5), state.people.is_allowed(6)) == (True, False)
    found = state.people.find(5)
    assert found is not None
    assert state.people.named(found.key) == found
    assert state.people.named("nobody") is None


def test_transactions_are_all_or_nothing(state: State) -> None:
    def half() -> None:
        with state.database.transaction():
            state.records.save_conversation(7, 0, [1], 10.0)
            with state.database.transaction(durable=True):
                state.records.save_conversation(8, 0, [1], 10.0)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert [state.records.conversation(7), state.records.conversation(8)] == [None, None]


def test_migrations_move_an_old_file_on(tmp_path: Path) -> None:
    old = Database(tmp_path, MIGRATIONS[:1])
    old.run("INSERT INTO conversation VALUES (1, 7, 0, '[1]', 0.0)")
    old.close()
    more = (*MIGRATIONS, "ALTER TABLE conversation ADD COLUMN extra TEXT; CREATE TABLE t (a)")
    new = Database(tmp_path, more)
    assert new.version == len(more)
    assert new.rows("SELECT turns, extra FROM conversation") == [("[1]", None)]
    new.close()
    with pytest.raises(StateError, match="written by a newer belegbot"):
        State(tmp_path, 1)


def test_a_failed_migration_changes_nothing(tmp_path: Path) -> None:
    Database(tmp_path).close()
    with pytest.raises(StateError):
        Database(tmp_path, (*MIGRATIONS, "CREATE TABLE t (a); NONSENSE"))
    database = Database(tmp_path)
    assert database.version == len(MIGRATIONS)
    assert database.rows("SELECT name FROM sqlite_master WHERE name = 't'") == []


def test_unusable_folders_are_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / FILE).write_bytes(b"no database" * 100)
    for folder in (tmp_path / "file", tmp_path):
        with pytest.raises(StateError, match=r"cannot be used .*BELEGBOT_STATE_DIR"):
            State(folder, 1)


def test_the_file_is_in_wal_mode(tmp_path: Path) -> None:
    State(tmp_path, 1).close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
