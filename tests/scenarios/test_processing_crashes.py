"""The server is killed at moments of its processing; the next one goes on where it was."""

import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.config import SKIPPABLE
from server.processing.steps import KINDS, StepName
from tests.support import media, tus
from tests.support.footage import every, shoot
from tests.support.moments import EVERY
from tests.support.processes import Program, wait_until
from tests.support.servers import START_S, Server

PATIENCE_S = 120.0
MOMENTS = ("begun", "made", "written")
# These need a model of speech: tests/scenarios/test_transcripts.py kills while a server listens.
SPEECH = {StepName.TRANSCRIPT, StepName.LIVE_TRANSCRIPT}
# Once all pieces are there, and just before they are; and where the file to watch itself is at stake.
TELLING = [(StepName.NORMALISE, "made"), (StepName.RENDITION, "begun")]
STORIES = [(step, at) for step in StepName if step not in SPEECH for at in MOMENTS] if EVERY else TELLING


class HeldServer(Server):
    """Stands still at one moment of one step; see tests/support/held_server.py."""

    step, moment = StepName.PROBE, ""

    def hold(self, step: StepName, moment: str) -> None:
        """For the next start: there, or nowhere without a moment."""
        self.step, self.moment = step, moment
        self.reached.unlink(missing_ok=True)

    @property
    def reached(self) -> Path:
        return self.data.parent / "reached"

    def start(self) -> None:
        env = {
            **self._env,
            "HEDDLE_TEST_HOLD": f"{self.step} {self.moment or 'never'} {self.reached}",
            "HEDDLE_SKIP_STEPS": ",".join(SKIPPABLE - {self.step}),
            "HEDDLE_AV1_RENDITIONS": str(self.step in {StepName.AV1, StepName.AV1_PIECE}).lower(),
            "HEDDLE_WORKERS": "1",
        }
        command = [sys.executable, "-m", "tests.support.held_server", "serve", "--port", self.port]
        self.program = Program([*command, "--data", self.data], env=env, log_folder=self.data.parent)
        line = self.program.says("Heddle is ready at ", timeout_s=START_S)
        self.url = line.split("Heddle is ready at ")[1].split()[0].rstrip("/.")
        self.port = int(self.url.rpartition(":")[2])


@dataclass
class Films:
    """One whose versions come in pieces, one that is too small for any but AV1, one of another kind."""

    long: bytes
    small: bytes
    other: bytes

    def for_step(self, step: StepName) -> tuple[bytes, str]:
        if step is StepName.NORMALISE:
            return self.other, "film.mkv"
        in_pieces = step in {StepName.RENDITION, StepName.PIECE}
        return (self.long if in_pieces else self.small), "film.mp4"


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Films:
    folder = tmp_path_factory.mktemp("films")
    long = media.make_recording(folder / "long.mp4", 5, size=(960, 540), fps=5, noise=True, quality=36)
    small = media.make_recording(folder / "small.mp4", 5, size=(320, 180), fps=5, noise=True, quality=15)
    other = shoot(folder / "film.mkv", every(1, 10), size=(64, 36), codec="mpeg4", sound_s=1.0)
    return Films(*(path.read_bytes() for path in (long, small, other)))


@dataclass
class Sent:
    """A recording on its way."""

    id: str
    upload: tus.Upload
    data: bytes
    finished: bool = False

    def begin(self) -> None:
        assert self.upload.patch(0, self.data[: len(self.data) * 3 // 4]).is_success

    def finish(self) -> None:
        """From wherever the server stands."""
        if not self.finished:
            at = int(self.upload.head().headers["upload-offset"])
            answer = self.upload.patch(at, self.data[at:], length=len(self.data))
            assert answer.is_success, answer.text
            self.finished = True


@dataclass(frozen=True)
class Row:
    """A job as the database has it; `output` is a key of the blobs."""

    output: str
    status: str
    completed_at: str | None


def jobs(data: Path) -> dict[str, Row]:
    query = "SELECT id, coalesce(output_path, ''), status, completed_at FROM processing_jobs"
    with closing(sqlite3.connect(data / "heddle.db")) as database:
        return {str(one): Row(*values) for one, *values in database.execute(query)}


def stamps(data: Path) -> dict[str, tuple[int, int]]:
    """The files of pieces, by their keys: which file it is, and when it was written."""
    root, found = data / "media", {}
    for path in root.glob("recordings/*/*pieces/*"):
        with suppress(FileNotFoundError):  # all of them are joined
            state = path.stat()
            found[str(path.relative_to(root))] = (state.st_ino, state.st_mtime_ns)
    return found


class Done:
    """What was completed when a server was killed."""

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}
        self._pieces: dict[str, tuple[int, int]] = {}

    def remember(self, data: Path) -> None:
        rows = {one: row for one, row in jobs(data).items() if row.status == "completed"}
        outputs = {row.output for row in rows.values()}  # a file may be there whose row is not
        self._rows |= rows
        self._pieces |= {key: stamp for key, stamp in stamps(data).items() if key in outputs}

    def check(self, data: Path) -> None:
        """Nothing of it was done again. Pieces go, with their rows, once they are joined."""
        rows, pieces = jobs(data), stamps(data)
        assert [one for one, row in self._rows.items() if rows.get(one, row) != row] == []
        assert [key for key, stamp in self._pieces.items() if pieces.get(key, stamp) != stamp] == []


def is_over(server: Server, sent: Sequence[Sent]) -> bool:
    """Whether nothing is left to do; nothing may have failed."""
    steps = [step for one in sent for step in server.get(f"/api/v1/streams/{one.id}")["processing"]]
    assert [step for step in steps if step["status"] == "failed"] == []
    recordings = [server.recording(one.id)["status"] for one in sent]
    return {*recordings, *(step["status"] for step in steps)} == {"completed"}


@pytest.mark.timeout(120 + 60 * len(STORIES))
def test_whenever_the_server_is_killed_all_is_made_and_nothing_twice(
    no_leaks: None, tmp_path: Path, films: Films
) -> None:
    """One data folder lives through it all: what one life leaves undone, the next do beside their own."""
    (tmp_path / "server").mkdir()
    server, sent, done = HeldServer(tmp_path / "server" / "data"), list[Sent](), Done()
    server.hold(*STORIES[0])
    with server:
        for number, (step, moment) in enumerate(STORIES):
            if number:
                server.hold(step, moment)
                server.restart()
            for one in sent:
                one.finish()
            sent.append(send(server, step, moment, films))
            wait_until(server.reached.exists, timeout_s=PATIENCE_S, what=f"{step} is {moment}")
            done.check(server.data)
            server.kill()
            done.remember(server.data)
        server.hold(StepName.PROBE, "")
        server.restart()
        for one in sent:
            one.finish()

        def over() -> bool:
            done.check(server.data)
            return is_over(server, sent)

        wait_until(over, timeout_s=PATIENCE_S, what="all is done", poll_s=0.05)
        wait_until(lambda: not stamps(server.data), timeout_s=PATIENCE_S, what="no piece is left")
        work = server.data / "work"
        wait_until(lambda: not list(work.iterdir()), timeout_s=PATIENCE_S, what="no codec's folder is left")
        for path in (server.data / "media").glob("recordings/*/*.mp4"):
            assert media.decode_errors(path) == "", path


def send(server: Server, step: StepName, moment: str, films: Films) -> Sent:
    """A film that needs this step: a part of it, where the step is done while it arrives."""
    data, name = films.for_step(step)
    recording_id = str(server.create_recording(f"{step} {moment}")["id"])
    sent = Sent(recording_id, tus.create(server.api, recording_id, length=None, filename=name), data)
    sent.begin()
    if not KINDS[step].early:
        sent.finish()
    return sent
