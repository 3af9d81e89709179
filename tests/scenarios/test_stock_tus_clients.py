"""Clients that know nothing of Heddle but tus 1.0.0 can upload to it."""

from pathlib import Path

import pytest
from tusclient.client import TusClient

from tests.support import media
from tests.support.nodes import tus_js_upload
from tests.support.servers import Server


def check(server: Server, recording_id: str, file: Path) -> None:
    """The server holds exactly the file, and finishes it."""
    recording = server.wait_status(recording_id, "completed", "failed")
    assert recording["status"] == "completed"
    assert (recording["sha256"], recording["fileSizeBytes"]) == (media.sha256(file), file.stat().st_size)


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"chunkSize": 50_000},
        {"deferLength": True, "chunkSize": 50_000},
        {"chunkSize": 50_000, "abortAfter": 100_000},
    ],
    ids=["one request", "chunks", "deferred length", "broken off and resumed"],
)
def test_tus_js_client_uploads(shared_server: Server, sample: Path, how: dict[str, object]) -> None:
    recording = shared_server.create_recording("From tus-js-client")
    tus_js_upload(
        f"{shared_server.url}/api/v1/uploads",
        sample,
        headers={"Authorization": f"Bearer {shared_server.token}"},
        metadata={"recordingId": recording["id"], "filename": sample.name},
        **how,
    )
    check(shared_server, recording["id"], sample)


def tuspy(server: Server) -> TusClient:
    headers = {"Authorization": f"Bearer {server.token}"}
    return TusClient(f"{server.url}/api/v1/uploads", headers=headers)


@pytest.mark.parametrize("checksum", [False, True], ids=["plain", "with checksums"])
def test_tuspy_uploads(shared_server: Server, sample: Path, checksum: bool) -> None:
    recording = shared_server.create_recording("From tuspy")
    metadata = {"recordingId": recording["id"], "filename": sample.name}
    # From a stream: given a path, tuspy opens the file again and again and closes none of them.
    with sample.open("rb") as stream:
        tuspy(shared_server).uploader(
            file_stream=stream, chunk_size=100_000, metadata=metadata, upload_checksum=checksum
        ).upload()
    check(shared_server, recording["id"], sample)


def test_tuspy_resumes_where_another_client_stopped(shared_server: Server, sample: Path) -> None:
    recording = shared_server.create_recording("Resumed by tuspy")
    metadata = {"recordingId": recording["id"], "filename": sample.name}
    with sample.open("rb") as stream:
        first = tuspy(shared_server).uploader(file_stream=stream, chunk_size=60_000, metadata=metadata)
        first.upload_chunk()  # type: ignore[no-untyped-call]  # the client has no types
        second = tuspy(shared_server).uploader(file_stream=stream, chunk_size=60_000, url=first.url)
        assert second.offset == 60_000
        second.upload()
    check(shared_server, recording["id"], sample)
