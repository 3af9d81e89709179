"""A report for whoever looks into a bug: one text, shown before it is saved, without private data.

Versions, what `heddle doctor` found, which settings differ from their defaults, the states of uploads, the
ends of the logs. No titles, no names of files, no addresses, no tokens: see `desktop/models/masking.py`.
"""

import contextlib
import getpass
import os
import platform
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

from desktop import settings
from desktop.diagnostics import logbook
from desktop.i18n import tr
from desktop.models import private_server
from desktop.models.diagnostics import Finding
from desktop.models.masking import Mask
from desktop.settings.setting import Kind
from uploader import credentials, paths
from uploader.addresses import LOOPBACK
from uploader.errors import UploadError
from uploader.journal import Journal
from uploader.model import Upload

TAIL_BYTES = 64 * 1024
_PACKAGES = (
    "av",
    "faster-whisper",
    "httpx",
    "mss",
    "numpy",
    "opencv-python",
    "PySide6_Essentials",
    "sounddevice",
)
_ENVIRONMENT = (
    "DESKTOP_SESSION", "DISPLAY", "LANG", "QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "XDG_CURRENT_DESKTOP",
    "XDG_SESSION_TYPE",
)  # fmt: skip
# Settings whose value says something about the machine; of others only that they are set.
_SHOWN = (bool, int)
_SHOWN_NAMES = frozenset({"language", "theme", "speech_device", "speech_language", "metered", "upload_limit"})


def report(findings: Sequence[Finding]) -> str:
    """The whole text. Blocks: it reads files."""
    uploads = _uploads()
    mask = Mask(_private_words(uploads), _folders())
    parts = (
        (tr("Versions"), _versions()),
        (tr("Findings"), _findings(findings)),
        (tr("Settings"), _settings()),
        (tr("Environment"), _environment()),
        (tr("Uploads"), _upload_lines(uploads)),
        *((tr("End of {name}", name=log.name), _tail(log)) for log in _logs()),
    )
    return "\n".join(f"## {title}\n\n{mask(chr(10).join(lines))}\n" for title, lines in parts)


def _versions() -> Iterator[str]:
    yield f"Heddle {_version('heddle')}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    yield f"Python {platform.python_version()}, {platform.platform()}, {os.cpu_count()} processors"
    yield f"frozen: {bool(getattr(sys, 'frozen', False))}"
    for name in _PACKAGES:
        yield f"{name} {_version(name)}"


def _findings(findings: Iterable[Finding]) -> Iterator[str]:
    for finding in findings:
        yield f"{finding.verdict}  {finding.name}: {finding.detail}"
        if finding.hint:
            yield f"    {finding.hint}"


def _settings() -> Iterator[str]:
    """Those that were changed. What a person typed in is only said to be set."""
    now = settings.load()
    for name, row in settings.TABLE.items():
        value = getattr(now, name)
        if value != row.default:
            shown = isinstance(value, _SHOWN) or name in _SHOWN_NAMES
            yield f"{name} = {value}" if shown else f"{name} is set"


def _environment() -> Iterator[str]:
    for name in _ENVIRONMENT:
        if name in os.environ:
            yield f"{name} = {os.environ[name]}"
    for name in sorted(os.environ):
        if name.startswith("HEDDLE_"):
            yield f"{name} is set"


def _upload_lines(uploads: Sequence[Upload]) -> Iterator[str]:
    for one in uploads[:50]:
        size = "?" if one.size is None else one.size
        problem = f"; {one.error['title']}: {one.error['detail']}" if one.error else ""
        yield f"{one.state}, {one.offset} of {size} bytes, attempt {one.attempt}{problem}"


def _uploads() -> list[Upload]:
    try:
        if not paths.default_journal().exists():
            return []
        with Journal() as journal:
            return journal.all()
    except UploadError:
        return []  # the findings say what is wrong with it


def _logs() -> Iterator[Path]:
    home = paths.home()
    for log in (logbook.path(), paths.worker_log(paths.default_journal()), private_server.log_file(home)):
        if log.is_file():
            yield log


def _tail(log: Path) -> list[str]:
    try:
        with log.open("rb") as file:
            start = max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES)
            file.seek(start)
            lines = file.read().decode(errors="replace").splitlines()
    except OSError as error:
        return [str(error)]
    return lines[1:] if start else lines


def _private_words(uploads: Iterable[Upload]) -> Iterator[str]:
    """Everything that is known by name: who, which computer, which server, what was recorded."""
    yield platform.node()
    with contextlib.suppress(OSError, KeyError):  # a user without a name
        yield getpass.getuser()
    yield os.environ.get(credentials.SETTING, "")
    for server in credentials.servers():
        yield server
        yield from _names_in(server, credentials.email_for(server) or "")
    yield from _settings_words()
    for one in uploads:
        yield one.title
        yield one.path.stem
        yield str(one.path.parent)  # folders have names of customers and projects
        yield one.share_url or ""
        yield (one.share_url or "").rpartition("/")[2]


def _names_in(server: str, email: str) -> Iterator[str]:
    """Where they stand by themselves; of a server on this computer both say nothing."""
    host = _host(server)
    if host and host not in LOOPBACK:
        yield host
        yield email
        yield email.partition("@")[0]


def _settings_words() -> Iterator[str]:
    """What a person typed in: devices, servers and folders have names of people and customers."""
    now = settings.load()
    for name, row in settings.TABLE.items():
        value = getattr(now, name)
        if row.kind is Kind.NAME and isinstance(value, str) and value != row.default:
            yield value
        elif row.kind is Kind.ADDRESS and isinstance(value, str):
            yield from _names_in(value, "")
        elif row.kind in (Kind.FOLDER, Kind.FILE) and isinstance(value, Path):
            yield value.name


def _host(server: str) -> str:
    try:
        return urlsplit(server).hostname or ""
    except ValueError:
        return ""


def _folders() -> dict[str, Path]:
    return {
        "heddle-home": paths.home(),
        "recordings": settings.recordings_folder(settings.load()),
        "home": Path.home(),
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "-"
