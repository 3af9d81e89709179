"""`heddle app`: the recorder's window and its place in the tray."""

import os
import sys

import typer

from desktop.errors import HeddleError
from desktop.i18n import tr


def app() -> None:
    """Opens the window; recording goes on when it is closed, as long as the tray shows Heddle."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        raise HeddleError(
            tr("There is no screen to open a window on"),
            tr("Neither DISPLAY nor WAYLAND_DISPLAY is set."),
            tr("`heddle record` works from a terminal."),
        )
    try:
        from desktop.app import run
    except ImportError as error:
        raise HeddleError(
            tr("The window's library is not installed"), str(error), "pip install 'heddle[desktop]'"
        ) from error
    raise typer.Exit(run())
