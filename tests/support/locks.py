"""A double of what tells of a locked screen: logind's session, and a desktop's screen saver.

Run as a program on a private bus: `python -m tests.support.locks`. It prints `ready`, then does what lines on
stdin say: `lock`, `unlock` (logind's hint), `saver on`, `saver off`.
"""

import os
import select
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from jeepney import DBusAddress, HeaderFields, Message, MessageType, message_bus, new_error, new_method_return
from jeepney import new_signal as signal
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection

from tests.support.processes import Program
from tests.support.services import require

LOGIN, SAVER = "org.freedesktop.login1", "org.freedesktop.ScreenSaver"
SESSION = "/org/freedesktop/login1/session/_31"


@contextmanager
def open_bus(folder: Path) -> Iterator[Mapping[str, str]]:
    """A bus that is session and system in one: the environment in which both are found."""
    require("dbus-daemon")
    address = f"unix:path={folder / 'bus'}"
    with Program(["dbus-daemon", "--session", f"--address={address}", "--nofork", "--print-address"]) as bus:
        bus.says(address)  # once it listens; its socket is there before
        yield {"DBUS_SESSION_BUS_ADDRESS": address, "DBUS_SYSTEM_BUS_ADDRESS": address, "XDG_SESSION_ID": "1"}


class Double:
    def __init__(self, bus: DBusConnection) -> None:
        self._bus = bus
        self._locked = False

    def obey(self, order: str) -> None:
        if order.startswith("saver"):
            saver = DBusAddress("/org/freedesktop/ScreenSaver", interface=SAVER)
            self._bus.send(signal(saver, "ActiveChanged", "b", (order == "saver on",)))
            return
        self._locked = order == "lock"
        session = DBusAddress(SESSION, interface="org.freedesktop.DBus.Properties")
        changed = {"IdleHint": ("b", False), "LockedHint": ("b", self._locked)}
        body = (f"{LOGIN}.Session", changed, [])
        self._bus.send(signal(session, "PropertiesChanged", "sa{sv}as", body))

    def answer(self, call: Message) -> None:
        if call.header.message_type != MessageType.method_call:
            return
        method = call.header.fields[HeaderFields.member]
        if method in ("GetSession", "GetSessionByPID"):
            self._bus.send(new_method_return(call, "o", (SESSION,)))
        elif method == "Get" and call.body[1] == "LockedHint":
            self._bus.send(new_method_return(call, "v", (("b", self._locked),)))
        else:
            self._bus.send(new_error(call, "org.freedesktop.DBus.Error.UnknownMethod"))


def main() -> None:
    with open_dbus_connection("SESSION") as bus:
        for name in (LOGIN, SAVER):
            Proxy(message_bus, bus).RequestName(name)
        double = Double(bus)
        print("ready", flush=True)
        while True:
            readable, _, _ = select.select([bus.sock, sys.stdin], [], [])
            if sys.stdin in readable:
                orders = os.read(sys.stdin.fileno(), 4096).decode().splitlines()
                if not orders:
                    return
                for order in orders:
                    double.obey(order)
            if bus.sock in readable:
                try:
                    while True:
                        double.answer(bus.receive(timeout=0))
                except TimeoutError:
                    pass


if __name__ == "__main__":
    main()
