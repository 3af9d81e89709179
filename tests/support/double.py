"""A small server that speaks Heddle's REST and tus over real HTTP and fails on demand. For clients under
test.
"""

import asyncio
import base64
import hashlib
import threading
import time
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

TOKEN = "token-of-the-double"
OPEN = ("/auth/login", "/auth/refresh", "/health/live")
TUS = {"Tus-Resumable": "1.0.0"}


@dataclass
class Failure:
    """How the next matching request is answered; `after` lets it be carried out first and then loses the
    answer.
    """

    method: str
    path: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    sentence: str = "The double was told to fail."
    code: str = "told"
    after: bool = False


@dataclass
class Received:
    """One tus upload."""

    recording: str
    length: int | None
    data: bytearray = field(default_factory=bytearray)


class Double:
    """Runs in a thread while entered. `requests` lists (method, path); `bodies` counts bytes of PATCH
    bodies.
    """

    def __init__(self) -> None:
        self.recordings: dict[str, dict[str, Any]] = {}
        self.uploads: dict[str, Received] = {}
        self.requests: list[tuple[str, str]] = []
        self.controls: list[str] = []
        self.patch_sizes: list[int] = []
        self.checked_patches = 0
        self.failures: list[Failure] = []
        self.token = TOKEN
        # With a refresh token, sign-ins end and are renewed as the real server does it.
        self.refresh: str | None = None
        self.refreshed: list[tuple[str, str]] = []  # token and key of each request
        self.token_life_s = 900.0
        self.patches_of_a_token: int | None = None
        self.damage_digest = False
        self.ranges: list[int] = []  # where the originals were asked for from
        self.originals: dict[str, bytes] = {}
        self.break_off: list[int] = []  # after so many bytes of an answer with an original
        self.health = {"status": "ok"}
        self.stalls: list[tuple[str, str]] = []
        self.stalled = threading.Event()
        routes = [
            Route("/health/live", lambda _: JSONResponse(self.health)),
            Route("/auth/login", self._login, methods=["POST"]),
            Route("/auth/refresh", self._refresh, methods=["POST"]),
            Route("/auth/logout", lambda _: Response(status_code=204), methods=["POST"]),
            Route("/api/v1/recordings", self._recordings, methods=["GET", "POST"]),
            Route("/api/v1/recordings/{id}", self._recording, methods=["GET", "PUT", "DELETE"]),
            Route("/api/v1/recordings/{id}/control", self._control, methods=["POST"]),
            Route("/api/v1/recordings/{id}/transcript", self._transcript, methods=["PUT"]),
            Route("/api/v1/streams/{id}", self._stream),
            Route("/original/{id}", self._original),
            Route("/api/v1/uploads", self._uploads, methods=["OPTIONS", "POST"]),
            Route("/api/v1/uploads/{id}", self._upload, methods=["HEAD", "PATCH", "DELETE"]),
        ]
        self._app = Starlette(routes=[self._guarded(route) for route in routes])
        config = uvicorn.Config(
            self._app, host="127.0.0.1", port=0, log_level="error", lifespan="off", ws="none"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="double")

    def __enter__(self) -> Self:
        self._thread.start()
        deadline = time.monotonic() + 10
        while not self._server.started:
            assert time.monotonic() < deadline, "the double did not start"
            time.sleep(0.005)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(timeout=10)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def fail(self, method: str, path: str, status: int, times: int = 1, **how: Any) -> None:
        """The next `times` requests whose path begins with `path` fail."""
        self.failures += [Failure(method, path, status, **how) for _ in range(times)]

    def stall(self, method: str, path: str) -> None:
        """The next request whose path begins with `path` is carried out and never answered; `stalled` is
        set.
        """
        self.stalled.clear()
        self.stalls.append((method, path))

    def the_upload(self) -> Received:
        """The only upload."""
        (upload,) = self.uploads.values()
        return upload

    def count(self, method: str, path: str) -> int:
        return sum(1 for verb, at in self.requests if verb == method and at.startswith(path))

    def _guarded(self, route: Route) -> Route:
        """Failures, sign-in and the list of requests, in front of every route."""
        inner: Callable[[Request], Any] = route.endpoint

        async def endpoint(request: Request) -> Response:
            path = request.url.path
            self.requests.append((request.method, path))
            failure = next(
                (f for f in self.failures if f.method == request.method and path.startswith(f.path)), None
            )
            if failure:
                self.failures.remove(failure)
                if failure.after:
                    await _answer(inner, request)
                body = {"error": failure.sentence, "code": failure.code, "details": None, "requestId": "1"}
                return JSONResponse(body, failure.status, failure.headers)
            self._wear_out(request.method)
            anybody = path in OPEN or request.method == "OPTIONS"
            if not anybody and request.headers.get("authorization") != f"Bearer {self.token}":
                return JSONResponse({"error": "Sign in first.", "code": "unauthorized"}, 401)
            response = await _answer(inner, request)
            await self._stall(request.method, path)
            return response

        return Route(route.path, endpoint, methods=list(route.methods or ["GET"]))

    async def _stall(self, method: str, path: str) -> None:
        for stall in self.stalls:
            if stall[0] == method and path.startswith(stall[1]):
                self.stalls.remove(stall)
                self.stalled.set()
                await asyncio.sleep(60)

    async def _login(self, request: Request) -> Response:
        body = await request.json()
        if body.get("password") != "right":
            return JSONResponse({"error": "E-mail or password is wrong.", "code": "bad_credentials"}, 401)
        return JSONResponse({**self._pair(), "user": {"email": body["email"]}})

    async def _refresh(self, request: Request) -> Response:
        sent = (await request.json())["refreshToken"]
        self.refreshed.append((sent, request.headers.get("idempotency-key", "")))
        if sent != self.refresh and self.refreshed[-1] not in self.refreshed[:-1]:
            return JSONResponse({"error": "Sign in anew.", "code": "token_reused"}, 401)
        self.token, self.refresh = uuid.uuid4().hex, uuid.uuid4().hex
        return JSONResponse(self._pair())

    def _pair(self) -> dict[str, Any]:
        if self.refresh is None:
            return {"token": self.token, "expiresAt": None}
        return {"token": self.token, "refreshToken": self.refresh, "expiresIn": self.token_life_s}

    def _wear_out(self, method: str) -> None:
        """A token that has carried as many PATCHes as it may is worth nothing."""
        if self.patches_of_a_token is not None and method == "PATCH":
            if self.patches_of_a_token == 0:
                self.token = uuid.uuid4().hex
            self.patches_of_a_token -= 1

    async def _recordings(self, request: Request) -> Response:
        if request.method == "GET":
            page, size = int(request.query_params["page"]), int(request.query_params["size"])
            newest = list(self.recordings.values())[::-1]
            pages = -(-len(newest) // size)
            data = newest[page * size : (page + 1) * size]
            return JSONResponse({"data": data, "pagination": {"page": page, "totalPages": pages}})
        body = await request.json()
        number = str(uuid.uuid4())
        self.recordings[number] = {
            "id": number,
            "title": body["title"],
            "status": "preparing",
            "recordingType": body["recordingType"],
            "settings": body.get("settings") or {},
            "shareUrl": f"{self.url}/s/{number[:8]}",
            "sha256": None,
        }
        return JSONResponse(self.recordings[number], 201)

    async def _recording(self, request: Request) -> Response:
        recording = self.recordings.get(request.path_params["id"])
        if recording is None:
            return JSONResponse({"error": "There is no such recording.", "code": "not_found"}, 404)
        if request.method == "DELETE":
            del self.recordings[recording["id"]]
            return Response(status_code=204)
        if request.method == "PUT":
            recording |= await request.json()
        return JSONResponse(recording)

    async def _control(self, request: Request) -> Response:
        self.controls.append((await request.json())["action"])
        return JSONResponse(self.recordings[request.path_params["id"]])

    async def _transcript(self, request: Request) -> Response:
        recording = self.recordings.get(request.path_params["id"])
        if recording is None:
            return JSONResponse({"error": "There is no such recording.", "code": "not_found"}, 404)
        recording["transcript"] = await request.json()
        return JSONResponse(recording["transcript"])

    async def _stream(self, request: Request) -> Response:
        number = request.path_params["id"]
        return JSONResponse(
            {
                "status": "recording",
                "live": True,
                "playlistUrl": f"{self.url}/live/{number}.m3u8",
                "originalUrl": f"{self.url}/original/{number}" if number in self.originals else None,
                "quality": [],
                "processing": [],
            }
        )

    async def _original(self, request: Request) -> Response:
        data = self.originals[request.path_params["id"]]
        asked = request.headers.get("range", "bytes=0-")
        begin = int(asked.removeprefix("bytes=").removesuffix("-"))
        self.ranges.append(begin)
        headers = {
            "Content-Range": f"bytes {begin}-{len(data) - 1}/{len(data)}",
            "Content-Length": str(len(data) - begin),
            "Content-Disposition": "inline; filename*=UTF-8''What%20it%20is.mp4",
        }
        until = begin + self.break_off.pop(0) if self.break_off else len(data)

        async def pieces() -> AsyncIterator[bytes]:
            yield data[begin:until]
            if until < len(data):
                raise ConnectionResetError

        return StreamingResponse(pieces(), 206 if begin else 200, headers, "video/mp4")

    async def _uploads(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            extensions = "creation,creation-defer-length,checksum,termination"
            headers = {
                "Tus-Version": "1.0.0",
                "Tus-Extension": extensions,
                "Tus-Checksum-Algorithm": "sha1,sha256",
            }
            return Response(status_code=204, headers={**TUS, **headers})
        pairs = dict(pair.split(" ") for pair in request.headers["upload-metadata"].split(","))
        length = request.headers.get("upload-length")
        assert length is not None or request.headers["upload-defer-length"] == "1"
        number = str(uuid.uuid4())
        recording = base64.b64decode(pairs["recordingId"]).decode()
        self.uploads = {key: old for key, old in self.uploads.items() if old.recording != recording}
        self.uploads[number] = Received(recording, None if length is None else int(length))
        return Response(status_code=201, headers={**TUS, "Location": f"/api/v1/uploads/{number}"})

    async def _upload(self, request: Request) -> Response:
        upload = self.uploads.get(request.path_params["id"])
        if upload is None:
            return JSONResponse({"error": "There is no such upload.", "code": "upload_not_found"}, 404)
        if request.method == "DELETE":
            del self.uploads[request.path_params["id"]]
            return Response(status_code=204, headers=TUS)
        if request.method == "HEAD":
            length = (
                {"Upload-Defer-Length": "1"}
                if upload.length is None
                else {"Upload-Length": str(upload.length)}
            )
            return Response(headers={**TUS, "Upload-Offset": str(len(upload.data)), **length})
        return await self._append(upload, request)

    async def _append(self, upload: Received, request: Request) -> Response:
        if int(request.headers["upload-offset"]) != len(upload.data):
            return JSONResponse({"error": "Wrong offset.", "code": "wrong_offset"}, 409, TUS)
        body = await _arriving(request)
        if body.cut and "upload-checksum" not in request.headers:
            upload.data += body  # tus: what arrived without a checksum should be kept
        if body.cut:
            return Response(status_code=400)
        if checksum := request.headers.get("upload-checksum"):
            algorithm, value = checksum.split(" ")
            self.checked_patches += 1
            if hashlib.new(algorithm, body).digest() != base64.b64decode(value):
                return JSONResponse({"error": "Checksum mismatch.", "code": "checksum_mismatch"}, 460, TUS)
        self.patch_sizes.append(len(body))
        upload.data += body
        if declared := request.headers.get("upload-length"):
            upload.length = int(declared)
        recording = self.recordings.get(upload.recording)
        if recording is not None:
            recording["status"] = "recording"
            if upload.length == len(upload.data):
                digest = hashlib.sha256(upload.data).hexdigest()
                recording["sha256"] = "0" * 64 if self.damage_digest else digest
                recording["status"] = "processing"
        return Response(status_code=204, headers={**TUS, "Upload-Offset": str(len(upload.data))})


class Arrived(bytearray):
    """A body, or what came of it before the line broke."""

    cut = False


async def _arriving(request: Request) -> Arrived:
    body = Arrived()
    try:
        async for piece in request.stream():
            body += piece
    except ClientDisconnect:
        body.cut = True
    return body


async def _answer(endpoint: Callable[[Request], Any], request: Request) -> Response:
    try:
        answer = endpoint(request)
        response: Response = await answer if asyncio.iscoroutine(answer) else answer
    except ClientDisconnect:
        return Response(status_code=400)
    return response
