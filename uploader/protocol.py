"""tus 1.0.0 as a client speaks it: headers out, headers in, what an answer means. No I/O.

https://tus.io/protocols/resumable-upload. The rest of the package knows offsets and lengths only, so that
another resumable protocol (the IETF's) is another file like this one.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from uploader.errors import (
    ChecksumMismatchError,
    NotHeddleError,
    OffsetConflictError,
    RefusedError,
    ServerBusyError,
    SignInNeededError,
    Transient,
    UploadError,
    UploadGoneError,
)
from uploader.retry import parse_retry_after

VERSION = "1.0.0"
CHUNK_TYPE = "application/offset+octet-stream"
PAYMENT_REQUIRED = 402  # the plan of the workspace has no room for it
CHECKSUM_MISMATCH = 460
# Strong first; sha256 also costs least where the processor has instructions for it.
CHECKSUMS = ("sha256", "sha1", "md5")

_MOST_DIGITS = 18

Headers = Mapping[str, str]

_MEANINGS: dict[int, type[Transient | UploadGoneError]] = {
    401: SignInNeededError,
    404: UploadGoneError,
    409: OffsetConflictError,
    410: UploadGoneError,
    CHECKSUM_MISMATCH: ChecksumMismatchError,
}


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the server's OPTIONS said."""

    extensions: frozenset[str]
    checksum: str | None  # the algorithm to use, None when the server checks none
    max_size: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """How much of an upload the server holds; `length` is None until it was declared."""

    offset: int
    length: int | None


def parse_capabilities(headers: Headers) -> Capabilities:
    """From an answer to OPTIONS. NotHeddleError when it does not speak tus 1.0.0."""
    versions = headers.get("tus-version", headers.get("tus-resumable", ""))
    if VERSION not in _items(versions):
        raise NotHeddleError("Its upload address does not answer as a tus 1.0.0 server does.")
    extensions = frozenset(_items(headers.get("tus-extension", "")))
    offered = _items(headers.get("tus-checksum-algorithm", "")) if "checksum" in extensions else []
    checksum = next((name for name in CHECKSUMS if name in offered), None)
    return Capabilities(extensions, checksum, _number(headers.get("tus-max-size")))


def create_headers(length: int | None, metadata: Mapping[str, str]) -> dict[str, str]:
    """For POST; without a length the upload is declared later."""
    size = {"Upload-Defer-Length": "1"} if length is None else {"Upload-Length": str(length)}
    return {"Tus-Resumable": VERSION, **size, "Upload-Metadata": encode_metadata(metadata)}


def encode_metadata(metadata: Mapping[str, str]) -> str:
    """`key base64(value)` pairs; an empty value is the key alone."""
    pairs = ((key, base64.b64encode(value.encode()).decode()) for key, value in metadata.items())
    return ",".join(f"{key} {value}".rstrip() for key, value in pairs)


def append_headers(offset: int, size: int, checksum: str | None, declared: int | None) -> dict[str, str]:
    """For PATCH; `declared` tells the whole length of an upload that was created without."""
    headers = {
        "Tus-Resumable": VERSION,
        "Upload-Offset": str(offset),
        "Content-Type": CHUNK_TYPE,
        "Content-Length": str(size),
    }
    if checksum is not None:
        headers["Upload-Checksum"] = checksum
    if declared is not None:
        headers["Upload-Length"] = str(declared)
    return headers


def checksum_of(algorithm: str, data: bytes) -> str:
    """The value of Upload-Checksum."""
    digest = hashlib.new(algorithm, data, usedforsecurity=False).digest()
    return f"{algorithm} {base64.b64encode(digest).decode()}"


def parse_place(headers: Headers) -> Place:
    """From an answer to HEAD (or PATCH, which has no length)."""
    offset = _number(headers.get("upload-offset"))
    if offset is None:
        raise NotHeddleError("Its answer about an upload has no Upload-Offset.")
    return Place(offset, _number(headers.get("upload-length")))


def problem(status: int, headers: Headers, sentence: str, code: str = "") -> UploadError:
    """What an answer other than success means for an upload; `sentence` is the server's own explanation."""
    retry_after = parse_retry_after(headers.get("retry-after"))
    sentence = sentence or f"The server answered {status}."
    if kind := _MEANINGS.get(status):
        return kind(sentence)
    if status in (408, 423, 425, 429) or status >= 500:
        return ServerBusyError(sentence, retry_after_s=retry_after)
    if status == PAYMENT_REQUIRED:
        hint = (
            "The recording stays on this computer. When there is room, send it with `heddle uploads retry`."
        )
        return RefusedError(sentence, status=status, code=code, hint=hint)
    if 300 <= status < 400:
        return RefusedError(
            f"It points to {headers.get('location', 'another address')}.",
            status=status,
            hint="Sign in with that address instead.",
        )
    return RefusedError(sentence, status=status, code=code)


def _items(value: str) -> list[str]:
    return [item.strip() for item in value.split(",") if item.strip()]


def _number(value: str | None) -> int | None:
    """None also for what counts no bytes on this earth."""
    fits = value is not None and len(value) <= _MOST_DIGITS and value.isascii() and value.isdigit()
    return int(value) if value is not None and fits else None
