"""Real players over a real socket: what a link plays, live and after."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import films, tus
from tests.support.servers import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    with Server(folder / "data", env={"HEDDLE_WORKERS": "0"}) as server:
        yield server


def packets(url: str, *options: str) -> dict[str, int]:
    """How many packets of each kind ffprobe reads to the end of a playlist."""
    command = ["ffprobe", "-v", "error", *options, "-count_packets", "-of", "json", "-show_entries"]
    command += ["stream=codec_type,nb_read_packets", url]
    found = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert found.stderr == ""
    streams = json.loads(found.stdout)["streams"]
    return {stream["codec_type"]: int(stream["nb_read_packets"]) for stream in streams}


def test_ffmpeg_plays_a_finished_recording_to_its_end(server: Server, tmp_path: Path) -> None:
    film = films.growing(6.0)
    (tmp_path / "film.mp4").write_bytes(film)
    recording = server.create_recording("Played")
    upload = tus.create(server.api, recording["id"], length=len(film), filename="film.mp4")
    assert upload.send(film).status_code == 204
    stream = server.get(f"/api/v1/streams/{recording['id']}")
    expected = packets(str(tmp_path / "film.mp4"))
    assert expected["video"] == 180
    assert packets(stream["mediaPlaylistUrl"]) == expected
    # FFmpeg's DASH drops the block of sound before time zero that encoders begin with.
    assert packets(stream["dashUrl"]) == expected | {"audio": expected["audio"] - 1}
    decoded = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", stream["playlistUrl"], "-f", "null", "-"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert decoded.stderr == ""
