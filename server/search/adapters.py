"""Which search index there is: that of the database."""

from server.db import Database
from server.ports.search import SearchIndex


def open_index(db: Database) -> SearchIndex:
    if db.is_postgres:
        from server.adapters.search_postgres import PostgresSearch  # noqa: PLC0415 (the one that is needed)

        return PostgresSearch(db)
    from server.adapters.search_sqlite import SqliteSearch  # noqa: PLC0415 (the one that is needed)

    return SqliteSearch(db)
