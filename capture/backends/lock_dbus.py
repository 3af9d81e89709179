"""The lock of a Linux session, as its buses tell: logind's LockedHint, and the desktop's screen saver.

Desktops set the one or the other when they lock, most of them both; a bare locker such as i3lock sets
neither. The buses are listened to on a thread of its own: one that is missing, hangs or goes away is nobody's
trouble. Sources: https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.login1.html
(LockedHint), https://specifications.freedesktop.org/idle-inhibit-spec/latest/ (ActiveChanged), which GNOME,
Cinnamon and MATE have under names of their own.
"""

from __future__ import annotations

import logging
import os
import select
import socket
import threading
from collections import deque
from contextlib import ExitStack, closing
from typing import Any

from jeepney import DBusAddress, MatchRule, Message, MessageType, Properties, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection
from jeepney.wrappers import DBusErrorResponse

from capture.ports import LockSource

log = logging.getLogger(__name__)

SAVERS = tuple(f"org.{desktop}.ScreenSaver" for desktop in ("freedesktop", "gnome", "cinnamon", "mate"))
LOGIN = DBusAddress("/org/freedesktop/login1", "org.freedesktop.login1", "org.freedesktop.login1.Manager")
SESSION = "org.freedesktop.login1.Session"
HINT = "LockedHint"
ANSWER_S = 3.0
CLOSE_S = 0.5
_GONE = (
    OSError,
    EOFError,
    KeyError,
    ValueError,
    RuntimeError,
    DBusErrorResponse,
)  # TimeoutError is an OSError


def open() -> LockSource:
    return DBusLock()


class DBusLock:
    """Never fails: without a bus nothing is ever locked."""

    def __init__(self) -> None:
        self._told: dict[str, bool] = {}
        self._end, self._ended = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="heddle-lock", daemon=True)
        self._thread.start()

    def locked(self) -> bool:
        return any(self._told.values())

    def close(self) -> None:
        self._end.close()  # which the thread reads as the end
        self._thread.join(CLOSE_S)

    def _run(self) -> None:
        with closing(self._ended), ExitStack() as opened:
            buses = [bus for bus in (_listen("SESSION"), _listen("SYSTEM")) if bus is not None]
            for bus in buses:
                opened.callback(bus.close)
            over = False
            while buses and not over:
                buses = [bus for bus in buses if bus.read(self._told)]
                over = self._wait(buses)

    def _wait(self, buses: list[_Bus]) -> bool:
        """Until there is something to read; True when it is `close`."""
        readable, _, _ = select.select([self._ended, *(bus.connection.sock for bus in buses)], [], [])
        return self._ended in readable


class _Bus:
    """A connection that hears of one thing."""

    def __init__(self, connection: DBusConnection, rules: list[MatchRule]) -> None:
        self.connection = connection
        self.told: dict[str, bool] = {}
        self._heard: deque[Message] = deque(maxlen=100)
        for rule in rules:
            connection.filter(rule, queue=self._heard)
            Proxy(message_bus, connection, timeout=ANSWER_S).AddMatch(rule)

    def read(self, told: dict[str, bool]) -> bool:
        """Take in what was said; False when the bus is gone, and what it said with it."""
        try:
            while True:
                self.connection.recv_messages(timeout=0)
        except TimeoutError:
            gone = False
        except _GONE:
            gone = True
        while self._heard:
            self.told |= _locked(self._heard.popleft())
        for name, locked in self.told.items():
            told[name] = locked and not gone
        return not gone

    def close(self) -> None:
        self.connection.close()


def _listen(name: str) -> _Bus | None:
    """Connect and say what is to be heard; None when there is no such bus, or nobody on it who knows."""
    try:
        connection = open_dbus_connection(name)
    except _GONE as error:
        log.debug("no %s bus: %s", name, error)
        return None
    try:
        return _savers(connection) if name == "SESSION" else _login(connection)
    except _GONE as error:
        log.debug("the %s bus does not tell of locks: %s", name, error)
        connection.close()
        return None


def _savers(connection: DBusConnection) -> _Bus:
    return _Bus(
        connection,
        [MatchRule(type="signal", interface=saver, member="ActiveChanged") for saver in SAVERS],
    )


def _login(connection: DBusConnection) -> _Bus:
    """Our session, or that of the process that started us."""
    number = os.environ.get("XDG_SESSION_ID")
    if number:
        question = new_method_call(LOGIN, "GetSession", "s", (number,))
    else:
        question = new_method_call(LOGIN, "GetSessionByPID", "u", (os.getpid(),))
    path = _call(connection, question)[0]
    rule = MatchRule(
        type="signal", interface="org.freedesktop.DBus.Properties", member="PropertiesChanged", path=path
    )
    bus = _Bus(connection, [rule])
    session = DBusAddress(path, LOGIN.bus_name, SESSION)
    bus.told[HINT] = bool(_call(connection, Properties(session).get(HINT))[0][1])
    return bus


def _call(connection: DBusConnection, message: Message) -> Any:
    reply = connection.send_and_get_reply(message, timeout=ANSWER_S)
    if reply.header.message_type == MessageType.error:
        raise DBusErrorResponse(reply)
    return reply.body


def _locked(signal: Message) -> dict[str, bool]:
    """Who says what of the lock; nothing where it is about something else."""
    if len(signal.body) == 1:  # ActiveChanged
        return {"ActiveChanged": bool(signal.body[0])}
    interface, changed = signal.body[:2]
    return {HINT: bool(changed[HINT][1])} if interface == SESSION and HINT in changed else {}
