"""What the software encoders write, looked at with ffprobe: keys, order, colours, names, sizes."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av import VideoFrame

from media import encoding
from media.encoders import VideoRequest, choose
from media.fragments import scan
from media.muxer import FragmentMuxer, VideoFormat
from media.presets import load
from media.version import Target, Version
from tests.support.services import require

SOFTWARE = ("libx264", "libx265", "libsvtav1")
CODEC_STRINGS = {"libx264": "avc1.64", "libx265": "hvc1.1.6.L", "libsvtav1": "av01.0."}
TAGS = {"libx264": "avc1", "libx265": "hvc1", "libsvtav1": "av01"}
WIDTH, HEIGHT = 640, 360

# Two seconds at 30 pictures each, with holes as a screen that stands still leaves them, and a 2 s key grid.
TICKS = [index * 3000 for index in range(150) if index % 60 == 0 or index % 7 not in (3, 4)]


class Picture:
    """Moving noise over a still page; the same memory for each picture, as in the recorder."""

    def __init__(self) -> None:
        self.memory = np.full((HEIGHT * 3 // 2, WIDTH), 128, dtype=np.uint8)
        self.memory[:HEIGHT:9] = 40
        self.noise = np.random.default_rng(1).integers(0, 256, (120, 4 * WIDTH), dtype=np.uint8)

    def at(self, number: int, busy: bool) -> np.ndarray[Any, np.dtype[np.uint8]]:
        if busy:
            self.memory[40:160] = self.noise[:, number * 8 % (3 * WIDTH) :][:, :WIDTH]
        else:
            self.memory[40:44, : number * 4 % WIDTH] = 200
        return self.memory


def film(path: Path, request: VideoRequest, ticks: list[int] = TICKS, *, busy: bool = False) -> Path:
    """A file by the recorder's muxer; every packet must come with the picture it belongs to."""
    with path.open("wb") as file:
        video = VideoFormat(choose(request).preset, WIDTH, HEIGHT, 30)
        muxer = FragmentMuxer(lambda chunk: file.write(chunk.data), video)
        picture = Picture()
        for number, tick in enumerate(ticks):
            frame = VideoFrame.from_numpy_buffer(picture.at(number, busy), format="yuv420p")
            frame.pts, frame.time_base = tick, Fraction(1, 90_000)
            frame.pict_type = 1 if tick % 180_000 == 0 else 0
            for packet in muxer.video.encode(frame):
                assert packet.pts == packet.dts == tick, "one in, one out, in order"
                packet.duration = 3000
                muxer.mux_video(packet)
        assert muxer.video.encode(None) == []
        muxer.finish()
    return path


def ffprobe(path: Path, *what: str) -> dict[str, Any]:
    require("ffprobe")
    command = ["ffprobe", "-v", "error", "-of", "json", "-select_streams", "v:0", *what, str(path)]
    answer: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return answer


@pytest.fixture(scope="module")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("filmed")
    made: dict[str, Path] = {}

    def get(name: str) -> Path:
        if name not in made:
            made[name] = film(folder / f"{name}.mp4", VideoRequest(encoder=name))
        return made[name]

    return get


@pytest.mark.parametrize("name", SOFTWARE)
def test_keys_are_on_the_two_second_grid_and_nothing_is_reordered(
    name: str, filmed: Callable[[str], Path]
) -> None:
    seen = ffprobe(filmed(name), "-show_entries", "packet=pts,dts,flags:stream=has_b_frames")
    packets = seen["packets"]
    assert seen["streams"][0]["has_b_frames"] == 0
    assert [packet["pts"] for packet in packets] == TICKS == [packet["dts"] for packet in packets]
    assert [packet["pts"] for packet in packets if "K" in packet["flags"]] == [0, 180_000, 360_000]


@pytest.mark.parametrize("name", SOFTWARE)
def test_the_file_names_its_colours_and_its_sample_entry(name: str, filmed: Callable[[str], Path]) -> None:
    fields = "codec_tag_string,pix_fmt,color_range,color_space,color_transfer,color_primaries"
    (stream,) = ffprobe(filmed(name), "-show_entries", f"stream={fields}")["streams"]
    assert stream == {
        "codec_tag_string": TAGS[name],
        "pix_fmt": "yuv420p",
        "color_range": "tv",
        "color_space": "bt709",
        "color_transfer": "bt709",
        "color_primaries": "bt709",
    }


@pytest.mark.parametrize("name", SOFTWARE)
def test_the_stream_itself_names_its_colours_too(name: str, filmed: Callable[[str], Path]) -> None:
    """Without the container's `colr`, as a player that only reads the bit stream sees it."""
    fields = "frame=color_range,color_space,color_transfer,color_primaries,pict_type"
    (frame,) = ffprobe(filmed(name), "-show_entries", fields, "-read_intervals", "%+#1")["frames"]
    assert (frame["color_space"], frame["color_transfer"], frame["color_primaries"]) == ("bt709",) * 3


@pytest.mark.parametrize("name", SOFTWARE)
def test_every_picture_decodes(name: str, filmed: Callable[[str], Path]) -> None:
    seen = ffprobe(filmed(name), "-count_frames", "-show_entries", "stream=nb_read_frames")
    assert int(seen["streams"][0]["nb_read_frames"]) == len(TICKS)


@pytest.mark.parametrize("name", SOFTWARE)
def test_the_codec_is_named_as_players_ask_for_it(name: str, filmed: Callable[[str], Path]) -> None:
    index = scan(io.BytesIO(filmed(name).read_bytes()))
    assert index.tracks[0].codec.startswith(CODEC_STRINGS[name])
    assert [round(one.start_s, 2) for one in index.fragments if one.keyframe] == [0.0, 2.0, 4.0]


@pytest.mark.parametrize("name", SOFTWARE)
def test_a_better_quality_takes_more_bytes_and_a_ceiling_holds(name: str, tmp_path: Path) -> None:
    ticks = [index * 3000 for index in range(75)]
    sizes = [
        film(tmp_path / quality, VideoRequest(quality=quality, encoder=name), ticks, busy=True).stat().st_size
        for quality in load().qualities
    ]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[1] < sizes[2]
    ceiling = sizes[1] * 8 // 6 // 2
    capped = film(tmp_path / "capped", VideoRequest(encoder=name, max_bitrate=ceiling), ticks, busy=True)
    # Six seconds and a buffer of two.
    assert capped.stat().st_size * 8 <= ceiling * (6 + 2) * 1.1


@pytest.mark.parametrize("name", SOFTWARE)
def test_keys_come_when_asked_and_only_then(name: str) -> None:
    context = encoding.open_video(load().video_named(name), 320, 180, 30)
    noise = np.random.default_rng(1)
    keys = []
    for index in range(40):
        frame = VideoFrame.from_numpy_buffer(
            noise.integers(0, 256, (270, 320), dtype=np.uint8), format="yuv420p"
        )
        frame.pts, frame.time_base = index * 3000, context.time_base
        frame.pict_type = 1 if index == 25 else 0
        keys += [packet.pts // 3000 for packet in context.encode(frame) if packet.is_keyframe]
    assert keys == [0, 25]


@pytest.mark.parametrize("name", SOFTWARE)
def test_a_picture_s_memory_may_be_used_again_as_soon_as_it_was_taken(name: str) -> None:
    """The recorder composes the next picture into it while the encoder may still be at work."""

    def encoded(*, spoil: bool) -> list[bytes]:
        context, picture, packets = (
            encoding.open_video(load().video_named(name), WIDTH, HEIGHT, 30),
            Picture(),
            [],
        )
        for number in range(30):
            memory = picture.at(number, True).copy()
            frame = VideoFrame.from_numpy_buffer(memory, format="yuv420p")
            frame.pts, frame.time_base = number * 3000, context.time_base
            packets += context.encode(frame)
            if spoil:
                memory[:] = number
        return [bytes(packet) for packet in [*packets, *context.encode(None)]]

    assert encoded(spoil=True) == encoded(spoil=False)


def test_the_light_settings_leave_the_headers_as_they_are() -> None:
    for preset in (preset for preset in load().video if preset.light):
        normal = encoding.open_video(preset, 640, 360, 30)
        light = encoding.open_video(preset, 640, 360, 30, light=True)
        assert normal.extradata == light.extradata


def test_a_picture_is_cut_into_no_more_slices_than_its_size_and_rate_want(tmp_path: Path) -> None:
    assert [encoding.slices_for(*size, 30) for size in ((640, 360), (1920, 1080))] == [1, 1]
    cores = os.cpu_count() or 1
    assert encoding.slices_for(1920, 1080, 60) == min(2, cores)
    assert encoding.slices_for(3840, 2160, 30) == min(4, cores)
    assert encoding.slices_for(3842, 2160, 30) == min(5, cores)
    data = film(tmp_path / "whole.mp4", VideoRequest(encoder="libx264")).read_bytes()
    assert b"threads=1 " in data  # x264 writes its settings into the first picture


@pytest.mark.skipif(sys.platform != "linux", reason="other systems give no encoder such priority")
def test_no_encoder_takes_priority_over_everything_else(tmp_path: Path) -> None:
    """SVT-AV1 tries to where root runs it; every child process would have it too."""
    for opened in (
        lambda: encoding.open_video(choose(VideoRequest(encoder="libsvtav1")).preset, 640, 360, 30),
        lambda: film(tmp_path / "film.mp4", VideoRequest(encoder="libsvtav1"), TICKS[:3]),
        lambda: _render_in_av1(tmp_path),
    ):
        kept = opened()
        threads = [int(thread.name) for thread in Path("/proc/self/task").iterdir()]
        assert {os.sched_getscheduler(thread) for thread in threads} == {os.SCHED_OTHER}
        del kept


def _render_in_av1(folder: Path) -> Version:
    """An encoder as smaller versions have it, still open."""
    with av.open(str(film(folder / "source.mp4", VideoRequest(encoder="libx264"), TICKS[:3]))) as source:
        output = av.open(str(folder / "small.mp4"), "w")
        version = Version(source.streams.video[0], Target(output, (320, 180)), 0, first=True)
        version.open(load().rendition_named("libsvtav1"), Fraction(30), 1)
        return version
