"""Heddle's own windows stay out of recordings."""

import platform
import sys
from typing import Any

import pytest

from desktop.platform import own_windows


class User32:
    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []

    def SetWindowDisplayAffinity(self, window: Any, affinity: int) -> int:  # noqa: N802 - Windows' name
        self.asked.append((window.value, affinity))
        return 1


@pytest.mark.parametrize(
    ("system", "version", "asked"),
    [
        ("win32", "10.0.22631", [(77, 0x11)]),
        ("win32", "10.0.19041", [(77, 0x11)]),
        ("win32", "10.0.18363", []),  # it would paint the window black
        ("win32", "strange", []),
        ("linux", "#1 SMP", []),
        ("darwin", "Darwin Kernel Version 24.0.0", []),
    ],
)
def test_windows_is_asked_where_it_can(
    monkeypatch: pytest.MonkeyPatch, system: str, version: str, asked: list[tuple[int, int]]
) -> None:
    user32 = User32()
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "version", lambda: version)
    monkeypatch.setattr(own_windows, "_user32", lambda: user32)
    assert own_windows.leave_out(77) is bool(asked)
    assert user32.asked == asked
