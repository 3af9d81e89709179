"""A real redis-server on a socket of its own in a folder, that may be killed and started again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.processes import Program, wait_until
from tests.support.services import require


class Redis:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # Short, because the system bounds the length of a socket's path.
        self._socket = folder / "s"
        self.url = f"redis+unix://{self._socket}?db=0"
        self._program: Program | None = None

    def start(self) -> None:
        command = [
            "redis-server",
            "--port",
            "0",
            "--unixsocket",
            self._socket,
            "--save",
            "",
            "--dir",
            self._folder,
        ]
        self._program = Program(command, log_folder=self._folder)
        wait_until(self._socket.is_socket, timeout_s=20, what="redis-server listens")

    def kill(self) -> None:
        if self._program is not None:
            self._program.close()
            self._program = None
        self._socket.unlink(missing_ok=True)


@contextmanager
def open_redis(folder: Path) -> Iterator[Redis]:
    require("redis-server")
    folder.mkdir()
    redis = Redis(folder)
    redis.start()
    try:
        yield redis
    finally:
        redis.kill()
