"""`heddle`: the client's command line. A command's module is imported when that command runs, not before."""

import os
import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from desktop.errors import ExitCode, in_words
from desktop.i18n import tr
from desktop.terminal.help import SpokenCommand, help_option, write_options, write_usage
from desktop.terminal.usage import usage_words
from media import garbage

# name: module below desktop.commands, function in it, one line of help.
_COMMANDS: dict[str, tuple[str, str, str]] = {
    "record": (
        "record",
        "record",
        tr("Record the screen; the link is there at once and plays while you record."),
    ),
    "upload": ("upload", "upload", tr("Send any video file to the server and print its link.")),
    "trim": ("trim", "trim", tr("Cut a piece out of a video, to the picture.")),
    "transcribe": ("transcribe", "transcribe", tr("Write down what is said in a video, on this machine.")),
    "models": ("models", "models", tr("List, download and remove speech models.")),
    "uploads": ("upload", "uploads", tr("Show what is being uploaded, and what waits.")),
    "login": ("login", "login", tr("Sign in to a server; the sign-in is kept safe on this machine.")),
    "logout": ("login", "logout", tr("Forget the sign-in to a server.")),
    "devices": ("devices", "devices", tr("List what can be recorded here.")),
    "recover": ("recover", "recover", tr("Bring back what a crash left, or what was cancelled.")),
    "app": ("app", "app", tr("Open the recorder's window and its place in the tray.")),
    "storage": ("storage", "storage", tr("Show what recordings take here, and make room.")),
    "settings": ("settings", "settings", tr("List, read and change settings.")),
    "demo": ("demo", "demo", tr("See it all at work: a server, a screen, a recording, a link.")),
    "doctor": ("doctor", "doctor", tr("Check this machine: screen, microphone, encoder, disk, server.")),
}


class _Commands(TyperGroup):
    """Lists every command without importing one."""

    def list_commands(self, _ctx: Any) -> list[str]:
        return list(_COMMANDS)

    def get_help_option(self, ctx: Any) -> Any:
        return help_option(super().get_help_option(ctx))

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        write_usage(self, ctx, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        write_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, _ctx: Any, formatter: Any) -> None:
        """Whole sentences; the library would cut them off at the edge."""
        with formatter.section(tr("Commands")):
            formatter.write_dl([(name, words) for name, (_, _, words) in _COMMANDS.items()])

    def get_command(self, _ctx: Any, cmd_name: str) -> TyperCommand | None:
        if cmd_name not in _COMMANDS:
            return None
        return TyperCommand(cmd_name, help=_COMMANDS[cmd_name][2])

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        return name, _load(name) if name in _COMMANDS else command, rest


def _load(name: str) -> Any:
    module, function, words = _COMMANDS[name]
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(name, help=words, cls=SpokenCommand)(
        getattr(import_module(f"desktop.commands.{module}"), function)
    )
    return typer.main.get_command(app)


app = typer.Typer(
    cls=_Commands,
    add_completion=False,
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help=tr("Record your screen and share the link while you still record."),
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _say_version(wanted: bool) -> None:
    if wanted:
        try:
            number = version("heddle")
        except PackageNotFoundError:
            number = "0"
        typer.echo(f"heddle {number}")
        raise typer.Exit


@app.callback()
def _heddle(
    context: typer.Context,
    _version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help=tr("Say the version."))
    ] = False,
) -> None:
    """The options of `heddle` itself."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(ExitCode.USAGE)


def main() -> None:
    """The console script. Errors that a person can mend come as words, not as a traceback."""
    garbage.collect_seldom()
    try:
        try:
            sys.exit(app(standalone_mode=False))  # what is raised is said below
        finally:
            sys.stdout.flush()  # whoever reads it may be gone, as behind `| head`
    except BrokenPipeError:
        # What is left to say has nobody to hear it; Python would try once more at its end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ExitCode.FAILED)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(ExitCode.CTRL_C)
    except Exception as error:
        if hasattr(error, "format_message"):  # the command line makes no sense
            sys.stderr.write(f"{usage_words(error)}\n")
            sys.exit(ExitCode.USAGE)
        if (told := in_words(error)) is None:
            raise
        sys.stderr.write(f"{told}\n")
        sys.exit(told.code)
