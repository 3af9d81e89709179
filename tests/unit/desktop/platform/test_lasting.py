"""Qt may be called as often as one likes."""

import subprocess
import sys

import pytest

pytest.importorskip("PySide6.QtCore")

MANY = """
from PySide6.QtCore import QObject, Signal
from desktop.platform.lasting import keep_constants

class Bell(QObject):
    rang = Signal()

keep_constants()
keep_constants()
bell = Bell()
for _ in range(20_000):
    bell.rang.emit()
    bell.setObjectName("bell")
print(True, bool(1), None)
"""


def test_many_calls_do_not_use_up_true_and_none() -> None:
    done = subprocess.run([sys.executable, "-c", MANY], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "True True None\n"), done.stderr
