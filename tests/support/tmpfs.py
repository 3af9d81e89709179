"""A small disk that fills up: a tmpfs of a given size."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.services import unavailable


@contextmanager
def small_disk(folder: Path, megabytes: float) -> Iterator[Path]:
    """`folder` as a file system of its own that holds so much. Needs root on Linux."""
    if sys.platform != "linux" or os.geteuid() != 0:
        unavailable("a small disk needs root on Linux")
    folder.mkdir(parents=True, exist_ok=True)
    size = f"size={int(megabytes * 1024)}k"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        unavailable(f"no tmpfs here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def grow(folder: Path, megabytes: float) -> None:
    """Give a small disk more space."""
    option = f"remount,size={int(megabytes * 1024)}k"
    subprocess.run(["mount", "-o", option, str(folder)], check=True)
