"""The machine's services a test may need: a virtual screen, a sound server, programs from the system."""

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import pytest

START_S = 15.0
SINK = "heddle"
HASTE = 60  # of 1 to 99; more than a recorder gets that is itself measured with priority


def hasten(*pids: int) -> None:
    """Have these processes run before all others, where that is allowed: for what stands for a sound card, a
    screen, or the world, none of which waits for a processor. PulseAudio would not inherit it."""
    for pid in pids:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(PermissionError, ProcessLookupError):
                os.sched_setscheduler(int(thread.name), os.SCHED_RR, os.sched_param(HASTE))


def unavailable(reason: str) -> NoReturn:
    """Skip the test, or fail it where everything must be there."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"this must be available in CI: {reason}", pytrace=False)
    pytest.skip(reason)


def require(*programs: str) -> None:
    """Skip or fail the test unless all `programs` are on PATH."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        unavailable(f"not installed: {', '.join(missing)}")


@dataclass(frozen=True, slots=True)
class Screen:
    """A running X server: `name` is what DISPLAY holds, sizes in pixels."""

    name: str
    width: int
    height: int
    process: "subprocess.Popen[bytes]" = field(repr=False)

    @property
    def env(self) -> dict[str, str]:
        """What a child process needs to draw there and to film it."""
        return {"DISPLAY": self.name}


@contextmanager
def open_screen(width: int, height: int, name: str | None = None) -> Iterator[Screen]:
    """An Xvfb of its own on a free display number, or on the one that `name` holds, 24 bit deep, gone at the
    end."""
    require("Xvfb")
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [
            "Xvfb",
            *([name] if name else []),
            "-displayfd",
            str(writing),
            "-screen",
            "0",
            f"{width}x{height}x24",
            "-nolisten",
            "tcp",
            "-noreset",
        ],
        pass_fds=[writing],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as numbers:
            number = numbers.readline().strip()  # end of file at once if Xvfb could not start
        if not number:
            unavailable("Xvfb did not start")
        yield Screen(f":{number}", width, height, process)
    finally:
        _end(process)


def split_screen(screen: Screen, *places: tuple[str, int, int, int, int]) -> None:
    """Makes several monitors of it (RandR 1.5): the name of each, its corner and its size in pixels."""
    require("xrandr")
    for number, (name, x, y, width, height) in enumerate(places):
        place = f"{width}/{width // 4}x{height}/{height // 4}+{x}+{y}"
        output = "none" if number else "screen"
        command = ["xrandr", "--display", screen.name, "--setmonitor", name, place, output]
        subprocess.run(command, check=True, capture_output=True, timeout=START_S)


def shrink_screen(screen: Screen, width: int, height: int, *gone: str) -> None:
    """It gets smaller, and these monitors of `split_screen` are gone, as when a laptop leaves its dock."""
    from Xlib.display import Display

    display = Display(screen.name)
    root = display.screen().root
    for name in gone:
        root.xrandr_delete_monitor(display.intern_atom(name))
    resources = root.xrandr_get_screen_resources()
    off = {"x": 0, "y": 0, "mode": 0, "rotation": 1, "outputs": []}
    display.xrandr_set_crtc_config(resources.crtcs[0], resources.config_timestamp, **off)
    root.xrandr_set_screen_size(width, height, width // 4, height // 4)
    display.sync()
    display.close()


@dataclass(frozen=True, slots=True)
class Pulse:
    """A running PulseAudio: `env` makes native clients and ALSA's `pulse` and `default` devices use it."""

    socket: Path
    env: dict[str, str]
    process: "subprocess.Popen[bytes]" = field(repr=False)


@contextmanager
def open_pulse(folder: Path) -> Iterator[Pulse]:
    """A PulseAudio of its own, also as root, with a null sink whose monitor is the default source."""
    require("pulseaudio", "pactl")
    folder.mkdir(parents=True, exist_ok=True)
    socket = folder / "native"
    env = _pulse_env(folder, socket)
    process = subprocess.Popen(
        ["pulseaudio", "-n", "--exit-idle-time=-1", "--daemonize=no", "--use-pid-file=no", "--realtime=no",
         "--high-priority=no", "-F", str(_pulse_script(folder, socket))],
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_for_pulse(process, env)
        yield Pulse(socket, env, process)
    finally:
        _end(process)


def _pulse_script(folder: Path, socket: Path) -> Path:
    script = folder / "start.pa"
    script.write_text(
        f"load-module module-native-protocol-unix auth-anonymous=1 socket={socket}\n"
        f"load-module module-null-sink sink_name={SINK} rate=48000 channels=2\n"
        f"set-default-sink {SINK}\n"
        f"set-default-source {SINK}.monitor\n"
    )
    return script


def _pulse_env(folder: Path, socket: Path) -> dict[str, str]:
    """ALSA gets a configuration of its own, so that no ~/.asoundrc can point it elsewhere."""
    configuration = folder / "asound.conf"
    configuration.write_text(
        "</usr/share/alsa/alsa.conf>\n"
        + "".join(
            f'{kind}.{name} {{ type pulse server "unix:{socket}" hint.description "Heddle test sound" }}\n'
            for name in ("pulse", "!default")
            for kind in ("pcm", "ctl")
        )
    )
    return {
        "PULSE_SERVER": f"unix:{socket}",
        "PULSE_RUNTIME_PATH": str(folder),
        "PULSE_STATE_PATH": str(folder),
        "PULSE_COOKIE": str(folder / "cookie"),
        "ALSA_CONFIG_PATH": str(configuration),
    }


def _wait_for_pulse(process: "subprocess.Popen[bytes]", env: dict[str, str]) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            unavailable(f"PulseAudio ended at once with code {process.returncode}")
        answer = subprocess.run(
            ["pactl", "get-default-source"],
            env={**os.environ, **env},
            capture_output=True,
            text=True,
            check=False,
        )
        if answer.stdout.strip() == f"{SINK}.monitor":
            return
        time.sleep(0.05)
    unavailable(f"PulseAudio did not answer within {START_S:.0f} s")


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=5)
