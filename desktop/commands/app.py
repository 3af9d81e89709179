"""`heddle app`: the app's windows and its place in the tray."""

import os
import sys
from contextlib import suppress
from typing import Annotated

import typer

from desktop.errors import HeddleError, UsageError, in_words
from desktop.i18n import tr
from desktop.models.actions import Action
from desktop.models.requests import Request, from_link, refusal


def app(
    link: Annotated[str, typer.Argument(metavar="LINK", help=tr("A heddle:// link to open."))] = "",
    *,
    do: Annotated[
        Action | None, typer.Option(help=tr("Have this done, by the app that runs if one does."))
    ] = None,
    background: Annotated[
        bool, typer.Option("--background", help=tr("Open no window; be in the tray."))
    ] = False,
) -> None:
    """Opens the app. Where it runs already, that one does what is asked, and this command ends."""
    if link and do:
        raise UsageError(tr("A link and --do at once make no sense"))
    wanted, refused = _wanted(link, do)
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        raise refused or HeddleError(
            tr("There is no screen to open a window on"),
            tr("Neither DISPLAY nor WAYLAND_DISPLAY is set."),
            tr("`heddle record` works from a terminal."),
        )
    try:
        code = _start(wanted, do, background=background)
    except Exception as error:
        _tell_in_a_window(error)
        raise
    if code is None and refused:
        raise refused  # in a terminal too, whoever looks there
    raise typer.Exit(code or 0)


def _start(wanted: Request | None, do: Action | None, *, background: bool) -> int | None:
    """The app until it ends, and its exit code; None where one that runs already does what is wanted."""
    try:
        from desktop.instance import hand_over

        if hand_over(wanted or Request()) or do is Action.QUIT:
            return None
        from desktop.app import run
    except ImportError as error:
        raise HeddleError(
            tr("The window's library is not installed"), str(error), "pip install 'heddle[desktop]'"
        ) from error
    return run(wanted, background=background)


def _tell_in_a_window(error: Exception) -> None:
    """Who starts it from a menu sees no terminal, and would wait for a window that does not come."""
    if sys.stderr is not None and sys.stderr.isatty():
        return
    with suppress(ImportError):  # that is what went wrong
        from desktop.views.last_words import tell_alone

        bug = HeddleError(tr("Heddle cannot start"), f"{type(error).__name__}: {error}")
        tell_alone(in_words(error) or bug)


def _wanted(link: str, do: Action | None) -> tuple[Request | None, UsageError | None]:
    """What is asked for, and why a link is refused: whoever clicked one is told by the app."""
    try:
        return (from_link(link) if link else Request(do) if do else None), None
    except UsageError as error:
        return refusal(error), error
