"""Somebody speaks while the recording uploads: the text is there seconds after they stop."""

import time
from pathlib import Path
from typing import Any

from tests.support import tus
from tests.support.processes import wait_until
from tests.support.servers import Server
from tests.support.speech import MODEL
from tests.support.spoken import found, spoken_recording

PIECE_S = 0.5
# Where nothing else runs it is a second or two; this only says that it is not as long as the recording.
PATIENCE_S = 30.0


def transcript_of(server: Server, recording_id: str) -> dict[str, Any] | None:
    answer = server.api.get(f"/api/v1/recordings/{recording_id}/transcript")
    return dict(answer.json()) if answer.status_code == 200 else None


def test_the_text_is_complete_seconds_after_stop_also_when_the_server_was_killed(tmp_path: Path) -> None:
    film = tmp_path / "spoken.mp4"
    said = spoken_recording(film)
    data = film.read_bytes()
    pieces = split(data, said[-1].end)
    env = {"HEDDLE_TRANSCRIBE_MODEL": str(MODEL), "HEDDLE_TRANSCRIBE_LANGUAGE": "en", "HEDDLE_WORKERS": "1"}
    (tmp_path / "server").mkdir()
    with Server(tmp_path / "server" / "data", env=env) as server:
        recording = server.create_recording("Spoken")
        upload = tus.create(server.api, recording["id"], length=None)
        offset = 0
        killed: dict[str, Any] | None = None
        for piece in pieces:
            assert upload.patch(offset, piece).status_code == 204
            offset += len(piece)
            time.sleep(PIECE_S)  # as somebody records
            settled = transcript_of(server, recording["id"]) if killed is None else None
            if settled is not None:
                killed = settled
                server.kill()
                server.restart()
        assert killed is not None, "nothing was heard before the end"
        assert killed["status"] == "partial"
        server.api.post(f"/api/v1/recordings/{recording['id']}/control", json={"action": "stop"})
        stopped = time.monotonic()
        assert upload.patch(offset, b"", length=offset).status_code == 204

        def completed() -> dict[str, Any] | None:
            transcript = transcript_of(server, recording["id"])
            return transcript if transcript and transcript["status"] == "completed" else None

        transcript = wait_until(
            completed, timeout_s=PATIENCE_S, what="the transcript is complete", poll_s=0.05
        )
        print(f"complete {time.monotonic() - stopped:.2f} s after stop")
        assert found(said, transcript) >= 0.7, transcript["text"]
        # What had settled before the kill was not heard again.
        assert transcript["segments"][: len(killed["segments"])] == killed["segments"]
        starts = [segment["start"] for segment in transcript["segments"]]
        assert starts == sorted(starts)
        stream = server.get(f"/api/v1/streams/{recording['id']}")
        (captions,) = stream["captions"]
        assert "WEBVTT" in server.api.get(captions["url"]).text


def split(data: bytes, seconds: float) -> list[bytes]:
    """Pieces of about half a second."""
    size = len(data) // int(seconds / PIECE_S)
    return [data[start : start + size] for start in range(0, len(data), size)]
