"""`heddle-server`: the command line of the backend. Commands import what they need when they run."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from media import garbage
from media.self_command import run_part
from server.errors import ServerError, SetupError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from server.config import Settings
    from server.identity.service import Identity
    from server.identity.sessions.signing import SigningKey

app = typer.Typer(
    name="heddle-server",
    help="The server of Heddle: keeps recordings and shows them to whoever has the link.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
user = typer.Typer(help="Accounts of this server.", no_args_is_help=True)
app.add_typer(user, name="user")
keys = typer.Typer(help="The keys that this server signs tokens with.", no_args_is_help=True)
app.add_typer(keys, name="keys")
analytics = typer.Typer(help="How recordings were watched.", no_args_is_help=True)
app.add_typer(analytics, name="analytics")

Data = Annotated[Path | None, typer.Option("--data", help="Folder of everything the server keeps.")]
Host = Annotated[str | None, typer.Option("--host", help="Address to listen on; 0.0.0.0 serves others too.")]
Port = Annotated[int | None, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
AsOwner = Annotated[bool, typer.Option("--owner", help="May administer this server.")]


def _say_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"heddle-server {version('heddle')}")
        raise typer.Exit


@app.callback()
def _start(
    _version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """The server of Heddle: keeps recordings and shows them to whoever has the link."""


@app.command()
def serve(host: Host = None, port: Port = None, data: Data = None) -> None:
    """Serve recordings until Ctrl-C."""
    from server import logging
    from server.serve import serve as run

    settings = _settings(data=data, host=host, port=port)
    logging.configure(settings.log_level, settings.log_format)
    run(settings)


@app.command()
def worker(data: Data = None) -> None:
    """Process recordings beside a server, on the same data folder and database, until Ctrl-C."""
    from server import logging
    from server.working import work

    settings = _found(data)
    logging.configure(settings.log_level, settings.log_format)
    work(settings)


@app.command()
def transcribe(
    recording: Annotated[str | None, typer.Argument(help="Id of one recording, done again.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that have no transcript yet.")] = False,
    data: Data = None,
) -> None:
    """Have recordings transcribed by the server, which does it when it runs."""
    from server.ai.queueing import queue

    if (recording is None) is not everything:
        raise typer.BadParameter("name one recording, or say --all")
    count = asyncio.run(queue(_found(data), recording))
    print(f"{count} recording{'' if count == 1 else 's'} will be transcribed.")


@app.command()
def models(
    action: Annotated[str, typer.Argument(help="list, download or remove.")] = "list",
    model: Annotated[str, typer.Argument(help="Name or address of a speech model.")] = "",
    data: Data = None,
) -> None:
    """Speech models: those that are here, and those that can be fetched."""
    from server.ai.weights import manage

    if action not in ("list", "download", "remove"):
        raise typer.BadParameter("list, download or remove")
    if action == "remove" and not model:
        raise typer.BadParameter("name the model")
    # A model may be there before the server is; a folder that somebody named should be a server's.
    settings = _settings(data=data)
    if data is not None and settings.models is None:
        settings = _found(data)
    manage(settings, action, model)


@app.command()
def reindex(data: Data = None) -> None:
    """Build the search index anew, also while the server runs."""
    from server.findable import sources
    from server.search.rebuilding import rebuild

    count = asyncio.run(rebuild(_found(data), sources))
    print(f"{count} recording{'' if count == 1 else 's'} can be found.")


@analytics.command("rebuild")
def rebuild_analytics(data: Data = None) -> None:
    """Count everything anew, from the events that are still kept."""
    from server.analytics.rebuilding import rebuild

    count = asyncio.run(rebuild(_found(data)))
    print(f"The figures of {count} recording{'' if count == 1 else 's'} were counted anew.")


@app.command()
def migrate(data: Data = None) -> None:
    """Bring the database to this version; `serve` does so by itself."""
    from server import migrations

    settings = _settings(data=data)
    if not settings.database_url:
        settings = _found(data)
    changed = migrations.upgrade(settings.sqlalchemy_url)
    print("The database is up to date now." if changed else "The database was up to date.")


@app.command()
def doctor(data: Data = None) -> None:
    """Look whether this machine has what the server needs."""
    from server import logging
    from server.doctor import examine

    settings = _settings(data=data)
    logging.configure("warning", settings.log_format)  # what it finds out is said below
    findings = examine(settings)
    for finding in findings:
        print(f"{'ok     ' if finding.ok else 'PROBLEM'}  {finding.what}: {finding.detail}")
        if not finding.ok and finding.hint:
            print(f"         {finding.hint}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


@user.command("add")
def add_user(
    email: str, password_stdin: FromStdin = False, owner: AsOwner = False, data: Data = None
) -> None:
    """Add an account, also while the server runs."""
    from server.identity import rules
    from server.identity.addresses import checked
    from server.identity.schemas import Role

    password = _password(password_stdin)
    rules.check(password, email=checked(email))  # before anything is made for an account that is refused
    role = Role.OWNER if owner else Role.MEMBER
    settings = _settings(data=data)
    _say_what_is_made(settings)
    added = _with_identity(settings, lambda identity: identity.add_user(email, password, role=role))
    print(f"Added {added.email} ({added.role}).")


@user.command("invite")
def invite_user(email: str, data: Data = None) -> None:
    """Have somebody invited to this server by mail, which the server sends when it runs."""
    from server.identity.inviting import invite

    settings = _found(data)
    asyncio.run(invite(settings, email))
    print(f"{email} is invited, for a week.")
    if settings.registration == "closed":
        print("Registrations are closed: set HEDDLE_REGISTRATION=invited, or the link makes no account.")


@user.command("list")
def list_users(data: Data = None) -> None:
    """List the accounts of this server."""
    for one in _with_identity(_found(data), lambda identity: identity.users()):
        print(f"{one.email}\t{one.role}\t{one.username}")


@user.command("password")
def set_password(
    email: str,
    password_stdin: FromStdin = False,
    remove_mfa: Annotated[
        bool, typer.Option("--remove-mfa", help="Also remove the second factor, when its device is lost.")
    ] = False,
    data: Data = None,
) -> None:
    """Set a new password for whoever forgot it; all their devices are signed out."""
    settings = _found(data)
    password = _password(password_stdin)
    reset = _with_identity(
        settings, lambda identity: identity.reset(email, password, remove_factors=remove_mfa)
    )
    print(f"{reset.email} can sign in with the new password now.")


@keys.command("list")
def list_keys(data: Data = None) -> None:
    """List them: the one that signs first, then those that are still believed."""
    from server.identity.sessions import signing

    _show(signing.listed(_keys_file(_found(data))))


@keys.command("rotate")
def rotate_keys(
    drop_others: Annotated[
        bool, typer.Option("--drop-others", help="Believe no older token: everybody signs in anew.")
    ] = False,
    data: Data = None,
) -> None:
    """Sign with a new key, also while the server runs; nobody is signed out by it."""
    _show(_with_identity(_found(data), lambda identity: identity.rotate_keys(drop_others=drop_others)))


def main() -> None:
    garbage.collect_seldom()
    if run_part(sys.argv):  # a bundle's own child
        return
    try:
        app()
    except SetupError as problem:
        _fail(f"{problem.title}.", problem.detail, problem.hint)
    except ServerError as problem:
        _fail(problem.sentence)
    except OSError as problem:
        place = f"{problem.filename}: " if problem.filename else ""
        _fail("The system refused what the server needs.", f"{place}{problem.strerror or problem}.")
    except Exception as problem:
        _fail_for_the_database(problem)
        raise


def _fail_for_the_database(problem: Exception) -> None:
    """Ends the program when the database is the problem: full disk, broken file, no server."""
    from sqlalchemy.exc import DBAPIError

    if isinstance(problem, DBAPIError):
        hint = "Free space if the disk is full; put the file back from a backup if it is broken."
        _fail("The database cannot be used.", f"{problem.orig}.", hint)


def _settings(**given: Any) -> "Settings":
    """Environment first, then what the command line says. Raises SetupError naming the wrong variable."""
    from pydantic import ValidationError

    from server.config import Settings

    try:
        settings = Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as problem:
        wrong = "; ".join(_wrong(error) for error in problem.errors())
        raise SetupError(
            "A setting is not valid", wrong, "Correct the variable and start again."
        ) from problem
    return settings.model_copy(update={"data": settings.data.expanduser().absolute()})


def _found(data: Path | None) -> "Settings":
    """Those of a server that has run before. Raises SetupError where none has."""
    from server.setup import find

    settings = _settings(data=data)
    find(settings)
    return settings


def _say_what_is_made(settings: "Settings") -> None:
    """Accounts may be there before the first start; a mistyped folder is found out by this line."""
    from server.setup import is_made

    if not is_made(settings.data):
        print(f"Nothing was kept in {settings.data} before; a new server's data are made there.")


def _wrong(error: "ErrorDetails") -> str:
    """What is wrong with which variable. Where it takes two to be wrong, the message names them."""
    sentence = error["msg"].removeprefix("Value error, ")
    return f"HEDDLE_{str(error['loc'][0]).upper()}: {sentence}" if error["loc"] else sentence


def _with_identity(settings: "Settings", work: "Callable[[Identity], Coroutine[Any, Any, Any]]") -> Any:
    from server.identity.service import Identity
    from server.setup import open_database, prepare

    async def run() -> Any:
        db = open_database(settings)
        identity = Identity(db, settings, secrets.seal_key)
        try:
            return await work(identity)
        finally:
            identity.close()
            await db.close()

    secrets = prepare(settings)
    return asyncio.run(run())


def _keys_file(settings: "Settings") -> Path:
    from server.identity.sessions import signing
    from server.setup import prepare

    prepare(settings)
    return settings.data / signing.FILE


def _show(found: "list[SigningKey]") -> None:
    for key in found:
        made = datetime.fromtimestamp(key.made_at, UTC).isoformat(timespec="seconds")
        print(f"{key.kid}\t{made}\t{'still believed' if key.retired_at else 'signs'}")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _fail(*lines: str) -> NoReturn:
    for line in lines:
        print(line, file=sys.stderr)
    raise SystemExit(1)


if __name__ == "__main__":
    main()
