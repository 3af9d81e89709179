"""Ways that the bytes of a file take to a viewer whose right to them was checked."""

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import quote

from starlette.responses import Response

from server.streaming.files import MediaFile
from server.streaming.ranges import FileSpan

# Where nginx has the folder of media, for itself alone: `location /_media/ { internal; alias …; }`.
ACCEL_PREFIX = "/_media/"


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

    async def respond(self, _method: str, file: MediaFile, headers: Mapping[str, str]) -> Response:
        return FileSpan(file.path, file.size, media_type=file.media_type, etag=file.etag, headers=headers)


class ThroughNginx(FromServer):
    """nginx, which passed the request on, is told the file and sends it.

    It answers ranges and conditions by itself and knows a file by its time and size.
    """

    async def respond(self, method: str, file: MediaFile, headers: Mapping[str, str]) -> Response:
        if not file.complete:
            return await super().respond(method, file, headers)
        told = {**headers, "X-Accel-Redirect": ACCEL_PREFIX + quote(file.key)}
        return Response(None, media_type=file.media_type, headers=told)
