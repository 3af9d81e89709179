"""How this program starts a part of itself in another process, from a Python installation or a frozen bundle.

In a bundle `sys.executable` is the program and knows no `-m`: it is given a word of ours instead, and its
entry point hands the rest to the module (`run_part`). A bundle that unpacks itself for each start would pull
the files from under a child that outlives it: bundles are folders.
Source: https://pyinstaller.org/en/stable/runtime-information.html
"""

import runpy
import sys
from collections.abc import Sequence

PART = "--heddle-module"
# What a bundle may be asked to run: nobody talks it into running any other module it holds.
PARTS = (
    "capture",
    "capture.meter",
    "capture.thumbnails",
    "desktop",
    "desktop.demo.content",
    "desktop.recorder.qt_screen",
    "media.encoder_probe",
    "media.export",
    "media.playback",
    "media.transcribe",
    "server.processing.child",
    "uploader",
)


def frozen() -> bool:
    """Whether this is a bundle and not a Python with packages."""
    return bool(getattr(sys, "frozen", False))


def command(module: str, *arguments: str, isolated: bool = False) -> list[str]:
    """The command line that runs `module`; `isolated` keeps the user's environment and site out of it.

    ValueError for a module that is not one of PARTS: a bundle could not run it.
    """
    if module not in PARTS:
        raise ValueError(f"{module} is no part that is started by itself")
    if frozen():  # a bundle is isolated anyway
        return [sys.executable, PART, module, *arguments]
    return [sys.executable, *(["-I"] if isolated else []), "-m", module, *arguments]


def run_part(arguments: Sequence[str]) -> bool:
    """Run the part that `arguments` (sys.argv) name, as `python -m` would; False when they name none."""
    if len(arguments) < 3 or arguments[1] != PART or arguments[2] not in PARTS:
        return False
    sys.argv = [arguments[0], *arguments[3:]]
    runpy.run_module(arguments[2], run_name="__main__", alter_sys=True)
    return True
