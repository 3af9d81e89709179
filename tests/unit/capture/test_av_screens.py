"""Screens through FFmpeg's devices and filters: our calls are those that the real PyAV takes."""

from contextlib import closing
from typing import Any

import av
import av.filter
import numpy as np
import pytest

from capture.backends import arrivals, av_screen, screen_ddagrab
from capture.compare import all_bands
from capture.errors import ScreenLost
from capture.model import Rect, ScreenRequest
from tests.support.fake_windows import show_through_wgc
from tests.support.walls import Wall, eventually

SIZE = (320, 208)


class RealGraph:
    """PyAV's own graph, with a source that every system has in `ddagrab`'s place: our calls are PyAV's."""

    make = staticmethod(av.filter.Graph)

    def __init__(self) -> None:
        self._graph = self.make()

    def add(self, name: str, **options: str) -> Any:
        if name == "ddagrab":
            shown = {"size": options.get("video_size", "320x208"), "rate": options["framerate"]}
            return self._graph.add("testsrc2", **shown)
        return self._graph.add(name, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._graph, name)


def test_the_graph_is_driven_as_pyav_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    show_through_wgc(Wall(*SIZE), monkeypatch)
    monkeypatch.setattr(av.filter, "Graph", RealGraph)
    with closing(screen_ddagrab.open(ScreenRequest(region=Rect(0, 0, 101, 51)))) as source:
        assert (source.width, source.height) == (100, 50)
        first = eventually(lambda: source.grab(thorough=False), "the first picture")
        assert len(np.unique(first.buffer.pixels[:, :, :3].reshape(-1, 3), axis=0)) > 4
        assert eventually(lambda: source.grab(thorough=False), "the next picture").dirty


def test_a_device_is_read_as_pyav_wants_it() -> None:
    """FFmpeg's `lavfi` is an input device like the others, and every system has it."""
    source = av_screen.open_device("testsrc2=size=321x209:rate=30", "lavfi", {}, None)
    with closing(source):
        assert (source.width, source.height) == (320, 208)
        assert eventually(lambda: source.grab(thorough=False), "the first picture").dirty == all_bands(208)
        assert eventually(lambda: source.grab(thorough=False), "the next picture").dirty


def test_a_device_that_does_not_open_says_why() -> None:
    assert "built without" in av_screen.probe_device("x", "no_such_device", {}).reason
    assert "does not open" in av_screen.probe_device("no_such_source", "lavfi", {}).reason


def test_a_screen_that_shows_nothing_at_all_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent:
        closed = False

        def newest(self) -> None: ...

        def worry(self) -> None: ...

        def lost(self) -> None: ...

        def close(self) -> None:
            self.closed = True

    monkeypatch.setattr(arrivals, "FIRST_S", 0.0)
    silent = Silent()
    with pytest.raises(ScreenLost, match="no picture"):
        arrivals.first_of(silent, 0.0)
