"""What uploads may take: from the environment, the settings file and the connection."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import Program
from tests.support.services import require
from uploader.allowance import Allowance, Allowed
from uploader.errors import UploadError
from uploader.metered import is_metered

# NetworkManager as far as we ask it.
MANAGER = """
import sys
from jeepney import HeaderFields, MessageType, message_bus, new_method_return
from jeepney.io.blocking import Proxy, open_dbus_connection
with open_dbus_connection(bus="SYSTEM") as bus:
    Proxy(message_bus, bus).RequestName("org.freedesktop.NetworkManager")
    print("ready", flush=True)
    while True:
        call = bus.receive()
        if call.header.message_type is MessageType.method_call:
            bus.send(new_method_return(call, "v", (("u", int(sys.argv[1])),)))
"""
POLICY = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={socket}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>"""


@pytest.fixture
def file(heddle_home: Path) -> Path:
    return heddle_home / "config.toml"


def test_without_settings_everything_is_allowed() -> None:
    assert Allowance().look() == Allowed(None, wait=False)


def test_a_changed_file_counts_at_the_next_look(file: Path) -> None:
    allowance = Allowance()
    file.write_text('upload_limit = "500k"\n')
    assert allowance.look().rate == 500 * 1024
    file.write_text('upload_limit = "2M"\n')
    assert allowance.look().rate == 2 * 1024**2
    file.write_text("upload_limit = ")  # half written by an editor
    assert allowance.look().rate == 2 * 1024**2
    file.write_text('upload_limit = "quickly"\n')
    assert allowance.look().rate is None
    file.unlink()
    assert allowance.look() == Allowed()


def test_the_environment_wins_over_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text('upload_limit = "500k"\n')
    monkeypatch.setenv("HEDDLE_UPLOAD_LIMIT", "2M")
    assert Allowance().look().rate == 2 * 1024**2
    monkeypatch.setenv("HEDDLE_UPLOAD_LIMIT", "quickly")
    with pytest.raises(UploadError):
        Allowance()


def test_the_connection_is_asked_only_by_who_wants_to_wait(file: Path) -> None:
    asked = []

    def metered() -> bool:
        asked.append(1)
        return True

    allowance = Allowance(metered=metered)
    assert allowance.look().wait is False
    assert asked == []
    file.write_text('metered = "wait"\n')
    assert allowance.look().wait is True


@contextlib.contextmanager
def bus(folder: Path) -> Iterator[str]:
    require("dbus-daemon")
    (folder / "bus.conf").write_text(POLICY.format(socket=folder / "bus"))
    command = ["dbus-daemon", f"--config-file={folder / 'bus.conf'}", "--nofork", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as daemon:
        assert daemon.stdout is not None
        try:
            yield daemon.stdout.readline().strip()
        finally:
            daemon.terminate()


@pytest.mark.skipif(sys.platform != "linux", reason="NetworkManager is Linux's")
@pytest.mark.parametrize(("state", "metered"), [(1, True), (4, False)])
def test_networkmanager_says_what_bytes_cost(
    state: int, metered: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        assert not is_metered()  # nobody there who knows
        with Program([sys.executable, "-c", MANAGER, str(state)], env=dict(os.environ)) as manager:
            manager.says("ready")
            assert is_metered() is metered


def test_a_system_without_a_bus_is_not_metered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'none'}")
    assert not is_metered()
