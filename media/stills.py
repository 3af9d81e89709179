"""Single pictures out of a video: upright, in the shape viewers see, in ordinary colours."""

from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from PIL import Image

from media.tonemap import ToneMap, is_hdr

_WIDEST_PIXEL = 4.0  # a header may claim anything


class Stills:
    """Frames of one video in, pictures that fit into `width` x `height` out. Belongs to one thread.

    `pixel_aspect` is the width of a pixel over its height. Small frames are not enlarged.
    """

    def __init__(self, width: int, height: int, *, pixel_aspect: float = 1.0) -> None:
        self._box = width, height
        known = 1 / _WIDEST_PIXEL <= pixel_aspect <= _WIDEST_PIXEL
        self._aspect = pixel_aspect if known else 1.0
        self._reformatter = VideoReformatter()
        self._tone: tuple[tuple[int, int], ToneMap] | None = None

    def size_of(self, frame: VideoFrame) -> tuple[int, int]:
        """Width and height of the picture that `frame` becomes, before it is turned."""
        width, height = frame.width * self._aspect, float(frame.height)
        sideways = bool(frame.rotation % 180)
        box = self._box[::-1] if sideways else self._box
        limit = min(1.0, box[0] / width, box[1] / height)
        return max(1, round(width * limit)), max(1, round(height * limit))

    def picture(self, frame: VideoFrame) -> Image.Image:
        """An RGB picture."""
        width, height = self.size_of(frame)
        if is_hdr(frame.color_trc):
            rgb = self._toned(frame, (width, height))
        else:
            rgb = self._reformatter.reformat(frame, width=width, height=height, format="rgb24")
        image = Image.fromarray(rgb.to_ndarray())
        # Both count against the clock.
        return image.rotate(frame.rotation, expand=True) if frame.rotation else image

    def _toned(self, frame: VideoFrame, size: tuple[int, int]) -> VideoFrame:
        if self._tone is None or self._tone[0] != size:
            self._tone = size, ToneMap(size, "rgb24")
        return self._tone[1](frame)
