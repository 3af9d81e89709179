"""Parameter sets of H.264 in MP4, and the units of its pictures."""

import contextlib
import io

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.avc import Record, begins_anew, is_whole, units
from media.errors import FragmentError
from tests.support import films
from tests.support.fuzzing import fuzzed


@pytest.fixture(scope="module")
def film() -> bytes:
    return films.growing(6.0)


@pytest.fixture(scope="module")
def record(film: bytes) -> bytes:
    with av.open(io.BytesIO(film), "r") as container:
        return bytes(container.streams.video[0].codec_context.extradata or b"")


def test_a_record_is_written_as_it_was_read(record: bytes) -> None:
    read = Record.read(record)
    assert read.write() == record
    assert (read.ids, read.free_id) == ({0}, 31)


def test_sets_of_two_encoders_stand_side_by_side(record: bytes) -> None:
    first = Record.read(record)
    both = Record.read(first.joined(first).write())
    assert both.sequences == first.sequences * 2
    assert both.pictures == first.pictures * 2
    assert (both.profile, both.level, both.rest) == (first.profile, first.level, first.rest)


def test_a_full_record_has_no_id_left(record: bytes) -> None:
    full = Record.read(record)
    for _ in range(5):
        full = full.joined(full)
    assert len(full.sequences) >= 31
    assert full.free_id is None


def test_a_picture_begins_anew_where_its_key_says_so(film: bytes) -> None:
    with av.open(io.BytesIO(film), "r") as container:
        packets = [packet for packet in container.demux(container.streams.video[0]) if packet.size]
    assert [begins_anew(bytes(packet)) for packet in packets] == [packet.is_keyframe for packet in packets]


def test_a_picture_is_whole_or_it_is_not(film: bytes) -> None:
    with av.open(io.BytesIO(film), "r") as container:
        picture = next(bytes(packet) for packet in container.demux(container.streams.video[0]))
    assert is_whole(picture)
    for broken in (b"", picture[:-1], picture + b"\0", bytes(len(picture)), b"\x7f" + picture[1:]):
        assert not is_whole(broken)


def test_other_forms_are_refused(record: bytes) -> None:
    start_codes = b"\0\0\0\1" + Record.read(record).sequences[0]
    short_lengths = record[:4] + bytes((record[4] & 0xFC | 1,)) + record[5:]
    for data in (b"", start_codes, short_lengths, record[:12], bytes(len(record))):
        with pytest.raises(FragmentError):
            Record.read(data)


@fuzzed
@given(st.binary(max_size=60), st.binary(max_size=60))
def test_any_bytes_are_a_record_or_refused(tail: bytes, picture: bytes) -> None:
    with contextlib.suppress(FragmentError):
        assert Record.read(b"\1\x64\0\x1f\xff" + tail).free_id in {None, *range(32)}
    assert sum(map(len, units(picture))) <= len(picture)
    assert begins_anew(picture) in (True, False)
    assert is_whole(picture) in (True, False)
