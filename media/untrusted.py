"""Opening files that strangers sent.

The demuxer is the one that the first bytes named, never FFmpeg's guess: a guess would take a playlist or a
concat script for an input and open what it names, or a picture for a film. No protocol but `file` can be
reached, MP4 references to other files are not followed, and only codecs that videos really use are decoded.

These are the limits of the library's own doors. What memory, time and disk a hostile file may cost is the
business of the process around it (see `server/processing/child.py`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.stream import VideoStream

from media.errors import UnreadableMedia
from media.fragments import MAX_PIXELS
from media.sniff import Container

# Called with the fraction done (0 to 1) now and then; whatever it raises stops the work.
Watch = Callable[[float], None]

MAX_STREAMS = 32
# A picture may begin so much later than the sound and is still found, within the first five megabytes.
_LOOKED_THROUGH_S = 60
# Names of codecs, not of decoders. A decoder that nobody needs is only a way in.
VIDEO_CODECS = frozenset(
    {"h264", "hevc", "av1", "vp8", "vp9", "mpeg4", "msmpeg4v3", "mpeg2video", "mpeg1video", "mjpeg"}
    | {"prores", "dnxhd", "theora", "flv1", "h263", "vp6f", "wmv1", "wmv2", "wmv3", "vc1"}
    | {"ffv1", "rawvideo"}
)
AUDIO_CODECS = frozenset(
    {"aac", "mp3", "mp2", "opus", "vorbis", "flac", "alac", "ac3", "eac3", "amr_nb", "amr_wb"}
    | {"wmav1", "wmav2", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_u8"}
    | {"pcm_mulaw", "pcm_alaw", "pcm_s24be", "pcm_s32be", "pcm_f32be", "pcm_s8"}
)
_WORDS = {
    Container.MP4: "MP4, MOV or 3GP",
    Container.MATROSKA: "Matroska or WebM",
    Container.AVI: "AVI",
    Container.ASF: "Windows Media",
    Container.MPEGTS: "MPEG-TS",
    Container.MPEGPS: "MPEG",
    Container.FLV: "FLV",
    Container.OGG: "Ogg",
    Container.WAV: "WAV",
    Container.FLAC: "FLAC",
    Container.MP3: "MP3",
    Container.AAC: "AAC",
    Container.AIFF: "AIFF",
    Container.CAF: "CAF",
    Container.AMR: "AMR",
}
_TRY = "Open it in a player; if it plays there, export it again as MP4 (H.264 and AAC)."


@dataclass(frozen=True, slots=True)
class Streams:
    """What of a file is worth playing: its first picture stream that is no cover, its best sound."""

    video: VideoStream | None
    audio: AudioStream | None


def ignore_progress(_fraction: float) -> None:
    """A Watch for those who do not care."""


class Readable(Protocol):
    """Stands in for a path where bytes come from elsewhere; without `seek` it is read once, from its
    start."""

    def read(self, size: int, /) -> bytes: ...


@contextmanager
def open_media(
    path: Path, *, kind: Container, max_pixels: int = MAX_PIXELS, file: Readable | None = None
) -> Iterator[InputContainer]:
    """Opens `path` with the demuxer of `kind`; anything the library complains of becomes UnreadableMedia.

    `file`: what to read instead of the path.
    """
    options = {
        "protocol_whitelist": "file",
        "format_whitelist": kind.value,
        "codec_whitelist": _decoders(),
        "enable_drefs": "0",
        "max_streams": str(MAX_STREAMS),
        "analyzeduration": str(_LOOKED_THROUGH_S * 1_000_000),
    }
    # The prefix keeps a file called `pipe:0` or `http:x` a file.
    with telling(kind), _open(file or f"file:{path}", kind, options, max_pixels) as container:
        yield container


@contextmanager
def _open(
    name: str | Readable, kind: Container, options: dict[str, str], max_pixels: int
) -> Iterator[InputContainer]:
    with av.open(
        name,
        "r",
        format=kind.value,
        options={"max_pixels": str(max_pixels)},
        container_options=options,
        metadata_errors="replace",
    ) as container:
        yield container


@contextmanager
def telling(kind: Container) -> Iterator[None]:
    """Says what the library's errors mean, in words for the person who sent the file."""
    try:
        yield
    except av.error.FileNotFoundError:
        raise  # no fault of the file's content
    except av.error.MemoryError as error:
        raise UnreadableMedia(
            "The video is too large to open", "Decoding it needs more memory than this server allows.", _TRY
        ) from error
    except (av.error.FFmpegError, UnicodeDecodeError) as error:
        detail = f"As {_WORDS[kind]} it cannot be opened or decoded."
        raise UnreadableMedia("The video cannot be read", detail, _TRY) from error


def streams_of(container: InputContainer, *, max_pixels: int = MAX_PIXELS) -> Streams:
    """The streams to work with; refuses too large pictures, unknown codings, and nothing to play."""
    video = next((stream for stream in container.streams.video if not _is_cover(stream)), None)
    audio = next((stream for stream in container.streams.audio if _codec(stream) in AUDIO_CODECS), None)
    if video is not None:
        _check_picture(video, max_pixels)
    elif audio is None:
        raise UnreadableMedia(
            "There is nothing to play in this file",
            "It holds neither a picture nor a sound that can be decoded.",
            _TRY,
        )
    return Streams(video, audio)


def origin_of(streams: Streams) -> float:
    """The earliest moment of the file in seconds, which players show as 0. AAC's priming stays before it."""
    starts = [
        float(stream.start_time * stream.time_base)
        for stream in (streams.video, streams.audio)
        if stream is not None and stream.start_time is not None and stream.time_base is not None
    ]
    return min(starts, default=0.0)


def codec_of(stream: VideoStream | AudioStream) -> str:
    """The codec's common name, whichever library decodes it: `av1`, not `libdav1d`."""
    return _codec(stream) or "unknown"


def prepare(stream: VideoStream, *, threads: int, max_pixels: int = MAX_PIXELS) -> None:
    """Sets up the stream's decoder before its first packet."""
    stream.codec_context.options = {"max_pixels": str(max_pixels)}
    stream.codec_context.thread_count = threads
    stream.thread_type = "AUTO"


def _check_picture(video: VideoStream, max_pixels: int) -> None:
    if _codec(video) not in VIDEO_CODECS:
        raise UnreadableMedia(
            "The video's coding is not supported", f"It is {_codec(video) or 'unknown'}.", _TRY
        )
    if video.width <= 0 or video.height <= 0:
        raise UnreadableMedia("The video cannot be read", "Its picture has no size.", _TRY)
    if video.width * video.height > max_pixels:
        raise UnreadableMedia(
            "The picture is too large",
            f"It has {video.width}x{video.height} pixels; this server takes up to {max_pixels} in all.",
            "Export it in a smaller size.",
        )


def _is_cover(stream: VideoStream) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _codec(stream: VideoStream | AudioStream) -> str | None:
    context = stream.codec_context
    return context.codec.canonical_name if context is not None else None


def _decoders() -> str:
    """Names of decoders for the allowed codecs: a codec may have several."""
    names = set()
    for codec in VIDEO_CODECS | AUDIO_CODECS:
        try:
            names.add(av.Codec(codec, "r").name)
        except av.codec.codec.UnknownCodecError:  # not in this build
            continue
    return ",".join(sorted(names | {"libdav1d", "mp3float", "mp3", "aac", "h264"}))
