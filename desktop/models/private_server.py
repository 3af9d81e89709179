"""A server of one's own on this computer, as the app runs it: where it lies, how it is started, what to say
when it does not start. No process here: see `desktop/accounts/own_server.py`."""

import json
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from desktop.i18n import tr
from desktop.models.session import Problem

HOST = "127.0.0.1"
# Below the ports that systems lend to outgoing connections, so that it is free at the next start too.
PORTS = range(21850, 21950)
# What a person's shell says about another server must not reach this one.
FOREIGN = frozenset(
    {
        "HEDDLE_BLOBS_URL", "HEDDLE_DATA", "HEDDLE_DATABASE_URL", "HEDDLE_HOST", "HEDDLE_MEDIA_DELIVERY",
        "HEDDLE_PORT", "HEDDLE_PUBLIC_URL", "HEDDLE_SERVER", "HEDDLE_TOKEN",
    }
)  # fmt: skip
_INSTALL = "pip install 'heddle[client,server]'"
_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 60.0
MOST_FAILURES = 5  # in a row; what fails so often fails again


class Phase(StrEnum):
    """What becomes of it."""

    OFF = "off"
    STARTING = "starting"
    RUNNING = "running"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ServerState:
    """`url` is its address while it runs."""

    phase: Phase = Phase.OFF
    url: str = ""
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """What a running server leaves in its folder, for whoever looks for it."""

    url: str
    pid: int


def folder(home: Path) -> Path:
    """Everything the private server keeps."""
    return home / "server"


def card_file(home: Path) -> Path:
    """What a running server leaves in its folder, and takes away when it ends in order."""
    return folder(home) / "server.json"


def lock_file(home: Path) -> Path:
    """What a running server holds."""
    return folder(home) / "server.lock"


def log_file(home: Path) -> Path:
    """What it says."""
    return home / "server.log"


def is_private(server: str | None) -> bool:
    """Whether this address can be that of the private server."""
    try:
        parts = urlsplit(server or "")
        return parts.hostname == HOST and parts.port in PORTS
    except ValueError:
        return False


def port_of(server: str | None) -> int | None:
    """The port it had before, from the address that recordings go to; None where there was none."""
    return urlsplit(server or "").port if is_private(server) else None


def free_port(ports: Iterable[int] = PORTS) -> int:
    """The first that nobody listens on; 0, which lets the system choose, when all are taken."""
    for port in ports:
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    return 0


def command(program: str, data: Path, port: int) -> list[str]:
    """Its command line: it listens to this computer alone."""
    return [program, "serve", "--host", HOST, "--port", str(port), "--data", str(data)]


def environment(variables: Mapping[str, str], models: Path, *, app_transcribes: bool) -> dict[str, str]:
    """What it sees: the speech models of the app, and no other server's settings.

    Where the app writes down what is said, the server need not do it again.
    """
    kept = {name: value for name, value in variables.items() if name not in FOREIGN}
    kept |= {"HEDDLE_MODELS": str(models), "HEDDLE_LOG_FORMAT": "console"}
    if app_transcribes:
        kept["HEDDLE_TRANSCRIBE"] = "off"
    return kept


def card(home: Path) -> Card | None:
    """Of the running server; None for one that still starts, or has ended in order."""
    try:
        return read_card(card_file(home).read_text(encoding="utf-8"))
    except OSError:
        return None


def read_card(text: str) -> Card | None:
    """None for what is no card."""
    try:
        said = json.loads(text)
        return Card(str(said["url"]), int(said["pid"]))
    except (ValueError, KeyError, TypeError):
        return None


def wait_s(failures: int) -> float:
    """How long to wait before the next start after so many that failed in a row."""
    return min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2.0 ** (failures - 1))


def not_installed() -> Problem:
    """This Heddle came without its server."""
    return Problem(
        tr("Heddle's server is not installed on this computer"),
        tr("It is an extra of its own, for not everybody needs it."),
        tr("Install it with: {command}", command=_INSTALL),
    )


def why(log: str, port: int) -> Problem:
    """Words for a server that did not start, by the end of its log."""
    if "ModuleNotFoundError" in log or "ImportError" in log:
        return not_installed()
    if "cannot listen" in log:
        return Problem(
            tr("Your private server cannot start: its port is taken"),
            tr("Another program listens on port {port} of this computer.", port=port),
            tr("End that program. Recordings are kept and go up as soon as the server runs."),
        )
    lines = [line for line in log.splitlines() if line.strip()]
    return Problem(
        tr("Your private server does not start"),
        " ".join(line.strip() for line in lines[-3:]),
        tr(
            "Recordings are kept on this computer. Diagnostics shows more; starting Heddle again tries again."
        ),
    )
