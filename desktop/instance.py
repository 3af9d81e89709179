"""One app for each person and each HEDDLE_HOME: a second start hands over what it was asked for, and ends.

A lock says who is the first: the system drops it when its holder dies, however it dies. Requests come through
a local socket that only this person may open, one JSON line each, answered with one.
"""

import getpass
import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QObject, QThread, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from desktop.errors import HeddleError
from desktop.i18n import tr
from desktop.models.requests import LARGEST, Request, from_line
from uploader.lock import LOOKED_AT_S, FileLock
from uploader.paths import home

_TRY_MS = 300  # of one connection
_ANSWER_MS = 20_000  # of an app that is busy, still starts, or ends already
_LOOK_MS = 50  # while nobody listens
_OK = b'{"ok": true}\n'


class Instance(QObject):
    """Held by the one app that runs."""

    asked = Signal(object)  # a Request

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = FileLock(home() / "app.lock")
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)

    def begin(self) -> bool:
        """Whether this is the first; False when another app has the lock."""
        if not self._lock.acquire(LOOKED_AT_S):
            return False
        QLocalServer.removeServer(address())  # of one that was killed; the lock says that it is gone
        if not self._server.listen(address()):
            sys.stderr.write(f"{address()}: {self._server.errorString()}\n")  # the app is of use without it
        return True

    def turn_away(self) -> None:
        """This app ends: whoever is started from now on waits for that, and is the first then."""
        self._server.close()

    def close(self) -> None:
        """Lets another be the first. Idempotent."""
        self._server.close()
        self._lock.release()

    def _greet(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda socket=socket: self._read(socket))
            socket.disconnected.connect(socket.deleteLater)
            self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() > LARGEST:
                socket.abort()
            return
        line = bytes(socket.readLine(LARGEST).data())
        try:
            request = from_line(line)
        except ValueError as error:
            socket.write(json.dumps({"error": str(error)}).encode() + b"\n")
        else:
            socket.write(_OK)
            # The answer first: what is asked for may be the end.
            socket.flush()
            QTimer.singleShot(0, self, lambda: self.asked.emit(request))
        socket.disconnectFromServer()


def hand_over(request: Request) -> bool:
    """Gives it to the app that runs; False when none does, or none does any more. HeddleError when one does
    and does not answer."""
    deadline = QDeadlineTimer(_ANSWER_MS)
    while True:
        answer = _ask(request)
        if answer == _OK:
            return True
        if answer is not None:
            raise HeddleError(
                tr("The app that runs does not know this"), answer.decode(errors="replace").strip()
            )
        lock = FileLock(home() / "app.lock")
        if not lock.path.exists() or lock.acquire():
            lock.release()
            return False
        if deadline.hasExpired():
            raise HeddleError(
                tr("Heddle runs already and does not answer"),
                hint=tr("End it in the system's list of programs."),
            )
        QThread.msleep(_LOOK_MS)  # a lock tells nobody when it goes


def address() -> str:
    """Of the socket, short enough for every system: a name on Windows, elsewhere a path in a folder of the
    person's own."""
    name = f"heddle-{hashlib.sha256(str(home().absolute()).encode()).hexdigest()[:16]}"
    return name if sys.platform == "win32" else str(_own_folder() / name)


def _own_folder() -> Path:
    """The session's, else one in the folder of temporary files, if that is nobody else's."""
    if runtime := os.environ.get("XDG_RUNTIME_DIR"):
        return Path(runtime)
    folder = Path(tempfile.gettempdir()) / f"heddle-{getpass.getuser()}"
    try:
        folder.mkdir(exist_ok=True, mode=0o700)
        status = folder.stat(follow_symlinks=False)
    except OSError:
        return home()
    mine = sys.platform == "win32" or (status.st_uid == os.getuid() and not status.st_mode & 0o077)
    return folder if mine else home()


def _ask(request: Request) -> bytes | None:
    """The answer; None when nobody listens, or nothing came."""
    socket = QLocalSocket()
    socket.connectToServer(address())
    if not socket.waitForConnected(_TRY_MS):
        return None
    socket.write(request.line())
    answer = b""
    while not answer.endswith(b"\n"):
        if not socket.bytesAvailable() and not socket.waitForReadyRead(_ANSWER_MS):
            break
        answer += socket.readAll().data()
    socket.disconnectFromServer()
    return answer or None
