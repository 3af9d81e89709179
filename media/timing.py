"""What a `moof` says about time: when a fragment starts, how long it lasts, whether it can be a first one.

Also where its first picture ends, for playlists of key frames alone.
"""

import struct
from dataclasses import dataclass

from media.boxes import Box, broken
from media.tracks import Movie, SampleDefaults, Track

MAX_SAMPLES = 100_000  # in one trun
MAX_FRAGMENT_S = 24 * 3600.0
_NOT_SYNC = 0x10000  # sample_is_non_sync_sample
BASE_IS_MOOF = 0x20000


@dataclass(frozen=True, slots=True)
class Timing:
    """`key_end` is the byte of the file behind the first picture, where that is a key frame; else 0."""

    start_s: float
    duration_s: float
    keyframe: bool
    samples: int
    key_end: int = 0


@dataclass(frozen=True, slots=True)
class _Run:
    """A `trun`: ticks, number of samples, flags of the first one and where it ends, counted from the base."""

    ticks: int
    samples: int
    first_flags: int | None
    first_end: int


def read_moof(moof: Box, movie: Movie, offset: int = 0) -> Timing:
    """The timing of the first video track in it, of the first other one where there is no picture.

    `offset` is the byte of the file at which the `moof` starts.
    """
    timing: Timing | None = None
    main = next((track for track in movie.tracks if track.kind == "video"), movie.tracks[0])
    for number, traf in enumerate(box for box in moof.children() if box.kind == "traf"):
        header = traf.need("tfhd")
        track_id = header.number(4, 4)
        if track_id not in movie.known:
            raise broken(f"a fragment belongs to the unknown track {track_id}")
        if track_id == main.id and timing is None:
            defaults = _header_defaults(header, movie.defaults.get(track_id, SampleDefaults()))
            timing = _read_traf(traf, main, defaults, data_base(header, offset, first=number == 0))
    # Sound alone between two pictures adds no time of its own: the pictures are the clock.
    return timing or Timing(0.0, 0.0, keyframe=False, samples=0)


def data_base(header: Box, offset: int, *, first: bool) -> int | None:
    """The byte from which a `traf` counts the offsets of its runs (ISO/IEC 14496-12, 8.8.7).

    `offset` is where the `moof` starts. None where it is the end of the data of the `traf` before.
    """
    if header.flags & 0x1:
        return header.number(8, 8)
    return offset if first or header.flags & BASE_IS_MOOF else None


def _read_traf(traf: Box, track: Track, defaults: SampleDefaults, base: int | None) -> Timing:
    start, ticks, samples = 0, 0, 0
    first: _Run | None = None
    for box in traf.children():
        if box.kind == "tfdt":
            start = box.number(4, 8 if box.version == 1 else 4)
        elif box.kind == "trun":
            run = _read_trun(box, defaults)
            first = run if first is None and run.samples else first
            ticks, samples = ticks + run.ticks, samples + run.samples
    duration = ticks / track.timescale
    if duration > MAX_FRAGMENT_S:
        raise broken("a fragment claims to last longer than a day")
    flags = None if first is None else first.first_flags
    sync = track.kind == "audio" or (flags is not None and not flags & _NOT_SYNC)
    key_end = 0
    if track.kind == "video" and sync and first is not None and first.first_end and base is not None:
        key_end = base + first.first_end
    return Timing(start / track.timescale, duration, sync, samples, key_end)


def _header_defaults(header: Box, defaults: SampleDefaults) -> SampleDefaults:
    """`tfhd`: the optional fields follow the track id in the order of their flags."""
    at, found = 8, {}
    for flag, size in ((0x1, 8), (0x2, 4), (0x8, 4), (0x10, 4), (0x20, 4)):
        if header.flags & flag:
            found[flag] = header.number(at, size)
            at += size
    return SampleDefaults(
        found.get(0x8, defaults.duration), found.get(0x20, defaults.flags), found.get(0x10, defaults.size)
    )


def _read_trun(box: Box, defaults: SampleDefaults) -> _Run:
    flags, count = box.flags, box.number(4, 4)
    at, first_flags = 8, defaults.flags
    data_offset = 0
    if flags & 0x1:
        data_offset = _signed(box.number(at, 4))
        at += 4
    if flags & 0x4:
        first_flags = box.number(at, 4)
        at += 4
    if count > MAX_SAMPLES:
        raise broken(f"a fragment claims {count} samples")
    fields = [flag for flag in (0x100, 0x200, 0x400, 0x800) if flags & flag]
    table = box.body[at : at + 4 * len(fields) * count]
    if len(table) < 4 * len(fields) * count:
        raise broken("a table of samples is shorter than it says")
    first = dict(zip(fields, struct.unpack_from(f">{len(fields)}I", table), strict=True)) if count else {}
    if not flags & 0x4:
        first_flags = first.get(0x400, first_flags)
    # Without an offset the data would follow those of another run: nobody needs to know where.
    first_end = data_offset + first.get(0x200, defaults.size) if data_offset > 0 else 0
    if 0x100 not in fields:
        return _Run(defaults.duration * count, count, first_flags, first_end)
    ticks = sum(struct.unpack(f">{len(fields) * count}I", table)[:: len(fields)])
    return _Run(ticks, count, first_flags, first_end)


def _signed(value: int) -> int:
    return value - (1 << 32) if value >= 1 << 31 else value
