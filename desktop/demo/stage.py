"""A screen and a sound card for a machine without: Xvfb, and PulseAudio with a sink that goes nowhere.

What is played into that sink is what its microphone hears, so a recording there has sound too.
"""

import os
import select
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop.demo.children import Children
from desktop.errors import HeddleError
from desktop.i18n import tr

SCREEN = (1280, 720)
_START_S = 15.0
_SINK, _SOCKET = "heddle", "native"
_LONGEST_SOCKET = 107  # bytes of a socket's path (unix(7)); PulseAudio cuts off what is longer


def open_screen(children: Children, size: tuple[int, int] = SCREEN) -> dict[str, str]:
    """Starts Xvfb on a free display; answers what a program needs in its environment to draw there."""
    reading, writing = os.pipe()
    width, height = size
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24"]
    try:
        children.start("Xvfb", [*command, "-nolisten", "tcp", "-noreset"], env=os.environ, pass_fds=[writing])
    finally:
        os.close(writing)
    with os.fdopen(reading) as numbers:
        ready, _, _ = select.select([numbers], [], [], _START_S)
        number = numbers.readline().strip() if ready else ""
    if not number:
        raise HeddleError(tr("The virtual screen did not start"), children.log("Xvfb"))
    return {"DISPLAY": f":{number}", "WAYLAND_DISPLAY": ""}


@contextmanager
def socket_folder(folder: Path) -> Iterator[Path]:
    """`folder`, or where its path is too long for a socket in it, a short one that is gone afterwards."""
    if len(os.fsencode(folder / _SOCKET)) <= _LONGEST_SOCKET:
        yield folder
        return
    # The system's own folder has the shortest path there is, and this one is only ours (0700).
    with tempfile.TemporaryDirectory(prefix="heddle-", dir="/tmp") as short:
        yield Path(short)


def open_sound(children: Children, folder: Path) -> dict[str, str]:
    """Starts PulseAudio with a null sink; answers the environment in which it is the only sound card.

    `folder` is one that `socket_folder` gave.
    """
    folder.mkdir(parents=True, exist_ok=True)
    env = _sound_environment(folder)
    script = folder / "start.pa"
    script.write_text(
        f"load-module module-native-protocol-unix auth-anonymous=1 socket={folder / _SOCKET}\n"
        f"load-module module-null-sink sink_name={_SINK} rate=48000 channels=2\n"
        f"set-default-sink {_SINK}\n"
        f"set-default-source {_SINK}.monitor\n",
        encoding="utf-8",
    )
    # Also as root, and without real-time priority, which containers do not grant.
    quiet = [
        "--daemonize=no",
        "--use-pid-file=no",
        "--exit-idle-time=-1",
        "--realtime=no",
        "--high-priority=no",
    ]
    process = children.start(
        "pulseaudio", ["pulseaudio", "-n", *quiet, "-F", str(script)], env=os.environ | env
    )
    deadline = time.monotonic() + _START_S
    while not _answers(env):
        if process.poll() is not None or time.monotonic() > deadline:
            raise HeddleError(tr("The virtual sound card did not start"), children.log("pulseaudio"))
        time.sleep(0.05)  # it says nothing when it is ready: it is asked
    return env


def _sound_environment(folder: Path) -> dict[str, str]:
    """ALSA gets a configuration of its own, so that no other one can lead past this sound card."""
    socket = folder / _SOCKET
    configuration = folder / "asound.conf"
    devices = "".join(
        f'{kind}.{name} {{ type pulse server "unix:{socket}" hint.description "Heddle" }}\n'
        for name in ("pulse", "!default")
        for kind in ("pcm", "ctl")
    )
    configuration.write_text(f"</usr/share/alsa/alsa.conf>\n{devices}", encoding="utf-8")
    return {
        "PULSE_SERVER": f"unix:{socket}",
        "PULSE_RUNTIME_PATH": str(folder),
        "PULSE_STATE_PATH": str(folder),
        "PULSE_COOKIE": str(folder / "cookie"),
        "ALSA_CONFIG_PATH": str(configuration),
    }


def _answers(env: dict[str, str]) -> bool:
    asked = subprocess.run(["pactl", "info"], env=os.environ | env, capture_output=True, check=False)
    return asked.returncode == 0
