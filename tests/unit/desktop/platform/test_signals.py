"""Signals wake Qt's loop, and nothing else does."""

import signal
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from desktop.platform.signals import Signals


def test_a_signal_is_told_in_qts_loop_and_the_old_handler_comes_back(qtbot: Any) -> None:
    before = signal.getsignal(signal.SIGTERM)
    signals = Signals((signal.SIGTERM,))
    try:
        with qtbot.waitSignal(signals.came, timeout=5000):
            signal.raise_signal(signal.SIGTERM)
    finally:
        signals.close()
        signals.close()
    assert signal.getsignal(signal.SIGTERM) is before
