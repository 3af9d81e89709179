"""What a Wayland desktop gives a recorder, without one: a D-Bus session, PipeWire, a stream, a portal."""

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support import compositor
from tests.support.portal import SOURCE
from tests.support.processes import DeadlineError, Program, wait_until
from tests.support.services import require, unavailable

START_S = 20.0
WIDTH, HEIGHT = 640, 360


@dataclass
class Desktop:
    """A private session: `env` is what its programs need. Streams and portals are started on demand."""

    env: dict[str, str]
    opened: ExitStack = field(repr=False)

    def stream(self, *, width: int = WIDTH, height: int = HEIGHT, order: str = "BGRx") -> Program:
        """A moving ball for a screen, offered by PipeWire once this returns."""
        form = f"video/x-raw,format={order},width={width},height={height},framerate=30/1"
        sink = ["pipewiresink", "mode=provide"]
        properties = f"stream-properties=p,node.name={SOURCE},media.class=Video/Source"
        source = ["videotestsrc", "is-live=true", "pattern=ball"]
        program = self._start(["gst-launch-1.0", "-q", *source, "!", form, "!", *sink, properties])
        _until_listed("Node", SOURCE, self.env)
        return program

    def end(self, stream: Program) -> None:
        """Stop a stream; PipeWire knows it no more."""
        stream.close()
        wait_until(lambda: not _lists("Node", SOURCE, self.env), timeout_s=START_S, what=f"no {SOURCE}")

    def portal(self, mode: str = "grant") -> Program:
        """The portal's double; calls it got are its events."""
        program = self._start([sys.executable, "-m", "tests.support.portal", mode])
        program.event("portal", call="ready", timeout_s=START_S)
        return program

    def compositor(self) -> Program:
        """A real compositor with an empty monitor."""
        require("mutter")
        env = {**self.env, **compositor.ENVIRONMENT}
        program = self.opened.enter_context(Program(compositor.COMMAND, env=env))
        program.says("Using Wayland display name", timeout_s=START_S)
        self.env["WAYLAND_DISPLAY"] = "wayland-heddle"
        return program

    def window(self) -> Program:
        """A Wayland program that fills the compositor's monitor: blue, with a green bar on its way."""
        env = {**self.env, "QT_QPA_PLATFORM": "wayland"}
        command = [sys.executable, "-m", "tests.support.wayland_window"]
        program = self.opened.enter_context(Program(command, env=env))
        program.says("drawn", timeout_s=START_S)
        return program

    def _start(self, command: list[str]) -> Program:
        return self.opened.enter_context(Program(command, env=self.env))


@contextmanager
def open_desktop() -> Iterator[Desktop]:
    """A D-Bus session and a PipeWire with its session manager, in folders of their own, gone at the end."""
    require("dbus-daemon", "pipewire", "wireplumber", "pw-cli", "pw-dump", "gst-launch-1.0")
    with ExitStack() as opened:
        # Not a test's own folder: the paths of sockets end at 107 letters.
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="heddle-")))
        env = _environment(folder)
        try:
            _start_services(opened, folder, env)
        except DeadlineError as error:
            unavailable(str(error))
        yield Desktop(env, opened)


def _environment(folder: Path) -> dict[str, str]:
    return {
        "XDG_RUNTIME_DIR": str(folder),
        "PIPEWIRE_RUNTIME_DIR": str(folder),
        "XDG_STATE_HOME": str(folder / "state"),
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={folder}/bus",
        "WAYLAND_DISPLAY": "wayland-none",
    }


def _start_services(opened: ExitStack, folder: Path, env: dict[str, str]) -> None:
    address = env["DBUS_SESSION_BUS_ADDRESS"]
    bus = ["dbus-daemon", "--session", f"--address={address}", "--nofork", "--print-address"]
    opened.enter_context(Program(bus, env=env)).says(address)  # once it listens; its socket is there before
    opened.enter_context(Program(["pipewire"], env=env))
    wait_until((folder / "pipewire-0").exists, timeout_s=START_S, what="PipeWire's socket")
    opened.enter_context(Program(["wireplumber"], env=env))
    _until_listed("Client", "WirePlumber", env)


def _until_listed(kind: str, word: str, env: Mapping[str, str]) -> None:
    wait_until(lambda: _lists(kind, word, env), timeout_s=START_S, what=f"{word} in PipeWire", poll_s=0.1)


def _lists(kind: str, word: str, env: Mapping[str, str]) -> bool:
    with Program(["pw-cli", "ls", kind], env=env) as program:
        program.wait(10)
        return word in program.stdout
