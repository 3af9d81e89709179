"""What people choose by before anything is recorded: small pictures, and how loud a microphone is."""

import base64
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PIL import Image

from tests.support.services import Screen


@contextmanager
def lines(*command: str) -> Iterator[Iterator[dict]]:
    """The JSON lines of a program, which ends with its input."""
    with subprocess.Popen(
        [sys.executable, "-m", *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdin
        assert program.stdout
        yield (json.loads(line) for line in program.stdout)
        program.stdin.close()
        assert program.wait(20) == 0


def test_a_microphone_says_how_loud_it_is() -> None:
    with lines("capture.meter", "--backend", "synthetic") as told:
        heard = [next(told) for _ in range(3)]
    assert {one["event"] for one in heard} == {"level"}
    assert heard[-1]["microphoneDb"] == pytest.approx(-17, abs=1)  # a tone of a fifth of full scale
    assert heard[-1]["peakMicrophoneDb"] == pytest.approx(-14, abs=1)


def test_a_screen_is_shown_small(xvfb: Screen) -> None:
    with lines("capture.thumbnails") as told:
        first = next(told)
    assert (first["kind"], first["id"]) == ("display", "0")
    with Image.open(io.BytesIO(base64.b64decode(first["jpeg"]))) as picture:
        assert picture.size == (320, 180)


def test_where_the_system_would_ask_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    from capture.model import ScreenRequest
    from capture.thumbnails import picture_of

    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-9")
    assert picture_of(ScreenRequest()) is None
