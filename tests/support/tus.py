"""The tus protocol by hand, so that a test can also break it."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import httpx

VERSION = {"Tus-Resumable": "1.0.0"}
BODY = {"Content-Type": "application/offset+octet-stream"}


def metadata(values: Mapping[str, str]) -> str:
    """An Upload-Metadata header."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


def checksum(data: bytes) -> dict[str, str]:
    """An Upload-Checksum header for a body."""
    return {"Upload-Checksum": f"sha256 {base64.b64encode(hashlib.sha256(data).digest()).decode()}"}


@dataclass(frozen=True, slots=True)
class Upload:
    """One upload resource at `url`."""

    api: httpx.Client
    url: str

    def patch(
        self,
        offset: int,
        data: bytes | Iterable[bytes],
        *,
        length: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send bytes at an offset; `length` declares the deferred length at the same time."""
        declared = {} if length is None else {"Upload-Length": str(length)}
        given = {**VERSION, **BODY, "Upload-Offset": str(offset), **declared, **(headers or {})}
        return self.api.patch(self.url, content=data, headers=given)

    def head(self) -> httpx.Response:
        """Ask for the offset."""
        return self.api.head(self.url, headers=VERSION)

    def delete(self) -> httpx.Response:
        """Terminate."""
        return self.api.delete(self.url, headers=VERSION)

    def send(self, data: bytes, *, chunk: int = 1 << 20) -> httpx.Response:
        """All of `data` in order; the last answer, or the first that is no success."""
        answer = self.patch(0, data[:chunk])
        for offset in range(chunk, len(data), chunk):
            if not answer.is_success:
                return answer
            answer = self.patch(offset, data[offset : offset + chunk])
        return answer


def create_raw(
    api: httpx.Client, recording_id: str, *, length: int | None, filename: str = "recording.mp4"
) -> httpx.Response:
    """The answer to POST /api/v1/uploads; `length=None` defers it."""
    size = {"Upload-Defer-Length": "1"} if length is None else {"Upload-Length": str(length)}
    named = metadata({"recordingId": recording_id, "filename": filename})
    return api.post("/api/v1/uploads", headers={**VERSION, **size, "Upload-Metadata": named})


def create(
    api: httpx.Client, recording_id: str, *, length: int | None, filename: str = "recording.mp4"
) -> Upload:
    """A new upload for a recording."""
    answer = create_raw(api, recording_id, length=length, filename=filename)
    assert answer.status_code == 201, f"{answer.status_code} {answer.text}"
    return Upload(api, answer.headers["Location"])
