"""Reading Windows' registry. https://docs.python.org/3/library/winreg.html"""

from __future__ import annotations

import importlib
from typing import Any

USER, MACHINE = "HKEY_CURRENT_USER", "HKEY_LOCAL_MACHINE"


def text(root: str, path: str, value: str) -> str | None:
    """A string value; None where there is no such key or value."""
    winreg: Any = importlib.import_module("winreg")
    try:
        with winreg.OpenKey(getattr(winreg, root), path) as key:
            return str(winreg.QueryValueEx(key, value)[0])
    except FileNotFoundError:
        return None
