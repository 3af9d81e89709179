"""News of versions are believed only if they are signed."""

import base64
import json
from pathlib import Path

import pytest

from desktop.errors import UpdateError
from desktop.models.updates import News, read
from tests.support.updates import PAGE, SIGNER, signed


@pytest.fixture
def keys(tmp_path: Path) -> tuple[bytes, str]:
    public = SIGNER["new_key"](tmp_path / "key")
    return base64.b64decode((tmp_path / "key").read_text()), public


def test_what_is_signed_is_read(keys: tuple[bytes, str]) -> None:
    assert read(signed(keys[0]), keys[1]) == News("0.2.0", PAGE, "New: colours.")


def test_the_private_key_is_readable_by_its_person_alone_and_never_overwritten(tmp_path: Path) -> None:
    SIGNER["new_key"](tmp_path / "key")
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        SIGNER["new_key"](tmp_path / "key")


def test_another_key_is_not_believed(keys: tuple[bytes, str], tmp_path: Path) -> None:
    with pytest.raises(UpdateError, match="not signed"):
        read(signed(keys[0]), SIGNER["new_key"](tmp_path / "other"))


def test_a_changed_payload_is_not_believed(keys: tuple[bytes, str]) -> None:
    told = json.loads(signed(keys[0]))
    payload = json.loads(base64.b64decode(told["payload"])) | {"page": "https://evil.example"}
    told["payload"] = base64.b64encode(json.dumps(payload).encode()).decode()
    with pytest.raises(UpdateError, match="not signed"):
        read(json.dumps(told).encode(), keys[1])


@pytest.mark.parametrize("document", [b"", b"[]", b"{}", b'{"payload": "?", "signature": "?"}', b"\xff"])
def test_what_is_no_document_is_said_to_be_none(document: bytes, keys: tuple[bytes, str]) -> None:
    with pytest.raises(UpdateError):
        read(document, keys[1])


@pytest.mark.parametrize("key", ["", "short", base64.b64encode(b"x" * 31).decode()])
def test_a_key_that_is_none_is_said_to_be_none(key: str, keys: tuple[bytes, str]) -> None:
    with pytest.raises(UpdateError, match="key"):
        read(signed(keys[0]), key)


@pytest.mark.parametrize(
    ("version", "page"),
    [("newest", PAGE), ("1.2.3.4.5", PAGE), ("1.0", "http://heddle.example"), ("1.0", "javascript:alert(1)")],
)
def test_even_signed_it_names_a_version_and_a_safe_page(
    version: str, page: str, keys: tuple[bytes, str]
) -> None:
    with pytest.raises(UpdateError):
        read(signed(keys[0], version, page), keys[1])


@pytest.mark.parametrize(
    ("there", "here", "newer"),
    [
        ("0.10.0", "0.9.9", True),
        ("0.2", "0.2.0", False),
        ("0.1.9", "0.2.0", False),
        ("1.0", "0.9.dev1", True),
        ("0.0.1", "unknown", True),
    ],
)
def test_versions_are_compared_by_their_numbers(there: str, here: str, newer: bool) -> None:
    assert News(there, PAGE).is_newer(here) is newer
