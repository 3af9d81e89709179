"""Reading SQLite in one go: all that a request asks of the database at once, on a thread of its own.

The asyncio driver crosses to its thread and back for every step of every query, five times for each, and that
costs more than the queries. Here a whole reading crosses once.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

from sqlalchemy import Engine, PoolProxiedConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

T = TypeVar("T")
Reading = Callable[[AsyncSession], Awaitable[T]]


class Reads:
    """Runs readings on the connections of `engine`, `threads` of them side by side."""

    def __init__(self, engine: Engine, threads: int) -> None:
        self._engine = engine
        self._counter: PoolProxiedConnection | None = None
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="reads")

    async def run(self, reading: Reading[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, reading)

    def version(self) -> int | None:
        """Another number after each commit of any other connection, of this process or another.

        Does not leave the thread that it is called from, which must always be the same: the counter lies in
        memory that all connections share, and reading it takes microseconds. None while it cannot be read.
        """
        try:
            if self._counter is None:
                self._counter = self._engine.raw_connection()
            cursor = self._counter.cursor()
            try:
                found = cursor.execute("PRAGMA data_version").fetchone()
            finally:
                cursor.close()
        except (DBAPIError, sqlite3.Error):
            return None
        return int(found[0])

    def close(self) -> None:
        """Blocking, for as long as a reading takes."""
        self._threads.shutdown()
        if self._counter is not None:
            self._counter.close()
        self._engine.dispose()

    def _run(self, reading: Reading[T]) -> T:
        with Session(self._engine, expire_on_commit=False, autoflush=False) as session:
            steps = cast("Coroutine[Any, Any, T]", reading(cast("AsyncSession", _Direct(session))))
            try:
                steps.send(None)
            except StopIteration as done:
                return cast("T", done.value)
            steps.close()
            raise RuntimeError("a reading waits for the database alone")


class _Direct:
    """What a reading uses of an AsyncSession. Nothing here waits, so that no event loop is needed."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def execute(self, *args: Any, **named: Any) -> Any:
        return self._session.execute(*args, **named)

    async def scalars(self, *args: Any, **named: Any) -> Any:
        return self._session.scalars(*args, **named)

    async def scalar(self, *args: Any, **named: Any) -> Any:
        return self._session.scalar(*args, **named)

    async def get(self, *args: Any, **named: Any) -> Any:
        return self._session.get(*args, **named)
