"""Has this machine what the server needs? Each finding says what to do when not."""

import asyncio
import shutil
import sqlite3
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from server import migrations
from server.ai import speech
from server.config import Settings
from server.errors import SetupError
from server.identity import sso
from server.lock import is_served, served
from server.postgres import is_postgres, shortcoming
from server.processing.encoders import AUTO, SOFTWARE, Encoders

# The oldest SQLite with everything the server's queries use (RETURNING, partial indexes, MATERIALIZED).
OLDEST_SQLITE = (3, 35, 0)
PAGES = Path(__file__).parent / "web" / "dist" / "index.html"


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    ok: bool
    detail: str
    hint: str = ""


def examine(settings: Settings) -> list[Finding]:
    return [
        _folder(settings),
        _disk(settings),
        _database(settings),
        *_codecs(settings),
        _speech(settings),
        _single_sign_on(settings),
        _pages(),
        _running(settings),
    ]


def _folder(settings: Settings) -> Finding:
    hint = "Choose a folder you may write to with --data."
    try:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = settings.data / ".doctor"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as problem:
        return Finding("data folder", ok=False, detail=f"{settings.data}: {problem.strerror}", hint=hint)
    return Finding("data folder", ok=True, detail=f"{settings.data} can be written")


def _disk(settings: Settings) -> Finding:
    place = next(folder for folder in (settings.data, *settings.data.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    ok = free >= settings.min_free_bytes
    return Finding("disk", ok=ok, detail=f"{free / 2**30:.1f} GiB free", hint="Free space, or move --data.")


def _database(settings: Settings) -> Finding:
    return _postgres(settings.sqlalchemy_url) if is_postgres(settings.sqlalchemy_url) else _sqlite()


def _postgres(url: str) -> Finding:
    try:
        facts = migrations.facts_of(url)
    except SetupError as problem:
        return Finding("PostgreSQL", ok=False, detail=problem.detail, hint=problem.hint)
    if lacking := shortcoming(facts):
        return Finding("PostgreSQL", ok=False, detail=lacking, hint="HEDDLE_DATABASE_URL needs another one.")
    tables = "no tables yet" if facts.revision is None else f"tables of revision {facts.revision}"
    slips = "slips are found by pg_trgm" if facts.trigrams else "slips are found without pg_trgm, slower"
    detail = f"{facts.version} at {migrations.place_of(url)}; {tables}; {slips}"
    return Finding("PostgreSQL", ok=True, detail=detail)


def _sqlite() -> Finding:
    ok = sqlite3.sqlite_version_info >= OLDEST_SQLITE
    wanted = ".".join(map(str, OLDEST_SQLITE))
    return Finding(
        "SQLite", ok=ok, detail=sqlite3.sqlite_version, hint=f"Python needs SQLite {wanted} or newer."
    )


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
        return Finding("server", ok=True, detail="nobody serves this folder now")
    card = served(settings.data)
    return Finding("server", ok=True, detail=f"serving at {card['url']}" if card else "serving")
