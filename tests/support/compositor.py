"""A real Wayland compositor without a screen: mutter, with one virtual monitor, and what it shares."""

from typing import Any

from jeepney import DBusAddress, MatchRule, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection
from jeepney.wrappers import unwrap_msg

WIDTH, HEIGHT = 1280, 720
SECOND = (640, 480)  # stands at the right of the first
MONITOR, OTHER = "Meta-0", "Meta-1"
POINTER = (900.0, 200.0)
PROPERTIES = "org.freedesktop.DBus.Properties"
REMOTE = "org.gnome.Mutter.RemoteDesktop"
CONTROL = REMOTE + ".Session"
NAME = "org.gnome.Mutter.ScreenCast"
COMMAND = (
    "mutter", "--headless", "--wayland", "--no-x11", "--wayland-display=wayland-heddle",
    f"--virtual-monitor={WIDTH}x{HEIGHT}", f"--virtual-monitor={SECOND[0]}x{SECOND[1]}",
)  # fmt: skip
# No graphics card, no settings of whoever runs the tests.
ENVIRONMENT = {"LIBGL_ALWAYS_SOFTWARE": "1", "GSETTINGS_BACKEND": "memory"}
ANSWER_S = 10.0
EMBEDDED = 1  # mutter's own number for a pointer that is drawn into the picture


class ScreenCast:
    """What xdg-desktop-portal-gnome asks of mutter. It lasts as long as this connection."""

    def __init__(self) -> None:
        self._bus: DBusConnection = open_dbus_connection("SESSION")

    def share(self, monitor: str = MONITOR) -> int:
        """PipeWire's number of a stream that shows a monitor, with the pointer at `POINTER`."""
        remote = self._call(_path(REMOTE), REMOTE, "CreateSession")
        known = self._call(remote, PROPERTIES, "Get", "ss", (CONTROL, "SessionId"))
        together = {"remote-desktop-session-id": known}
        session = self._call(_path(NAME), NAME, "CreateSession", "a{sv}", (together,))
        options = {"cursor-mode": ("u", EMBEDDED)}
        stream = self._call(session, NAME + ".Session", "RecordMonitor", "sa{sv}", (monitor, options))
        rule = MatchRule(type="signal", path=stream, member="PipeWireStreamAdded")
        Proxy(message_bus, self._bus, timeout=ANSWER_S).AddMatch(rule)
        with self._bus.filter(rule) as added:
            self._call(remote, CONTROL, "Start")
            node = int(self._bus.recv_until_filtered(added, timeout=ANSWER_S).body[0])
        self._call(remote, CONTROL, "NotifyPointerMotionAbsolute", "sdd", (stream, *POINTER))
        return node

    def close(self) -> None:
        self._bus.close()

    def _call(
        self, path: str, interface: str, method: str, signature: str | None = None, body: tuple[Any, ...] = ()
    ) -> Any:
        name = REMOTE if path.startswith(_path(REMOTE)) else NAME
        address = DBusAddress(path, name, interface)
        call = new_method_call(address, method, signature, body)
        answer = unwrap_msg(self._bus.send_and_get_reply(call, timeout=ANSWER_S))
        return answer[0] if answer else None


def _path(name: str) -> str:
    return "/" + name.replace(".", "/")
