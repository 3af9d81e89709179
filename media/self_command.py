"""How this program starts a part of itself in another process, from a Python installation or a frozen bundle.

In a bundle `sys.executable` is the program and knows no `-m`: it is given a word of ours instead, and its
entry point hands the rest to the module (`run_part`). A bundle that unpacks itself for each start would pull
the files from under a child that outlives it: bundles are folders.

This file is also a program: `python -I media/self_command.py --heddle-module MODULE` runs a part isolated,
from the packages that lie beside this one. By itself Python would look for them among what is installed, and
that is another version where several checkouts have one environment.
Source: https://pyinstaller.org/en/stable/runtime-information.html
"""

import runpy
import site
import sys
from collections.abc import Sequence
from pathlib import Path

PART = "--heddle-module"
# What a bundle may be asked to run: nobody talks it into running any other module it holds.
PARTS = (
    "capture",
    "capture.meter",
    "capture.thumbnails",
    "desktop",
    "desktop.accounts.last_out",
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
    if isolated:
        return [sys.executable, "-I", str(Path(__file__).resolve()), PART, module, *arguments]
    return [sys.executable, "-m", module, *arguments]


def run_part(arguments: Sequence[str]) -> bool:
    """Run the part that `arguments` (sys.argv) name, as `python -m` would; False when they name none."""
    if len(arguments) < 3 or arguments[1] != PART or arguments[2] not in PARTS:
        return False
    sys.argv = [arguments[0], *arguments[3:]]
    runpy.run_module(arguments[2], run_name="__main__", alter_sys=True)
    return True


def _from_here() -> None:
    """Ours before all that is installed, and after the standard library, which nobody shall replace."""
    installed = site.getsitepackages()
    place = next((n for n, folder in enumerate(sys.path) if folder in installed), len(sys.path))
    sys.path.insert(place, str(Path(__file__).resolve().parents[1]))


if __name__ == "__main__":
    _from_here()
    run_part(sys.argv)
