"""A real `heddle-server` in a process of its own, and a client for its API."""

import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from tests.support.databases import put_migrated
from tests.support.processes import Program, wait_until

BIN = Path(sys.executable).parent
START_S = 60.0
OWNER = "owner@localhost"
# Longer than any test or measurement; tests of the end of tokens ask for less.
_TOKEN_S = "86400"
_BESIDE = "storyboard,preview,waveform,download,audio,scenes"


class Server:
    """`heddle-server serve` over a data folder; may be killed and started again on the same port.

    A new folder has its tables from the start, for to make them takes a sixth of what a server costs; with
    `first` the server finds nothing, as a first start does. `url` is its address, `token` a session of the
    owner, `api` an httpx client that carries it.
    """

    def __init__(
        self, data: Path, *, env: Mapping[str, str] | None = None, port: int = 0, first: bool = False
    ) -> None:
        # What is made beside the versions to play costs a process each; tests of them ask for it.
        # They also make more recordings in a second than anybody may.
        usual = {
            "HEDDLE_SKIP_STEPS": _BESIDE,
            "HEDDLE_ACCESS_TOKEN_S": _TOKEN_S,
            "HEDDLE_RATE_LIMITS": "off",
        }
        self.data, self._env, self.port, self._first = data, {**usual, **(env or {})}, port, first
        self.url = ""
        self.token = ""

    def __enter__(self) -> Self:
        if not self._first and not self.data.exists() and "HEDDLE_DATABASE_URL" not in self._env:
            put_migrated(self.data)
        self.start()
        self.connect(self.url)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if hasattr(self, "api"):
            self.api.close()
        self.program.__exit__(kind, error, trace)

    def connect(self, url: str) -> None:
        """Signs in as the owner; also to one that somebody else started, whose `data` is known."""
        self.url = url
        self.token = self.login()
        self.api = httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {self.token}"}, timeout=30, trust_env=False
        )

    def start(self) -> None:
        """Start it and wait until it listens."""
        command = [
            BIN / "heddle-server",
            "serve",
            "--port",
            str(self.port),
            "--data",
            self.data,
        ]
        self.program = Program(command, env=self._env, log_folder=self.data.parent)
        line = self.program.says("Heddle is ready at ", timeout_s=START_S)
        self.url = line.split("Heddle is ready at ")[1].split()[0].rstrip("/.")
        self.port = urlsplit(self.url).port or 0

    def kill(self) -> None:
        """kill -9 of the server and its workers."""
        self.program.kill_tree()

    def restart(self) -> None:
        """Start again where it was, after a kill."""
        self.start()

    @property
    def password(self) -> str:
        """The owner's, from the file of the first start."""
        return (self.data / "owner-password").read_text().strip()

    def login(self, email: str = OWNER, password: str | None = None) -> str:
        """A token for a user, by default the owner."""
        body = {"email": email, "password": password or self.password}
        answer = httpx.post(f"{self.url}/auth/login", json=body, timeout=30, trust_env=False)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["token"])

    def add_user(self, email: str, password: str) -> None:
        """`heddle-server user add`, as an administrator types it."""
        command = [
            BIN / "heddle-server",
            "user",
            "add",
            email,
            "--password-stdin",
            "--data",
            self.data,
        ]
        with Program(command, log_folder=self.data.parent) as program:
            assert program.popen.stdin is not None
            program.popen.stdin.write(password.encode() + b"\n")
            program.close_stdin()
            code = program.wait()
            assert code == 0, program.stdout + program.stderr

    @property
    def client_env(self) -> dict[str, str]:
        """What makes a client process use this server."""
        return {"HEDDLE_SERVER": self.url, "HEDDLE_TOKEN": self.token}

    def get(self, path: str) -> dict[str, Any]:
        """The JSON answer of a GET that must succeed."""
        answer = self.api.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return dict(answer.json())

    def create_recording(self, title: str = "Test", **fields: Any) -> dict[str, Any]:
        """A new recording."""
        body = {"title": title, "recordingType": "screen", "settings": {}, **fields}
        answer = self.api.post("/api/v1/recordings", json=body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def recording(self, recording_id: str) -> dict[str, Any]:
        """A recording as the API shows it."""
        return self.get(f"/api/v1/recordings/{recording_id}")

    def wait_status(self, recording_id: str, *statuses: str, timeout_s: float = 60.0) -> dict[str, Any]:
        """The recording once its status is one of these."""

        def probe() -> dict[str, Any] | None:
            recording = self.recording(recording_id)
            return recording if recording["status"] in statuses else None

        what = f"recording {recording_id} is {' or '.join(statuses)}"
        return wait_until(probe, timeout_s=timeout_s, what=what, poll_s=0.1)
