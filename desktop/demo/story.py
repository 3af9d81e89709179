"""The demonstration: real programs from one end to the other, and a stopwatch.

A server of its own over a new folder, a screen of its own where the machine has none, something on it that
moves and speaks, `heddle record`, and a viewer that has nothing but the link.
"""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from desktop import programs
from desktop.demo import stage
from desktop.demo.children import Children
from desktop.demo.viewer import Stream, Viewer
from desktop.errors import DemoError
from desktop.i18n import tr
from desktop.models.session import Phase, Session, apply
from media import self_command
from uploader.manager import is_running

_SERVER_START_S = 60.0
_UPLOADER_START_S = 30.0
_READY = "Heddle is ready at "
_OWNER = "owner@localhost"
# From stop to the end of everything: last bytes, digest, final playlist. Slow machines demonstrate too.
_END_S = 60.0
_PLAY_S = 600.0
# What this user's shell says about a real server must not reach the demonstration.
_FOREIGN = frozenset({"HEDDLE_CONFIG", "HEDDLE_SERVER", "HEDDLE_TOKEN", "HEDDLE_DATA", "HEDDLE_PUBLIC_URL"})


@dataclass(frozen=True, slots=True)
class Figures:
    """What the demonstration measured. Times in seconds; `started` and `stopping` are Unix times."""

    share_url: str
    playlist_url: str
    media_url: str
    link_ready_s: float
    first_watchable_s: float
    stop_to_final_s: float
    duration_s: float
    fragments: int
    size: int
    client_sha256: str
    server_sha256: str
    file: str

    def as_json(self) -> dict[str, Any]:
        """The figures with their names on the wire."""
        return {_camel(name): value for name, value in asdict(self).items()}


def start_server(children: Children, data: Path, env: Mapping[str, str], port: int) -> str:
    """Starts `heddle-server serve` and answers its address."""
    program = find_program("heddle-server")
    command = [program, "serve", "--host", "127.0.0.1", "--port", str(port), "--data", str(data)]
    server = children.start("heddle-server", command, env=env, piped=True, patience_s=15.0)
    address: list[str] = []
    ready = threading.Event()

    def read() -> None:
        for line in server.stdout or ():
            if _READY in line:
                address.append(line.partition(_READY)[2].split()[0])
                ready.set()
        ready.set()  # it ended

    threading.Thread(target=read, name="server-output", daemon=True).start()
    ready.wait(_SERVER_START_S)
    if not address:
        raise DemoError(tr("The server did not start"), children.log("heddle-server"))
    return address[0]


def find_program(name: str) -> str:
    """A console script of this installation."""
    found = programs.find(name)
    if not found:
        raise DemoError(
            tr("{name} is not installed", name=name),
            tr("The demonstration needs recorder and server on one machine."),
            "pip install 'heddle[client,server]'",
        )
    return found


def sign_in(url: str, data: Path) -> str:
    """The owner's token, by the password that the server's first start left in its folder."""
    password = (data / "owner-password").read_text(encoding="utf-8").strip()
    answer = httpx.post(
        f"{url}/auth/login", json={"email": _OWNER, "password": password}, timeout=30.0, trust_env=False
    )
    if answer.status_code != httpx.codes.OK:
        raise DemoError(tr("The server refuses its owner"), answer.text)
    return str(answer.json()["token"])


def start_uploader(children: Children, env: Mapping[str, str], url: str) -> None:
    """The upload worker as a child, so that it ends with us; `heddle record` finds it running."""
    command = self_command.command("uploader", "--stay", "--server", url)
    process = children.start("uploader", command, env=env)
    deadline = time.monotonic() + _UPLOADER_START_S
    # Until it serves the journal, `heddle record` would start one of its own, which outlives everybody.
    while not is_running(Path(env["HEDDLE_HOME"], "journal.db")):
        if process.poll() is not None or time.monotonic() > deadline:
            raise DemoError(tr("The uploader did not start"), children.log("uploader"))
        time.sleep(0.02)  # another process takes that lock, and tells nobody


def open_stage(children: Children, sound: Path, env: dict[str, str], *, virtual: bool) -> None:
    """Adds a screen and a sound card to the environment where there are none, and something to film.

    `sound` is a folder for the sound card.
    """
    virtual = virtual or not env.get("DISPLAY")
    if virtual:
        env.update(stage.open_screen(children))
        env.update(stage.open_sound(children, sound))
    command = self_command.command("desktop.demo.content", *(["--fullscreen"] if virtual else []))
    children.start("content", command, env=env, patience_s=3.0)


class Recording:
    """`heddle record --json` as a child, and the picture its events make."""

    def __init__(self, children: Children, env: Mapping[str, str], output: Path, seconds: float) -> None:
        options = ["--output", str(output), "--title", "Heddle demo", "--seconds", str(seconds)]
        command = self_command.command("desktop", "record", "--json", *options)
        self._children = children
        self._process = children.start("heddle-record", command, env=env, piped=True, patience_s=20.0)
        self._changed = threading.Condition()
        self._ended = False
        self.session = Session()
        self.times: dict[str, float] = {}  # when each state began, Unix time
        self._thread = threading.Thread(target=self._read, name="recorder-output", daemon=True)
        self._thread.start()

    def wait(self, condition: Callable[[Session], object], timeout_s: float, what: str) -> Session:
        """The session once the condition holds; DemoError when it will not."""
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while not condition(self.session):
                left = deadline - time.monotonic()
                if self._ended or left <= 0:
                    problem = self.session.error
                    words = f"{problem.title}\n{problem.detail}\n{problem.hint}" if problem else ""
                    raise DemoError(what, words or self._children.log("heddle-record"))
                self._changed.wait(left)
            return self.session

    @property
    def lost(self) -> bool:
        """Whether the program is gone without a recording."""
        with self._changed:
            return self._ended and self.session.phase is not Phase.FINISHED

    def _read(self) -> None:
        for line in self._process.stdout or ():
            event = _json(line)
            with self._changed:
                if event.get("event") == "state":
                    self.times.setdefault(str(event.get("state")), float(event.get("at", time.time())))
                self.session = apply(self.session, event)
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()


def measure(recording: Recording, seconds: float, show_link: Callable[[str], None]) -> Figures:
    """Follows one recording from its start to its final playlist."""
    linked = recording.wait(lambda session: session.share_url, 30.0, tr("The recording got no link"))
    share_url = str(linked.share_url)
    show_link(share_url)
    deadline = time.monotonic() + seconds + _END_S
    viewer = Viewer(share_url, lambda: recording.lost or time.monotonic() > deadline)
    try:
        stream = viewer.open()
        watchable_at = viewer.wait_until_watchable(stream)
        final_at = viewer.wait_until_final(stream)
    finally:
        viewer.close()
    done = recording.wait(
        lambda session: session.phase is Phase.FINISHED and session.upload and session.upload.server_sha256,
        _END_S,
        tr("The upload did not come to its end"),
    )
    return _figures(recording, done, stream, watchable_at=watchable_at, final_at=final_at)


def _figures(
    recording: Recording, done: Session, stream: Stream, *, watchable_at: float, final_at: float
) -> Figures:
    upload, times = done.upload, recording.times
    if upload is None or upload.share_url is None:
        raise DemoError(tr("The recording got no link"))
    return Figures(
        share_url=upload.share_url,
        playlist_url=stream.master_url,
        media_url=stream.media_url,
        link_ready_s=upload.link_ready_s or 0.0,
        first_watchable_s=round(watchable_at - times.get("preparing", watchable_at), 3),
        stop_to_final_s=round(final_at - times.get("stopping", final_at), 3),
        duration_s=done.time_s,
        fragments=done.fragments,
        size=done.size,
        client_sha256=done.sha256 or "",
        server_sha256=upload.server_sha256 or "",
        file=done.path or "",
    )


def check(figures: Figures) -> dict[str, Any]:
    """Plays the link to its end and holds it against the file; DemoError when they differ in anything."""
    if not figures.client_sha256 or figures.client_sha256 != figures.server_sha256:
        raise DemoError(
            tr("The server's bytes differ from the client's"),
            f"{figures.client_sha256} != {figures.server_sha256}",
        )
    link, file = _play(figures.media_url), _play(figures.file)
    for name in ("video_frames", "audio_samples", "width", "height"):
        if link[name] != file[name]:
            raise DemoError(tr("The link did not play to its end"), f"{name}: {link[name]} of {file[name]}")
    # Rounding of time stamps between the demuxers; a lost frame would be at least four times as long.
    if abs(link["duration_s"] - file["duration_s"]) > 0.005:
        raise DemoError(
            tr("The link did not play to its end"), f"{link['duration_s']} s of {file['duration_s']} s"
        )
    return link


def _play(source: str) -> dict[str, Any]:
    """Decoded in a process of its own: a decoder that crashes must not take the demonstration along."""
    command = self_command.command("media.playback", source)
    try:
        played = subprocess.run(command, capture_output=True, text=True, timeout=_PLAY_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise DemoError(tr("The link did not play in time"), source) from error
    if played.returncode != 0:
        raise DemoError(tr("The link does not play"), played.stderr.strip())
    return _json(played.stdout)


def environment(folder: Path) -> dict[str, str]:
    """What the programs see: a client folder of their own and none of this user's settings."""
    kept = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    return {**kept, "HEDDLE_HOME": str(folder / "client"), "HEDDLE_SELF_TEST": "0", "PYTHONUNBUFFERED": "1"}


def wait_for_interrupt() -> None:
    """Until Ctrl-C or a polite kill."""
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: ended.set())
    try:
        while not ended.wait(1.0):
            pass
    except KeyboardInterrupt:
        return


def _json(line: str) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
