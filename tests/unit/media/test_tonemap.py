"""HDR on ordinary screens: white is white, grey stays grey, colours keep their hue."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from media.probe import probe
from media.remux import normalise
from media.sniff import Container
from media.thumbnails import make_poster
from media.tonemap import HLG, PQ

BT2020, BT709 = 9, 1
SIZE = 320, 180
# Ten-bit luma of what BT.2408 calls white (203 nits), and of a lamp as bright as the screen goes (1000 nits).
WHITE = {PQ: 64 + round(0.58 * 876), HLG: 64 + round(0.75 * 876)}
LAMP = {PQ: 64 + round(0.752 * 876), HLG: 940}


def film_in_hdr(path: Path, transfer: int) -> Path:
    """Black, white and a lamp, side by side."""
    options: dict[str, str] = {"preset": "ultrafast", "x265-params": "log-level=none"}
    with av.open(str(path), "w") as output:
        stream: Any = output.add_stream("libx265", rate=10, options=options)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p10le"
        context = stream.codec_context
        context.color_primaries, context.color_trc, context.colorspace = BT2020, transfer, BT2020
        context.color_range = 1
        for number in range(5):
            frame = av.VideoFrame(*SIZE, "yuv420p10le")
            for plane, value in zip(frame.planes, (64, 512, 512), strict=True):
                samples = np.frombuffer(plane, dtype=np.uint16).reshape(plane.height, -1)
                samples[:] = value
            luma = np.frombuffer(frame.planes[0], dtype=np.uint16).reshape(180, -1)
            luma[:, 107:214], luma[:, 214:] = WHITE[transfer], LAMP[transfer]
            frame.pts, frame.time_base = number, Fraction(1, 10)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("transfer", [PQ, HLG], ids=["PQ", "HLG"])
def test_an_hdr_film_becomes_an_ordinary_one(tmp_path: Path, transfer: int) -> None:
    film, output = film_in_hdr(tmp_path / "a.mp4", transfer), tmp_path / "b.mp4"
    facts = probe(film, kind=Container.MP4)
    normalise(film, output, kind=Container.MP4, facts=facts)
    with av.open(str(output)) as made:
        context = made.streams.video[0].codec_context
        assert (context.color_primaries, context.color_trc, context.colorspace) == (BT709, BT709, BT709)
        assert context.pix_fmt == "yuv420p"
        luma = next(made.decode(video=0)).to_ndarray(format="gray")
    black, white, lamp = luma[90, 50], luma[90, 160], luma[90, 270]
    assert black < 10
    assert 215 < white < 250
    assert white < lamp <= 255


@pytest.mark.parametrize("transfer", [PQ, HLG], ids=["PQ", "HLG"])
def test_the_poster_is_toned_the_same_way(tmp_path: Path, transfer: int) -> None:
    film = film_in_hdr(tmp_path / "a.mp4", transfer)
    make_poster(film, tmp_path / "p.jpg", kind=Container.MP4)
    with Image.open(tmp_path / "p.jpg") as picture:
        black, white, lamp = (picture.convert("RGB").getpixel((x, 90)) for x in (50, 160, 270))
    assert isinstance(black, tuple)
    assert isinstance(white, tuple)
    assert isinstance(lamp, tuple)
    assert max(black) < 12
    assert max(white) - min(white) <= 3  # grey has no colour
    assert 215 < white[0] < lamp[0]
