"""The schema, as the migrations that led to it. Only ever add one at the end."""

from __future__ import annotations

_FIRST = """
CREATE TABLE inbox (
    bot INTEGER NOT NULL,
    update_id INTEGER NOT NULL,
    place TEXT NOT NULL,
    received REAL NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'aside')),
    payload TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    outgoing TEXT,
    sent INTEGER NOT NULL DEFAULT 0,
    note TEXT,
    PRIMARY KEY (bot, update_id)
) WITHOUT ROWID;

CREATE INDEX inbox_pending ON inbox (bot, update_id) WHERE state = 'pending';

CREATE TABLE conversation (
    bot INTEGER NOT NULL,
    chat INTEGER NOT NULL,
    topic INTEGER NOT NULL,
    turns TEXT NOT NULL,
    changed REAL NOT NULL,
    PRIMARY KEY (bot, chat, topic)
) WITHOUT ROWID;

CREATE TABLE given (
    id TEXT PRIMARY KEY,
    bot INTEGER NOT NULL,
    chat INTEGER NOT NULL,
    person INTEGER NOT NULL,
    message INTEGER,
    at REAL NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('answer', 'refusal', 'talk')),
    confidence REAL NOT NULL,
    generation TEXT NOT NULL,
    citations TEXT NOT NULL,
    nearest TEXT NOT NULL,
    view TEXT NOT NULL,
    seconds REAL NOT NULL
) WITHOUT ROWID;

CREATE INDEX given_place ON given (bot, chat, message);

CREATE TABLE thumb (
    bot INTEGER NOT NULL,
    given TEXT NOT NULL,
    person INTEGER NOT NULL,
    chat INTEGER NOT NULL,
    value INTEGER NOT NULL CHECK (value IN (-1, 1)),
    at REAL NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    generation TEXT NOT NULL,
    citations TEXT NOT NULL,
    PRIMARY KEY (given, person)
) WITHOUT ROWID;

CREATE TABLE person (
    bot INTEGER NOT NULL,
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    standing TEXT NOT NULL CHECK (standing IN ('waiting', 'allowed', 'denied')),
    since REAL NOT NULL,
    key TEXT NOT NULL UNIQUE,
    PRIMARY KEY (bot, id)
) WITHOUT ROWID
"""

MIGRATIONS: tuple[str, ...] = (_FIRST,)
