"""Entries that have the system start the app: for links, and with the computer."""

import plistlib
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest

from desktop.platform import autostart, desktop_entry, links


class FakeRegistry:
    """HKEY_CURRENT_USER, as far as `winreg` shows it."""

    HKEY_CURRENT_USER, REG_SZ = "HKCU", 1

    def __init__(self) -> None:
        self.keys: dict[str, dict[str | None, str]] = {}

    def CreateKey(self, _root: str, name: str) -> "FakeKey":
        self.keys.setdefault(name, {})
        return FakeKey(name)

    def SetValueEx(self, key: "FakeKey", name: str | None, _reserved: int, _kind: int, value: str) -> None:
        self.keys[key.name][name] = value

    def DeleteValue(self, key: "FakeKey", name: str) -> None:
        if name not in self.keys[key.name]:
            raise FileNotFoundError
        del self.keys[key.name][name]

    def DeleteKey(self, _root: str, name: str) -> None:
        if name not in self.keys:
            raise FileNotFoundError
        if any(other.startswith(name + "\\") for other in self.keys):
            raise PermissionError  # Windows deletes no key that has others
        del self.keys[name]


class FakeKey:
    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> "FakeKey":
        return self

    def __exit__(self, *_: object) -> None:
        return


@pytest.fixture
def xdg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path


def keys(path: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)


@pytest.mark.skipif(sys.platform != "linux", reason="freedesktop.org's way")
def test_on_linux_autostart_is_a_desktop_entry_of_the_person(xdg: Path) -> None:
    path = xdg / "config" / "autostart" / "heddle.desktop"
    autostart.set_autostart(True)
    autostart.set_autostart(True)
    assert shlex.split(keys(path)["Exec"]) == [sys.executable, "-m", "desktop", "app", "--background"]
    autostart.set_autostart(False)
    autostart.set_autostart(False)
    assert not path.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="freedesktop.org's way")
def test_on_linux_links_are_a_desktop_entry_of_the_person(xdg: Path) -> None:
    path = xdg / "data" / "applications" / links.NAME
    assert links.set_registered(True) == ""
    entry = keys(path)
    assert entry["MimeType"] == "x-scheme-handler/heddle;"
    assert entry["Exec"].endswith(" app %u")
    links.set_registered(False)
    assert not path.exists()


def test_odd_paths_are_quoted_as_the_specification_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desktop_entry.self_command, "command", lambda *_: ["/opt/my $app/100% \\new", "app"])
    line = next(line for line in desktop_entry.entry("%u", {}).splitlines() if line.startswith("Exec="))
    assert line == 'Exec="/opt/my \\\\$app/100%% \\\\\\\\new" app %u'


def test_on_windows_both_are_keys_of_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = FakeRegistry()
    for module in (autostart, links):
        monkeypatch.setattr(module, "_winreg", lambda: registry)
        monkeypatch.setattr(module.sys, "platform", "win32")
    autostart.set_autostart(True)
    links.set_registered(True)
    assert registry.keys[autostart._RUN]["Heddle"].endswith("app --background")
    command = registry.keys[r"Software\Classes\heddle\shell\open\command"][None]
    assert command.endswith("app %1")
    assert registry.keys[r"Software\Classes\heddle"]["URL Protocol"] == ""
    for _ in range(2):
        autostart.set_autostart(False)
        links.set_registered(False)
    assert not registry.keys[autostart._RUN]
    assert not any("Classes" in name and registry.keys[name] for name in registry.keys)


def test_on_macos_autostart_is_a_launch_agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autostart.sys, "platform", "darwin")
    monkeypatch.setenv("HOME", str(tmp_path))
    autostart.set_autostart(True)
    [agent] = (tmp_path / "Library" / "LaunchAgents").iterdir()
    told: dict[str, Any] = plistlib.loads(agent.read_bytes())
    assert told["RunAtLoad"] is True
    assert told["ProgramArguments"][-1] == "--background"
    assert links.set_registered(True)  # says that only a bundle can
    autostart.set_autostart(False)
    assert not agent.exists()
