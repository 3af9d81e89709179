"""The journal's tables, by version. SQLite's user_version says how far a file has come."""

import sqlite3

from uploader.errors import JournalError

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE uploads (
        id TEXT PRIMARY KEY,
        path TEXT NOT NULL,
        title TEXT NOT NULL,
        server TEXT NOT NULL,
        state TEXT NOT NULL,
        growing INTEGER NOT NULL,
        recording_type TEXT NOT NULL,
        settings TEXT NOT NULL,
        wanted TEXT NOT NULL,
        told TEXT NOT NULL,
        wish TEXT NOT NULL,
        limit_bps REAL,
        mtime_ns INTEGER,
        recording_id TEXT,
        share_url TEXT,
        playlist_url TEXT,
        upload_url TEXT,
        offset INTEGER NOT NULL DEFAULT 0,
        size INTEGER,
        sent_bytes INTEGER NOT NULL DEFAULT 0,
        attempt INTEGER NOT NULL DEFAULT 0,
        error TEXT,
        sha256 TEXT,
        server_sha256 TEXT,
        created_at REAL NOT NULL,
        link_at REAL,
        done_at REAL
    ) STRICT;
    CREATE INDEX uploads_by_state ON uploads (state);
    CREATE INDEX uploads_by_file ON uploads (path, server);
    """,
)


def migrate(connection: sqlite3.Connection) -> None:
    """Brings a journal to the newest version, however many processes open it at once."""
    if _version(connection) == len(MIGRATIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)  # another process may have been first
        if version > len(MIGRATIONS):
            raise JournalError(
                f"It has version {version}, this program knows {len(MIGRATIONS)}.", hint="Update Heddle."
            )
        for script in MIGRATIONS[version:]:
            # executescript() would commit; a version must come whole or not at all
            for statement in filter(str.strip, script.split(";")):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection) -> int:
    row: tuple[int] = connection.execute("PRAGMA user_version").fetchone()
    return row[0]
