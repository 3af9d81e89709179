"""`heddle login` and `heddle logout`: whose recordings these are, and on which server."""

import asyncio
import contextlib
import os
import platform
import sys
import webbrowser
from typing import Annotated

import typer

from desktop import settings
from desktop.accounts import signing_in
from desktop.errors import HeddleError
from desktop.i18n import tr
from uploader import credentials, web
from uploader.addresses import full_address
from uploader.api import ApiClient, Session, StepUp
from uploader.errors import SignInNeededError, UploadError


def login(
    *,
    server: Annotated[
        str | None, typer.Option(help=tr("Its address, such as https://heddle.example."))
    ] = None,
    email: Annotated[str | None, typer.Option(help=tr("Who you are there."))] = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help=tr("Read the password from standard input."))
    ] = False,
    code: Annotated[
        str | None,
        typer.Option(help=tr("Of your authenticator app, or a recovery code; asked for if needed.")),
    ] = None,
    browser: Annotated[
        bool,
        typer.Option("--browser", help=tr("Sign in in the browser, also where a password could be typed.")),
    ] = False,
    device: Annotated[
        bool, typer.Option("--device", help=tr("Show a code to type in on another computer or a telephone."))
    ] = False,
) -> None:
    """Signs in and remembers the server. A password is used once and not kept."""
    server = full_address(server or settings.load().server or typer.prompt(tr("Server")))
    if browser or device:
        _warn(server)
        session = asyncio.run(_elsewhere(server, device=device))
    else:
        session = _with_password(server, email or typer.prompt(tr("E-mail")), code, from_stdin=password_stdin)
    kept = signing_in.keep(server, session)
    settings.change({"server": server})
    typer.echo(tr("Signed in to {server} as {email}.", server=server, email=session.email))
    _say(tr("The sign-in is kept in {place}.", place=kept))
    if os.environ.get(credentials.SETTING):
        _say(tr("HEDDLE_TOKEN is set in this shell and is used instead."))


def logout(
    *,
    server: Annotated[
        str | None, typer.Option(help=tr("The one you signed in to last, if not given."))
    ] = None,
) -> None:
    """Ends the sign-in on the server and forgets it here. Recordings stay where they are."""
    server = (server or settings.load().server or "").rstrip("/")
    if not server:
        raise HeddleError(tr("You are not signed in anywhere"))
    if credentials.token_for(server):
        with contextlib.suppress(
            UploadError
        ):  # the server may be gone for good: here it is forgotten in any case
            asyncio.run(_sign_out(server))
    if not credentials.forget(server):
        raise HeddleError(tr("You are not signed in to {server}", server=server))
    typer.echo(tr("Signed out of {server}.", server=server))


def _password(*, from_stdin: bool) -> str:
    if not from_stdin:
        prompted: str = typer.prompt(tr("Password"), hide_input=True)
        return prompted
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise HeddleError(
            tr("No password came through standard input"),
            hint=tr("For example: heddle login --password-stdin < password-file"),
        )
    return password


def _with_password(server: str, email: str, code: str | None, *, from_stdin: bool) -> Session:
    password = _password(from_stdin=from_stdin)
    _warn(server)
    session = asyncio.run(_sign_in(server, email, password))
    if isinstance(session, StepUp):
        session = asyncio.run(_with_code(server, session, code or _asked_code(from_stdin)))
    return session


async def _elsewhere(server: str, *, device: bool) -> Session:
    if device:
        return await signing_in.by_code(server, _show_code)
    return await signing_in.in_browser(server, _show_page)


def _show_page(address: str) -> None:
    typer.echo(tr("Sign in in the browser. If it does not open, go to this address yourself:"))
    typer.echo(address)
    webbrowser.open(address)


def _show_code(address: str, user_code: str) -> None:
    typer.echo(tr("Open {address} and type in this code: {code}", address=address, code=user_code))


def _warn(server: str) -> None:
    if not signing_in.is_private(server):
        _say(
            tr("This address is not encrypted: others on the way can read your password and your recordings.")
        )


def _asked_code(scripted: bool) -> str:
    if scripted:
        raise HeddleError(
            tr("This account wants a code of its second factor"), hint=tr("Give it with --code.")
        )
    return str(typer.prompt(tr("Code of your authenticator app"))).strip()


async def _sign_in(server: str, email: str, password: str) -> Session | StepUp:
    try:
        return await signing_in.with_password(server, email, password)
    except SignInNeededError as error:
        raise HeddleError(
            tr("The server does not accept this e-mail and password"),
            error.detail,
            tr("Check both. Its owner can set a new password with `heddle-server user password`."),
        ) from None


async def _with_code(server: str, step_up: StepUp, code: str) -> Session:
    async with signing_in.anonymous(server) as http:
        try:
            return await ApiClient(http).login_with_code(step_up, code, platform.node())
        except SignInNeededError as error:
            raise HeddleError(
                tr("The server does not accept this code"),
                error.detail,
                tr("Sign in again with the code that is shown then; is the clock of that device right?"),
            ) from None


async def _sign_out(server: str) -> None:
    async with web.open_client(server) as http:
        await ApiClient(http).logout()


def _say(text: str) -> None:
    typer.echo(text, err=True)
