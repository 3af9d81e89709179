"""Starting with the computer: an entry of the person's own, never one of the system's.

Linux: XDG autostart. Windows: the Run key. macOS: a LaunchAgent. Sources:
https://specifications.freedesktop.org/autostart-spec/latest/
https://learn.microsoft.com/en-us/windows/win32/setupapi/run-and-runonce-registry-keys
`man launchd.plist` on macOS. Unverified on real Windows and macOS: see docs/platforms.md.
"""

import contextlib
import os
import plistlib
import subprocess
import sys
from pathlib import Path
from typing import Any

from desktop.i18n import tr
from desktop.platform.desktop_entry import entry
from media import self_command

BACKGROUND = "--background"
_RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
_LABEL = "org.heddle.app"


def set_autostart(wanted: bool) -> None:
    """Writes or removes the entry, which always names this installation. OSError where that cannot be."""
    if sys.platform == "win32":
        _set_key(_winreg(), wanted)
        return
    path, text = (_agent(), _plist()) if sys.platform == "darwin" else (_xdg(), _entry())
    if not wanted:
        path.unlink(missing_ok=True)
    elif not path.exists() or path.read_bytes() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)


def trouble() -> str:
    """Why it cannot be had here, in words; empty where it can."""
    if sys.platform == "win32":
        return ""
    folder = (_agent() if sys.platform == "darwin" else _xdg()).parent
    there = next((one for one in (folder, *folder.parents) if one.exists()), folder)
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return ""
    return tr("Nothing can be written where the system looks for what to start: {folder}", folder=folder)


def _xdg() -> Path:
    folder = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(folder) / "autostart" / "heddle.desktop"


def _entry() -> bytes:
    return entry(BACKGROUND, {"X-GNOME-Autostart-enabled": "true"}).encode()


def _agent() -> Path:
    return Path.home() / "Library" / "LaunchAgents" / f"{_LABEL}.plist"


def _plist() -> bytes:
    return plistlib.dumps(
        {
            "Label": _LABEL,
            "ProgramArguments": [*self_command.command("desktop", "app"), BACKGROUND],
            "RunAtLoad": True,
            "ProcessType": "Interactive",
        }
    )


def _set_key(winreg: Any, wanted: bool) -> None:
    with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
        if wanted:
            command = subprocess.list2cmdline([*self_command.command("desktop", "app"), BACKGROUND])
            winreg.SetValueEx(key, "Heddle", 0, winreg.REG_SZ, command)
        else:
            with contextlib.suppress(FileNotFoundError):
                winreg.DeleteValue(key, "Heddle")


def _winreg() -> Any:
    import winreg  # noqa: PLC0415 - Windows has it alone

    return winreg
