"""The server and its codecs are killed while a long video is encoded piece by piece."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from media.probe import probe
from media.sniff import Container
from tests.support import longplay, media, tus
from tests.support.processes import wait_until
from tests.support.servers import Server

SECONDS = 62.0  # four pieces
LOOP_S = 2.0
PATIENCE_S = 120.0


@pytest.fixture(scope="module")
def long_film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Few pictures, and heavy ones: it is the number of pieces that matters."""
    path = tmp_path_factory.mktemp("film") / "loop.mp4"
    media.make_recording(path, LOOP_S, size=(960, 540), fps=2, noise=True, quality=36)
    return b"".join(longplay.play(longplay.take_apart(path, LOOP_S), seconds=SECONDS))


def finished(data: Path) -> set[str]:
    """Names of the pieces that the server knows to be done."""
    query = "SELECT output_path FROM processing_jobs WHERE status = 'completed'"
    with closing(sqlite3.connect(data / "heddle.db")) as database:
        paths = [str(row[0]) for row in database.execute(query)]
    return {path.rpartition("/")[2] for path in paths if "/pieces/" in path}


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """The files of pieces: which file it is, and when it was written."""
    try:
        states = {path.name: path.stat() for path in folder.iterdir()}
    except FileNotFoundError:  # all of them are joined
        return {}
    return {name: (state.st_ino, state.st_mtime_ns) for name, state in states.items()}


def test_pieces_that_were_encoded_before_a_kill_are_not_encoded_again(
    server: Server, long_film: bytes
) -> None:
    recording = server.create_recording("Long")
    upload = tus.create(server.api, recording["id"], length=len(long_film))
    upload.patch(0, long_film)
    made = server.data / "media" / "recordings" / recording["id"]
    wait_until(lambda: finished(server.data), timeout_s=PATIENCE_S, what="a piece", poll_s=0.01)
    server.kill()
    known = finished(server.data)  # a file may be there whose row is not
    before = {name: stamp for name, stamp in stamps(made / "pieces").items() if name in known}
    assert before
    assert not (made / "360p.mp4").exists()
    server.restart()

    def joined() -> bool:
        now = stamps(made / "pieces")
        assert all(now[name] == stamp for name, stamp in before.items() if name in now)
        return (made / "360p.mp4").exists()

    wait_until(joined, timeout_s=PATIENCE_S, what="the renditions", poll_s=0.02)
    facts = probe(made / "360p.mp4", kind=Container.MP4)
    assert facts.frames == SECONDS * 2
    assert media.decode_errors(made / "360p.mp4") == ""
    wait_until(lambda: not (made / "pieces").exists(), timeout_s=PATIENCE_S, what="no piece is left")
    (step,) = [one for one in server_steps(server, recording) if one["step"] == "rendition"]
    assert (step["status"], step["error"]) == ("completed", None)


def server_steps(server: Server, recording: dict[str, object]) -> list[dict[str, object]]:
    return list(server.get(f"/api/v1/streams/{recording['id']}")["processing"])
