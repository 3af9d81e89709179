"""A double of the desktop's ScreenCast portal: hands out real connections to a real PipeWire.

Run as a program: `python -m tests.support.portal MODE`. It prints a JSON line for each call it got. Modes:
`grant`, `refuse` (the person cancels), `silent` (nobody answers), `empty` (a portal without a backend),
`mutter` (grants the monitor of a real compositor), `hidden` (grants, but cannot
draw the pointer), `close` (grants, then ends the sharing when told on stdin).
"""

import json
import os
import select
import socket
import subprocess
import sys
from itertools import count
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

from capture.backends.portal import BUS_NAME, PATH
from tests.support import compositor

SOURCE = "heddle-screen"
GIVEN = "token-{}"
# What Qt asks for before it believes that there is a portal.
DESCRIPTION = """<node><interface name="org.freedesktop.portal.ScreenCast">
  <property name="version" type="u" access="read"/>
  <property name="AvailableSourceTypes" type="u" access="read"/>
  <property name="AvailableCursorModes" type="u" access="read"/>
</interface></node>"""


class PortalDouble:
    def __init__(self, bus: DBusConnection, mode: str) -> None:
        self._bus, self._mode = bus, mode
        self._tokens = count(1)
        self._mutter = compositor.ScreenCast() if mode == "mutter" else None
        self._several = False
        self.session: DBusAddress | None = None

    def obey(self, call: Message) -> None:
        method, fields = call.header.fields[HeaderFields.member], call.header.fields
        if call.header.message_type != MessageType.method_call:
            return
        say(call=method, options=_plain(call.body))
        if method == "GetAll":
            self._bus.send(new_method_return(call, "a{sv}", (self._properties(),)))
        elif method == "Get":
            self._bus.send(new_method_return(call, "v", (self._properties()[call.body[1]],)))
        elif method == "Introspect":
            self._bus.send(new_method_return(call, "s", (DESCRIPTION,)))
        elif method in ("CreateSession", "SelectSources", "Start"):
            self._answer(call, method, fields[HeaderFields.sender])
        elif method == "OpenPipeWireRemote":
            with _connection() as remote:
                self._bus.send(new_method_return(call, "h", (remote,)))
        elif method != "Close":
            self._bus.send(new_error(call, "org.freedesktop.DBus.Error.UnknownMethod"))

    def end(self) -> None:
        """The person ends the sharing."""
        assert self.session is not None
        self._bus.send(new_signal(self.session, "Closed"))

    def _properties(self) -> dict[str, tuple[str, Any]]:
        sources, cursors = (0 if self._mode == "empty" else 3), (1 if self._mode == "hidden" else 7)
        return {
            "version": ("u", 4),
            "AvailableSourceTypes": ("u", sources),
            "AvailableCursorModes": ("u", cursors),
        }

    def _answer(self, call: Message, method: str, sender: str) -> None:
        options = call.body[-1]
        self._several = options.get("multiple", ("b", self._several))[1]
        token = options.get("handle_token", ("s", "given"))[1]  # who names none hears what was chosen
        path = f"{PATH}/request/{sender.lstrip(':').replace('.', '_')}/{token}"
        self._bus.send(new_method_return(call, "o", (path,)))
        if method == "Start" and self._mode == "silent":
            return
        code, results = (
            (1, {}) if method == "Start" and self._mode == "refuse" else (0, self._results(method))
        )
        request = DBusAddress(path, interface="org.freedesktop.portal.Request")
        self._bus.send(new_signal(request, "Response", "ua{sv}", (code, results)))

    def _results(self, method: str) -> dict[str, tuple[str, Any]]:
        if method == "CreateSession":
            path = f"{PATH}/session/double/1"
            self.session = DBusAddress(path, interface="org.freedesktop.portal.Session")
            return {"session_handle": ("s", path)}
        if method == "Start":
            token = ("s", GIVEN.format(next(self._tokens)))
            streams = self._streams()
            return {"streams": ("a(ua{sv})", streams), "restore_token": token} if streams else {}
        return {}

    def _streams(self) -> list[tuple[int, dict[str, tuple[str, Any]]]]:
        """What the person shares: both monitors where several were asked for."""
        if self._mutter is None:
            node = gstreamer_node()
            return [(node, {"source_type": ("u", 1)})] if node is not None else []
        first = (self._mutter.share(), _place(0, (compositor.WIDTH, compositor.HEIGHT)))
        if not self._several:
            return [first]
        return [
            first,
            (compositor.ScreenCast().share(compositor.OTHER), _place(compositor.WIDTH, compositor.SECOND)),
        ]


def _place(x: int, size: tuple[int, int]) -> dict[str, tuple[str, Any]]:
    return {"position": ("(ii)", (x, 0)), "size": ("(ii)", size)}


def gstreamer_node() -> int | None:
    """PipeWire's number of the stream that stands for the screen; None while there is none."""
    objects = json.loads(subprocess.run(["pw-dump"], capture_output=True, check=True).stdout)
    named = (one for one in objects if one["type"].endswith(":Node"))
    numbers = (one["id"] for one in named if one["info"]["props"].get("node.name") == SOURCE)
    return next(numbers, None)


def _connection() -> socket.socket:
    remote = socket.socket(socket.AF_UNIX)
    remote.connect(f"{os.environ['PIPEWIRE_RUNTIME_DIR']}/pipewire-0")
    return remote


def _plain(body: tuple[Any, ...]) -> dict[str, Any]:
    options = body[-1] if body and isinstance(body[-1], dict) else {}
    return {key: value for key, (_, value) in options.items()}


def say(**values: Any) -> None:
    print(json.dumps({"event": "portal", **values}), flush=True)


def main(mode: str) -> None:
    with open_dbus_connection("SESSION", enable_fds=True) as bus:
        Proxy(message_bus, bus).RequestName(BUS_NAME)
        double = PortalDouble(bus, mode)
        say(call="ready")
        while True:
            readable, _, _ = select.select([bus.sock, sys.stdin], [], [])
            if sys.stdin in readable:
                if not sys.stdin.readline():
                    return
                double.end()
            if bus.sock in readable:
                with_all(bus, double)


def with_all(bus: DBusConnection, double: PortalDouble) -> None:
    """Every message that has come."""
    while True:
        try:
            message = bus.receive(timeout=0)
        except TimeoutError:
            return
        double.obey(message)


if __name__ == "__main__":
    main(sys.argv[1])
