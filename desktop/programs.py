"""The console scripts of this installation, which are programs of their own."""

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from media import self_command

# What the server cannot start without; the script itself comes with every installation.
_SERVER_NEEDS = ("fastapi", "sqlalchemy", "uvicorn")


def find(name: str) -> str | None:
    """The path of a script; None when it is not installed."""
    beside = Path(sys.executable).with_name(f"{name}.exe" if os.name == "nt" else name)
    return str(beside) if beside.exists() else shutil.which(name)


def find_server() -> str | None:
    """`heddle-server`, where it and what it needs are installed."""
    if not self_command.frozen() and any(find_spec(name) is None for name in _SERVER_NEEDS):
        return None
    return find("heddle-server")
