"""Plays a link or a file to its end, as fast as it goes, and counts what came out.

`python -m media.playback URL_OR_FILE` prints one JSON line. A link is opened by FFmpeg's HLS demuxer, a
client that shares no line with this project: what it decodes is what players get. Exit code 0 alone means
little; the counts are what callers compare.
"""

import json
import sys
from dataclasses import asdict, dataclass

import av
from av.error import FFmpegError

from media.errors import MediaError

# A playlist may lead to more of the same server, and to nothing else: no file, no pipe, no other protocol.
_HLS_OPTIONS = {
    "protocol_whitelist": "http,https,tcp,tls,crypto",
    "live_start_index": "0",
    "allowed_extensions": "ALL",
}
_TIMEOUT_S = 30.0


class PlaybackError(MediaError): ...


@dataclass(frozen=True, slots=True)
class Playback:
    """What was decoded. Times in seconds of media time, from the first picture to the end of the last one."""

    video_frames: int
    audio_samples: int
    width: int
    height: int
    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        """How long the picture lasts."""
        return self.end_s - self.start_s


def play(source: str) -> Playback:
    """Decodes every frame of a playlist's address or an MP4 file; PlaybackError when that is impossible."""
    is_link = source.startswith(("http://", "https://"))
    try:
        with av.open(
            source,
            # The demuxer is forced: whatever the bytes pretend to be, they are opened as this.
            format="hls" if is_link else "mp4",
            options=_HLS_OPTIONS if is_link else {},
            timeout=_TIMEOUT_S,
        ) as container:
            return _decode(container)
    except (FFmpegError, OSError) as error:
        raise PlaybackError("The recording does not play", f"{source}: {error}") from error


def _decode(container: av.container.InputContainer) -> Playback:
    if not container.streams.video:
        raise PlaybackError("The recording does not play", "it has no picture")
    picture, sound = container.streams.video[0], container.streams.audio[:1]
    frames = samples = 0
    start_s, end_s = float("inf"), 0.0
    for frame in container.decode(picture, *sound):
        if isinstance(frame, av.AudioFrame):
            samples += frame.samples
        elif isinstance(frame, av.VideoFrame):
            frames += 1
            at = frame.time or 0.0
            length = float(frame.duration * frame.time_base) if frame.duration and frame.time_base else 0.0
            start_s, end_s = min(start_s, at), max(end_s, at + length)
    if not frames:
        raise PlaybackError("The recording does not play", "not one picture could be decoded")
    return Playback(frames, samples, picture.width, picture.height, start_s, end_s)


def main() -> int:
    """0 and a JSON line, or 1 and the reason on stderr."""
    try:
        played = play(sys.argv[1])
    except MediaError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps({**asdict(played), "duration_s": played.duration_s}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
