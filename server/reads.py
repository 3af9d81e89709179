"""Reading SQLite in one go: all that a request asks of the database at once, on a thread of its own.

The asyncio driver crosses to its thread and back for every step of every query, five times for each, and that
costs more than the queries. Here a whole reading crosses once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

T = TypeVar("T")
Reading = Callable[[AsyncSession], Awaitable[T]]


class Reads:
    """Runs readings on the connections of `engine`, `threads` of them side by side."""

    def __init__(self, engine: Engine, threads: int) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="reads")

    async def run(self, reading: Reading[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, reading)

    def close(self) -> None:
        """Blocking, for as long as a reading takes."""
        self._threads.shutdown()
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
