"""Pictures of a video at chosen moments, in one pass from its beginning to its end.

A pass reads every byte but decodes only what is shown: it needs no index, and a file without one
(a recording that was cut off) costs no more than another.
"""

from collections.abc import Iterator, Sequence

from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from media.packets import decoded, seconds
from media.transcode import arrivals
from media.untrusted import Watch


def shown_at(
    container: InputContainer,
    video: VideoStream,
    moments: Sequence[float],
    *,
    keys_only: bool,
    origin_s: float = 0.0,
    duration_s: float,
    watch: Watch,
) -> Iterator[tuple[float, VideoFrame]]:
    """The picture that is on the screen at each of `moments` (seconds, rising), as far as there is one.

    With `keys_only` it is the last key frame before. The first picture serves for moments before it, the
    last one for moments after it.
    """
    video.codec_context.skip_frame = "NONKEY" if keys_only else "DEFAULT"
    waiting = list(moments)
    last: VideoFrame | None = None
    packets = arrivals(container, [video], duration_s, watch)
    wanted = (packet for packet in packets if not keys_only or packet.is_keyframe or not packet.size)
    for frame in (frame for packet in wanted for frame in decoded(packet)):
        at = (frame.time or 0.0) - origin_s
        while waiting and last is not None and waiting[0] < at:
            yield waiting.pop(0), last
        if not waiting:
            return
        last = frame
    for moment in waiting:
        if last is not None:
            yield moment, last


def clips(
    container: InputContainer,
    video: VideoStream,
    starts: Sequence[float],
    length_s: float,
    *,
    origin_s: float = 0.0,
    duration_s: float,
    watch: Watch,
) -> Iterator[tuple[int, float, VideoFrame]]:
    """For each of `starts` (seconds, rising) the pictures of `length_s` from the first key frame after it.

    With each picture come the number of its clip and the seconds since the clip began. Pictures come one by
    one, because a second of large ones would fill the memory.
    """
    waiting = list(starts)
    number, begun = -1, 0.0
    for packet in arrivals(container, [video], duration_s, watch):
        at = (seconds(packet) or 0.0) - origin_s
        running = number >= 0 and at < begun + length_s
        if not running and not waiting:
            return
        if not running and packet.is_keyframe and at >= waiting[0]:
            number, begun, running = number + 1, at, True
            waiting.pop(0)
            video.codec_context.flush_buffers()
        for frame in decoded(packet) if running else ():
            since = (frame.time or 0.0) - origin_s - begun
            if 0 <= since < length_s:
                yield number, since, frame
