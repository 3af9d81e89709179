"""High dynamic range made to look right on an ordinary screen.

A picture tagged PQ (SMPTE ST 2084) or HLG (ARIB STD-B67) shown as if it were BT.709 is grey and washed out.
The whole way (light of the screen, brightness, BT.2020 to BT.709, gamma) is one table over red, green and
blue, computed once and looked up by FFmpeg.
"""

from fractions import Fraction
from functools import cache
from typing import cast

import numpy as np
from av.filter import Graph
from av.filter.context import FilterContext
from av.video.frame import VideoFrame
from numpy.typing import NDArray

Light = NDArray[np.float64]

# H.273 code points.
PQ, HLG = 16, 18
_BT709, _JPEG_RANGE = 1, 2
_WHITE_NITS = 203.0  # of paper, in HDR pictures (ITU-R BT.2408)
_PEAK_NITS = 1000.0
_KNEE = 0.6  # of white: below it nothing changes, above it highlights are pressed together
_GAMMA = 2.4  # of an ordinary screen (ITU-R BT.1886)
_LEVEL = 6  # of the table: 36 steps for each colour
_TICK = Fraction(1, 90_000)
# Linear light, ITU-R BT.2087.
_TO_BT709 = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], dtype=np.float64
)


def is_hdr(transfer: int) -> bool:
    """Whether pictures with this transfer characteristic (H.273) need a ToneMap."""
    return transfer in (PQ, HLG)


class ToneMap:
    """HDR frames in, BT.709 frames of the wanted size and format out. Belongs to one thread."""

    def __init__(self, size: tuple[int, int], pixel_format: str = "yuv420p") -> None:
        self._size = size
        self._format = pixel_format
        self._shape: tuple[object, ...] | None = None
        # The graph is kept because its ends do not keep it.
        self._filter: tuple[Graph, FilterContext, FilterContext] | None = None

    def __call__(self, frame: VideoFrame) -> VideoFrame:
        """Keeps neither time nor tags: the result is BT.709, limited range where it is YUV."""
        shape = (frame.width, frame.height, frame.format.name, frame.color_trc, frame.colorspace)
        if self._filter is None or shape != self._shape:
            self._filter, self._shape = self._build(frame), shape
        _, pictures, sink = self._filter
        frame.time_base = frame.time_base or _TICK
        pictures.push(frame)
        mapped = cast("VideoFrame", sink.pull())
        mapped.colorspace = _BT709
        return mapped

    def _build(self, frame: VideoFrame) -> tuple[Graph, FilterContext, FilterContext]:
        width, height = self._size
        table = _table(frame.color_trc)
        graph = Graph()
        pictures = graph.add_buffer(
            width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base or _TICK
        )
        colours = graph.add_buffer(
            width=table.width, height=table.height, format=table.format, time_base=_TICK
        )
        matrix = "bt709" if frame.colorspace == _BT709 else "bt2020"
        levels = "pc" if frame.color_range == _JPEG_RANGE else "tv"
        scale = graph.add("scale", f"{width}:{height}:in_color_matrix={matrix}:in_range={levels}")
        linear, planar = graph.add("format", "gbrp10le"), graph.add("format", "gbrp10le")
        look = graph.add("haldclut")
        back = graph.add("scale", "out_color_matrix=bt709:out_range=tv")
        graph.link_nodes(pictures, scale, linear)
        graph.link_nodes(colours, graph.add("scale"), planar)
        linear.link_to(look, 0, 0)
        planar.link_to(look, 0, 1)
        sink = graph.add("buffersink")
        graph.link_nodes(look, back, graph.add("format", self._format), sink).configure()
        colours.push(table)
        colours.push(None)
        return graph, pictures, sink


@cache
def _table(transfer: int) -> VideoFrame:
    """FFmpeg's `haldclut` picture: every colour's replacement, red counting fastest."""
    steps = _LEVEL * _LEVEL
    number = np.arange(steps**3)
    signal = np.stack([number % steps, number // steps % steps, number // steps**2], axis=-1) / (steps - 1)
    light = _pq(signal) if transfer == PQ else _hlg(signal)
    shown = np.clip(_pressed(light / _WHITE_NITS) @ _TO_BT709.T, 0.0, 1.0) ** (1 / _GAMMA)
    side = _LEVEL**3
    picture = np.rint(shown.reshape(side, side, 3) * 65535).astype(np.uint16)
    frame = VideoFrame.from_ndarray(picture, format="rgb48le")
    frame.pts, frame.time_base = 0, _TICK
    return frame


def _pq(signal: Light) -> Light:
    """Nits of a PQ signal (SMPTE ST 2084, equation 4.1)."""
    m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
    root = signal ** (1 / m2)
    bare: Light = (np.maximum(root - c1, 0.0) / (c2 - c3 * root)) ** (1 / m1)
    return 10_000.0 * bare


def _hlg(signal: Light) -> Light:
    """Nits of an HLG signal on a screen of 1000 nits (ITU-R BT.2100, table 5)."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(signal <= 0.5, signal**2 / 3.0, (np.exp((signal - c) / a) + b) / 12.0)
    luminance = scene @ np.array([0.2627, 0.6780, 0.0593])
    nits: Light = _PEAK_NITS * scene * luminance[..., None] ** 0.2
    return nits


def _pressed(light: Light) -> Light:
    """All of it below white; by the strongest of the three colours, so that none changes its hue."""
    strongest = np.maximum(light.max(axis=-1, keepdims=True), 1e-9)
    over = np.maximum(strongest - _KNEE, 0.0)
    pressed = np.minimum(strongest, _KNEE) + (1 - _KNEE) * (1 - np.exp(-over / (1 - _KNEE)))
    scaled: Light = light * (pressed / strongest)
    return scaled
