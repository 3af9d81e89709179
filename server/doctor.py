"""Has this machine what the server needs? Each finding says what to do when not."""

import asyncio
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from server import checks, migrations, storage
from server.ai import speech
from server.config import DATABASE_FILE, Settings, mistyped
from server.errors import SetupError
from server.identity import sso
from server.listening import listen
from server.lock import is_served, served
from server.postgres import is_postgres, shortcoming
from server.processing.encoders import AUTO, SOFTWARE, Encoders
from server.setup import FIRST, SECRETS_FILE

# The oldest SQLite with everything the server's queries use (RETURNING, partial indexes, MATERIALIZED).
OLDEST_SQLITE = (3, 35, 0)
CLOCK_OFF_S = 60.0
PAGES = Path(__file__).parent / "web" / "dist" / "index.html"


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    ok: bool
    detail: str
    hint: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Makes nothing that was not there: the folder may be a mistyped one."""
    return [
        *_settings(settings),
        *_asked("data folder", lambda: [_folder(settings.data)]),
        *_asked("disk", lambda: [_disk(settings)]),
        *_asked("database", lambda: _database(settings)),
        *_asked("object storage", lambda: _bucket(settings)),
        *_asked("clock", lambda: _clock(settings.data)),
        *_asked("codecs", lambda: _codecs(settings)),
        *_asked("speech", lambda: [_speech(settings)]),
        _single_sign_on(settings),
        _pages(),
        *_asked("server", lambda: [_running(settings)]),
    ]


def _asked(what: str, look: Callable[[], list[Finding]]) -> list[Finding]:
    """Whatever the system refuses is a finding, too: who asks a doctor has trouble already."""
    try:
        return look()
    except OSError as problem:
        place = f"{problem.filename}: " if problem.filename else ""
        detail = f"cannot be looked at: {place}{problem.strerror or problem}"
        hint = "Run it as the user that the server runs as, and look whether the disk is full or away."
        return [Finding(what, ok=False, detail=detail, hint=hint)]


def _settings(settings: Settings) -> list[Finding]:
    found = [
        Finding("settings", ok=False, detail=f"{one.title}: {one.detail}", hint=one.hint)
        for one in checks.problems(settings)
    ]
    found += [
        Finding(
            "settings",
            ok=False,
            detail=f"{name} is none",
            hint=f"{meant} is one: correct the name, or unset it.",
        )
        for name, meant in mistyped(os.environ).items()
    ]
    return found or [Finding("settings", ok=True, detail="all can be used")]


def _folder(data: Path) -> Finding:
    hint = "Choose a folder you may write to with --data."
    if not data.exists():
        above = next(folder for folder in data.parents if folder.exists())
        if above.is_dir() and os.access(above, os.W_OK | os.X_OK):
            detail = f"{data} is not there yet; `{FIRST}` makes it"
            return Finding("data folder", ok=True, detail=detail)
        return Finding("data folder", ok=False, detail=f"{data}: {above} cannot be written", hint=hint)
    try:
        with tempfile.TemporaryFile(prefix=".doctor-", dir=data) as probe:
            probe.write(b"x")
    except OSError as problem:
        return Finding("data folder", ok=False, detail=f"{data}: {problem.strerror}", hint=hint)
    return Finding("data folder", ok=True, detail=f"{data} can be written")


def _disk(settings: Settings) -> Finding:
    place = next(folder for folder in (settings.data, *settings.data.parents) if folder.exists())
    free, wanted = shutil.disk_usage(place).free, settings.min_free_bytes
    return Finding(
        "disk",
        ok=free >= wanted,
        detail=f"{free / 2**30:.1f} GiB free",
        hint=f"Recordings are refused below {wanted / 2**30:.2f} GiB (HEDDLE_MIN_FREE_BYTES): "
        "free space, or move --data.",
    )


def _database(settings: Settings) -> list[Finding]:
    if is_postgres(settings.sqlalchemy_url):
        return [_postgres(settings.sqlalchemy_url)]
    ok = sqlite3.sqlite_version_info >= OLDEST_SQLITE
    wanted = ".".join(map(str, OLDEST_SQLITE))
    library = Finding(
        "SQLite", ok=ok, detail=sqlite3.sqlite_version, hint=f"Python needs SQLite {wanted} or newer."
    )
    return [library, _tables(settings.data / DATABASE_FILE)]


def _postgres(url: str) -> Finding:
    try:
        facts = migrations.facts_of(url)
    except SetupError as problem:
        return Finding("PostgreSQL", ok=False, detail=problem.detail, hint=problem.hint)
    if lacking := shortcoming(facts):
        return Finding("PostgreSQL", ok=False, detail=lacking, hint="HEDDLE_DATABASE_URL needs another one.")
    slips = "slips are found by pg_trgm" if facts.trigrams else "slips are found without pg_trgm, slower"
    ok, tables, hint = _age(facts.revision)
    detail = f"{facts.version} at {migrations.place_of(url)}; {tables}; {slips}"
    return Finding("PostgreSQL", ok=ok, detail=detail, hint=hint)


def _tables(file: Path) -> Finding:
    if not file.exists():
        return Finding("database", ok=True, detail=f"none yet; `{FIRST}` makes it")
    try:
        ok, said, hint = _age(migrations.revision_of(file))
    except sqlite3.Error as problem:
        hint = "Free space if the disk is full; put the file back from a backup if it is broken."
        return Finding("database", ok=False, detail=f"{file}: {problem}", hint=hint)
    return Finding("database", ok=ok, detail=said, hint=hint)


def _age(revision: str | None) -> tuple[bool, str, str]:
    """Whether this program can use such tables, in words, and what to do where not."""
    if revision is None:
        return True, "no tables yet", ""
    if revision > migrations.newest():
        said = f"tables of revision {revision}, of a newer Heddle; this one knows {migrations.newest()}"
        return False, said, "Install the version that ran here last, or a newer one."
    older = "" if revision == migrations.newest() else f"; `{FIRST}` brings them to {migrations.newest()}"
    return True, f"tables of revision {revision}{older}", ""


def _bucket(settings: Settings) -> list[Finding]:
    if not settings.blobs_url:
        return []
    try:
        asyncio.run(storage.check(settings))
    except SetupError as problem:
        return [Finding("object storage", ok=False, detail=problem.detail, hint=problem.hint)]
    return [Finding("object storage", ok=True, detail="answers")]


def _clock(data: Path) -> list[Finding]:
    """A clock that was set back: tokens and links would be of a time to come, or be good for too long."""
    files = [file for name in (SECRETS_FILE, DATABASE_FILE) if (file := data / name).exists()]
    ahead_s = max((file.stat().st_mtime for file in files), default=0.0) - time.time()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return [
        Finding(
            "clock",
            ok=ahead_s < CLOCK_OFF_S,
            detail=f"{now}" + (f", but the data were written {ahead_s:.0f} s later" if ahead_s > 0 else ""),
            hint="Set this machine's clock (NTP): sign-ins, links and recordings go by it.",
        )
    ]


def _codecs(settings: Settings) -> list[Finding]:
    ok = find_spec("av") is not None
    detail = "PyAV is installed" if ok else "PyAV is not installed"
    hint = "Install Heddle with its server extra: heddle[server]."
    found = [Finding("codecs", ok=ok, detail=detail, hint=hint)]
    if ok:
        with tempfile.TemporaryDirectory(prefix="heddle-doctor-") as folder:
            found += asyncio.run(_encoders(settings, Path(folder)))
    return found


async def _encoders(settings: Settings, folder: Path) -> list[Finding]:
    """Tried in the child that would use them."""
    encoders = Encoders(settings.rendition_encoder, folder)
    wanted, codecs = settings.rendition_encoder, ["h264", *(["av1"] if settings.av1_renditions else [])]
    names = [await encoders.choose(codec) for codec in codecs]
    found = [await _av1(encoders)] if settings.av1_renditions else []
    why = "".join(f"; {rejected}: {reason}" for rejected, reason in encoders.rejected.items())
    return [
        Finding(
            "renditions",
            ok=wanted in (AUTO, SOFTWARE, *names),
            detail=f"encoded with {', '.join(names)}{why}",
            hint=f"Set HEDDLE_RENDITION_ENCODER to auto or software, or make {wanted} work.",
        ),
        *found,
    ]


async def _av1(encoders: Encoders) -> Finding:
    name = await encoders.choose("av1")
    missing = await encoders.missing(name)
    return Finding(
        "AV1",
        ok=not missing,
        detail=f"{name} does not work: {missing}" if missing else f"{name} is there",
        hint="Unset HEDDLE_AV1_RENDITIONS, or install an av package whose FFmpeg has SVT-AV1.",
    )


def _speech(settings: Settings) -> Finding:
    """Never a problem: recordings work without."""
    found = speech.look(settings)
    return Finding(
        "speech", ok=True, detail=f"{found.folder}" if found.folder else f"{found.reason} {found.hint}"
    )


def _single_sign_on(settings: Settings) -> Finding:
    """A problem only where somebody wants it."""
    trouble = sso.trouble()
    detail = f"no SAML and no SCIM, for {trouble}" if trouble else "SAML and SCIM are offered"
    return Finding("directory", ok=not trouble or settings.saml is None, detail=detail, hint=f"{sso.HINT}.")


def _pages() -> Finding:
    ok = PAGES.is_file()
    detail = "the share page is built" if ok else "the share page is not built"
    return Finding("pages", ok=ok, detail=detail, hint="`make setup` builds it.")


def _running(settings: Settings) -> Finding:
    if not settings.data.exists() or not is_served(settings.data):
        try:
            listen(settings.host, settings.port).close()
        except SetupError as problem:
            return Finding("server", ok=False, detail=f"{problem.title}: {problem.detail}", hint=problem.hint)
        where = f"{settings.host} port {settings.port} is free" if settings.port else "any port will do"
        return Finding("server", ok=True, detail=f"nobody serves this folder now; {where}")
    card = served(settings.data)
    return Finding("server", ok=True, detail=f"serving at {card['url']}" if card else "serving")
