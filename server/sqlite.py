"""SQLite's asyncio driver, with one crossing to its thread for each statement.

As it comes, it crosses there and back for the cursor, for the statement, for its rows and for the cursor's
end. A crossing costs more than most statements take.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Self, TypeVar

import aiosqlite

T = TypeVar("T")
Rows = list[tuple[Any, ...]]


class Connection(aiosqlite.Connection):
    """Its cursors have nothing on the other side between statements."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)
        self._thread.daemon = True  # as SQLAlchemy has it: who forgets to close one can still end

    def cursor(self) -> "Cursor":  # type: ignore[override]  # SQLAlchemy's adapter is all that asks
        return Cursor(self)

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What `work` finds, on the connection's thread, after all that it was given before."""
        done: T = await self._execute(work, self._conn)  # type: ignore[no-untyped-call]  # the library says no types
        return done


class Cursor:
    """What SQLAlchemy's adapter uses of a cursor, which reads all rows at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: Rows = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Self:
        await self._connection.run(partial(self._take, sqlite3.Cursor.execute, statement, parameters))
        return self

    async def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> Self:
        await self._connection.run(partial(self._take, sqlite3.Cursor.executemany, statement, rows))
        return self

    async def fetchall(self) -> Rows:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        self._rows = []

    def _take(
        self, execute: Callable[..., Any], statement: str, parameters: Any, connection: sqlite3.Connection
    ) -> None:
        """On the connection's thread."""
        cursor = connection.cursor()
        try:
            execute(cursor, statement, parameters)
            self.description, self.rowcount = cursor.description, cursor.rowcount
            self.lastrowid = cursor.lastrowid
            self._rows = cursor.fetchall() if cursor.description else []
        finally:
            cursor.close()


def connect(database: str, **options: Any) -> Connection:
    """For SQLAlchemy's `async_creator_fn`; `options` are those of `sqlite3.connect`."""
    return Connection(partial(sqlite3.connect, database, **options))
