"""The desktop's ScreenCast portal, the door to the screen on Wayland: it asks the person, we get a stream.

https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.ScreenCast.html
A call is answered at once with the path of a request, whose `Response` signal brings the result: 0 done,
1 cancelled by the person, 2 ended otherwise.
"""

from __future__ import annotations

import contextlib
import itertools
import secrets
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

from jeepney import DBusAddress, MatchRule, MessageType, Properties, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection
from jeepney.wrappers import DBusErrorResponse

from capture.errors import ScreenLost, ScreenRefused

BUS_NAME, PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
SCREENCAST = DBusAddress(PATH, BUS_NAME, "org.freedesktop.portal.ScreenCast")

MONITOR, WINDOW = 1, 2  # types of sources
CURSOR_HIDDEN, CURSOR_EMBEDDED = 1, 2
PERSIST_UNTIL_REVOKED = 2
PERSIST_SINCE = 4  # version of the interface

ANSWER_S = 10.0  # for what asks nobody
PERSON_S = 120.0  # for reading a dialog and choosing

NO_PORTAL_HINT = (
    "Install xdg-desktop-portal and the one of your desktop (xdg-desktop-portal-gnome, -kde, -wlr), "
    "then log in again."
)


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the desktop's portal can do: bits of the interface's properties."""

    version: int
    sources: int
    cursors: int

    @property
    def cursor(self) -> int:
        """Drawn into the picture where that can be had; 0 to say nothing."""
        return next((mode for mode in (CURSOR_EMBEDDED, CURSOR_HIDDEN) if self.cursors & mode), 0)


@dataclass(frozen=True, slots=True)
class Shared:
    """One of the streams: its node in PipeWire, and its place and size in the desktop's own points, None when
    the desktop does not tell."""

    node: int
    position: tuple[int, int] | None = None
    size: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Sharing:
    """A running screen cast of one stream at least."""

    streams: tuple[Shared, ...]
    pointer: bool
    restore_token: str | None


class Portal:
    """A conversation with the portal, used by one thread. ScreenLost when it cannot be had."""

    def __init__(self) -> None:
        try:
            self._bus: DBusConnection = open_dbus_connection("SESSION", enable_fds=True)
        except (OSError, KeyError, ValueError, RuntimeError) as error:
            raise _none(f"There is no D-Bus session to reach it on: {error}.") from error
        self._tokens = (f"heddle{secrets.token_hex(4)}_{number}" for number in itertools.count())
        self._session: str | None = None
        self._closed: deque[Any] = deque(maxlen=1)

    def abilities(self) -> Abilities:
        try:
            rows = self._call(Properties(SCREENCAST).get_all(), ANSWER_S)[0].items()
        except DBusErrorResponse as error:
            raise _none(f"The desktop has no ScreenCast portal ({_why(error)}).") from error
        except TimeoutError as error:
            raise _none(f"The desktop's portal did not answer within {ANSWER_S:.0f} s.") from error
        found = {key: value for key, (_, value) in rows}
        if not found.get("AvailableSourceTypes"):
            raise _none("The desktop's portal offers nothing to record (no backend for ScreenCast).")
        return Abilities(
            version=int(found.get("version", 1)),
            sources=int(found["AvailableSourceTypes"]),
            cursors=int(found.get("AvailableCursorModes", 0)),
        )

    def share(
        self, abilities: Abilities, types: int, restore_token: str | None, *, several: bool = False
    ) -> Sharing:
        """Ask for the screen: at once with a token that still holds, else after the person chose one, or
        several.

        ScreenRefused when they did not want to; ScreenLost when the desktop failed.
        """
        try:
            self._create()
            wanted = {"types": ("u", types & abilities.sources or abilities.sources)}
            self._select(abilities, {**wanted, "multiple": ("b", several)}, restore_token)
            started = self._ask("Start", "osa{sv}", (self._session, ""), {}, PERSON_S)
            streams = started.get("streams") or []
            if not streams:
                raise _failed("The desktop shares nothing although it said yes.")
        except DBusErrorResponse as error:
            raise _failed(f"The desktop's portal says: {_why(error)}.") from error
        except TimeoutError as error:
            raise _unanswered(ANSWER_S, asked=False) from error
        except (OSError, EOFError) as error:
            raise _failed(f"The connection to the desktop's portal broke: {error}.") from error
        token = started.get("restore_token")
        pointer = abilities.cursor == CURSOR_EMBEDDED
        return Sharing(tuple(_shared(*stream) for stream in streams), pointer, token or None)

    def remote(self) -> int:
        """The descriptor of a new connection to PipeWire, the caller's to close; it sees what is shared."""
        call = new_method_call(SCREENCAST, "OpenPipeWireRemote", "oa{sv}", (self._session, {}))
        try:
            return int(self._call(call, ANSWER_S)[0].to_raw_fd())
        except (DBusErrorResponse, OSError, EOFError) as error:
            raise _failed(f"The desktop's portal gives no connection to PipeWire: {error}.") from error

    def ended(self) -> bool:
        """Whether the desktop closed the session: the person ended the sharing there. Never waits."""
        try:
            while not self._closed:
                self._bus.recv_messages(timeout=0)
        except TimeoutError:
            pass
        except (OSError, EOFError, RuntimeError):
            return True
        return bool(self._closed)

    def close(self) -> None:
        """End the session and the conversation. Idempotent."""
        if self._session is not None:
            session, self._session = self._session, None
            address = DBusAddress(session, BUS_NAME, "org.freedesktop.portal.Session")
            with contextlib.suppress(OSError, ValueError):
                self._bus.send(new_method_call(address, "Close"))
        self._bus.close()

    def _create(self) -> None:
        options = {"session_handle_token": ("s", next(self._tokens))}
        created = self._ask("CreateSession", "a{sv}", (), options, ANSWER_S)
        self._session = str(created["session_handle"])
        rule = MatchRule(
            type="signal", interface="org.freedesktop.portal.Session", member="Closed", path=self._session
        )
        self._listen(rule)
        self._bus.filter(rule, queue=self._closed)

    def _select(
        self, abilities: Abilities, wanted: dict[str, tuple[str, Any]], restore_token: str | None
    ) -> None:
        options = dict(wanted)
        if abilities.cursor:
            options["cursor_mode"] = ("u", abilities.cursor)
        if abilities.version >= PERSIST_SINCE:
            options["persist_mode"] = ("u", PERSIST_UNTIL_REVOKED)
            if restore_token is not None:
                options["restore_token"] = ("s", restore_token)
        self._ask("SelectSources", "oa{sv}", (self._session,), options, ANSWER_S)

    def _ask(
        self,
        method: str,
        signature: str,
        before: tuple[Any, ...],
        options: dict[str, tuple[str, Any]],
        timeout_s: float,
    ) -> dict[str, Any]:
        """Call, and wait for the request's answer: its results without their D-Bus types."""
        token = next(self._tokens)
        sender = self._bus.unique_name.lstrip(":").replace(".", "_")
        path = f"{PATH}/request/{sender}/{token}"
        rule = MatchRule(
            type="signal", interface="org.freedesktop.portal.Request", member="Response", path=path
        )
        self._listen(rule)  # before the call: the answer may come at once
        body = (*before, {**options, "handle_token": ("s", token)})
        deadline = time.monotonic() + timeout_s
        with self._bus.filter(rule) as answers:
            try:
                self._call(new_method_call(SCREENCAST, method, signature, body), timeout_s)
                left = max(0.0, deadline - time.monotonic())
                code, results = self._bus.recv_until_filtered(answers, timeout=left).body
            except TimeoutError as error:
                self._withdraw(path)
                raise _unanswered(timeout_s, asked=timeout_s == PERSON_S) from error
        if code == 1:
            raise _cancelled()
        if code:
            raise _failed(f"The desktop ended the request ({method}, code {code}).")
        return {key: value for key, (_, value) in results.items()}

    def _withdraw(self, path: str) -> None:
        """Take the question, and its dialog, back."""
        address = DBusAddress(path, BUS_NAME, "org.freedesktop.portal.Request")
        with contextlib.suppress(OSError):
            self._bus.send(new_method_call(address, "Close"))

    def _listen(self, rule: MatchRule) -> None:
        Proxy(message_bus, self._bus, timeout=ANSWER_S).AddMatch(rule)

    def _call(self, message: Any, timeout_s: float) -> Any:
        reply = self._bus.send_and_get_reply(message, timeout=timeout_s)
        if reply.header.message_type == MessageType.error:
            raise DBusErrorResponse(reply)
        return reply.body


def _shared(node: int, properties: dict[str, tuple[str, Any]]) -> Shared:
    values = {key: value for key, (_, value) in properties.items()}
    return Shared(int(node), values.get("position"), values.get("size"))


def source_types(*, window: bool | None) -> int:
    """The bits for windows, for screens, or for both."""
    if window is None:
        return MONITOR | WINDOW
    return WINDOW if window else MONITOR


def _why(error: DBusErrorResponse) -> str:
    text = error.data[0] if error.data else ""
    return f"{error.name.rpartition('.')[2]}: {text}" if text else str(error.name)


def _none(why: str) -> ScreenLost:
    return ScreenLost("The desktop's portal cannot be used", why, NO_PORTAL_HINT)


def _failed(why: str) -> ScreenLost:
    return ScreenLost("The desktop did not share the screen", why, "Try again, or log in anew.")


def _cancelled() -> ScreenRefused:
    return ScreenRefused(
        "The screen was not shared",
        "The desktop's question which screen to share was cancelled.",
        "Record again, choose a screen or a window in the desktop's dialog, and allow it.",
    )


def _unanswered(timeout_s: float, *, asked: bool) -> ScreenLost:
    if not asked:
        return _none(f"The desktop's portal did not answer within {timeout_s:.0f} s.")
    return ScreenLost(
        "Nobody chose a screen",
        f"The desktop's dialog got no answer within {timeout_s:.0f} s.",
        "Record again and choose a screen; the dialog may lie behind another window.",
    )
