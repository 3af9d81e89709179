"""Packets become whole fragments whose bytes never change, cut where players want them."""

import io
from collections.abc import Callable
from fractions import Fraction

import av
import numpy as np
import pytest

from media import presets
from media.errors import EncoderError
from media.fragments import scan
from media.muxer import AudioFormat, Chunk, FragmentMuxer, VideoFormat

WIDTH, HEIGHT, FPS = 320, 180, 30
HALF = 45_000


def video_format(width: int = WIDTH) -> VideoFormat:
    return VideoFormat(presets.load().video_named("libx264"), width, HEIGHT, FPS)


def encode(muxer: FragmentMuxer, pts: list[int], *, sound: bool) -> None:
    """Pictures at `pts`, a key each two seconds, and silence alongside."""
    picture = np.full((HEIGHT * 3 // 2, WIDTH), 128, dtype=np.uint8)
    samples = 0
    for at in pts:
        frame = av.VideoFrame.from_numpy_buffer(picture, format="yuv420p")
        frame.pts, frame.time_base = at, Fraction(1, 90_000)
        frame.pict_type = 1 if at % 180_000 == 0 else 0
        for packet in muxer.video.encode(frame):
            packet.duration = 3000
            muxer.mux_video(packet)
        while sound and samples / 48_000 < at / 90_000 + 0.04:
            samples = _silence(muxer, samples)


def _silence(muxer: FragmentMuxer, at: int) -> int:
    block = av.AudioFrame.from_ndarray(np.zeros((1, 1024), dtype=np.float32), format="fltp", layout="mono")
    block.sample_rate, block.pts, block.time_base = 48_000, at, Fraction(1, 48_000)
    for track, context in enumerate(muxer.audio):
        for packet in context.encode(block):
            muxer.mux_audio(packet, track)
    return at + 1024


@pytest.fixture
def record() -> Callable[..., tuple[bytes, list[Chunk]]]:
    def run(pts: list[int], *, sound: int = 1) -> tuple[bytes, list[Chunk]]:
        chunks: list[Chunk] = []
        audio = [AudioFormat(presets.load().audio, 1)] * sound
        muxer = FragmentMuxer(chunks.append, video_format(), audio, "A title")
        encode(muxer, pts, sound=bool(sound))
        muxer.finish()
        muxer.finish()
        return b"".join(chunk.data for chunk in chunks), chunks

    return run


@pytest.mark.parametrize("sound", [0, 1, 3])
def test_a_still_screen_gives_a_fragment_each_half_second(
    record: Callable[..., tuple[bytes, list[Chunk]]], sound: int
) -> None:
    data, _ = record([index * HALF for index in range(9)], sound=sound)
    index = scan(io.BytesIO(data))
    assert [track.kind for track in index.tracks] == ["video", *["audio"] * sound]
    assert [round(one.start_s, 3) for one in index.fragments] == [index / 2 for index in range(9)]
    assert [round(one.duration_s, 3) for one in index.fragments[:-1]] == [0.5] * 8
    assert [one.start_s for one in index.fragments if one.keyframe] == [0.0, 2.0, 4.0]


def test_every_chunk_holds_whole_fragments_and_the_first_one_the_header(
    record: Callable[..., tuple[bytes, list[Chunk]]],
) -> None:
    _, chunks = record([index * 3000 for index in range(95)])
    written = b""
    for chunk in chunks:
        written += chunk.data
        index = scan(io.BytesIO(written))
        assert index.consumed == len(written)
    assert chunks[0].data[4:8] == b"ftyp"
    assert sum(len(chunk.fragments) for chunk in chunks) == 7


def test_a_file_cut_after_any_chunk_plays(record: Callable[..., tuple[bytes, list[Chunk]]]) -> None:
    _, chunks = record([index * 3000 for index in range(70)])
    with av.open(io.BytesIO(b"".join(chunk.data for chunk in chunks[:3])), format="mp4") as file:
        assert sum(1 for _ in file.decode(video=0)) == 45


def test_sound_starts_at_zero_with_no_run_in_before_it(
    record: Callable[..., tuple[bytes, list[Chunk]]],
) -> None:
    """With a run-in to cut off, Firefox drops the pictures between the first fragment and the next key."""
    data, _ = record([index * 3000 for index in range(35)])
    with av.open(io.BytesIO(data), format="mp4") as file:
        assert next(file.demux(audio=0)).pts == 0


def test_the_file_says_which_colours_it_holds(record: Callable[..., tuple[bytes, list[Chunk]]]) -> None:
    data, _ = record([0, 3000, 6000])
    with av.open(io.BytesIO(data), format="mp4") as file:
        video = file.streams.video[0].codec_context
        assert (video.color_primaries, video.color_trc, video.colorspace, video.color_range) == (1, 1, 1, 1)
        assert file.streams.video[0].time_base == Fraction(1, 90_000)
        assert file.metadata["title"] == "A title"


def test_an_encoder_that_does_not_open_is_an_error_with_a_name() -> None:
    with pytest.raises(EncoderError, match="libx264"):
        FragmentMuxer(lambda chunk: None, video_format(width=3))
