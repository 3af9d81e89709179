"""Throughput and memory of a large upload on loopback, against `@tus/server` with its file store.

One client for both: a single PATCH whose body the kernel copies from the file (sendfile), so that the client
costs next to nothing. Turns alternate.

Our answer means that the bytes are hashed and on disk; the peer's means neither. So a second row lets the
peer's file reach the disk too before its clock stops.
"""

import argparse
import os
import socket
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from tests.benchmarks.table import Figure
from tests.support import longplay, media, tus
from tests.support.nodes import tus_node_server
from tests.support.processes import Program, cpu_seconds, rss_bytes
from tests.support.servers import Server

LOOP_S = 4.0
PORTION = 32 << 20


@dataclass
class Run:
    """One upload: seconds, CPU seconds of the server, and its memory while it went (MiB)."""

    seconds: float = 0.0
    synced_s: float = 0.0  # until the bytes were on disk
    cpu: float = 0.0
    memory: list[float] = field(default_factory=list)


def run(folder: Path, options: argparse.Namespace) -> list[Figure]:
    """Both servers in turns."""
    file = heavy(folder, options.gib)
    size = file.stat().st_size
    ours: list[Run] = []
    theirs: list[Run] = []
    (folder / "ours").mkdir()
    # The peer makes nothing of what it got; our workers would take the cores from its next turn.
    idle = {"HEDDLE_WORKERS": "0"}
    with (
        Server(folder / "ours" / "data", env=idle) as server,
        tus_node_server(folder / "theirs") as (peer, url),
    ):
        for _ in range(options.repeat):
            ours.append(to_heddle(server, file))
            theirs.append(to_peer(peer, url, file, folder / "theirs"))
    return figures(ours, theirs, size)


def figures(ours: list[Run], theirs: list[Run], size: int) -> list[Figure]:
    """Medians; the memory of the worst run."""
    mib = size / (1 << 20)
    growth = max(max(one.memory) - one.memory[0] for one in ours)
    note = f"memory at each eighth (MiB): {' '.join(f'{at:.0f}' for at in eighths(ours[-1].memory))}"
    return [
        Figure(
            "upload throughput",
            statistics.median(mib / one.seconds for one in ours),
            "MiB/s",
            peer=statistics.median(mib / one.seconds for one in theirs),
            peer_name="@tus/server",
            target=1.0,
            at_least=True,
        ),
        Figure(
            "upload throughput to the disk",
            statistics.median(mib / one.seconds for one in ours),
            "MiB/s",
            peer=statistics.median(mib / one.synced_s for one in theirs),
            peer_name="@tus/server, then fsync",
        ),
        Figure(
            "server CPU per GiB",
            statistics.median(one.cpu for one in ours) * 1024 / mib,
            "s",
            peer=statistics.median(one.cpu for one in theirs) * 1024 / mib,
            peer_name="@tus/server",
        ),
        Figure("server memory growth in one upload", growth, "MiB", target=32.0, note=note),
    ]


def eighths(values: list[float]) -> list[float]:
    """Nine values, evenly picked."""
    return [values[round(index * (len(values) - 1) / 8)] for index in range(9)]


def heavy(folder: Path, gib: float) -> Path:
    """A recording of that size whose fragments are about a megabyte each."""
    short = media.make_recording(folder / "short.mp4", LOOP_S, size=(640, 360), quality=18, noise=True)
    file = folder / "heavy.mp4"
    with file.open("wb") as output:
        for piece in longplay.play(longplay.take_apart(short, LOOP_S), size=int(gib * (1 << 30))):
            output.write(piece)
    return file


def to_heddle(server: Server, file: Path) -> Run:
    """One upload to us; the recording is deleted afterwards."""
    recording = server.create_recording("Heavy")
    upload = tus.create(server.api, recording["id"], length=file.stat().st_size)
    found = send(server.program, upload.url, file, {"Authorization": f"Bearer {server.token}"})
    assert server.recording(recording["id"])["fileSizeBytes"] == file.stat().st_size
    assert server.api.delete(f"/api/v1/recordings/{recording['id']}?permanent=true").is_success
    return found


def to_peer(peer: Program, url: str, file: Path, folder: Path) -> Run:
    """One upload to the peer, which keeps its files in `folder`."""
    named = {
        "Upload-Length": str(file.stat().st_size),
        "Upload-Metadata": tus.metadata({"filename": "heavy.mp4"}),
    }
    created = httpx.post(url, headers={**tus.VERSION, **named}, trust_env=False)
    assert created.status_code == 201, created.text
    found = send(peer, created.headers["Location"], file, {})
    began = time.monotonic()
    with (folder / created.headers["Location"].rsplit("/", 1)[1]).open("rb+") as held:
        os.fsync(held.fileno())
    found.synced_s = found.seconds + time.monotonic() - began
    httpx.delete(created.headers["Location"], headers=tus.VERSION, trust_env=False)
    return found


def send(server: Program, url: str, file: Path, headers: dict[str, str]) -> Run:
    """The whole file in one PATCH, its pages sent from the cache; memory is read between portions."""
    found = Run(memory=[rss_bytes(server.pid) / (1 << 20)])
    size, before, began = file.stat().st_size, cpu_seconds(server.pid), time.monotonic()
    with connection(url) as wire, file.open("rb") as source:
        fields = {**tus.VERSION, **tus.BODY, "Upload-Offset": "0", "Content-Length": str(size), **headers}
        wire.sendall(_head(url, fields))
        for offset in range(0, size, PORTION):
            wire.sendfile(source, offset, min(PORTION, size - offset))
            found.memory.append(rss_bytes(server.pid) / (1 << 20))
        answer = wire.recv(4096)
    assert b" 204 " in answer.split(b"\r\n", 1)[0], answer
    found.seconds, found.cpu = time.monotonic() - began, cpu_seconds(server.pid) - before
    return found


def _head(url: str, fields: dict[str, str]) -> bytes:
    address = urlsplit(url)
    lines = [f"PATCH {address.path} HTTP/1.1", f"Host: {address.netloc}"]
    return "\r\n".join([*lines, *(f"{key}: {value}" for key, value in fields.items()), "", ""]).encode()


@contextmanager
def connection(url: str) -> Iterator[socket.socket]:
    """A plain TCP connection to a URL's server."""
    address = urlsplit(url)
    with socket.create_connection((address.hostname or "", address.port or 80), timeout=300) as wire:
        yield wire
