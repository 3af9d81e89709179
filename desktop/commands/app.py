"""`heddle app`: the app's windows and its place in the tray."""

import os
import sys
from typing import Annotated

import typer

from desktop.errors import HeddleError, UsageError
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
        from desktop.instance import hand_over

        if hand_over(wanted or Request()):
            if refused:
                raise refused  # in a terminal too, whoever looks there
            return
        if do is Action.QUIT:
            return
        from desktop.app import run
    except ImportError as error:
        raise HeddleError(
            tr("The window's library is not installed"), str(error), "pip install 'heddle[desktop]'"
        ) from error
    raise typer.Exit(run(wanted, background=background))


def _wanted(link: str, do: Action | None) -> tuple[Request | None, UsageError | None]:
    """What is asked for, and why a link is refused: whoever clicked one is told by the app."""
    try:
        return (from_link(link) if link else Request(do) if do else None), None
    except UsageError as error:
        return refusal(error), error
