"""Playlists over byte ranges, read back with a parser of others."""

import io
import time
from datetime import UTC, datetime
from itertools import pairwise

import av
import m3u8
import pytest

from media.fragments import Fragment, FragmentParser
from media.hls import PART_TARGET_S, MediaPlaylist, captions_playlist, key_frame_playlist
from media.hls_master import CaptionTrack, Variant, master_playlist
from tests.support import films

STARTED = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
INIT = 1000


def parts(count: int, duration_s: float = 0.5, key_each: int = 4) -> list[Fragment]:
    return [
        Fragment(INIT + 100 * number, 100, number * duration_s, duration_s, number % key_each == 0, 15)
        for number in range(count)
    ]


def playlist(fragments: list[Fragment]) -> MediaPlaylist:
    made = MediaPlaylist("source.mp4", INIT, STARTED)
    made.add(fragments)
    return made


def test_a_real_recording_becomes_two_second_segments_of_its_own_bytes() -> None:
    parser = FragmentParser()
    parser.feed(films.growing(6.0))
    made = MediaPlaylist("source.mp4", parser.init_length or 0, STARTED)
    made.add(parser.fragments)
    made.finish()
    read = m3u8.loads(made.text())
    assert [round(segment.duration, 2) for segment in read.segments] == [2.0, 2.0, 2.0]
    assert read.segments[0].byterange == f"{read.segments[0].byterange.split('@')[0]}@{parser.init_length}"
    assert sum(int(segment.byterange.split("@")[0]) for segment in read.segments) == sum(
        part.length for part in parser.fragments
    )
    assert (read.playlist_type, read.is_endlist, read.target_duration) == ("vod", True, 3)
    assert read.segment_map[0].byterange == f"{parser.init_length}@0"
    assert read.segments[0].program_date_time == STARTED


def test_a_growing_file_is_an_event_with_parts_and_blocking_reload() -> None:
    text = playlist(parts(10)).text()
    read = m3u8.loads(text)
    assert (read.playlist_type, read.is_endlist) == ("event", False)
    assert read.server_control.can_block_reload == "YES"
    assert read.server_control.part_hold_back == pytest.approx(3 * read.part_inf.part_target)
    assert len(read.segments) == 3  # two whole ones and the open one, which has parts alone
    assert read.segments[-1].uri is None
    assert [part.independent for part in read.segments[-1].parts] == ["YES", None]
    assert 'BYTERANGE="100@1000",INDEPENDENT=YES' in text
    assert "PRELOAD-HINT" not in text


def test_parts_are_listed_for_the_last_seconds_only() -> None:
    text = playlist(parts(400)).text()
    listed = text.count("#EXT-X-PART:")
    assert 9 / 0.5 <= listed <= 9 / 0.5 + 8
    assert text.rindex("#EXTINF") < text.rindex("#EXT-X-PART:") or listed % 4 == 0


def test_growing_in_any_steps_gives_the_same_text() -> None:
    fragments = parts(150)
    stepwise = MediaPlaylist("source.mp4", INIT, STARTED)
    for fragment in fragments:
        stepwise.add([fragment])
        stepwise.text()
    assert stepwise.text() == playlist(fragments).text()
    stepwise.finish()
    whole = playlist(fragments)
    whole.finish()
    assert stepwise.text() == whole.text()


def test_the_target_duration_holds_for_the_life_of_the_playlist() -> None:
    late = [Fragment(INIT + 100 * n, 100, n * 0.5, 0.5, n in {0, 17}, 15) for n in range(40)]
    made = MediaPlaylist("source.mp4", INIT, STARTED)
    for fragment in late:
        made.add([fragment])
        read = m3u8.loads(made.text())
        assert read.target_duration == 3
        assert all(round(part.duration) <= 3 for part in read.segments if part.uri)
    assert "INDEPENDENT-SEGMENTS" not in made.text()


def test_long_fragments_of_other_recorders_set_the_target_at_the_start() -> None:
    made = playlist(parts(4, duration_s=10.0, key_each=1))
    assert "#EXT-X-TARGETDURATION:10\n" in made.text()
    assert len(m3u8.loads(made.text()).segments[1].parts) == 1


def test_an_update_leaves_out_what_the_client_knows() -> None:
    made = playlist(parts(400))
    full, delta = m3u8.loads(made.text()), m3u8.loads(made.text(skip=True))
    skipped = int(delta.skip.skipped_segments)
    assert skipped > 80
    assert [str(segment.byterange) for segment in full.segments[skipped:]] == [
        str(segment.byterange) for segment in delta.segments
    ]
    kept_s = sum(segment.duration for segment in delta.segments if segment.duration)
    assert kept_s + 4 * 0.5 >= 6 * 3  # with the parts of the open segment
    assert delta.segments[0].program_date_time == full.segments[skipped].current_program_date_time
    assert len(made.text(skip=True)) < len(made.text()) / 3


def test_a_short_or_finished_playlist_is_never_an_update() -> None:
    short = playlist(parts(20))
    assert short.text(skip=True) == short.text()
    long = playlist(parts(400))
    long.finish()
    assert "#EXT-X-SKIP" not in long.text(skip=True)
    assert "#EXT-X-PART" not in long.text()


@pytest.mark.parametrize(
    ("count", "number", "part", "there"),
    [
        (1, 0, 0, True),
        (1, 0, 1, False),
        (1, 0, None, False),
        (4, 0, 3, True),
        (4, 0, 4, False),
        (5, 0, 4, True),
        (5, 0, None, True),
        (5, 1, 0, True),
        (5, 1, 1, False),
    ],
)
def test_a_part_is_there_once_it_or_a_later_one_is(
    count: int, number: int, part: int | None, there: bool
) -> None:
    assert playlist(parts(count)).has(number, part) is there


def test_a_finished_playlist_has_every_part() -> None:
    made = playlist(parts(3))
    made.finish()
    assert made.has(99, 99)


def test_segments_are_numbered_by_time_without_gaps() -> None:
    segments = playlist(parts(403)).segments.closed
    assert [segment.number for segment in segments] == list(range(100))
    assert all(one.offset + one.length == two.offset for one, two in pairwise(segments))


def test_half_a_second_and_a_frame_fits_the_part_target() -> None:
    assert PART_TARGET_S >= 0.5 + 1 / 30
    assert 0.85 * PART_TARGET_S <= 0.5


def test_an_update_of_a_long_recording_costs_little() -> None:
    made = playlist(parts(3600))  # half an hour
    made.text()
    started = time.process_time()
    for number in range(3600, 3620):
        made.add([Fragment(INIT + 100 * number, 100, number * 0.5, 0.5, number % 4 == 0, 15)])
        made.text(skip=True)
    assert (time.process_time() - started) / 20 < 0.01


def test_the_master_playlist_names_codecs_size_and_rates() -> None:
    source = Variant("video.m3u8", 2_000_000, 1_000_000, "avc1.64001f,mp4a.40.2", 1920, 1080, 30.0)
    read = m3u8.loads(master_playlist([source, Variant("480p.m3u8", 500_000)]))
    info = read.playlists[0].stream_info
    assert (info.bandwidth, info.average_bandwidth, info.codecs) == (2_000_000, 1_000_000, source.codecs)
    assert (info.resolution, info.frame_rate) == ((1920, 1080), 30.0)
    assert read.playlists[1].uri == "480p.m3u8"
    assert read.is_independent_segments


def test_the_master_playlist_offers_key_frames_and_captions() -> None:
    spoken = CaptionTrack("captions-en.m3u8", "en", 'English "UK"\n')
    versions = [Variant("video.m3u8", 2_000_000), Variant("480p.m3u8", 500_000)]
    keys = Variant("iframes.m3u8", 90_000, 80_000, "avc1.64001f", 1920, 1080)
    text = master_playlist(versions, [keys], [spoken], independent=False)
    read = m3u8.loads(text)
    assert [one.stream_info.subtitles for one in read.playlists] == ["captions", "captions"]
    (track,) = read.media
    assert (track.type, track.group_id, track.language, track.uri) == (
        "SUBTITLES", "captions", "en", "captions-en.m3u8",
    )  # fmt: skip
    assert track.name == "English UK"
    (frames,) = read.iframe_playlists
    assert (frames.uri, frames.iframe_stream_info.bandwidth) == ("iframes.m3u8", 90_000)
    assert frames.iframe_stream_info.resolution == (1920, 1080)
    assert text.count("CLOSED-CAPTIONS=NONE") == 2
    assert not read.is_independent_segments


def test_key_frames_are_listed_by_the_bytes_that_show_them() -> None:
    film = films.growing(6.0)
    parser = FragmentParser()
    parser.feed(film)
    read = m3u8.loads(key_frame_playlist("source.mp4", parser.init_length or 0, parser.fragments))
    assert read.is_i_frames_only
    assert read.is_endlist
    assert [segment.duration for segment in read.segments] == [2.0, 2.0, 2.0]
    for segment in read.segments:
        size, start = map(int, segment.byterange.split("@"))
        # The init section and so many bytes are a picture, and with one byte less they are none.
        assert pictures(film[: parser.init_length] + film[start : start + size]) == 1
        assert pictures(film[: parser.init_length] + film[start : start + size - 1]) == 0


def pictures(data: bytes) -> int:
    with av.open(io.BytesIO(data), format="mp4") as container:
        try:
            return sum(not packet.is_corrupt and packet.size > 0 for packet in container.demux(video=0))
        except av.error.FFmpegError:
            return 0


def test_sound_alone_has_no_key_frames_to_list() -> None:
    parser = FragmentParser()
    parser.feed(films.growing(2.0, video=""))
    assert parser.fragments
    assert key_frame_playlist("source.mp4", parser.init_length or 0, parser.fragments) == ""


def test_captions_are_one_segment_as_long_as_the_video() -> None:
    read = m3u8.loads(captions_playlist("captions-en.vtt", 61.5))
    assert [(one.uri, one.duration) for one in read.segments] == [("captions-en.vtt", 61.5)]
    assert (read.target_duration, read.is_endlist) == (62, True)
