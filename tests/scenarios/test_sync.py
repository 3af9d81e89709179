"""A flash and a beep at one moment are one moment in the file, also after pauses."""

import statistics
import sys
from pathlib import Path

import pytest

from tests.support import flashbeep
from tests.support.services import Pulse, Screen

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="X11 and PulseAudio")


@pytest.mark.parametrize("xvfb", [(320, 240)], indirect=True, ids=["240p"])
def test_sound_stays_with_the_picture_through_pauses(xvfb: Screen, pulse: Pulse, tmp_path: Path) -> None:
    """The microphone and what the machine plays, each by itself, in one take."""
    path = tmp_path / "take.mp4"
    both = {"systemAudio": True, "separateTracks": True}
    end = flashbeep.record(path, xvfb, pulse, seconds=15, pauses=2, **both)
    assert end["durationS"] >= 15
    for kind in ("microphone", "system"):
        sync = flashbeep.measure(path, sound=path.with_suffix(f".{kind}.m4a"))
        print(kind, sync)
        # Nothing is cut from one track alone; a beep or two may be interrupted before they are recorded.
        assert len(sync.offsets_ms) >= 10
        assert len(sync.offsets_ms) >= sync.flashes - 3
        assert abs(statistics.median(sync.offsets_ms)) <= 10
        # A single flash may be filmed late on a busy machine; a pause cut unevenly moves a third of them.
        strays = sorted(abs(offset - statistics.median(sync.offsets_ms)) for offset in sync.offsets_ms)
        assert strays[len(strays) * 3 // 4] <= 10
