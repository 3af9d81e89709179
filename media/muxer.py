"""Writing the growing file: packets in, whole fragments out, in bytes that never change again.

What the options are for (all measured): `delay_moov` keeps AAC in its place; `frag_duration` 0.5 s makes a
fragment a low-latency part; `frag_keyframe` starts a segment at each key; `flush_packets` gets a fragment out
when it is whole, not when a buffer is full.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

from media.clock import VIDEO_RATE
from media.encoding import TAGS, configure, does_not_open, hardware_context
from media.errors import MuxerError
from media.fragments import Fragment, FragmentParser
from media.presets import AudioPreset, VideoPreset
from media.priority import ordinary_priority

if TYPE_CHECKING:
    from av import Packet
    from av.audio.codeccontext import AudioCodecContext
    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.video.codeccontext import VideoCodecContext
    from av.video.stream import VideoStream

OPTIONS = {
    "movflags": "delay_moov+default_base_moof+frag_keyframe",
    "frag_duration": "500000",
    "flush_packets": "1",
    # Longer than any gap the recorder leaves, so that sound and picture never pass each other.
    "max_interleave_delta": "1500000",
}
_BUFFER_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class VideoFormat:
    preset: VideoPreset
    width: int
    height: int
    fps: int


@dataclass(frozen=True, slots=True)
class AudioFormat:
    preset: AudioPreset
    channels: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes to append in one write. `fragments` are the whole ones in it: the first chunk also has the moov,
    the last one may have none."""

    data: bytes
    fragments: tuple[Fragment, ...]


class FragmentMuxer:
    """Owns the container and its encoders' contexts. `mux` and `finish` belong to one thread;
    `video` and `audio` are encoded with from others. Players take the first track of sound."""

    def __init__(
        self,
        sink: Callable[[Chunk], None],
        video: VideoFormat,
        audio: Sequence[AudioFormat] = (),
        title: str = "",
    ) -> None:
        import av

        self._sink = sink
        self._pending = _Bytes()
        self._parser = FragmentParser()
        self._finished = False
        self._container = av.open(
            cast("Any", self._pending),
            "w",
            format="mp4",
            container_options=OPTIONS,
            buffer_size=_BUFFER_BYTES,
        )
        if title:
            self._container.metadata["title"] = title
        try:
            self._video = self._add_video(video)
            self._audio = [add_sound(self._container, one) for one in audio]
            with ordinary_priority():
                self._container.start_encoding()
        except (av.error.FFmpegError, OSError, ValueError, NotImplementedError) as error:
            raise does_not_open(video.preset, error) from error

    @property
    def video(self) -> VideoCodecContext:
        return self._video.codec_context

    @property
    def audio(self) -> tuple[AudioCodecContext, ...]:
        return tuple(stream.codec_context for stream in self._audio)

    def mux_video(self, packet: Packet[Any]) -> None:
        packet.stream = self._video
        self._mux(packet)

    def mux_audio(self, packet: Packet[Any], track: int = 0) -> None:
        if track >= len(self._audio):
            raise MuxerError("This file has no such sound track")
        if is_run_in(packet):
            return
        packet.stream = self._audio[track]
        self._mux(packet)

    def finish(self) -> None:
        """Write what is left, and the index of fragments at the end. More calls change nothing."""
        if self._finished:
            return
        self._finished = True
        try:
            self._container.close()
        except (OSError, ValueError) as error:
            raise MuxerError("The end of the recording could not be written", str(error)) from error
        self._hand_out(everything=True)

    def _add_video(self, video: VideoFormat) -> VideoStream:
        preset = video.preset
        stream = cast(
            "VideoStream",
            self._container.add_stream(preset.name, rate=video.fps, **hardware_context(preset)),
        )
        stream.codec_context.codec_tag = TAGS[preset.codec]
        configure(stream.codec_context, preset, video.width, video.height, video.fps)
        stream.time_base = Fraction(1, VIDEO_RATE)
        return stream

    def _mux(self, packet: Packet[Any]) -> None:
        try:
            self._container.mux_one(packet)
        except (OSError, ValueError) as error:
            raise MuxerError("A packet could not be written", str(error)) from error
        self._hand_out()

    def _hand_out(self, *, everything: bool = False) -> None:
        fresh = self._pending.take_fresh()
        fragments = self._parser.feed(fresh) if fresh else []
        end = self._pending.end if everything else (fragments[-1].end if fragments else 0)
        if end:
            data = self._pending.cut(end)
            if data:
                self._sink(Chunk(data, tuple(fragments)))
        del self._parser.fragments[:-1]  # hours of recording are not kept in memory


def add_sound(container: OutputContainer, audio: AudioFormat) -> AudioStream:
    """A track of sound, ready to be encoded for."""
    preset = audio.preset
    stream = cast("AudioStream", container.add_stream(preset.encoder, rate=preset.rate))
    context = stream.codec_context
    context.layout = "mono" if audio.channels == 1 else "stereo"
    context.bit_rate = preset.bits(audio.channels)
    context.time_base = Fraction(1, preset.rate)
    return stream


def is_run_in(packet: Packet[Any]) -> bool:
    """Whether it is from before the first sample: the encoder's run-in, silent by definition. Kept, it needs
    an edit list, and then Firefox drops the pictures between the first fragment and the next key (seen with
    ESR 153)."""
    return packet.pts is not None and packet.pts < 0


class _Bytes:
    """The file object FFmpeg writes to: it has no `seek`, so nothing can be rewritten."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._start = 0  # position in the file of the first byte held
        self._seen = 0

    @property
    def end(self) -> int:
        return self._start + len(self._data)

    def write(self, data: bytes) -> int:
        self._data += data
        return len(data)

    def take_fresh(self) -> bytes:
        fresh = bytes(self._data[self._seen - self._start :])
        self._seen = self.end
        return fresh

    def cut(self, end: int) -> bytes:
        """Give away everything before position `end` of the file."""
        count = end - self._start
        data = bytes(self._data[:count])
        del self._data[:count]
        self._start = end
        return data
