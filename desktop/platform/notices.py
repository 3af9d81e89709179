"""The desktop's notifications (Linux), with a click that is heard: Qt's own ask for no click there.

https://specifications.freedesktop.org/notification-spec/latest/protocol.html
Desktops have a daemon for them or start one when they are asked; where there is none, whoever asked is told.
"""

import contextlib
import html
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from jeepney import HeaderFields, MatchRule, Message, MessageType, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from desktop.platform import bus
from desktop.platform.hotkeys.waiting import Waiting

APP, ENTRY = "Heddle", "heddle"
NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
_DAEMON = bus.address(PATH, NAME)
_DEFAULT = "default"  # the action that a click on the notification itself is
_NORMAL, _CRITICAL = 1, 2  # urgencies; what is critical stays until it is clicked away
_FOR_THE_DAEMON_TO_SAY = -1  # how long it is shown


@dataclass(frozen=True, slots=True)
class Notice:
    """`number` is whoever sends it's own; `action` names what a click does, empty where it does nothing."""

    number: int
    title: str
    text: str = ""
    action: str = ""
    warning: bool = False


class Notices:
    """`clicked` and `refused` get a notice's number, on a thread of its own."""

    def __init__(
        self, connection: DBusConnection, clicked: Callable[[int], object], refused: Callable[[int], object]
    ) -> None:
        self._bus, self._clicked, self._refused = connection, clicked, refused
        self._asked: dict[int, Callable[[Message | None], None]] = {}  # by the serial of the call
        self._early: list[Notice] = []  # before it is known what the daemon can do
        self._abilities: frozenset[str] | None = None
        self._asking = False  # for them
        self._shown: dict[int, int] = {}  # the daemon's number: ours
        self._waiting = Waiting(connection.sock.fileno(), self._read, self._lost, name="notices")
        self._waiting.ask(self._begin)

    def show(self, notice: Notice) -> None:
        """Soon; may be called from any thread."""
        self._waiting.ask(partial(self._show, notice))

    def close(self) -> None:
        """What is shown stays. Idempotent."""
        self._waiting.close()
        self._bus.close()

    def _begin(self) -> None:
        self._bus.send(message_bus.AddMatch(MatchRule(type="signal", interface=NAME, path=PATH)))
        self._ask_abilities()

    def _ask_abilities(self) -> None:
        if not self._asking:
            self._asking = True
            self._call("GetCapabilities", "", (), self._able)

    def _able(self, reply: Message | None) -> None:
        early, self._early, self._asking = self._early, [], False
        if reply is None:
            for notice in early:
                self._refused(notice.number)
            return  # the next one asks again: the daemon may come later
        self._abilities = frozenset(reply.body[0])
        for notice in early:
            self._show(notice)

    def _show(self, notice: Notice) -> None:
        if self._abilities is None:
            self._early.append(notice)
            self._ask_abilities()
            return
        text = html.escape(notice.text, quote=False) if "body-markup" in self._abilities else notice.text
        actions = [_DEFAULT, notice.action] if notice.action and "actions" in self._abilities else []
        icon = "dialog-warning" if notice.warning else "dialog-information"
        hints = {
            "urgency": ("y", _CRITICAL if notice.warning else _NORMAL),
            "desktop-entry": ("s", ENTRY),
        }
        values = (APP, 0, icon, notice.title, text, actions, hints, _FOR_THE_DAEMON_TO_SAY)
        self._call("Notify", "susssasa{sv}i", values, partial(self._sent, notice))

    def _sent(self, notice: Notice, reply: Message | None) -> None:
        if reply is None:
            self._abilities = None  # another daemon may be able to do other things
            self._refused(notice.number)
        else:
            self._shown[reply.body[0]] = notice.number

    def _call(
        self,
        method: str,
        signature: str,
        values: tuple[Any, ...],
        then: Callable[[Message | None], None],
    ) -> None:
        serial = next(self._bus.outgoing_serial)
        self._asked[serial] = then
        self._bus.send(new_method_call(_DAEMON, method, signature or None, values), serial=serial)

    def _read(self) -> None:
        with contextlib.suppress(TimeoutError):
            while True:
                self._take(self._bus.receive(timeout=0))

    def _take(self, message: Message) -> None:
        fields, kind = message.header.fields, message.header.message_type
        if kind in (MessageType.error, MessageType.method_return):
            then = self._asked.pop(fields.get(HeaderFields.reply_serial, 0), None)
            if then:
                then(None if kind is MessageType.error else message)
        elif kind is MessageType.signal and message.body and message.body[0] in self._shown:
            member = fields.get(HeaderFields.member)
            if member == "ActionInvoked":
                self._clicked(self._shown[message.body[0]])
            elif member == "NotificationClosed":
                del self._shown[message.body[0]]

    def _lost(self, _why: str) -> None:
        for notice in self._early:
            self._refused(notice.number)


def open_notices(clicked: Callable[[int], object], refused: Callable[[int], object]) -> Notices | None:
    """None where there is no session bus. Asks nobody yet whether there is a daemon."""
    if "DBUS_SESSION_BUS_ADDRESS" not in os.environ:
        return None
    try:
        return Notices(open_dbus_connection("SESSION"), clicked, refused)
    except (OSError, EOFError, KeyError, ValueError, RuntimeError):
        return None
