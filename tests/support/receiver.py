"""A real HTTP server that takes deliveries of webhooks, notes them to the byte, and answers as it is told."""

import base64
import hashlib
import hmac
import json
import ssl
import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Heard:
    """One request; the names of `headers` are in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    @property
    def event(self) -> str:
        return self.headers["x-loom-event"]

    def is_signed_with(self, secret: str, header: str = "x-loom-signature") -> bool:
        """By the specification, computed here from nothing but what came over the wire."""
        expected = hmac.new(secret.encode(), self.body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(expected, self.headers[header])

    def is_standard_signed_with(self, secret: str) -> bool:
        """By Standard Webhooks, likewise."""
        head = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}."
        key = base64.b64decode(secret.removeprefix("whsec_"))
        digest = hmac.new(key, head.encode() + self.body, hashlib.sha256).digest()
        return f"v1,{base64.b64encode(digest).decode()}" in self.headers["webhook-signature"].split(" ")


@dataclass(frozen=True, slots=True)
class Reply:
    status: int = 200
    body: bytes = b"thanks"
    headers: Mapping[str, str] = field(default_factory=dict)


def self_signed(folder: Path, name: str) -> Path:
    """A certificate for `name`, with its key, that signs itself."""
    file = folder / "both.pem"
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", file]
    names = ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"]
    command = ["openssl", "req", "-x509", *key, "-out", f"{file}.crt", "-days", "2", *names]
    subprocess.run(command, check=True, capture_output=True)
    file.write_text(file.read_text() + Path(f"{file}.crt").read_text())
    return file


class Receiver:
    """`answer` is called in a thread for each request, and may take its time."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0, *, tls: ssl.SSLContext | None = None) -> None:
        self.heard: list[Heard] = []
        self.answer: Callable[[Heard], Reply] = lambda _heard: Reply()
        self._server = _Server((host, port), _Handler)
        self._server.receiver = self
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.host, self.port = host, int(self._server.server_address[1])
        self._scheme = "https" if tls else "http"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="receiver")

    @property
    def url(self) -> str:
        return f"{self._scheme}://{self.host}:{self.port}/hook"

    @property
    def events(self) -> list[str]:
        """The names of what came, in the order it came."""
        return [one.event for one in self.heard]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128  # all that knock at once are let in; five is the default
    receiver: Receiver

    def handle_error(self, request: object, client_address: object) -> None:
        """A sender that was killed or gave up is what tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        heard = Heard(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        self.server.receiver.heard.append(heard)
        reply = self.server.receiver.answer(heard)
        self.send_response(reply.status)
        for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.close_connection = True
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, *_args: object) -> None:
        """Quiet."""
