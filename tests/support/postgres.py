"""A real PostgreSQL from the system's binaries: a cluster of its own, and a database for each test.

It answers on a socket in its folder alone, and forgets everything when the power goes: it is quick.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psutil

from tests.support import leaks
from tests.support.services import unavailable

USER = "heddle"
START_S = 60.0
_PREFIX = "heddle-pg-"
_NUMBERS = count(1)
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "16MB",
    "max_connections": "60",
    "max_wal_senders": "0",
    "wal_level": "minimal",
}


@dataclass(slots=True)
class Cluster:
    """`template` is a database as all migrations left it, made when it is first asked for."""

    folder: Path
    binaries: Path
    template: str = ""

    def start(self) -> None:
        """Returns when it takes connections. It is no child of this process, so no test left it behind."""
        options = " ".join(f"-c {name}='{value}'" for name, value in _SETTINGS.items())
        self._control("start", "-l", self.folder / "log", "-o", f"{options} -k {self.folder}")

    def stop(self) -> None:
        """As when its machine is switched off in order; connections are cut."""
        if (self.folder / "data" / "postmaster.pid").exists():
            self._control("stop", "-m", "fast")

    def _control(self, *command: object) -> None:
        # Nothing is captured: the server would keep a pipe open.
        whole = [
            self.binaries / "pg_ctl",
            "-s",
            "-w",
            "-t",
            str(round(START_S)),
            "-D",
            self.folder / "data",
            *command,
        ]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        done = subprocess.run(whole, check=False, **quiet, **_as_nobody())
        log = self.folder / "log"
        assert done.returncode == 0, log.read_text() if log.exists() else whole

    def url(self, database: str) -> str:
        return f"postgresql://{USER}@/{database}?host={self.folder}"

    def create(self, template: str = "template0", *, encoding: str = "UTF8") -> str:
        """A new database; its name."""
        name = f"t{next(_NUMBERS)}"
        locale = [] if encoding == "UTF8" else ["--locale", "C"]
        self._run("createdb", "--template", template, "--encoding", encoding, *locale, name)
        return name

    def create_migrated(self) -> str:
        if not self.template:
            from server import migrations  # not for tests that need no server

            name = self.create()
            migrations.upgrade(f"postgresql+asyncpg{self.url(name).removeprefix('postgresql')}")
            self.template = name
        return self.create(self.template)

    def drop(self, name: str) -> None:
        self._run("dropdb", "--force", "--if-exists", name)

    def ask(self, database: str, query: str) -> str:
        """What `psql` answers: rows as lines, columns with | between them."""
        return self._run("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", query, database)

    def _run(self, program: str, *options: str) -> str:
        command = [self.binaries / program, "-h", self.folder, "-U", USER, *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@contextmanager
def open_cluster() -> Iterator[Cluster]:
    """Skips the test where PostgreSQL is not installed."""
    binaries = _binaries()
    _end_left_behind(binaries)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    cluster = Cluster(folder, binaries)
    try:
        if os.geteuid() == 0:  # as which PostgreSQL does not run
            shutil.chown(folder, "nobody", "nogroup")
        command = [binaries / "initdb", "-D", folder / "data", "-U", USER, "--auth=trust", "--no-sync",
                   "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]  # fmt: skip
        made = subprocess.run(command, capture_output=True, text=True, check=False, **_as_nobody())
        assert made.returncode == 0, made.stderr
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _end_left_behind(binaries: Path) -> None:
    """Clusters of runs that were killed: the process in their folder's name is gone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            with suppress(OSError, AssertionError):  # another run does the same
                Cluster(folder, binaries).stop()
            shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    """Debian keeps them apart, by version; the newest."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    if on_path is None or shutil.which("initdb") is None:
        unavailable("not installed: postgresql")
    return Path(on_path).parent


def _as_nobody() -> dict[str, object]:
    """It outlives the test that asks for it first, so it does not carry the mark of what a test leaves."""
    env = {name: value for name, value in os.environ.items() if name != leaks.RUN_MARK}
    who = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    return {"env": env, "cwd": "/", **who}
