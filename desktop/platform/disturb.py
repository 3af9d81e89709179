"""Do not disturb: has the desktop hold its notifications back while something is recorded.

KDE's notification server takes it as a request that ends with its connection. GNOME has a setting instead:
what it was is written to a file first, so that an app that was killed puts it back at its next start. Windows
and macOS let no program do this. Sources:
https://invent.kde.org/plasma/plasma-workspace/-/blob/master/libnotificationmanager/dbus/org.freedesktop.Notifications.xml
https://gitlab.gnome.org/GNOME/gsettings-desktop-schemas/-/blob/master/schemas/org.gnome.desktop.notifications.gschema.xml.in
"""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from desktop.i18n import tr
from desktop.platform.awake import APP, Release, Unavailable
from uploader.paths import home

_BANNERS = ("org.gnome.desktop.notifications", "show-banners")
_SERVER = ("/org/freedesktop/Notifications", "org.freedesktop.Notifications")
_ANSWER_S = 5.0


def hold(reason: str) -> Release:
    """Quiet until what it answers is called, from any thread; Unavailable with the reason where nobody can be
    asked. May wait seconds for an answer."""
    if not sys.platform.startswith("linux"):
        raise Unavailable(_no_system())
    return _hold_gnome() if _is_gnome() else _ask_server(reason)


def trouble() -> str:
    """Why it cannot be had here, in words; empty where it can. Silences nothing; waits as `hold` does."""
    if not sys.platform.startswith("linux"):
        return _no_system()
    try:
        if _is_gnome():
            _settings("get", *_BANNERS)
        elif "inhibitions" not in _capabilities():
            return tr("This desktop lets no program silence its notifications (GNOME and KDE do).")
    except Unavailable as error:
        return str(error)
    return ""


def put_back(note: Path | None = None) -> None:
    """What an app that was killed left changed."""
    note = note or _note()
    with contextlib.suppress(OSError, Unavailable):
        value = note.read_text(encoding="utf-8").strip()
        _settings("set", *_BANNERS, value if value in {"true", "false"} else "true")
        note.unlink()


def _no_system() -> str:
    return tr("This system lets no program silence its notifications.")


def _is_gnome() -> bool:
    desktop = os.environ.get("XDG_CURRENT_DESKTOP", "").upper()
    return "GNOME" in desktop or "UNITY" in desktop


def _capabilities() -> Sequence[str]:
    """What the notification server says it can do. KDE's says `inhibitions`."""
    from desktop.platform import bus  # noqa: PLC0415 - D-Bus is Linux's alone, and jeepney comes with it there

    session = None
    try:
        session = bus.connect("SESSION")
        (told,) = session.call(bus.address(*_SERVER), "GetCapabilities", "", ())
    except (bus.BusError, ValueError) as error:
        raise Unavailable(tr("This desktop has no notifications to silence: {why}", why=error)) from error
    finally:
        if session:
            session.close()
    return list(told)


def _ask_server(reason: str) -> Release:
    from desktop.platform import bus  # noqa: PLC0415 - jeepney comes with it on Linux alone

    address = bus.address(*_SERVER)
    try:
        session = bus.connect("SESSION")
    except bus.BusError as error:
        raise Unavailable(str(error)) from error
    try:
        (cookie,) = session.call(address, "Inhibit", "ssa{sv}", (APP.lower(), reason, {}))
    except bus.BusError as error:
        session.close()
        raise Unavailable(tr("This desktop's notifications cannot be silenced: {why}", why=error)) from error

    def release() -> None:
        with contextlib.suppress(bus.BusError):
            session.call(address, "UnInhibit", "u", (cookie,))
        session.close()

    return release


def _hold_gnome() -> Release:
    note = _note()
    before = _settings("get", *_BANNERS)
    if before == "false":
        return lambda: None  # it is quiet already
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(before, encoding="utf-8")
    _settings("set", *_BANNERS, "false")
    return lambda: put_back(note)


def _settings(*words: str) -> str:
    """What `gsettings` answers; Unavailable where it cannot."""
    program = shutil.which("gsettings")
    if program is None:
        raise Unavailable(tr("GNOME's settings cannot be reached: there is no `gsettings`."))
    try:
        done = subprocess.run(
            [program, *words], capture_output=True, text=True, timeout=_ANSWER_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(str(error)) from error
    if done.returncode:
        raise Unavailable(done.stderr.strip())
    return done.stdout.strip()


def _note() -> Path:
    return home() / "notifications-before"
