"""`heddle-server` as a real process: first start, one server per folder, accounts, WebSocket, orderly end."""

import asyncio
import contextlib
import errno
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets

from server import cli
from server.errors import SetupError
from tests.support import tus
from tests.support.servers import Server

NO_WORKER = {"HEDDLE_WORKERS": "0"}
SOON_S = 30.0  # an end that nothing holds up, on a machine that has other things to do


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One that no test stops, and that found nothing."""
    with Server(tmp_path_factory.mktemp("server") / "data", env=NO_WORKER, first=True) as server:
        yield server


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Server]:
    """One that a test may stop or kill; what holds up its end does so for a minute."""
    with Server(tmp_path / "data", env={**NO_WORKER, "HEDDLE_SHUTDOWN_TIMEOUT_S": "60"}) as server:
        yield server


def command(*words: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "heddle-server"
    return subprocess.run(
        [program, *words], input=stdin, capture_output=True, text=True, timeout=60, check=False
    )


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_start_makes_what_is_secret_readable_by_its_user_alone(server: Server) -> None:
    assert mode(server.data / "secrets.json") == 0o600
    assert mode(server.data / "owner-password") == 0o600
    assert mode(server.data) == 0o700
    assert len(server.password) >= 20


def test_it_says_where_it_listens_and_how_to_sign_in(server: Server) -> None:
    card = json.loads((server.data / "server.json").read_text())
    assert card == {"url": server.url, "pid": server.program.popen.pid}
    server.program.says("Sign in as owner@localhost", timeout_s=10)
    assert server.get("/api/v1/me")["role"] == "owner"


def test_a_folder_has_one_server_and_the_second_says_so(server: Server) -> None:
    second = command("serve", "--port", "0", "--data", server.data)
    assert second.returncode == 1
    assert "served already" in second.stderr
    assert server.url in second.stderr
    assert "--data" in second.stderr
    assert server.get("/health/live")["status"] == "ok"


def test_accounts_are_added_while_it_serves(server: Server) -> None:
    server.add_user("Dora@example.org", "a good password")
    assert server.login("dora@example.org", "a good password")
    again = command(
        "user", "add", "dora@example.org", "--password-stdin", "--data", server.data, stdin="a good password"
    )
    assert again.returncode == 1
    assert "already" in again.stderr
    listed = command("user", "list", "--data", server.data)
    rows = [line.split("\t")[:2] for line in listed.stdout.splitlines()]
    assert rows[0] == ["owner@localhost", "owner"]
    assert ["dora@example.org", "member"] in rows


def test_a_port_in_use_is_explained(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        answer = command("serve", "--port", port, "--data", tmp_path / "data")
    assert answer.returncode == 1
    assert "cannot listen" in answer.stderr
    assert f"127.0.0.1 port {port}: {os.strerror(errno.EADDRINUSE)}\n" in answer.stderr
    assert "--port" in answer.stderr


def test_a_data_folder_that_is_none_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    answer = command("serve", "--port", "0", "--data", tmp_path / "file" / "data")
    assert answer.returncode == 1
    assert "data folder cannot be made" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_mistyped_folder_is_explained(tmp_path: Path) -> None:
    answer = command("user", "list", "--data", tmp_path / "dta")
    assert answer.returncode == 1
    assert answer.stderr.startswith("No server keeps its data there.\n")
    assert not (tmp_path / "dta").exists()


def test_a_broken_database_is_explained(tmp_path: Path) -> None:
    (tmp_path / "heddle.db").write_bytes(b"this is no database at all " * 100)
    answer = command("serve", "--port", "0", "--data", tmp_path)
    assert answer.returncode == 1
    assert "database cannot be used" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_what_is_found_wrong_while_it_opens_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEDDLE_BILLING", str(tmp_path / "plans.toml"))
    answer = command("serve", "--port", "0", "--data", tmp_path / "data")
    assert answer.returncode == 1
    assert answer.stderr.startswith("The plans cannot be read.\n")
    assert "Traceback" not in answer.stderr


def test_two_settings_that_do_not_go_together_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEDDLE_LLM_URL", "http://127.0.0.1:11434/v1")
    with pytest.raises(SetupError, match="HEDDLE_LLM_URL needs HEDDLE_LLM_MODEL"):
        cli._settings()


def test_a_head_without_end_is_cut_off(server: Server) -> None:
    with closing(socket.create_connection(("127.0.0.1", server.port))) as client:
        client.settimeout(10)
        client.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\n")
        answer = b""
        for n in range(1000):
            try:
                client.sendall(b"X-%d: %s\r\n" % (n, b"y" * 1000))
            except OSError:
                break
        try:
            answer = client.recv(100)
        except ConnectionResetError:
            answer = b"HTTP/1.1 431"
    assert answer.startswith(b"HTTP/1.1 431")
    assert server.get("/health/live")["status"] == "ok"


async def hear(socket_url: str, wanted: int, act: Any) -> list[dict[str, Any]]:
    async with websockets.connect(socket_url) as connection:
        assert json.loads(await connection.recv())["type"] == "ready"
        await asyncio.to_thread(act)
        return [json.loads(await connection.recv()) for _ in range(wanted)]


async def close_code(socket_url: str) -> int:
    async with websockets.connect(socket_url) as connection:
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await connection.recv()
        assert closed.value.rcvd is not None
        return closed.value.rcvd.code


def test_changes_reach_the_owner_over_the_websocket(server: Server) -> None:
    server.add_user("eve@example.org", "a good password")
    url = f"ws{server.url[4:]}/ws?token="

    def act() -> None:
        made = server.create_recording("Watched")
        server.api.post(f"/api/v1/recordings/{made['id']}/control", json={"action": "stop"})

    heard = asyncio.run(hear(url + server.token, 2, act))
    assert [one["type"] for one in heard] == ["recording.status_update"] * 2
    assert [one["data"]["status"] for one in heard] == ["preparing", "processing"]
    assert heard[0]["data"]["sessionId"] == heard[1]["data"]["recordingId"]
    assert heard[0]["id"] < heard[1]["id"]
    assert asyncio.run(close_code(url + "nonsense")) == 4401
    assert asyncio.run(close_code(url)) == 4401


async def sign_out_under(server: Server) -> int:
    token = await asyncio.to_thread(server.login)
    async with websockets.connect(f"ws{server.url[4:]}/ws?token={token}") as connection:
        await connection.recv()
        await asyncio.to_thread(server.api.post, "/auth/logout", headers={"Authorization": f"Bearer {token}"})
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await connection.recv()
        assert closed.value.rcvd is not None
        return closed.value.rcvd.code


def test_signing_out_closes_the_websocket(server: Server) -> None:
    assert asyncio.run(sign_out_under(server)) == 4401


async def stop_under(server: Server) -> int:
    async with websockets.connect(f"ws{server.url[4:]}/ws?token={server.token}") as connection:
        await connection.recv()
        server.program.popen.send_signal(signal.SIGTERM)
        await connection.wait_closed()
        return await asyncio.to_thread(server.program.popen.wait, SOON_S)


def test_an_end_waits_for_no_websocket_and_the_next_start_finds_everything(mortal: Server) -> None:
    """(After a kill too: `scenarios/test_access.py`.)"""
    made = mortal.create_recording("Kept")
    secrets = (mortal.data / "secrets.json").read_text()
    assert (mortal.data / "server.json").exists()
    assert asyncio.run(stop_under(mortal)) == 0
    mortal.program.close_stdin()
    assert not (mortal.data / "server.json").exists()
    mortal.restart()
    assert mortal.recording(made["id"])["title"] == "Kept"
    assert (mortal.data / "secrets.json").read_text() == secrets


def test_doctor_finds_a_healthy_machine(server: Server) -> None:
    answer = command("doctor", "--data", server.data)
    assert "SQLite" in answer.stdout
    assert server.url in answer.stdout


def test_migrate_says_whether_there_was_something_to_do(tmp_path: Path) -> None:
    (tmp_path / "heddle.db").touch()
    first = command("migrate", "--data", tmp_path)
    again = command("migrate", "--data", tmp_path)
    assert (first.returncode, again.returncode) == (0, 0)
    assert "now" in first.stdout
    assert "was up to date" in again.stdout


def test_nobody_lists_recordings_without_signing_in(server: Server) -> None:
    assert httpx.get(f"{server.url}/api/v1/recordings", trust_env=False).status_code == 401


# A file type box, and a box of padding that goes on for a gigabyte.
MOVIE = b"\0\0\0\x18ftypisom\0\0\2\0isomiso5" + b"\x40\0\0\0free"


def push_slowly(upload: tus.Upload) -> None:
    """A body that would go on for a minute; the server ends it."""

    def body() -> Iterator[bytes]:
        yield MOVIE
        for _ in range(600):
            time.sleep(0.1)
            yield bytes(500_000)

    with contextlib.suppress(httpx.HTTPError):
        upload.patch(0, body())


def test_an_upload_in_progress_does_not_hold_up_the_end_and_goes_on_after_it(mortal: Server) -> None:
    made = mortal.create_recording("Growing")
    given = {
        **tus.VERSION,
        "Upload-Defer-Length": "1",
        "Upload-Metadata": tus.metadata({"recordingId": made["id"]}),
    }
    created = mortal.api.post("/api/v1/uploads", headers=given)
    assert created.status_code == 201, created.text
    upload = tus.Upload(mortal.api, created.headers["location"])
    sender = threading.Thread(target=push_slowly, args=(upload,))
    sender.start()
    mortal.wait_status(made["id"], "recording")
    mortal.program.popen.send_signal(signal.SIGTERM)
    assert mortal.program.popen.wait(SOON_S) == 0
    sender.join()
    mortal.program.close_stdin()
    mortal.restart()
    assert int(upload.head().headers["upload-offset"]) > len(MOVIE)
