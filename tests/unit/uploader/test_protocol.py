import base64
import hashlib

import pytest

from uploader import errors, protocol


def test_capabilities_prefer_the_strongest_checksum_offered() -> None:
    headers = {
        "tus-version": "1.0.0,0.2.2",
        "tus-extension": "creation, checksum",
        "tus-checksum-algorithm": "md5,sha1,crc32",
        "tus-max-size": "1073741824",
    }
    assert protocol.parse_capabilities(headers) == protocol.Capabilities(
        frozenset({"creation", "checksum"}), "sha1", 1073741824
    )


def test_no_checksum_is_sent_to_a_server_that_checks_none() -> None:
    headers = {"tus-resumable": "1.0.0", "tus-extension": "creation", "tus-checksum-algorithm": "sha256"}
    assert protocol.parse_capabilities(headers).checksum is None


@pytest.mark.parametrize("headers", [{}, {"tus-version": "0.2.2"}, {"content-type": "text/html"}])
def test_a_server_without_tus_is_told_apart(headers: dict[str, str]) -> None:
    with pytest.raises(errors.NotHeddleError):
        protocol.parse_capabilities(headers)


def test_metadata_is_keys_and_base64() -> None:
    encoded = protocol.encode_metadata({"filename": "Ä b.mp4", "empty": "", "recordingId": "1"})
    assert encoded == f"filename {base64.b64encode('Ä b.mp4'.encode()).decode()},empty,recordingId MQ=="


def test_a_deferred_length_is_announced_instead_of_a_length() -> None:
    assert protocol.create_headers(None, {})["Upload-Defer-Length"] == "1"
    assert "Upload-Length" not in protocol.create_headers(None, {})
    assert protocol.create_headers(7, {})["Upload-Length"] == "7"


def test_a_patch_says_where_how_much_and_what_it_sums_to() -> None:
    checksum = protocol.checksum_of("sha256", b"abc")
    assert checksum == f"sha256 {base64.b64encode(hashlib.sha256(b'abc').digest()).decode()}"
    assert protocol.append_headers(5, 3, checksum, 8) == {
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": "5",
        "Content-Type": "application/offset+octet-stream",
        "Content-Length": "3",
        "Upload-Checksum": checksum,
        "Upload-Length": "8",
    }


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, errors.RefusedError),
        (400, errors.RefusedError),
        (401, errors.SignInNeededError),
        (403, errors.RefusedError),
        (404, errors.UploadGoneError),
        (408, errors.ServerBusyError),
        (409, errors.OffsetConflictError),
        (410, errors.UploadGoneError),
        (412, errors.RefusedError),
        (413, errors.RefusedError),
        (415, errors.RefusedError),
        (422, errors.RefusedError),
        (423, errors.ServerBusyError),
        (429, errors.ServerBusyError),
        (460, errors.ChecksumMismatchError),
        (500, errors.ServerBusyError),
        (502, errors.ServerBusyError),
        (503, errors.ServerBusyError),
        (507, errors.ServerBusyError),
    ],
)
def test_each_status_has_its_meaning(status: int, kind: type[errors.UploadError]) -> None:
    assert type(protocol.problem(status, {}, "why")) is kind


def test_the_servers_own_sentence_and_time_are_kept() -> None:
    busy = protocol.problem(429, {"retry-after": "17"}, "Too many uploads.")
    assert isinstance(busy, errors.ServerBusyError)
    assert (busy.detail, busy.retry_after_s) == ("Too many uploads.", 17.0)


@pytest.mark.parametrize("value", [None, "", "-1", "1.5", "x", "\u0661"])
def test_an_answer_without_a_whole_offset_is_no_answer(value: str | None) -> None:
    with pytest.raises(errors.NotHeddleError):
        protocol.parse_place({} if value is None else {"upload-offset": value})


def test_a_plan_without_room_refuses_and_says_what_to_do_when_there_is_some() -> None:
    full = protocol.problem(402, {}, "There is no room.", "quota_exceeded")
    assert isinstance(full, errors.RefusedError)
    assert (full.status, full.code) == (402, "quota_exceeded")
    assert "stays on this computer" in full.hint
