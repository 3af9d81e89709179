"""A thread that waits for a connection and for what it is asked to do; it does both, in order."""

import os
import queue
import selectors
import threading
from collections.abc import Callable

_CLOSE_S = 5.0


class Waiting:
    """`ready` reads all that a connection has without waiting. It is called after everything that was asked
    too: libraries read ahead, and what they have read shows no more on the descriptor.

    An OSError of either ends the thread with `lost`.
    """

    def __init__(
        self,
        descriptor: int,
        ready: Callable[[], None],
        lost: Callable[[str], None],
        *,
        name: str = "hotkeys",
    ) -> None:
        self._ready, self._lost = ready, lost
        self._asked: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._hear, self._wake = os.pipe()
        self._closing = False
        self._selector = selectors.DefaultSelector()
        self._selector.register(descriptor, selectors.EVENT_READ)
        self._selector.register(self._hear, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def ask(self, call: Callable[[], None]) -> None:
        """Has `call` done on the thread, soon."""
        if not self._closing:
            self._asked.put(call)
            os.write(self._wake, b".")

    def close(self) -> None:
        """Ends the thread, without what was not begun. Idempotent."""
        if self._closing:
            return
        self._closing = True
        os.write(self._wake, b".")
        self._thread.join(_CLOSE_S)
        self._selector.close()
        os.close(self._wake)
        os.close(self._hear)

    def _run(self) -> None:
        try:
            while not self._closing:
                self._ready()
                for key, _ in self._selector.select():
                    if key.fd == self._hear:
                        os.read(self._hear, 4096)
                self._do_asked()
        except OSError as error:
            if not self._closing:
                self._lost(str(error))

    def _do_asked(self) -> None:
        while not self._closing:
            try:
                call = self._asked.get_nowait()
            except queue.Empty:
                return
            call()
