"""Global hotkeys where programs may not hear the keyboard (Wayland): the desktop's GlobalShortcuts portal.

The desktop asks the person once, may offer other keys than were asked for, and tells which action was meant.
https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.GlobalShortcuts.html
How keys are named: https://specifications.freedesktop.org/shortcuts-spec/latest/
A session's keys are bound once, so other keys are another session.
"""

import contextlib
import itertools
import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

from jeepney import DBusAddress, MatchRule, Message, MessageType, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.low_level import HeaderFields
from jeepney.wrappers import DBusErrorResponse, Properties

from desktop.i18n import tr
from desktop.models.actions import Action
from desktop.models.chords import Chord, Modifier
from desktop.models.hotkeys import Assignments, title
from desktop.platform.hotkeys.port import Answer, Answered, Keys, Pressed
from desktop.platform.hotkeys.waiting import Waiting

name = "portal"

BUS_NAME, PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
SHORTCUTS = DBusAddress(PATH, BUS_NAME, "org.freedesktop.portal.GlobalShortcuts")
REGISTRY = DBusAddress(PATH, BUS_NAME, "org.freedesktop.host.portal.Registry")
ANSWER_S = 3.0  # for what asks nobody
APP_ID = "heddle"  # the name of our .desktop file, by which the desktop knows the program

_MODIFIERS = {Modifier.CTRL: "CTRL", Modifier.ALT: "ALT", Modifier.SHIFT: "SHIFT", Modifier.META: "LOGO"}
_KEYSYMS = {
    "Space": "space", "Enter": "Return", "Esc": "Escape", "Backspace": "BackSpace", "PageUp": "Page_Up",
    "PageDown": "Page_Down", ",": "comma", ".": "period", "/": "slash", ";": "semicolon", "'": "apostrophe",
    "[": "bracketleft", "]": "bracketright", "\\": "backslash", "-": "minus", "=": "equal", "`": "grave",
}  # fmt: skip

Results = dict[str, tuple[str, Any]]


def probe() -> str:
    """Whether the desktop has this portal."""
    try:
        with open_dbus_connection("SESSION") as bus:
            _call(bus, Properties(SHORTCUTS).get("version"))
    except (OSError, KeyError, ValueError, RuntimeError) as error:
        return tr("There is no D-Bus session ({why}).", why=str(error))
    except DBusErrorResponse:
        return tr("This desktop offers no global shortcuts to programs (GNOME does from 48 on, KDE from 6).")
    return ""


def open(pressed: Pressed, answered: Answered) -> Keys:
    """OSError when the session bus cannot be had."""
    try:
        bus = open_dbus_connection("SESSION")
    except (KeyError, ValueError, RuntimeError) as error:
        raise OSError(str(error)) from error
    # Nobody waits for the answers: the bus has the rule before the first call, and a portal before version
    # 1.20 has no registry.
    bus.send(message_bus.AddMatch(MatchRule(type="signal", sender=BUS_NAME)))
    bus.send(new_method_call(REGISTRY, "Register", "sa{sv}", (APP_ID, {})))
    return _PortalKeys(bus, pressed, answered)


def trigger(chord: Chord) -> str:
    """The chord in the words of the shortcuts specification."""
    key = _KEYSYMS.get(chord.key, chord.key.lower() if len(chord.key) == 1 else chord.key)
    return "+".join([*(word for one, word in _MODIFIERS.items() if one in chord.modifiers), key])


class _PortalKeys:
    """All but the constructor, `hold` and `close` runs on the thread that waits."""

    one_by_one = False

    def __init__(self, bus: DBusConnection, pressed: Pressed, answered: Answered) -> None:
        self._bus = bus
        self._pressed, self._answered = pressed, answered
        self._tokens = (f"heddle{secrets.token_hex(4)}_{number}" for number in itertools.count())
        self._wanted: Assignments = {}
        self._session: str | None = None
        self._asked: dict[str, Callable[[Results], None]] = {}  # by the path of their request
        self._sent: dict[int, str] = {}  # paths of requests by the serial of their call
        self._waiting = Waiting(bus.sock.fileno(), self._read, self._lost)

    def hold(self, wanted: Assignments) -> None:
        self._waiting.ask(partial(self._hold, dict(wanted)))

    def close(self) -> None:
        self._waiting.close()
        self._end_session()
        self._bus.close()

    def _hold(self, wanted: Assignments) -> None:
        if wanted == self._wanted and (self._session or self._asked):
            return
        self._wanted = wanted
        self._asked.clear()
        self._end_session()
        if wanted:
            self._ask("CreateSession", "a{sv}", (), {"session_handle_token": ("s", next(self._tokens))},
                      self._created)  # fmt: skip
        else:
            self._answered(Answer())

    def _created(self, results: Results) -> None:
        self._session = str(results["session_handle"][1])
        rows = [
            (str(action), {"description": ("s", title(action)), "preferred_trigger": ("s", trigger(chord))})
            for action, chord in self._wanted.items()
        ]
        self._ask("BindShortcuts", "oa(sa{sv})sa{sv}", (self._session, rows, ""), {}, self._bound)

    def _bound(self, results: Results) -> None:
        self._tell(results.get("shortcuts", ("", []))[1])

    def _tell(self, rows: list[tuple[str, Results]]) -> None:
        given = {row[0]: row[1].get("trigger_description", ("s", ""))[1] for row in rows}
        held = frozenset(action for action in self._wanted if str(action) in given)
        lost = tr("The desktop did not give it.")
        refused = {action: lost for action in self._wanted if action not in held}
        self._answered(
            Answer(frozenset(self._wanted), held, refused, {action: given[str(action)] for action in held})
        )

    def _ask(
        self,
        method: str,
        signature: str,
        before: tuple[Any, ...],
        options: Results,
        then: Callable[[Results], None],
    ) -> None:
        """Calls; `then` has the results once the person has answered."""
        token = next(self._tokens)
        sender = self._bus.unique_name.lstrip(":").replace(".", "_")
        path = f"{PATH}/request/{sender}/{token}"
        body = (*before, {**options, "handle_token": ("s", token)})
        serial = next(self._bus.outgoing_serial)
        self._asked[path], self._sent[serial] = then, path
        self._bus.send(new_method_call(SHORTCUTS, method, signature, body), serial=serial)

    def _read(self) -> None:
        with contextlib.suppress(TimeoutError):
            while True:
                self._take(self._bus.receive(timeout=0))

    def _take(self, message: Message) -> None:
        fields, kind = message.header.fields, message.header.message_type
        if kind in (MessageType.error, MessageType.method_return):
            path = self._sent.pop(fields.get(HeaderFields.reply_serial, 0), "")
            if kind is MessageType.error and path in self._asked:
                del self._asked[path]
                self._refuse(str(DBusErrorResponse(message)))
        elif kind is MessageType.signal:
            self._hear(str(fields.get(HeaderFields.member)), fields.get(HeaderFields.path, ""), message.body)

    def _hear(self, member: str, path: str, body: tuple[Any, ...]) -> None:
        if member == "Response" and path in self._asked:
            then, (code, results) = self._asked.pop(path), body
            if code:
                self._refuse(tr("The desktop's question was declined."))
            else:
                then(results)
        elif member == "Activated" and body[0] == self._session:
            with contextlib.suppress(ValueError):  # an action of another version
                self._pressed(Action(body[1]))
        elif member == "ShortcutsChanged" and body[0] == self._session:
            self._tell(body[1])
        elif member == "Closed" and path == self._session:
            self._session = None
            self._refuse(tr("The desktop took them back."))

    def _refuse(self, why: str) -> None:
        self._answered(Answer(frozenset(self._wanted), refused=dict.fromkeys(self._wanted, why)))

    def _lost(self, why: str) -> None:
        self._refuse(tr("The connection to the desktop broke ({why}).", why=why))

    def _end_session(self) -> None:
        session, self._session = self._session, None
        if session:
            address = DBusAddress(session, BUS_NAME, "org.freedesktop.portal.Session")
            with contextlib.suppress(OSError):
                self._bus.send(new_method_call(address, "Close"))


def _call(bus: DBusConnection, message: Message) -> Any:
    reply = bus.send_and_get_reply(message, timeout=ANSWER_S)
    if reply.header.message_type is MessageType.error:
        raise DBusErrorResponse(reply)
    return reply.body
