"""Who opens heddle:// links on this computer: registering this program for them, and no more.

Linux: a .desktop file in the person's applications, by which desktops also know the app's name and icon.
Windows: a key below HKEY_CURRENT_USER. macOS: the Info.plist of a bundle (CFBundleURLTypes) says it, a
program outside of one cannot; the links come as QFileOpenEvent. Sources:
https://specifications.freedesktop.org/desktop-entry-spec/latest/
https://learn.microsoft.com/en-us/previous-versions/windows/internet-explorer/ie-developer/platform-apis/aa767914(v=vs.85)
Unverified on real Windows and macOS: see docs/platforms.md.
"""

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from desktop.i18n import tr
from desktop.platform.desktop_entry import entry
from media import self_command

NAME = "heddle.desktop"
_KEY = r"Software\Classes\heddle"


def set_registered(wanted: bool) -> str:
    """Registers this program, or takes it back; empty, or why that cannot be. OSError if the disk fails."""
    if sys.platform == "win32":
        _set_key(_winreg(), wanted)
    elif sys.platform == "darwin":
        return trouble()
    else:
        _set_file(_applications() / NAME, wanted)
    return ""


def trouble() -> str:
    """Why the system cannot be told, in words; empty where it can."""
    if sys.platform == "darwin" and not self_command.frozen():
        return tr("On macOS only the installed app can open links.")
    return ""


def _applications() -> Path:
    folder = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(folder) / "applications"


def _set_file(path: Path, wanted: bool) -> None:
    if wanted:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(entry("%u", {"MimeType": "x-scheme-handler/heddle;"}), encoding="utf-8")
    else:
        path.unlink(missing_ok=True)
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):  # desktops also look for themselves
        subprocess.run(
            ["update-desktop-database", str(path.parent)], capture_output=True, check=False, timeout=10
        )


def _set_key(winreg: Any, wanted: bool) -> None:
    if not wanted:
        for key in (rf"{_KEY}\shell\open\command", rf"{_KEY}\shell\open", rf"{_KEY}\shell", _KEY):
            with contextlib.suppress(FileNotFoundError):
                winreg.DeleteKey(winreg.HKEY_CURRENT_USER, key)
        return
    with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _KEY) as key:
        winreg.SetValueEx(key, None, 0, winreg.REG_SZ, "URL:Heddle")
        winreg.SetValueEx(key, "URL Protocol", 0, winreg.REG_SZ, "")
    command = subprocess.list2cmdline([*self_command.command("desktop", "app"), "%1"])
    with winreg.CreateKey(winreg.HKEY_CURRENT_USER, rf"{_KEY}\shell\open\command") as key:
        winreg.SetValueEx(key, None, 0, winreg.REG_SZ, command)


def _winreg() -> Any:
    import winreg  # noqa: PLC0415 - Windows has it alone

    return winreg
