"""A piece of a recording by itself: copied from a key frame on, or drawn as a GIF."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from media.downloads import open_plain
from media.errors import RenditionError, UnreadableMedia
from media.glances import clips
from media.packets import Copied, seconds
from media.preview import save_gif
from media.sniff import Container
from media.stills import Stills
from media.transcode import Way, arrivals, open_output, pump
from media.untrusted import Watch, ignore_progress, open_media, origin_of, prepare, streams_of

_LOOKED_PART = 0.3  # of the work, finding the key frames


@dataclass(frozen=True, slots=True)
class Piece:
    """What was written; seconds of the source. `begin_s` is where it really begins."""

    begin_s: float
    duration_s: float


def make_trim(
    source: Path,
    output: Path,
    *,
    kind: Container,
    begin_s: float,
    end_s: float,
    duration_s: float,
    growing_form: bool = False,
    sound_only: bool = False,
    watch: Watch = ignore_progress,
) -> Piece:
    """Copies what lies between two moments, from the key frame at or before the first one.

    `growing_form`: fragments, as a recorder writes them; else an ordinary MP4 with its index in front.
    Raises UnreadableMedia, and RenditionError where nothing lies between them.
    """
    _check(begin_s, end_s)
    cut_s = begin_s
    if not sound_only:
        cut_s = _key_before(source, kind, begin_s, duration_s, lambda done: watch(done * _LOOKED_PART))
    with (
        open_media(source, kind=kind) as container,
        _target(output, growing_form=growing_form, sound_only=sound_only) as target,
    ):
        streams = streams_of(container)
        origin = origin_of(streams)
        wanted = [streams.audio] if sound_only else [streams.video, streams.audio]
        ways: dict[int, Way] = {
            stream.index: _Between(stream, target, origin + cut_s, origin + end_s)
            for stream in wanted
            if stream is not None
        }
        if not ways:
            raise UnreadableMedia("There is no sound in this file", "It holds pictures alone.")
        pump(container, ways, duration_s, lambda done: watch(_LOOKED_PART + done * (1 - _LOOKED_PART)))
    length = max((way.end_s for way in ways.values()), default=0.0)
    if length <= 0:
        raise RenditionError("The piece is empty", "Nothing lies between these moments.")
    return Piece(cut_s, length)


def make_gif(
    source: Path,
    output: Path,
    *,
    kind: Container,
    begin_s: float,
    end_s: float,
    duration_s: float,
    box: tuple[int, int],
    fps: int,
    watch: Watch = ignore_progress,
) -> dict[str, Any]:
    """Draws what lies between two moments as a GIF that fits into `box`, pixels. All of it is held in memory:
    the caller keeps it short. Raises as `make_trim`.
    """
    _check(begin_s, end_s)
    cut_s = _key_before(source, kind, begin_s, duration_s, lambda done: watch(done * _LOOKED_PART))
    pictures, slot = [], -1
    with open_media(source, kind=kind) as container:
        streams = streams_of(container)
        if (video := streams.video) is None:
            raise UnreadableMedia("There is no picture in this file", "It holds sound alone.")
        prepare(video, threads=1)
        stills = Stills(*box, pixel_aspect=float(video.sample_aspect_ratio or 1))
        drawn = clips(
            container, video, [cut_s], end_s - cut_s,
            origin_s=origin_of(streams), duration_s=duration_s,
            watch=lambda done: watch(_LOOKED_PART + done * (1 - _LOOKED_PART)),
        )  # fmt: skip
        for _, since, frame in drawn:
            at = int((since + cut_s - begin_s) * fps)
            if since + cut_s >= begin_s and at > slot:
                pictures.append((at, stills.picture(frame)))
                slot = at
    if not pictures:
        raise UnreadableMedia("The video cannot be read", "No picture could be decoded.")
    ends = [at for at, _ in pictures[1:]] + [max(slot + 1, round((end_s - begin_s) * fps))]
    lengths = [(end - at) * 1000 // fps for (at, _), end in zip(pictures, ends, strict=True)]
    save_gif([picture for _, picture in pictures], lengths, output)
    return {"begin_s": begin_s, "duration_s": end_s - begin_s, "pictures": len(pictures)}


def _check(begin_s: float, end_s: float) -> None:
    if not 0 <= begin_s < end_s:
        raise RenditionError("The piece is empty", f"It would go from {begin_s:.1f} s to {end_s:.1f} s.")


def _target(output: Path, *, growing_form: bool, sound_only: bool) -> AbstractContextManager[OutputContainer]:
    if growing_form:
        return open_output(output)
    return open_plain(output, "ipod" if sound_only else "mp4")


def _key_before(source: Path, kind: Container, begin_s: float, duration_s: float, watch: Watch) -> float:
    """The last moment at or before `begin_s` from which a player can start; its own without pictures."""
    found = 0.0
    with open_media(source, kind=kind) as container:
        streams = streams_of(container)
        if streams.video is None:
            return begin_s
        origin = origin_of(streams)
        for packet in arrivals(container, [streams.video], duration_s, watch):
            at = (seconds(packet) or 0.0) - origin
            if at > begin_s:
                break
            if packet.is_keyframe:
                found = max(found, at)
    return found


class _Between:
    """Packets between two moments, moved to the new zero."""

    def __init__(
        self, source: VideoStream | AudioStream, output: OutputContainer, begin_s: float, end_s: float
    ) -> None:
        self._copied = Copied(source, output, origin_s=begin_s)
        self._begin, self._end = begin_s, end_s
        self._open = not isinstance(source, VideoStream)

    @property
    def end_s(self) -> float:
        return self._copied.end_s

    def take(self, packet: "Packet[Any]") -> Iterable["Packet[Any]"]:
        at, read = seconds(packet), float((packet.dts or 0) * (packet.time_base or 0))
        # A little less: the key frame's own time was rounded on its way here.
        if at is None or at < self._begin - 0.0005 or read >= self._end:
            return ()
        self._open = self._open or packet.is_keyframe
        return self._copied.take(packet) if self._open else ()

    def finish(self, until_s: float, /) -> Iterator["Packet[Any]"]:
        return iter(self._copied.finish(until_s))
