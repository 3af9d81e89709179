"""Ways that the bytes of a file take to a viewer whose right to them was checked."""

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from server.ports.blobs import Archive, BlobStore, SignedUrls
from server.streaming.files import MediaFile
from server.streaming.ranges import FileSpan

# Where nginx has the folder of media, for itself alone: `location /_media/ { internal; alias …; }`.
ACCEL_PREFIX = "/_media/"

# An address of the bucket ends by itself, so it must not be remembered for as long as the bytes are.
SIGNED_FOR_S = 3600
_KEPT_FOR_S = SIGNED_FOR_S // 2


class Delivery(Protocol):
    """Answers ranges and conditions of RFC 9110, itself or through whoever it hands the request to.

    A file that grows may have bytes that were not committed yet, which nobody else can know: those the server
    sends, whatever the way.
    """

    origin: str  # where players get bytes besides this server: `https://bucket.example.org`, or nothing

    async def respond(self, method: str, file: MediaFile, headers: Mapping[str, str], /) -> Response:
        """`headers` say how long the answer may be kept and what it is called."""
        ...


class FromServer:
    """The server sends the bytes itself."""

    origin: str = ""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs

    async def respond(self, _method: str, file: MediaFile, headers: Mapping[str, str]) -> Response:
        path = await self._blobs.fetch(file.key) if file.complete else self._blobs.local_path(file.key)
        return FileSpan(path, file.size, media_type=file.media_type, etag=file.etag, headers=headers)


class ThroughNginx(FromServer):
    """nginx, which passed the request on, is told the file and sends it.

    It answers ranges and conditions by itself and knows a file by its time and size.
    """

    async def respond(self, method: str, file: MediaFile, headers: Mapping[str, str]) -> Response:
        if not file.complete:
            return await super().respond(method, file, headers)
        if isinstance(self._blobs, Archive):  # it may have left; elsewhere a look costs more than the answer
            await self._blobs.fetch(file.key)
        told = {**headers, "X-Accel-Redirect": ACCEL_PREFIX + quote(file.key)}
        return Response(None, media_type=file.media_type, headers=told)


class FromBucket(FromServer):
    """The viewer is sent to the object storage, by an address that is good for this file and for an hour.

    What has not been moved there yet comes from the server, and so does text: WebVTT names its pictures by
    addresses beside its own.
    """

    def __init__(self, blobs: BlobStore, bucket: SignedUrls) -> None:
        super().__init__(blobs)
        self._bucket = bucket
        self.origin = bucket.origin

    async def respond(self, method: str, file: MediaFile, headers: Mapping[str, str]) -> Response:
        text = file.media_type.startswith(("text/", "application/"))
        url = None
        if file.complete and not text:
            url = await self._bucket.signed_url(file.key, method, SIGNED_FOR_S)
        if url is None:
            return await super().respond(method, file, headers)
        return RedirectResponse(url, 302, {"Cache-Control": f"private, max-age={_KEPT_FOR_S}"})
