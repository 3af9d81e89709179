"""Whether bytes cost money on this connection, as far as the system says so.

Linux with NetworkManager alone. On Windows and macOS the answer takes a library of the vendor's (WinRT,
Network.framework) that the worker does without; there every connection counts as unmetered.
https://networkmanager.dev/docs/api/latest/gdbus-org.freedesktop.NetworkManager.html
"""

import sys

YES, GUESS_YES = 1, 3  # NMMetered
ANSWER_S = 1.0


def is_metered() -> bool:
    """False also where nobody knows. Waits for an answer for `ANSWER_S` seconds at most."""
    return _state() in {YES, GUESS_YES}


def is_told() -> bool:
    """Whether the system says anything of it; else `is_metered` is never true. Waits as that does."""
    return _state() is not None


def _state() -> int | None:
    """NetworkManager's word on the connection; None where there is none."""
    if sys.platform != "linux":
        return None
    try:
        from jeepney import DBusAddress, Properties  # noqa: PLC0415 - on Linux alone, and only with this wish
        from jeepney.io.blocking import open_dbus_connection  # noqa: PLC0415 - on Linux alone
        from jeepney.wrappers import unwrap_msg  # noqa: PLC0415 - on Linux alone
    except ImportError:
        return None
    manager = DBusAddress(
        "/org/freedesktop/NetworkManager", "org.freedesktop.NetworkManager", "org.freedesktop.NetworkManager"
    )
    try:
        with open_dbus_connection(bus="SYSTEM") as bus:
            answer = bus.send_and_get_reply(Properties(manager).get("Metered"), timeout=ANSWER_S)
            state: int = unwrap_msg(answer)[0][1]
    except Exception:  # noqa: BLE001 - no bus, no NetworkManager, an old one: jeepney raises many kinds, and none says more than "unknown"
        return None
    return state
