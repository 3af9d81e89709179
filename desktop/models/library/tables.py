"""The library's SQLite file: transactions, rows, and who is told of what changed. Knows no recording."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from desktop.models.library.schema import migrate

_BUSY_S = 10.0


class Tables:
    """One connection, for any thread. `told` is called after a transaction with the ids of the items that it
    changed, on the thread that made it; 0 stands for folders and other things beside the items.
    """

    def __init__(self, path: Path, told: Callable[[set[int]], object]) -> None:
        self.path = path
        self.told = told
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._guard = threading.RLock()
        self._touched: set[int] = set()
        self._connection = sqlite3.connect(
            path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
        )
        try:
            self._connection.execute("PRAGMA journal_mode = WAL")
            # What a person changed outlives a power loss.
            self._connection.execute("PRAGMA synchronous = FULL")
            migrate(self._connection)
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Idempotent."""
        with self._guard:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _all(self, sql: str, *values: object) -> list[Any]:
        with self._guard:
            return self._connection.execute(sql, values).fetchall()

    def _one(self, sql: str, *values: object) -> Any:
        with self._guard:
            return self._connection.execute(sql, values).fetchone()

    def _column(self, sql: str, *values: object) -> list[Any]:
        return [row[0] for row in self._all(sql, *values)]

    def _do(self, sql: str, *values: object) -> None:
        with self._guard:
            self._connection.execute(sql, values)

    def _put(self, table: str, name: str, value: str, data: str) -> bool:
        """False when it was there already, just so."""
        known = self._one(f"SELECT data FROM {table} WHERE {name} = ?", value)  # noqa: S608 - our own names
        if known and known[0] == data:
            return False
        sql = f"INSERT OR REPLACE INTO {table} ({name}, data) VALUES (?, ?)"  # noqa: S608 - our own names
        self._do(sql, value, data)
        return True

    @contextmanager
    def _write(self) -> Iterator[None]:
        """A transaction, or a part of the one that is open."""
        with self._guard:
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                self._touched = set()
                raise
            touched, self._touched = self._touched, set()
        if touched:
            self.told(touched)
