"""One track of a recording as a file of its own: the same samples at the same times, and nothing else."""

import io
import random
from contextlib import suppress
from pathlib import Path

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.errors import FragmentError
from media.fragments import FragmentParser
from media.single_track import SingleTrack
from tests.support import films

# As other programs write fragments: positions from the start of the file, or of the fragment.
OTHERS = {"frag_keyframe+empty_moov": "from the file", "frag_keyframe+empty_moov+default_base_moof": "moof"}


def split(data: bytes) -> tuple[FragmentParser, dict[str, bytes]]:
    """The file of each track, put together from segments of a few fragments."""
    parser = FragmentParser()
    parser.feed(data)
    head, made = data[: parser.init_length], {}
    for track in parser.tracks:
        single = SingleTrack(head, track.id)
        made[track.kind] = single.head
        for first in range(0, len(parser.fragments), 4):
            start, end = parser.fragments[first].offset, parser.fragments[first : first + 4][-1].end
            made[track.kind] += single.fragments(data[start:end], start)
    return parser, made


def samples(data: bytes, kind: str) -> list[tuple[int | None, int | None, bool, bytes]]:
    with av.open(io.BytesIO(data), format="mp4") as container:
        stream = next(stream for stream in container.streams if stream.type == kind)
        packets = [packet for packet in container.demux(stream) if packet.size]
        return [(one.pts, one.dts, one.is_keyframe, bytes(one)) for one in packets]


@pytest.mark.parametrize("kind", ["video", "audio"])
def test_a_recording_is_taken_apart_sample_by_sample(kind: str) -> None:
    film = films.growing(6.0)
    parser, made = split(film)
    assert samples(made[kind], kind) == samples(film, kind)
    alone = FragmentParser()
    alone.feed(made[kind])
    assert [(track.kind, track.codec) for track in alone.tracks] == [
        (track.kind, track.codec) for track in parser.tracks if track.kind == kind
    ]
    assert sum(map(len, made.values())) < len(film) + 40_000


@pytest.mark.parametrize("movflags", OTHERS, ids=OTHERS.values())
def test_fragments_of_other_programs_are_taken_apart_too(movflags: str, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    with (
        av.open(io.BytesIO(films.growing(4.0)), format="mp4") as source,
        av.open(str(film), "w", options={"movflags": movflags}) as target,
    ):
        streams = {stream.index: target.add_stream_from_template(stream) for stream in source.streams}
        for packet in source.demux():
            if packet.size:
                packet.stream = streams[packet.stream.index]
                target.mux(packet)
    data = film.read_bytes()
    _, made = split(data)
    for kind, alone in made.items():
        assert samples(alone, kind) == samples(data, kind)


def test_a_track_that_is_not_there_is_refused() -> None:
    film = films.growing(2.0)
    with pytest.raises(FragmentError):
        SingleTrack(film[:4000], 7)
    with pytest.raises(FragmentError):
        SingleTrack(b"", 1)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_damaged_fragment_is_taken_apart_or_refused(seed: int) -> None:
    film = films.growing(2.0)
    parser = FragmentParser()
    parser.feed(film)
    head, dice = film[: parser.init_length], random.Random(seed)
    start = parser.fragments[0].offset
    data = bytearray(film[start : parser.fragments[1].end])
    for _ in range(dice.randrange(1, 8)):
        data[dice.randrange(min(len(data), 900))] ^= 1 << dice.randrange(8)
    with suppress(FragmentError):
        assert len(SingleTrack(head, 1).fragments(bytes(data), start)) <= 2 * len(data)
