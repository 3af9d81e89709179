"""A web server that gives speech models as the hub does, in ranges, and breaks off on demand."""

import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class ModelHub:
    """Runs while entered. `files` may be changed; `requests` lists (path, Range header).

    `break_after` ends each of the next `breaks` answers that carry a file after so many bytes. `ranges`:
    whether parts are given. `lies` are bytes that are sent in place of a file's own.
    """

    def __init__(self, repository: str, files: dict[str, bytes]) -> None:
        self.repository, self.files = repository, files
        self.requests: list[tuple[str, str | None]] = []
        self.break_after, self.breaks = 0, 0
        self.failures: list[int] = []
        self.ranges = True
        self.lies: dict[str, bytes] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def tree(self) -> list[dict[str, Any]]:
        """As the hub lists it: large files by their SHA-256, small ones by Git's hash."""
        rows: list[dict[str, Any]] = [{"type": "directory", "path": "extra", "size": 0}]
        for name, data in self.files.items():
            blob = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
            row: dict[str, Any] = {"type": "file", "path": name, "size": len(data), "oid": blob}
            if name == "model.bin":
                row["lfs"] = {"oid": hashlib.sha256(data).hexdigest(), "size": len(data)}
            rows.append(row)
        return rows

    def sums(self) -> str:
        return "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in self.files.items())

    def __enter__(self) -> Self:
        hub = self

        class Handler(_Handler):
            pass

        Handler.hub = hub
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: ModelHub

    def do_GET(self) -> None:
        hub = self.hub
        hub.requests.append((self.path, self.headers.get("Range")))
        if hub.failures:
            self._answer(hub.failures.pop(0), b"later")
        elif self.path == f"/api/models/{hub.repository}":
            self._answer(200, json.dumps({"sha": COMMIT}).encode())
        elif self.path == f"/api/models/{hub.repository}/tree/{COMMIT}":
            self._answer(200, json.dumps(hub.tree()).encode())
        elif self.path == "/mine/SHA256SUMS":
            self._answer(200, hub.sums().encode())
        elif self.path.startswith(f"/{hub.repository}/resolve/{COMMIT}/"):
            # The hub sends its files from elsewhere.
            self._answer(302, b"", {"Location": f"/cdn/{self.path.rpartition('/')[2]}"})
        elif self.path.startswith(("/cdn/", "/mine/")):
            self._file(self.path.rpartition("/")[2])
        else:
            self._answer(404, b"no")

    def _file(self, name: str) -> None:
        hub = self.hub
        data = hub.lies.get(name, hub.files.get(name, b""))
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        if not (wanted and hub.ranges):
            self._answer(200, data)
        elif (first := int(wanted[1])) >= len(data):
            self._answer(416, b"", {"Content-Range": f"bytes */{len(data)}"})
        else:
            words = f"bytes {first}-{len(data) - 1}/{len(data)}"
            self._answer(206, data[first:], {"Content-Range": words})

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.hub.breaks and status in (200, 206) and len(body) > self.hub.break_after > 0:
            self.hub.breaks -= 1
            self.wfile.write(body[: self.hub.break_after])
            self.close_connection = True
            return
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class names it so
        pass
