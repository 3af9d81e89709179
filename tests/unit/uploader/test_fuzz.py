"""What servers answer and what lies on the disk is understood, or refused in the way its caller expects."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media import manifest
from media.errors import ManifestError
from tests.support.fuzzing import JSON, fuzzed, nearly, objects
from uploader import protocol
from uploader.errors import NotHeddleError, UploadError
from uploader.retry import parse_retry_after
from uploader.web import open_client

NAMES = (
    *("tus-version", "tus-resumable", "tus-extension", "tus-checksum-algorithm"),
    *("tus-max-size", "upload-offset", "upload-length", "retry-after", "location"),
)
VALUE = nearly("1.0.0", "checksum", "creation", "sha256", ",", "7", "9" * 5000, "-", "\u0663")


@fuzzed
@given(st.dictionaries(st.sampled_from(NAMES), VALUE), st.integers(100, 999))
def test_any_answer_of_a_server_means_something(headers: dict[str, str], status: int) -> None:
    for parse in (protocol.parse_place, protocol.parse_capabilities):
        try:
            parse(headers)
        except UploadError:
            continue
    assert isinstance(protocol.problem(status, headers, ""), UploadError)


@fuzzed
@given(nearly("Wed", "21 Oct 2015", " 07:28:00", " GMT", " +9999", "5", "9" * 5000, "\u00b2", "-"))
def test_when_to_try_again_is_a_time_or_unknown(value: str) -> None:
    found = parse_retry_after(value)
    assert found is None or found >= 0


@pytest.mark.parametrize(
    "address", ["", "heddle.example", "ftp://h", "http://", "http://h:65536", "http://h:x"]
)
def test_what_is_no_address_is_said_before_anything_is_sent(address: str) -> None:
    with pytest.raises(NotHeddleError):
        open_client(address)


FIELDS = tuple(manifest.Manifest.__dataclass_fields__)
WHOLE = dict.fromkeys(("id", "file", "title", "created_at", "encoder", "video_codec"), "x")
NUMBERS = {"width": 2, "height": 2, "fps": 30, "version": 1}


@fuzzed
@given(
    objects(*FIELDS).map(
        lambda some: json.dumps({**WHOLE, "state": "recording", "audio_codec": None, **NUMBERS, **some})
    )
    | JSON.map(json.dumps)
    | st.sampled_from(["[" * 20_000, "\ud800", "9" * 5000])
)
def test_a_manifest_is_read_or_refused(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "take.mp4"
        manifest.manifest_path(film).write_bytes(text.encode("utf-8", "replace"))
        try:
            found = manifest.read(film)
        except ManifestError:
            return
        assert isinstance(found.state, manifest.TakeState)
        assert all(isinstance(one, float) for pause in found.pauses for one in pause)
