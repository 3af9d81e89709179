"""Signals may be emitted as often as one likes."""

import subprocess
import sys

import pytest

pytest.importorskip("PySide6.QtCore")

MANY = """
from PySide6.QtCore import QObject, Signal
from desktop.platform.lasting_true import keep_true

class Bell(QObject):
    rang = Signal()

keep_true()
keep_true()
bell = Bell()
for _ in range(20_000):
    bell.rang.emit()
print(True, bool(1))
"""


def test_many_signals_do_not_use_up_true() -> None:
    done = subprocess.run([sys.executable, "-c", MANY], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "True True\n"), done.stderr
