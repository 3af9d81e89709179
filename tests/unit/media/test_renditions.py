"""Lower versions: smaller, and otherwise the same film."""

from pathlib import Path
from typing import Any

import av
import pytest

from media.errors import MediaError, RenditionError
from media.facts import Rung, rungs_for
from media.fragments import Layout, scan
from media.pictures import Coding
from media.presets import load
from media.probe import probe
from media.renditions import make_renditions
from media.sniff import Container
from media.transcode import Encoded
from tests.support.footage import RECORDED, every, shoot, stamps
from tests.support.media import decode_errors


def render(film: Path, output: Path, rung: Rung | None = None, **more: Any) -> Encoded:
    facts = probe(film, kind=Container.MP4)
    rungs = {output: rung or Rung("90p", 160, 90)}
    (made,) = make_renditions(film, rungs, kind=Container.MP4, facts=facts, **more)
    return made


def sound(path: Path) -> list[tuple[int | None, bytes]]:
    with av.open(str(path)) as opened:
        return [(packet.pts, bytes(packet)) for packet in opened.demux(audio=0) if packet.size]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((3840, 2160), [("1080p", 1920, 1080), ("720p", 1280, 720), ("480p", 854, 480), ("360p", 640, 360)]),
        ((1920, 1080), [("720p", 1280, 720), ("480p", 854, 480), ("360p", 640, 360)]),
        ((1366, 768), [("480p", 854, 480), ("360p", 640, 360)]),
        ((960, 540), [("360p", 640, 360)]),
        ((1080, 1920), [("720p", 720, 1280), ("480p", 480, 854), ("360p", 360, 640)]),
        ((640, 360), []),
        ((0, 0), []),
    ],
)
def test_the_ladder_has_the_rungs_that_are_clearly_below_the_source(
    size: tuple[int, int], expected: list[tuple[str, int, int]]
) -> None:
    assert [(rung.name, rung.width, rung.height) for rung in rungs_for(*size)] == expected


def test_a_ladder_comes_from_one_decode(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(3), sound_s=3.0, options=RECORDED)
    rungs = {tmp_path / f"{height}.mp4": Rung(f"{height}p", 16 * height // 9, height) for height in (144, 90)}
    made = make_renditions(film, rungs, kind=Container.MP4, facts=probe(film, kind=Container.MP4))
    assert [(one.height, one.pictures) for one in made] == [(144, 90), (90, 90)]
    for path, rung in rungs.items():
        facts = probe(path, kind=Container.MP4)
        assert (facts.width, facts.height) == (rung.width, rung.height)
        assert facts.streams_as_it_is
        assert stamps(path) == stamps(film)
        assert sound(path) == sound(film)
        assert decode_errors(path) == ""


def test_pictures_and_keys_keep_their_times(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(5), sound_s=5.0, options=RECORDED)
    made = render(film, tmp_path / "b.mp4")
    assert made.pictures == made.expected == 150
    assert stamps(tmp_path / "b.mp4") == stamps(film)
    assert [at for at, key in stamps(tmp_path / "b.mp4") if key] == [0.0, 2.0, 4.0]
    assert decode_errors(tmp_path / "b.mp4") == ""


@pytest.mark.parametrize("times", [every(5), [0.0, 0.033, 0.5, 1.0, 2.0, 2.9, 3.5, 4.0, 4.5]])
def test_av1_is_cut_like_the_others(tmp_path: Path, times: list[float]) -> None:
    film = shoot(tmp_path / "a.mp4", times, sound_s=4.5, options=RECORDED)
    coding = Coding(load().rendition_named("libsvtav1"), threads=1)
    render(film, tmp_path / "b.mp4", Rung("av1", 320, 180), coding=coding)
    assert stamps(tmp_path / "b.mp4") == stamps(film)
    assert sound(tmp_path / "b.mp4") == sound(film)
    assert decode_errors(tmp_path / "b.mp4") == ""
    with (tmp_path / "b.mp4").open("rb") as file:
        index = scan(file)
    assert [track.codec for track in index.tracks] == ["av01.0.00M.08", "mp4a.40.2"]
    assert [fragment.start_s for fragment in index.fragments if fragment.keyframe] == [0.0, 2.0, 4.0]


def test_a_variable_frame_rate_stays_variable(tmp_path: Path) -> None:
    times = [0.0, 0.033, 0.5, 0.51, 1.0, 1.5, 2.0, 2.4, 2.9, 3.0, 3.001, 3.5, 4.0, 4.5]
    film = shoot(tmp_path / "a.mp4", times, options=RECORDED)
    render(film, tmp_path / "b.mp4")
    assert stamps(tmp_path / "b.mp4") == stamps(film)


def test_the_file_is_fragmented_like_a_recording(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(5), sound_s=5.0, options=RECORDED)
    render(film, tmp_path / "b.mp4")
    with (tmp_path / "b.mp4").open("rb") as file:
        index = scan(file)
    assert index.layout is Layout.FRAGMENTED
    assert [fragment.start_s for fragment in index.fragments if fragment.keyframe] == [0.0, 2.0, 4.0]
    assert max(fragment.duration_s for fragment in index.fragments) < 2.6
    assert index.duration_s == pytest.approx(5.0, abs=0.05)


def test_sound_goes_over_bit_by_bit(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(2), sound_s=2.0, options=RECORDED)
    render(film, tmp_path / "b.mp4")

    assert sound(tmp_path / "b.mp4") == sound(film)


def test_colour_tags_are_kept(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(1), options=RECORDED)
    tagged = tmp_path / "tagged.mp4"
    with av.open(str(film)) as source, av.open(str(tagged), "w", container_options=RECORDED) as target:
        stream: Any = target.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        stream.codec_context.color_primaries, stream.codec_context.color_trc = 1, 13
        stream.codec_context.colorspace, stream.codec_context.color_range = 1, 1
        for frame in source.decode(video=0):
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    render(tagged, tmp_path / "b.mp4")
    with av.open(str(tmp_path / "b.mp4")) as made:
        context = made.streams.video[0].codec_context
        assert (context.color_primaries, context.color_trc, context.colorspace) == (1, 13, 1)


def test_missing_pictures_are_no_success(tmp_path: Path) -> None:
    """FFmpeg decodes around damage and reports nothing."""
    film = shoot(tmp_path / "a.mp4", every(4), keys_s=4.0, options=RECORDED)
    data = bytearray(film.read_bytes())
    with film.open("rb") as file:
        fragments = scan(file).fragments
    for fragment in fragments[1:]:
        start = data.index(b"mdat", fragment.offset) + 4
        data[start : fragment.end] = bytes(fragment.end - start)
    film.write_bytes(data)
    with pytest.raises(MediaError):
        render(film, tmp_path / "b.mp4")


def test_progress_is_told_and_can_end_the_work(tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    seen: list[float] = []

    def watch(fraction: float) -> None:
        seen.append(fraction)
        raise Enough

    film = shoot(tmp_path / "a.mp4", every(2), options=RECORDED)
    with pytest.raises(Enough):
        render(film, tmp_path / "b.mp4", watch=watch)
    assert seen


def test_sound_alone_has_no_lower_version(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", [], sound_s=1.0)
    with pytest.raises(RenditionError):
        render(film, tmp_path / "b.mp4")
