"""What a `moof` says about time: when a fragment starts, how long it lasts, whether it can be a first one."""

import struct
from dataclasses import dataclass

from media.boxes import Box, broken
from media.tracks import Movie, SampleDefaults, Track

MAX_SAMPLES = 100_000  # in one trun
MAX_FRAGMENT_S = 24 * 3600.0
_NOT_SYNC = 0x10000  # sample_is_non_sync_sample


@dataclass(frozen=True, slots=True)
class Timing:
    start_s: float
    duration_s: float
    keyframe: bool
    samples: int


def read_moof(moof: Box, movie: Movie) -> Timing:
    """The timing of the first video track in it, of the first other one where there is no picture."""
    timing: Timing | None = None
    main = next((track for track in movie.tracks if track.kind == "video"), movie.tracks[0])
    for traf in moof.children():
        if traf.kind != "traf":
            continue
        header = traf.need("tfhd")
        track_id = header.number(4, 4)
        if track_id not in movie.known:
            raise broken(f"a fragment belongs to the unknown track {track_id}")
        if track_id == main.id and timing is None:
            timing = _read_traf(traf, header, main, movie.defaults.get(track_id, SampleDefaults()))
    # Sound alone between two pictures adds no time of its own: the pictures are the clock.
    return timing or Timing(0.0, 0.0, keyframe=False, samples=0)


def _read_traf(traf: Box, header: Box, track: Track, defaults: SampleDefaults) -> Timing:
    defaults = _header_defaults(header, defaults)
    start, ticks, samples = 0, 0, 0
    first_flags: int | None = None
    for box in traf.children():
        if box.kind == "tfdt":
            start = box.number(4, 8 if box.version == 1 else 4)
        elif box.kind == "trun":
            run_ticks, run_samples, run_flags = _read_trun(box, defaults)
            first_flags = run_flags if samples == 0 and run_samples else first_flags
            ticks, samples = ticks + run_ticks, samples + run_samples
    duration = ticks / track.timescale
    if duration > MAX_FRAGMENT_S:
        raise broken("a fragment claims to last longer than a day")
    sync = track.kind == "audio" or (first_flags is not None and not first_flags & _NOT_SYNC)
    return Timing(start / track.timescale, duration, sync, samples)


def _header_defaults(header: Box, defaults: SampleDefaults) -> SampleDefaults:
    """`tfhd`: the optional fields follow the track id in the order of their flags."""
    at, found = 8, {}
    for flag, size in ((0x1, 8), (0x2, 4), (0x8, 4), (0x10, 4), (0x20, 4)):
        if header.flags & flag:
            found[flag] = header.number(at, size)
            at += size
    return SampleDefaults(found.get(0x8, defaults.duration), found.get(0x20, defaults.flags))


def _read_trun(box: Box, defaults: SampleDefaults) -> tuple[int, int, int]:
    """Duration in ticks, number of samples, and the flags of the first sample."""
    flags, count = box.flags, box.number(4, 4)
    at = 8 + (4 if flags & 0x1 else 0)
    first_flags = defaults.flags
    if flags & 0x4:
        first_flags = box.number(at, 4)
        at += 4
    if count > MAX_SAMPLES:
        raise broken(f"a fragment claims {count} samples")
    fields = [flag for flag in (0x100, 0x200, 0x400, 0x800) if flags & flag]
    table = box.body[at : at + 4 * len(fields) * count]
    if len(table) < 4 * len(fields) * count:
        raise broken("a table of samples is shorter than it says")
    if 0x400 in fields and not flags & 0x4 and count:
        first_flags = int.from_bytes(table[4 * fields.index(0x400) :][:4], "big")
    if 0x100 not in fields:
        return defaults.duration * count, count, first_flags
    return sum(struct.unpack(f">{len(fields) * count}I", table)[:: len(fields)]), count, first_flags
