"""tus 1.0.0 without I/O: what the headers of a request mean, and what those of an answer say.

The offsets and the appending know nothing of these names, so that another protocol can stand
in front of them.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from server.uploads.errors import BadHeader, UnsupportedVersion, WrongContentType

VERSION = "1.0.0"
EXTENSIONS = (
    "creation",
    "creation-defer-length",
    "creation-with-upload",
    "checksum",
    "expiration",
    "termination",
)
ALGORITHMS = ("sha256", "sha1", "md5")
CONTENT_TYPE = "application/offset+octet-stream"
MAX_METADATA_BYTES = 16 * 1024
_NUMBER = re.compile(r"[0-9]{1,18}")
_METADATA_KEY = re.compile(r"[!-+\--~]{1,255}")  # printable ASCII without space and comma

_EXPOSED = (
    *("Location", "Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Max-Size", "Tus-Checksum-Algorithm"),
    *("Upload-Offset", "Upload-Length", "Upload-Defer-Length", "Upload-Metadata", "Upload-Expires"),
    *("Content-Range", "ETag", "Idempotency-Replayed", "Retry-After", "X-Request-Id"),
    *("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"),
)

Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the bytes of one request must hash to."""

    algorithm: str
    digest: bytes

    def matches(self, digest: bytes) -> bool:
        return digest == self.digest


@dataclass(frozen=True, slots=True)
class Creation:
    """`length` is None while it is deferred."""

    length: int | None
    metadata: dict[str, str]
    with_upload: bool


@dataclass(frozen=True, slots=True)
class Append:
    """A PATCH. `length` is the declaration that it may carry, `size` the body where it is known."""

    offset: int
    length: int | None
    size: int | None
    checksum: Checksum | None


def check_version(headers: Headers) -> None:
    if headers.get("tus-resumable") != VERSION:
        raise UnsupportedVersion(
            f"This server speaks tus {VERSION}: send it as Tus-Resumable.", headers={"Tus-Version": VERSION}
        )


def capabilities(max_bytes: int) -> dict[str, str]:
    return {
        "Tus-Version": VERSION,
        "Tus-Extension": ",".join(EXTENSIONS),
        "Tus-Max-Size": str(max_bytes),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }


def creation(headers: Headers) -> Creation:
    length, deferred = _number(headers, "upload-length"), headers.get("upload-defer-length")
    if deferred is not None and deferred != "1":
        raise BadHeader("Upload-Defer-Length can only be 1.")
    if (length is None) == (deferred is None):
        raise BadHeader("Send either Upload-Length or Upload-Defer-Length: 1.")
    with_upload = headers.get("content-type", "").partition(";")[0].strip() == CONTENT_TYPE
    return Creation(length, metadata(headers.get("upload-metadata", "")), with_upload)


def append(headers: Headers) -> Append:
    if headers.get("content-type", "").partition(";")[0].strip() != CONTENT_TYPE:
        raise WrongContentType(f"The body of a PATCH has the Content-Type {CONTENT_TYPE}.")
    offset = _number(headers, "upload-offset")
    if offset is None:
        raise BadHeader("A PATCH needs an Upload-Offset.")
    return Append(offset, _number(headers, "upload-length"), body_size(headers), checksum(headers))


def body_size(headers: Headers) -> int | None:
    """None for a chunked body."""
    return None if "transfer-encoding" in headers else _number(headers, "content-length")


def checksum(headers: Headers) -> Checksum | None:
    value = headers.get("upload-checksum")
    if value is None:
        return None
    algorithm, _, encoded = value.strip().partition(" ")
    if algorithm not in ALGORITHMS:
        raise BadHeader(f"Upload-Checksum knows {', '.join(ALGORITHMS)}.")
    try:
        digest = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise BadHeader("Upload-Checksum carries the digest in base64.") from None
    if len(digest) != hashlib.new(algorithm, usedforsecurity=False).digest_size:
        raise BadHeader(f"The digest in Upload-Checksum is not one of {algorithm}.")
    return Checksum(algorithm, digest)


def metadata(value: str) -> dict[str, str]:
    """Keys and values; empty pieces, as some clients send, mean nothing."""
    if len(value) > MAX_METADATA_BYTES:
        raise BadHeader(f"Upload-Metadata must not be larger than {MAX_METADATA_BYTES} bytes.")
    found: dict[str, str] = {}
    for piece in filter(None, (piece.strip() for piece in value.split(","))):
        key, _, encoded = piece.partition(" ")
        if not _METADATA_KEY.fullmatch(key) or key in found:
            raise BadHeader("The keys of Upload-Metadata are ASCII without spaces and differ.")
        try:
            found[key] = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            raise BadHeader(f"The value of {key!r} in Upload-Metadata is not UTF-8 in base64.") from None
    return found


def encode_metadata(pairs: Mapping[str, str]) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())


def cors_options(origins: str) -> dict[str, Any]:
    """What a browser lets pages of other sites send and see; never with cookies, which are for our own."""
    return {
        "allow_origins": [origin.strip() for origin in origins.split(",") if origin.strip()],
        "allow_methods": ["GET", "POST", "HEAD", "PATCH", "PUT", "DELETE", "OPTIONS"],
        "allow_headers": ["*"],
        "expose_headers": list(_EXPOSED),
        "max_age": 86_400,
    }


def http_date(moment: datetime) -> str:
    """RFC 9110 date, as Upload-Expires has it. `moment` is in UTC."""
    return format_datetime(moment.replace(microsecond=0), usegmt=True)


def _number(headers: Headers, name: str) -> int | None:
    value = headers.get(name)
    if value is None:
        return None
    if not _NUMBER.fullmatch(value):
        raise BadHeader(f"{name.title()} must be a whole number that is not negative.")
    return int(value)
