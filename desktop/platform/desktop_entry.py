"""A freedesktop.org desktop entry that starts this installation's app.

https://specifications.freedesktop.org/desktop-entry-spec/latest/exec-variables.html says what is quoted.
"""

import re
from collections.abc import Mapping

from media import self_command

_SAFE = re.compile(r"[A-Za-z0-9@%_+=:,./-]+")


def entry(argument: str, more: Mapping[str, str]) -> str:
    """The text of the file; `argument` is the last of the command line, `more` are further keys."""
    command = " ".join([*(_quoted(part) for part in self_command.command("desktop", "app")), argument])
    keys = {
        "Type": "Application",
        "Name": "Heddle",
        "Comment": "Record the screen and share the link while you record",
        "Exec": command.strip(),
        "Icon": "heddle",
        "Terminal": "false",
        "Categories": "AudioVideo;Recorder;",
        **more,
    }
    return "[Desktop Entry]\n" + "".join(f"{key}={value}\n" for key, value in keys.items())


def _quoted(part: str) -> str:
    """Quoted where it has to be; a percent sign would begin a field code."""
    part = part.replace("%", "%%")
    if _SAFE.fullmatch(part):
        return part
    escaped = re.sub(r'(["`$\\])', r"\\\1", part)
    # The file's own rule for strings comes on top: a backslash is two.
    return '"' + escaped.replace("\\", "\\\\") + '"'
