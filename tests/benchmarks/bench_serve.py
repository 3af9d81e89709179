"""What it costs to send 1 MB ranges of a finished recording: nginx told by the server, and the server alone,
against plain nginx on the same file.

One client for all, over connections that stay open; only the CPU of who serves counts. Turns alternate.
"""

import argparse
import socket
import statistics
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from tests.benchmarks.bench_upload import heavy
from tests.benchmarks.table import Figure
from tests.support import tus
from tests.support.nginx import documented, free_port, open_nginx
from tests.support.processes import Program, cpu_seconds
from tests.support.servers import Server

RANGE = 1_000_000
# Many, for the kernel counts CPU in hundredths of a second; but with the first ones fewer than the 1000
# requests after which nginx closes a connection.
RANGES = 900
WARM_UP = 20
ACCEL_GOAL = 1.4


def run(folder: Path, options: argparse.Namespace) -> list[Figure]:
    """Milliseconds of CPU per range, medians of `--repeat` turns."""
    film = heavy(folder, min(options.gib, 0.05))
    with ExitStack() as stack:
        direct = stack.enter_context(_server(folder / "direct", "server"))
        told = stack.enter_context(_server(folder / "told", "x-accel"))
        (folder / "plain").mkdir()
        (folder / "plain" / "film.mp4").symlink_to(film)
        ports = free_port(), free_port()
        plain = f"server {{ listen 127.0.0.1:{ports[0]}; root {folder}/plain; sendfile on; tcp_nopush on; }}"
        nginx = stack.enter_context(open_nginx(folder / "nginx-plain", plain))
        conf = documented(ports[1], told.port, told.data / "media")
        accel = stack.enter_context(open_nginx(folder / "nginx-accel", conf))
        size = film.stat().st_size
        ways = {
            "plain": (f"http://127.0.0.1:{ports[0]}/film.mp4", [nginx]),
            "x-accel": (_moved(_uploaded(told, film), told, ports[1]), [accel, told.program]),
            "server": (_uploaded(direct, film), [direct.program]),
        }
        costs: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(options.repeat):
            for name, (url, programs) in ways.items():
                costs[name].append(_cost(url, size, programs))
    median = {name: statistics.median(values) for name, values in costs.items()}
    unit, peer = "ms", "plain nginx"
    note = f"CPU of a range of 1 MB, {RANGES} ranges a turn"
    return [
        Figure("through X-Accel", median["x-accel"], unit, median["plain"], peer, ACCEL_GOAL, note=note),
        Figure("from the server alone", median["server"], unit, median["plain"], peer, note=note),
    ]


def _server(folder: Path, way: str) -> Server:
    folder.mkdir()
    return Server(folder / "data", env={"HEDDLE_WORKERS": "0", "HEDDLE_MEDIA_DELIVERY": way})


def _uploaded(server: Server, film: Path) -> str:
    recording, data = server.create_recording("Served"), film.read_bytes()
    answer = tus.create(server.api, recording["id"], length=len(data)).send(data)
    assert answer.status_code == 204, answer.text
    url = server.get(f"/api/v1/streams/{recording['id']}")["downloadUrl"]
    return str(url)


def _moved(url: str, server: Server, port: int) -> str:
    return url.replace(f":{server.port}/", f":{port}/")


def _cost(url: str, size: int, programs: list[Program]) -> float:
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 80)) as line:
        ask = _asker(line, parts.path)
        starts = [number * RANGE % (size - RANGE) for number in range(RANGES + WARM_UP)]
        for start in starts[:WARM_UP]:
            ask(start)
        before = _spent(programs)
        for start in starts[WARM_UP:]:
            ask(start)
        return 1000 * (_spent(programs) - before) / RANGES


def _spent(programs: list[Program]) -> float:
    return sum(cpu_seconds(program.popen.pid) for program in programs)


def _asker(line: socket.socket, path: str) -> Callable[[int], None]:
    buffer = memoryview(bytearray(1 << 18))

    def ask(start: int) -> None:
        line.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {line.getpeername()[0]}\r\n"
            f"Range: bytes={start}-{start + RANGE - 1}\r\n\r\n".encode()
        )
        got = b""
        while b"\r\n\r\n" not in got:
            if not (more := line.recv(4096)):
                raise ConnectionError("The server closed the connection.")
            got += more
        head, _, body = got.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 206"), head
        left = RANGE - len(body)
        while left:
            left -= line.recv_into(buffer, min(left, len(buffer)))

    return ask
