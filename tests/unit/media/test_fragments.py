"""The index of a growing MP4, against ffprobe and against hostile files."""

import io
import json
import struct
import subprocess
import time
import tracemalloc
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.fragments import FragmentError, FragmentParser, Layout, scan
from tests.support import films


def box(kind: str, *bodies: bytes) -> bytes:
    body = b"".join(bodies)
    return struct.pack(">I4s", len(body) + 8, kind.encode("latin-1")) + body


def parse(data: bytes, **options: int) -> FragmentParser:
    parser = FragmentParser(**options)
    parser.feed(data)
    return parser


def patched(data: bytes, kind: bytes, at: int, value: bytes, nth: int = 0) -> bytes:
    """The file with `value` written `at` bytes behind the nth name `kind`."""
    start = -1
    for _ in range(nth + 1):
        start = data.index(kind, start + 1)
    start += 4 + at
    return data[:start] + value + data[start + len(value) :]


def init_section(data: bytes) -> bytes:
    return data[: parse(data).init_length or 0]


def test_fragments_agree_with_what_ffprobe_reads(tmp_path: Path) -> None:
    data = films.growing(6.0)
    file = tmp_path / "film.mp4"
    file.write_bytes(data)
    parser = parse(data)
    command = ["ffprobe", "-v", "error", "-select_streams", "v", "-of", "json", "-show_packets", str(file)]
    packets = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["packets"]
    assert sum(fragment.samples for fragment in parser.fragments) == len(packets)
    for fragment in parser.fragments:
        inside = [packet for packet in packets if fragment.offset <= int(packet["pos"]) < fragment.end]
        assert len(inside) == fragment.samples
        assert float(inside[0]["dts_time"]) == pytest.approx(fragment.start_s, abs=1e-5)
        assert inside[0]["flags"].startswith("K") == fragment.keyframe
        assert sum(float(packet["duration_time"]) for packet in inside) == pytest.approx(
            fragment.duration_s, abs=1e-3
        )


def test_init_section_and_fragments_cover_the_file_without_gaps() -> None:
    parser = parse(films.growing(6.0))
    assert parser.layout is Layout.FRAGMENTED
    assert parser.init_length == parser.fragments[0].offset
    assert all(one.end == two.offset for one, two in pairwise(parser.fragments))
    assert parser.consumed >= parser.fragments[-1].end
    assert parser.duration_s == pytest.approx(6.0, abs=0.05)


def test_key_frames_come_each_two_seconds() -> None:
    starts = [round(part.start_s, 2) for part in parse(films.growing(6.0)).fragments if part.keyframe]
    assert starts == [0.0, 2.0, 4.0]


@pytest.mark.parametrize(
    ("video", "codec"),
    [("libx264", "avc1.42c00b"), ("libx265", "hvc1."), ("libsvtav1", "av01.0."), ("", "")],
)
def test_codecs_are_named_as_browsers_know_them(video: str, codec: str) -> None:
    parser = parse(films.growing(1.0, video=video))
    names = [track.codec for track in parser.tracks]
    assert names[-1] == "mp4a.40.2"
    if video:
        assert names[0].startswith(codec)
        assert (parser.tracks[0].width, parser.tracks[0].height) == (192, 108)


def test_sound_alone_is_timed_by_its_own_track() -> None:
    parser = parse(films.growing(2.0, video=""))
    assert parser.duration_s == pytest.approx(2.0, abs=0.1)
    assert all(fragment.keyframe for fragment in parser.fragments)


@settings(max_examples=30, deadline=None)
@given(cuts=st.lists(st.integers(1, 40_000), min_size=1, max_size=60))
def test_any_chunking_gives_the_same_fragments(cuts: list[int]) -> None:
    data = films.growing(3.0)
    whole, parser = parse(data), FragmentParser()
    found, at = [], 0
    for cut in [*cuts, len(data)]:
        found += parser.feed(data[at : at + cut])
        at += cut
    assert found == parser.fragments == whole.fragments
    assert (parser.consumed, parser.tracks) == (whole.consumed, whole.tracks)


def test_single_bytes_give_the_same_fragments() -> None:
    data, parser = films.growing(1.0), FragmentParser()
    for at in range(len(data)):
        parser.feed(data[at : at + 1])
    assert parser.fragments == parse(data).fragments


def test_scan_seeks_to_the_same_answer_and_stops_where_it_is_told() -> None:
    data = films.growing(6.0)
    whole = parse(data)
    assert scan(io.BytesIO(data)).fragments == whole.fragments
    for end in (0, 5, whole.fragments[3].end - 1, whole.fragments[3].end, len(data) - 1):
        scanned = scan(io.BytesIO(data), end)
        assert scanned.fragments == [part for part in whole.fragments if part.end <= end]
        assert scanned.position == end
        scanned.feed(data[end:])
        assert scanned.fragments == whole.fragments


def test_a_torn_tail_is_ignored() -> None:
    data = films.growing(3.0)
    whole = parse(data).fragments
    assert parse(data[: whole[-1].end - 1]).fragments == whole[:-1]


def test_boxes_without_meaning_here_are_passed_over() -> None:
    data = films.growing(1.0)
    first = parse(data).fragments[0]
    extra = (
        box("styp", b"msdh\0\0\0\0") + box("sidx", bytes(40)) + box("free") + box("udta", box("name", b"x"))
    )
    parser = parse(data[: first.offset] + extra + data[first.offset :])
    assert parser.fragments[0].length == first.length + len(extra)
    assert parser.duration_s == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("faststart", [True, False])
def test_a_plain_file_is_a_state_and_no_error(faststart: bool) -> None:
    parser = parse(films.plain(faststart=faststart))
    assert (parser.layout, parser.fragments, parser.init_length) == (Layout.PLAIN, [], None)
    assert parser.tracks[0].width == 192


INIT = init_section(films.growing(1.0))
MOOF_AT = len(INIT)
HOSTILE = {
    "a box of size 0": INIT + struct.pack(">I4s", 0, b"moof") + bytes(100),
    "a box smaller than its header": INIT + struct.pack(">I4s", 7, b"moof") + bytes(100),
    "a 64-bit size smaller than its header": INIT + struct.pack(">I4sQ", 1, b"mdat", 15) + bytes(100),
    "a 64-bit size beyond all files": INIT + struct.pack(">I4sQ", 1, b"mdat", 1 << 63) + bytes(100),
    "a moof over 4 MiB": INIT + struct.pack(">I4s", (4 << 20) + 1, b"moof"),
    "a moov over 256 MiB": struct.pack(">I4sQ", 1, b"moov", (256 << 20) + 1),
    "a second moov": INIT + INIT[INIT.index(b"moov") - 4 :],
    "a moof before the moov": box("ftyp", b"isom\0\0\0\0") + box("moof", box("mfhd", bytes(8))),
    "a child larger than its parent": patched(INIT, b"trak", -8, struct.pack(">I", 1 << 20)),
    "no box name": b"\0\0\0\x10\x01\x02\x03\x04" + bytes(100),
    "a trak without tkhd": patched(INIT, b"tkhd", -4, b"xkhd"),
    "a trak without mdhd": patched(INIT, b"mdhd", -4, b"xdhd"),
    "a time scale of zero": patched(INIT, b"mdhd", 12, bytes(4)),
    "two tracks with one number": patched(INIT, b"tkhd", 12, struct.pack(">I", 1), nth=1),
    "a picture of 60000x60000": patched(INIT, b"avc1", 24, struct.pack(">HH", 60_000, 60_000)),
    "a frame of 60000x60000": patched(INIT, b"tkhd", 76, struct.pack(">II", 60_000 << 16, 60_000 << 16)),
    "a picture without area": patched(INIT, b"avc1", 24, bytes(4)),
    "an unknown track": patched(films.growing(1.0), b"tfhd", 4, struct.pack(">I", 77)),
    "an absurd number of samples": patched(films.growing(1.0), b"trun", 4, struct.pack(">I", 0xFFFFFFF0)),
    "more samples than the table": patched(films.growing(1.0), b"trun", 4, struct.pack(">I", 5000)),
    "boxes in boxes in boxes": box("moov", *[b"".join(struct.pack(">I4s", 2000, b"trak") for _ in range(9))]),
    "an endless list of boxes": box("moov", box("free") * 5000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_structure_is_refused_with_a_sentence(name: str) -> None:
    parser = FragmentParser()
    with pytest.raises(FragmentError) as refused:
        parser.feed(HOSTILE[name])
    assert refused.value.title
    assert refused.value.detail
    with pytest.raises(FragmentError):
        parser.feed(b"more")


def test_the_limit_of_the_picture_is_the_callers() -> None:
    with pytest.raises(FragmentError, match="larger than the 1000 pixels"):
        parse(INIT, max_pixels=1000)


def test_a_moov_too_large_for_a_recording_means_a_plain_file() -> None:
    parser = parse(box("ftyp", b"isom\0\0\0\0") + struct.pack(">I4s", 5 << 20, b"moov") + bytes(100))
    assert parser.layout is Layout.PLAIN


FILM = films.growing(1.0)


@settings(max_examples=400, deadline=None)
@given(
    flips=st.lists(st.tuples(st.integers(0, len(INIT) + 900), st.integers(0, 255)), min_size=1, max_size=12)
)
def test_damaged_files_raise_nothing_but_fragment_errors(flips: list[tuple[int, int]]) -> None:
    data = bytearray(FILM)
    for at, value in flips:
        data[at] = value
    survive(bytes(data))


KINDS = [
    "moov",
    "trak",
    "mdia",
    "minf",
    "stbl",
    "stsd",
    "tkhd",
    "mdhd",
    "hdlr",
    "mvex",
    "trex",
    "avc1",
    "avcC",
]
KINDS += [
    "mp4a",
    "esds",
    "moof",
    "traf",
    "tfhd",
    "tfdt",
    "trun",
    "mdat",
    "free",
    "hvcC",
    "hvc1",
    "av01",
    "av1C",
]
TREES = st.recursive(
    st.builds(box, st.sampled_from(KINDS), st.binary(max_size=60)),
    lambda inner: st.builds(
        lambda kind, head, bodies: box(kind, head, *bodies),
        st.sampled_from(KINDS),
        st.sampled_from([b"", bytes(8), bytes(78), bytes(28)]),
        st.lists(inner, max_size=5),
    ),
    max_leaves=20,
)


@settings(max_examples=400, deadline=None)
@given(trees=st.lists(TREES, max_size=5), with_init=st.booleans())
def test_random_box_trees_raise_nothing_but_fragment_errors(trees: list[bytes], with_init: bool) -> None:
    survive((INIT if with_init else b"") + b"".join(trees))


def survive(data: bytes) -> None:
    for feed in (parse, lambda held: scan(io.BytesIO(held))):
        with suppress(FragmentError):
            feed(data)


def test_hostile_sizes_cost_neither_memory_nor_time() -> None:
    promise = INIT + struct.pack(">I4sQ", 1, b"mdat", 1 << 60)
    started = time.process_time()
    tracemalloc.start()
    try:
        parser = FragmentParser()
        parser.feed(promise)
        for _ in range(200):
            parser.feed(bytes(1 << 20))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8 << 20
    assert time.process_time() - started < 5
    assert parser.fragments == []
