"""What is wrong with a command line, in the user's language; the library that reads it speaks English."""

from typing import Any

from desktop.i18n import tr
from desktop.sentences import say


def usage_words(error: Any) -> str:
    """How the command is used, how to have it explained, what is wrong; `error` is one of the library's."""
    context, wrong = getattr(error, "ctx", None), error.format_message().replace("Value error, ", "")
    if context is None:
        return say(wrong)
    explained = tr("`{command} -h` explains it.", command=context.command_path)
    return f"{context.get_usage()}\n{explained}\n\n{say(wrong)}"
