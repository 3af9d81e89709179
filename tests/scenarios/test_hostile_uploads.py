"""What a malicious or broken client sends gets a clear refusal and leaves nothing behind."""

import os
import re
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.support import media, tus
from tests.support.processes import wait_until
from tests.support.servers import Server
from tests.support.stories import listing, uploaded


@dataclass
class Trap:
    """A listener that nobody may call and a file that nobody may read."""

    port: int
    canary: Path
    callers: list[str] = field(default_factory=list)


@pytest.fixture
def trap(tmp_path: Path) -> Iterator[Trap]:
    canary = tmp_path / "outside" / "canary.ts"
    canary.parent.mkdir()
    media.make_video(canary, 1.0)
    listener = socket.create_server(("127.0.0.1", 0))
    found = Trap(listener.getsockname()[1], canary)

    def answer() -> None:
        while True:
            try:
                connection, address = listener.accept()
            except OSError:
                return
            found.callers.append(str(address))
            connection.close()

    thread = threading.Thread(target=answer)
    thread.start()
    yield found
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def traces(server: Server, recording_id: str) -> set[str]:
    """All files but those of other recordings, which may still be worked on."""
    others = re.compile(rf"media/recordings/(?!{recording_id})")
    return {path for path in listing(server.data) if not others.match(path)}


def refused(server: Server, data: bytes, *, filename: str = "take.mp4") -> httpx.Response:
    """The refusal that an upload of `data` ends in; nothing of it may remain."""
    recording = server.create_recording("Hostile")
    before = traces(server, recording["id"])
    upload = tus.create(server.api, recording["id"], length=len(data), filename=filename)
    answer = upload.send(data)
    assert 400 <= answer.status_code < 500, f"{answer.status_code} {answer.text}"
    body = answer.json()
    assert body["error"]
    assert body["code"]
    # What others left may go meanwhile; of this one nothing may come.
    wait_until(
        lambda: traces(server, recording["id"]) <= before, timeout_s=10, what=f"nothing left of {body}"
    )
    assert upload.head().status_code in (404, 410)
    assert server.api.get("/health/live").status_code == 200
    assert server.recording(recording["id"])["status"] != "completed"
    return answer


def box(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(payload), kind) + payload


def resized(data: bytes, width: int, height: int) -> bytes:
    """The same MP4 claiming another picture size, in its track headers and sample entries alike."""
    changed = bytearray(data)
    at = changed.find(b"tkhd")
    while at != -1:
        size = struct.unpack(">I", changed[at - 4 : at])[0]
        end = at - 4 + size
        if changed[end - 8 : end] != bytes(8):  # the sound track has none
            changed[end - 8 : end] = struct.pack(">II", width << 16, height << 16)
        at = changed.find(b"tkhd", at + 4)
    entry = changed.find(b"avc1", changed.find(b"stsd"))
    changed[entry + 28 : entry + 32] = struct.pack(">HH", width & 0xFFFF, height & 0xFFFF)
    return bytes(changed)


def test_random_bytes_are_not_a_video(shared_server: Server) -> None:
    assert refused(shared_server, os.urandom(300_000)).status_code == 415


def test_an_empty_upload_is_not_a_video(shared_server: Server) -> None:
    recording = shared_server.create_recording("Empty")
    before = traces(shared_server, recording["id"])
    answer = tus.create_raw(shared_server.api, recording["id"], length=0)
    if answer.status_code == 201:
        answer = tus.Upload(shared_server.api, answer.headers["Location"]).patch(0, b"")
    assert 400 <= answer.status_code < 500, answer.text
    wait_until(lambda: traces(shared_server, recording["id"]) <= before, timeout_s=10, what="nothing left")


def playlist(trap: Trap) -> bytes:
    return (
        f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{trap.canary}\n"
        f"#EXTINF:10,\nhttp://127.0.0.1:{trap.port}/secret.ts\n#EXT-X-ENDLIST\n"
    ).encode()


def concat_script(trap: Trap) -> bytes:
    files = (str(trap.canary), f"http://127.0.0.1:{trap.port}/secret.mp4")
    return "".join(["ffconcat version 1.0\n", *(f"file '{name}'\n" for name in files)]).encode()


def dash_manifest(trap: Trap) -> bytes:
    return (
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static">'
        f"<Period><AdaptationSet><Representation><BaseURL>http://127.0.0.1:{trap.port}/x.mp4</BaseURL></Representation>"
        "</AdaptationSet></Period></MPD>"
    ).encode()


@pytest.mark.parametrize("make", [playlist, concat_script, dash_manifest])
@pytest.mark.parametrize("hidden", [False, True], ids=["bare", "behind an MP4 head"])
def test_a_script_that_names_other_files_is_never_followed(
    shared_server: Server, trap: Trap, make: object, hidden: bool
) -> None:
    assert callable(make)
    data = make(trap)
    if hidden:
        data = box(b"ftyp", b"isom\0\0\0\0isom") + box(b"free", data) + data
    opened = trap.canary.stat().st_atime_ns
    refused(shared_server, data)
    assert trap.callers == []
    assert trap.canary.stat().st_atime_ns == opened


def test_a_truncated_ordinary_mp4_is_refused(shared_server: Server, tmp_path: Path) -> None:
    whole = media.make_video(tmp_path / "plain.mp4", 3.0).read_bytes()
    assert refused(shared_server, whole[: len(whole) // 2]).status_code == 422


def test_a_recording_cut_within_its_first_fragment_is_refused(shared_server: Server, sample: Path) -> None:
    assert refused(shared_server, sample.read_bytes()[:3000]).status_code == 422


def test_a_recording_with_a_torn_tail_is_taken(shared_server: Server, sample: Path, tmp_path: Path) -> None:
    torn = tmp_path / "torn.mp4"
    torn.write_bytes(sample.read_bytes()[:-500])
    recording = uploaded(shared_server, torn)
    finished = shared_server.wait_status(recording["id"], "completed", "failed")
    assert finished["status"] == "completed"
    assert finished["sha256"] == media.sha256(torn)


@pytest.mark.parametrize("size", [(60_000, 60_000), (0, 0)])
def test_an_impossible_picture_size_is_refused(
    shared_server: Server, sample: Path, size: tuple[int, int]
) -> None:
    assert refused(shared_server, resized(sample.read_bytes(), *size)).status_code == 422


def test_boxes_that_lie_about_their_size_are_refused(shared_server: Server, sample: Path) -> None:
    data = sample.read_bytes()
    at = data.index(b"moof") - 4
    for size in (0, 4, 0x7FFFFFFF):
        refused(shared_server, data[:at] + struct.pack(">I", size) + data[at + 4 :])


def test_a_wrong_offset_changes_nothing(shared_server: Server, sample: Path) -> None:
    data = sample.read_bytes()
    recording = shared_server.create_recording("Offsets")
    upload = tus.create(shared_server.api, recording["id"], length=len(data))
    assert upload.patch(0, data[:4096]).status_code == 204
    for offset in (0, 4095, 4097, len(data)):
        assert upload.patch(offset, data[4096:8192]).status_code == 409
    assert upload.patch(-1, b"x").status_code == 400
    assert upload.head().headers["Upload-Offset"] == "4096"
    assert upload.patch(4096, data[4096:]).status_code == 204
    assert shared_server.recording(recording["id"])["sha256"] == media.sha256(sample)


def test_a_wrong_checksum_keeps_no_byte_of_its_body(shared_server: Server, sample: Path) -> None:
    data = sample.read_bytes()
    upload = tus.create(shared_server.api, shared_server.create_recording()["id"], length=len(data))
    body = data[:100_000]
    assert upload.patch(0, body, headers=tus.checksum(body[:-1])).status_code == 460
    assert upload.head().headers["Upload-Offset"] == "0"
    assert upload.patch(0, body, headers={"Upload-Checksum": "crc7 AAAA"}).status_code == 400
    assert upload.patch(0, body, headers=tus.checksum(body)).status_code == 204
    assert upload.delete().status_code == 204


def test_more_than_was_declared_is_refused(shared_server: Server, sample: Path) -> None:
    data = sample.read_bytes()
    recording_id = shared_server.create_recording()["id"]
    before = traces(shared_server, recording_id)
    upload = tus.create(shared_server.api, recording_id, length=len(data))
    assert upload.patch(0, data + b"more").status_code == 413
    assert int(upload.head().headers["Upload-Offset"]) <= len(data)
    assert upload.delete().status_code == 204
    wait_until(lambda: traces(shared_server, recording_id) <= before, timeout_s=10, what="nothing left")


def test_the_upload_of_another_user_does_not_exist(shared_server: Server, sample: Path) -> None:
    shared_server.add_user("mallory@example.org", "a rather long password")
    token = shared_server.login("mallory@example.org", "a rather long password")
    data = sample.read_bytes()
    recording = shared_server.create_recording("Mine")
    upload = tus.create(shared_server.api, recording["id"], length=len(data))
    assert upload.patch(0, data[:5000]).status_code == 204
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=shared_server.url, headers=headers, trust_env=False) as other:
        theirs = tus.Upload(other, upload.url)
        assert theirs.head().status_code == 404
        assert theirs.patch(5000, data[5000:]).status_code == 404
        assert theirs.delete().status_code == 404
        assert tus.create_raw(other, recording["id"], length=10).status_code == 404
        assert other.get(f"/api/v1/recordings/{recording['id']}").status_code == 404
    assert upload.head().headers["Upload-Offset"] == "5000"
