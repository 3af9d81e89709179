"""The files of the built page. Their names change with their content, so they are kept for ever."""

import asyncio
import gzip
import re
from functools import lru_cache

from fastapi import APIRouter, Request, Response

from server.document import DIST
from server.errors import NotFound

router = APIRouter(include_in_schema=False)

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
_TYPES = {
    "js": "text/javascript",
    "css": "text/css",
    "svg": "image/svg+xml",
    "png": "image/png",
    "ico": "image/x-icon",
    "woff2": "font/woff2",
    "json": "application/json",
    "txt": "text/plain",
    "md": "text/plain",
}
_ZIPPED = {"js", "css", "svg", "json", "txt", "md"}


@router.api_route("/assets/{name}", methods=["GET", "HEAD"])
async def asset(name: str, request: Request) -> Response:
    suffix = name.rpartition(".")[2]
    held = await asyncio.to_thread(_read, name) if _NAME.fullmatch(name) and suffix in _TYPES else None
    if held is None:
        raise NotFound("There is no such file.")
    plain, zipped = held
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if zipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(zipped, media_type=_TYPES[suffix], headers=headers)
    return Response(plain, media_type=_TYPES[suffix], headers=headers)


def _read(name: str) -> tuple[bytes, bytes | None] | None:
    path = DIST / "assets" / name
    try:
        return _load(name, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return None


@lru_cache(maxsize=64)
def _load(name: str, _changed: int) -> tuple[bytes, bytes | None]:
    plain = (DIST / "assets" / name).read_bytes()
    return plain, gzip.compress(plain, mtime=0) if name.rpartition(".")[2] in _ZIPPED else None
