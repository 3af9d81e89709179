"""What the library that reads command lines says in a command's help, in the user's language."""

from typing import Any

from typer.core import TyperCommand

from desktop.i18n import tr


class SpokenCommand(TyperCommand):
    """A command whose help speaks the user's language in its headings too."""

    def get_help_option(self, ctx: Any) -> Any:
        return help_option(super().get_help_option(ctx))

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        write_usage(self, ctx, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        write_options(self, ctx, formatter)


def help_option(option: Any) -> Any:
    """The library's `--help`; None where a command has none."""
    if option is not None:
        option.help = tr("Show this message and exit.")
    return option


def write_usage(command: Any, ctx: Any, formatter: Any) -> None:
    """`Usage: heddle record [OPTIONS]`."""
    pieces = " ".join(command.collect_usage_pieces(ctx))
    formatter.write_usage(ctx.command_path, pieces, prefix=f"{tr('Usage')}: ")


def write_options(command: Any, ctx: Any, formatter: Any) -> None:
    """What stands in its place, and what is named."""
    for kind, title in (("argument", tr("Arguments")), ("option", tr("Options"))):
        params = (param for param in command.get_params(ctx) if param.param_type_name == kind)
        rows = [row for param in params if (row := param.get_help_record(ctx)) is not None]
        if rows:
            with formatter.section(title):
                formatter.write_dl(rows)
