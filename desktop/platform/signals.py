"""The system's signals in Qt's loop, which sleeps in C while Python's handlers wait for a bytecode.

Python writes a byte into a socket for each signal, and Qt wakes for that alone: an idle app costs nothing.
https://docs.python.org/3/library/signal.html#signal.set_wakeup_fd
"""

import contextlib
import signal
import socket
from collections.abc import Iterable

from PySide6.QtCore import QObject, QSocketNotifier, Signal


class Signals(QObject):
    """Tells of the signals with these numbers, until it is closed."""

    came = Signal()

    def __init__(self, numbers: Iterable[int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reading, self._writing = socket.socketpair()
        for end in (self._reading, self._writing):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)
        # Python's own handler must be another than the system's, or there is no byte.
        self._before = {number: signal.signal(number, lambda _number, _frame: None) for number in numbers}
        signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)

    def close(self) -> None:
        """As it was before. Idempotent."""
        self._notifier.setEnabled(False)
        if self._before:
            signal.set_wakeup_fd(-1)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}
        self._reading.close()
        self._writing.close()

    def _read(self) -> None:
        with contextlib.suppress(BlockingIOError):
            if set(self._reading.recv(64)) & self._before.keys():
                self.came.emit()
