"""What the app does off the Qt thread: one asyncio loop for network and child processes, a few threads for
files. Results come back on the Qt thread.

Qt's own asyncio loop cannot run httpx or subprocesses, so asyncio has a thread of its own.
"""

import asyncio
import concurrent.futures
import contextlib
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

T = TypeVar("T")
_THREADS = 4
_WAIT_S = 5.0


class Work(QObject):
    """One piece of work: `done` with its result or `failed` with its exception, on the Qt thread; or neither,
    once it was cancelled."""

    done = Signal(object)
    failed = Signal(object)
    _over = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._future: concurrent.futures.Future[Any] | None = None
        self._wanted = True
        self._over.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def cancel(self) -> None:
        """Nothing is told any more; what can be stopped is."""
        self.forget()
        if self._future:
            self._future.cancel()

    def forget(self) -> None:
        """Nothing is told any more."""
        self._wanted = False

    def follow(self, future: "concurrent.futures.Future[Any]") -> None:
        """Takes the result from `future` when it is there."""
        self._future = future
        future.add_done_callback(self._finish)

    def _finish(self, future: "concurrent.futures.Future[Any]") -> None:
        with contextlib.suppress(RuntimeError):  # the app ended meanwhile, and this object with it
            self._over.emit(future)

    @Slot(object)
    def _tell(self, future: "concurrent.futures.Future[Any]") -> None:
        self.deleteLater()
        if not self._wanted or future.cancelled():
            return
        error = future.exception()
        if error is None:
            self.done.emit(future.result())
        else:
            self.failed.emit(error)


class Background(QObject):
    """Owns the loop and the threads; `close()` ends them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="background", daemon=True)
        self._thread.start()
        self._pool = concurrent.futures.ThreadPoolExecutor(_THREADS, thread_name_prefix="files")
        self._in_threads: set[concurrent.futures.Future[Any]] = set()
        self._closed = False

    def run(
        self,
        work: Coroutine[Any, Any, T],
        done: Callable[[T], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> Work:
        """Runs a coroutine on the loop."""
        return self._follow(asyncio.run_coroutine_threadsafe(work, self._loop), done, failed)

    def in_thread(
        self,
        work: Callable[[], T],
        done: Callable[[T], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> Work:
        """Runs a function that waits for files, SQLite or a program."""
        future = self._pool.submit(work)
        self._in_threads.add(future)
        future.add_done_callback(self._in_threads.discard)
        return self._follow(future, done, failed)

    def settle(self) -> None:
        """Waits a moment for the threads to come to the end of what they were given."""
        concurrent.futures.wait(tuple(self._in_threads), _WAIT_S)

    def close(self) -> None:
        """Cancels what runs and waits a moment for it; nothing is told any more. Idempotent."""
        if self._closed:
            return
        self._closed = True
        for work in self.findChildren(Work):
            work.forget()
        self._pool.shutdown(wait=False, cancel_futures=True)
        with contextlib.suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(_cancel_all(), self._loop).result(_WAIT_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_WAIT_S)
        if not self._thread.is_alive():
            self._loop.close()

    def _follow(
        self,
        future: "concurrent.futures.Future[T]",
        done: Callable[[T], object] | None,
        failed: Callable[[Exception], object] | None,
    ) -> Work:
        work = Work(self)
        if done:
            work.done.connect(done)
        if failed:
            work.failed.connect(failed)
        work.follow(future)
        return work


async def _cancel_all() -> None:
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
