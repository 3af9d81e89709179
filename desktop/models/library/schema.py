"""The tables of the library's file. SQLite's user_version says how far a file has come.

What is known of recordings lies in `takes`, `sendings` and `remotes`, by who told it; `items` and `words`
follow from them and could be made anew. `edits` and `bin` hold what nobody else knows: what a person did.
"""

import sqlite3

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE takes (path TEXT PRIMARY KEY, data TEXT NOT NULL) STRICT;
    CREATE TABLE sendings (
        id TEXT PRIMARY KEY, path TEXT NOT NULL, recording_id TEXT, data TEXT NOT NULL
    ) STRICT;
    CREATE INDEX sendings_by_path ON sendings (path);
    CREATE INDEX sendings_by_recording ON sendings (recording_id);
    CREATE TABLE remotes (id TEXT PRIMARY KEY, data TEXT NOT NULL) STRICT;
    CREATE TABLE transcripts (
        anchor TEXT PRIMARY KEY, etag TEXT NOT NULL, told_at TEXT NOT NULL, text TEXT NOT NULL,
        data TEXT NOT NULL
    ) STRICT;
    CREATE TABLE edits (anchor TEXT PRIMARY KEY, data TEXT NOT NULL) STRICT;
    CREATE TABLE bin (key TEXT PRIMARY KEY, at REAL NOT NULL) STRICT;
    CREATE TABLE folders (id TEXT PRIMARY KEY, parent_id TEXT, name TEXT NOT NULL) STRICT;
    CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    CREATE TABLE items (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        recording_id TEXT,
        path TEXT,
        sort_title TEXT NOT NULL,
        standing TEXT NOT NULL,
        trashed INTEGER NOT NULL,
        conflict INTEGER NOT NULL,
        created_at REAL NOT NULL,
        duration_s REAL,
        size INTEGER,
        folder_id TEXT,
        found_by TEXT NOT NULL,
        data TEXT NOT NULL
    ) STRICT;
    CREATE INDEX items_by_age ON items (trashed, created_at);
    CREATE INDEX items_by_title ON items (trashed, sort_title);
    CREATE INDEX items_by_folder ON items (folder_id);
    CREATE INDEX items_by_recording ON items (recording_id);
    CREATE TABLE item_tags (
        item INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (item, tag)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX item_tags_by_tag ON item_tags (tag);
    CREATE VIRTUAL TABLE words USING fts5 (
        title, description, tags, said, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
    );
    """,
)


def migrate(connection: sqlite3.Connection) -> None:
    """Brings a file to the newest version; within one transaction each."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
        for number, script in enumerate(MIGRATIONS[version:], version + 1):
            for statement in script.split(";\n"):
                if statement.strip():
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
