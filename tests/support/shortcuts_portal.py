"""A double of the desktop's GlobalShortcuts portal on a real D-Bus.

Run as a program: `python -m tests.support.shortcuts_portal MODE`. It prints a JSON line for each call it got;
a line on stdin is the name of an action whose keys are pressed, or `close`. Modes: `grant`, `refuse` (the
person says no), `some` (they grant the first only, with keys of their own).
"""

import json
import os
import select
import sys
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    message_bus,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection

from desktop.platform.hotkeys.portal import BUS_NAME, PATH, SHORTCUTS

SESSION = f"{PATH}/session/double/{{}}"


class ShortcutsDouble:
    def __init__(self, bus: DBusConnection, mode: str) -> None:
        self._bus, self._mode = bus, mode
        self._sessions = 0

    def obey(self, call: Message) -> None:
        if call.header.message_type != MessageType.method_call:
            return
        method, sender = call.header.fields[HeaderFields.member], call.header.fields[HeaderFields.sender]
        if method == "Get":
            self._bus.send(new_method_return(call, "v", (("u", 1),)))
        elif method == "CreateSession":
            self._sessions += 1
            self._answer(call, sender, 0, {"session_handle": ("s", SESSION.format(self._sessions))})
        elif method == "BindShortcuts":
            say(call=method, rows={key: values["preferred_trigger"][1] for key, values in call.body[1]})
            self._answer(call, sender, 1 if self._mode == "refuse" else 0, self._bound(call.body[1]))
        elif method == "Close":
            say(call=method)
        else:
            self._bus.send(new_error(call, "org.freedesktop.DBus.Error.UnknownMethod"))

    def press(self, action: str) -> None:
        session = SESSION.format(self._sessions)
        if action == "close":
            about = DBusAddress(session, interface="org.freedesktop.portal.Session")
            self._bus.send(new_signal(about, "Closed"))
        else:
            about = DBusAddress(PATH, interface=SHORTCUTS.interface)
            self._bus.send(new_signal(about, "Activated", "osta{sv}", (session, action, 1, {})))

    def _bound(self, rows: list[Any]) -> dict[str, tuple[str, Any]]:
        given = rows[:1] if self._mode == "some" else rows
        own = "Hyper+Y" if self._mode == "some" else ""
        described = [
            (key, {"trigger_description": ("s", own or values["preferred_trigger"][1])})
            for key, values in given
        ]
        return {"shortcuts": ("a(sa{sv})", described)}

    def _answer(self, call: Message, sender: str, code: int, results: dict[str, tuple[str, Any]]) -> None:
        token = call.body[-1]["handle_token"][1]
        path = f"{PATH}/request/{sender.lstrip(':').replace('.', '_')}/{token}"
        self._bus.send(new_method_return(call, "o", (path,)))
        request = DBusAddress(path, interface="org.freedesktop.portal.Request")
        self._bus.send(new_signal(request, "Response", "ua{sv}", (code, results if not code else {})))


def say(**values: Any) -> None:
    print(json.dumps({"event": "portal", **values}), flush=True)


def main(mode: str) -> None:
    with open_dbus_connection("SESSION") as bus:
        Proxy(message_bus, bus).RequestName(BUS_NAME)
        double = ShortcutsDouble(bus, mode)
        say(call="ready")
        while True:
            readable, _, _ = select.select([bus.sock, sys.stdin], [], [])
            if sys.stdin in readable:
                lines = os.read(
                    sys.stdin.fileno(), 4096
                ).splitlines()  # what Python reads ahead shows no more
                if not lines:
                    return
                for line in lines:
                    double.press(json.loads(line)["press"])
            if bus.sock in readable:
                obey_all(bus, double)


def obey_all(bus: DBusConnection, double: ShortcutsDouble) -> None:
    """Every message that has come."""
    while True:
        try:
            message = bus.receive(timeout=0)
        except TimeoutError:
            return
        double.obey(message)


if __name__ == "__main__":
    main(sys.argv[1])
