"""Keeping awake and undisturbed, against doubles of the desktops' services on a real bus."""

import ctypes
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from desktop.platform import abilities, awake, disturb
from desktop.settings import TABLE
from tests.support.processes import Program

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="D-Bus is Linux's")


@pytest.mark.parametrize(
    ("name", "module"),
    [("org.freedesktop.ScreenSaver", awake), ("org.freedesktop.Notifications", disturb)],
)
def test_what_was_asked_is_given_back(bus: str, name: str, module: object) -> None:
    with Program([sys.executable, "-m", "tests.support.inhibitor", name]) as desktop:
        desktop.says("ready")
        release = module.hold("recording")  # type: ignore[attr-defined]  # both modules have it
        asked = desktop.event("Inhibit")
        assert "recording" in asked["values"]
        release()
        assert desktop.event("UnInhibit")["values"] == [7]


@pytest.mark.parametrize("module", [awake, disturb])
def test_where_nobody_can_be_asked_it_says_why(bus: str, module: object) -> None:
    with pytest.raises(awake.Unavailable) as refused:
        module.hold("recording")  # type: ignore[attr-defined]  # both modules have it
    assert str(refused.value)


def test_a_desktop_says_whether_it_can_be_silenced(bus: str) -> None:
    """As KDE's does: https://specifications.freedesktop.org/notification-spec/latest/protocol.html"""
    assert "silence" in disturb.trouble()
    name = "org.freedesktop.Notifications"
    with Program([sys.executable, "-m", "tests.support.inhibitor", name]) as desktop:
        desktop.says("ready")
        assert disturb.trouble() == ""
        assert desktop.event("GetCapabilities")["values"] == []
    with Program([sys.executable, "-m", "tests.support.inhibitor", name, "body"]) as desktop:
        desktop.says("ready")
        assert "GNOME and KDE" in disturb.trouble()


def test_whether_it_can_be_kept_awake_is_tried_for_a_moment(bus: str) -> None:
    assert "org.freedesktop.ScreenSaver" in awake.trouble()
    with Program([sys.executable, "-m", "tests.support.inhibitor", "org.freedesktop.ScreenSaver"]) as desktop:
        desktop.says("ready")
        assert awake.trouble() == ""
        assert desktop.event("UnInhibit")["values"] == [7]


def test_gnome_can_be_silenced_where_its_settings_can_be_read(
    gnome: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert disturb.trouble() == ""
    assert gnome.read_text() == "true\n"
    monkeypatch.setenv("PATH", "/nowhere")
    assert "gsettings" in disturb.trouble()


def test_what_a_system_cannot_do_is_told_by_the_names_of_settings(
    heddle_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/bus")
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "openbox")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(heddle_home))
    found = abilities.troubles()
    assert found.keys() == {"keep_awake", "do_not_disturb", "metered"}
    (heddle_home / "autostart").write_text("a file where a folder should be")
    assert "autostart" in abilities.troubles()["autostart"]
    assert found.keys() <= TABLE.keys()


def test_without_a_bus_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/bus")
    monkeypatch.delenv("XDG_CURRENT_DESKTOP", raising=False)
    for module in (awake, disturb):
        with pytest.raises(awake.Unavailable):
            module.hold("recording")


GSETTINGS = """#!/bin/sh
if [ "$1" = get ]; then cat "$HEDDLE_HOME/banners"; else echo "$4" > "$HEDDLE_HOME/banners"; fi
"""


@pytest.fixture
def gnome(heddle_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """GNOME's setting in a file."""
    program = tmp_path / "bin" / "gsettings"
    program.parent.mkdir()
    program.write_text(GSETTINGS)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "ubuntu:GNOME")
    (heddle_home / "banners").write_text("true\n")
    return heddle_home / "banners"


def test_gnome_is_quiet_until_it_is_not_needed_any_more(gnome: Path) -> None:
    release = disturb.hold("recording")
    assert gnome.read_text() == "false\n"
    release()
    assert gnome.read_text() == "true\n"


def test_an_app_that_was_killed_puts_back_what_it_changed(gnome: Path, heddle_home: Path) -> None:
    disturb.hold("recording")
    disturb.put_back()
    assert gnome.read_text() == "true\n"
    gnome.write_text("false\n")
    disturb.put_back()  # a second time is somebody else's wish
    assert gnome.read_text() == "false\n"


def test_who_wants_no_banners_anyway_keeps_having_none(gnome: Path) -> None:
    gnome.write_text("false\n")
    disturb.hold("recording")()
    assert gnome.read_text() == "false\n"


def test_windows_is_told_on_one_thread() -> None:
    told: list[int] = []
    kernel = SimpleNamespace(SetThreadExecutionState=told.append)
    release = awake._hold_windows(kernel)
    release()
    assert [ctypes.c_uint32(one).value for one in told] == [0x80000003, 0x80000000]
