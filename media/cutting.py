"""A piece of a recording by itself, from one moment to another and with nothing from before or after.

Decoding begins at key frames and a piece may begin anywhere, so the pictures up to the next key are encoded
anew and the rest is copied behind them. Where a film does not allow that, all of the piece is encoded.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import av
from av.container import InputContainer, OutputContainer
from av.packet import Packet

from media.downloads import open_plain
from media.errors import RenditionError, UnreadableMedia
from media.facts import Probe
from media.packets import decoded, seconds
from media.picturecut import Anew, Joined
from media.places import Place, check_piece, find
from media.sniff import Container
from media.soundcut import SoundCut, can_copy, zero_of
from media.sounds import Sounds
from media.transcode import Way, arrivals, mux, open_output, writing
from media.untrusted import Streams, Watch, ignore_progress, open_media, prepare, streams_of

log = logging.getLogger(__name__)

_LOOKED_PART = 0.3  # of the work, finding the key frames
_RUN_UP_S = 0.5  # of sound that decoders want before the first they give
_TRIED_S = 2.0  # that is decoded behind a seam


@dataclass(frozen=True, slots=True)
class Piece:
    """What was written. `begin_s` is the moment of the source that became 0: at most one packet of sound
    before the one that was asked for. `encoded` of its pictures were encoded anew.
    """

    begin_s: float
    duration_s: float
    pictures: int = 0
    encoded: int = 0


def make_trim(
    source: Path,
    output: Path,
    *,
    facts: Probe,
    begin_s: float,
    end_s: float,
    growing_form: bool = False,
    sound_only: bool = False,
    threads: int = 2,
    watch: Watch = ignore_progress,
) -> Piece:
    """Writes what is seen and heard from one moment to before another. The first picture is the one that is
    on the screen at `begin_s`.

    `growing_form`: fragments, as a recorder writes them; else an ordinary MP4 with its index in front.
    Raises UnreadableMedia, and RenditionError where nothing lies between them.
    """
    check_piece(begin_s, end_s)
    kind = Container(facts.format)
    place = find(source, kind, begin_s, end_s, lambda done: watch(done * _LOOKED_PART))
    cut = _Cut(source, output, kind, facts, place, growing_form, sound_only, threads, watch)
    if facts.plain_h264 and not facts.rotation and place.copies:
        try:
            return cut.run(join=True)
        except RenditionError as error:
            log.info("the piece is encoded: %s", error)
            output.unlink(missing_ok=True)
    return cut.run(join=sound_only or not facts.has_video)


class _Cutting(Way, Protocol):
    """A way that knows when it has all it wants."""

    done: bool


@dataclass(frozen=True, slots=True)
class _Cut:
    """The arguments of one `make_trim`, tried once or twice."""

    source: Path
    output: Path
    kind: Container
    facts: Probe
    place: Place
    growing_form: bool
    sound_only: bool
    threads: int
    watch: Watch

    def run(self, *, join: bool) -> Piece:
        """With `join` what can be copied is copied."""
        with open_media(self.source, kind=self.kind) as container, self._target() as target:
            streams = streams_of(container)
            zero_s = self._zero(streams) if join else self.place.begin_s
            pictures = None if self.sound_only else self._pictures(streams, target, zero_s, join=join)
            sound = self._sound(streams, target, zero_s, copy=join)
            ways: dict[int, _Cutting] = {}
            if pictures is not None and streams.video is not None:
                ways[streams.video.index] = pictures
            if sound is not None and streams.audio is not None:
                ways[streams.audio.index] = sound
            if not ways:
                raise UnreadableMedia("There is no sound in this file", "It holds pictures alone.")
            self._move(container, ways)
        length = max((way.end_s for way in ways.values()), default=0.0)
        if length <= 0:
            raise RenditionError("The piece is empty", "Nothing lies between these moments.")
        if pictures is not None and not pictures.pictures:
            raise UnreadableMedia("The video cannot be read", "No picture could be decoded.")
        if isinstance(pictures, Joined) and pictures.encoded:
            self._try(zero_s)
        made = (pictures.pictures, pictures.encoded) if pictures is not None else (0, 0)
        return Piece(zero_s - self.place.origin_s, length, *made)

    def _target(self) -> AbstractContextManager[OutputContainer]:
        if self.growing_form:
            return open_output(self.output)
        return open_plain(self.output, "ipod" if self.sound_only else "mp4")

    def _zero(self, streams: Streams) -> float:
        if streams.audio is None or not can_copy(streams.audio):
            return self.place.begin_s
        return zero_of(streams.audio, self.place)

    def _pictures(
        self, streams: Streams, target: OutputContainer, zero_s: float, *, join: bool
    ) -> Joined | Anew | None:
        if (video := streams.video) is None:
            return None
        prepare(video, threads=self.threads)
        if join:
            return Joined(video, target, self.place, zero_s)
        return Anew(video, target, self.place, self.facts, self.threads)

    def _sound(
        self, streams: Streams, target: OutputContainer, zero_s: float, *, copy: bool
    ) -> "SoundCut | _SoundAnew | None":
        if (audio := streams.audio) is None:
            return None
        if copy and can_copy(audio):
            return SoundCut(audio, target, self.place, zero_s)
        sounds = Sounds(audio, target, origin_s=zero_s, until_s=self.place.end_s, run_in=False)
        return _SoundAnew(sounds, self.place)

    def _move(self, container: InputContainer, ways: Mapping[int, _Cutting]) -> None:
        def watch(done: float) -> None:
            self.watch(_LOOKED_PART + done * (1 - _LOOKED_PART))

        streams = [container.streams[index] for index in ways]
        with writing():
            for packet in arrivals(container, streams, self.place.end_s, watch):
                mux(ways[packet.stream.index].take(packet))
                if all(way.done for way in ways.values()):
                    break
            until_s = max((way.end_s for way in ways.values()), default=0.0)
            for way in ways.values():
                mux(way.finish(until_s))

    def _try(self, zero_s: float) -> None:
        """Whether what stands around the seam is really decoded: RenditionError where it is not."""
        until_s = (self.place.next_key_s or self.place.end_s) - zero_s + _TRIED_S
        packets = pictures = 0
        with open_media(self.output, kind=Container.MP4) as container:
            for packet in container.demux(container.streams.video[0]):
                if packet.size and (seconds(packet) or 0.0) >= until_s:
                    break
                packets += bool(packet.size)
                pictures += sum(not frame.is_corrupt for frame in decoded(packet))
            pictures += len(_left(container))
        if pictures != packets:
            raise RenditionError("The joined piece does not play", f"{pictures} of {packets} pictures.")


def _left(container: InputContainer) -> Sequence[Any]:
    """What the decoder still has; nothing where it has been asked already."""
    try:
        return container.streams.video[0].codec_context.decode(None)
    except av.error.FFmpegError:
        return ()


class _SoundAnew:
    """Sound between two moments, encoded."""

    def __init__(self, sounds: Sounds, place: Place) -> None:
        self._sounds, self._place = sounds, place
        self.done = False

    @property
    def end_s(self) -> float:
        return self._sounds.end_s

    def take(self, packet: "Packet[Any]") -> Iterable["Packet[Any]"]:
        at = seconds(packet)
        if self.done or (at is not None and at < self._place.begin_s - _RUN_UP_S):
            return ()
        self.done = at is not None and at >= self._place.end_s
        return self._sounds.take(packet)

    def finish(self, until_s: float, /) -> Iterable["Packet[Any]"]:
        return self._sounds.finish(until_s)
