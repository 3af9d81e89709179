"""What changed is found and converted, exactly as tagged, and nothing else is touched."""

import av
import numpy as np
import pytest

from capture.area import filmed
from capture.colour import KB, KG, KR, Converter, Planes
from capture.compare import BAND, all_bands, bands_of, changed_bands, runs
from capture.compose import Composer
from capture.encode import VideoEncoder
from capture.errors import BadRegion
from capture.model import Picture, Rect, Sprite
from capture.pool import Buffer, Pool, pixel_pool
from media import presets
from media.encoding import open_video
from media.muxer import VideoFormat

NOISE = np.random.default_rng(7)


def picture(width: int, height: int) -> np.ndarray:
    return NOISE.integers(0, 256, (height, width, 4), dtype=np.uint8)


def exact(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """BT.709 limited range in real numbers, chroma of the mean of four pixels."""

    def parts(bgra: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        blue, green, red = (bgra[..., index] for index in range(3))
        return KR * red + KG * green + KB * blue, blue, red

    height, width = pixels.shape[:2]
    luma, _, _ = parts(pixels.astype(float))
    small = pixels.astype(float).reshape(height // 2, 2, width // 2, 2, 4).mean((1, 3))
    grey, blue, red = parts(small)
    return (
        16 + luma * 219 / 255,
        128 + (blue - grey) / (2 * (1 - KB)) * 224 / 255,
        128 + (red - grey) / (2 * (1 - KR)) * 224 / 255,
    )


@pytest.mark.parametrize("size", [(64, 48), (322, 134), (640, 360)])
def test_colours_are_bt709_limited_within_the_roundings(size: tuple[int, int]) -> None:
    pixels, planes = picture(*size), Planes(*size)
    Converter(size[0]).rows(pixels, planes, 0, size[1])
    for made, wanted in zip((planes.y, planes.u, planes.v), exact(pixels), strict=True):
        assert np.abs(made - wanted).max() < 1.5


@pytest.mark.parametrize("height", [116, 118])
def test_colours_lie_where_they_belong_in_a_picture_of_any_height(height: int) -> None:
    preset, width = presets.load().video_named("libx264"), 194
    planes = Planes(width, height)
    for number, plane in enumerate((planes.y, planes.u, planes.v), 1):
        plane[:] = np.linspace(16 * number, 200, len(plane)).astype(np.uint8)[:, None]
    context = open_video(preset, width, height, 15)
    encoder = VideoEncoder(context, VideoFormat(preset, width, height, 15))
    packets = [*encoder.encode(planes, 0, key=True), *encoder.flush()]
    decoder = av.CodecContext.create("h264", "r")
    decoder.extradata = context.extradata
    frame = next(one for packet in (*packets, None) for one in decoder.decode(packet))
    for made, wanted in zip(frame.planes, (planes.y, planes.u, planes.v), strict=True):
        rows = np.frombuffer(made, np.uint8).reshape(-1, made.line_size)[:, : made.width]
        assert np.abs(rows.astype(int) - wanted).max() < 6


@pytest.mark.parametrize(("grey", "luma"), [(0, 16), (128, 126), (255, 235)])
def test_greys_have_no_colour(grey: int, luma: int) -> None:
    pixels, planes = np.full((32, 32, 4), grey, dtype=np.uint8), Planes(32, 32)
    Converter(32).rows(pixels, planes, 0, 32)
    assert (planes.y == luma).all()
    assert (planes.u == 128).all()
    assert (planes.v == 128).all()


def test_bands_and_rows_are_two_ways_to_say_the_same() -> None:
    assert list(runs(bands_of(0, 1), 100)) == [(0, 16)]
    assert list(runs(bands_of(17, 40) | bands_of(95, 100), 100)) == [(16, 48), (80, 100)]
    assert list(runs(all_bands(100), 100)) == [(0, 100)]
    assert bands_of(5, 5) == 0


@pytest.mark.parametrize("height", [16, 100, 128])
def test_a_changed_pixel_is_found_in_its_band(height: int) -> None:
    old = picture(32, height)
    for row in (0, 15, height - 1):
        new = old.copy()
        new[row, 31, 2] ^= 1
        found = changed_bands(new.ctypes.data, old.ctypes.data, 128, height, all_bands(height))
        assert found == 1 << row // BAND
        assert changed_bands(new.ctypes.data, old.ctypes.data, 128, height, ~found & all_bands(height)) == 0


def shot(pixels: np.ndarray, dirty: int, *sprites: Sprite) -> Picture:
    return Picture(Buffer(pixels, lambda buffer: None).retain(), dirty, sprites)


def planes_of(pixels: np.ndarray) -> Planes:
    planes = Planes(pixels.shape[1], pixels.shape[0])
    Converter(pixels.shape[1]).rows(pixels, planes, 0, pixels.shape[0])
    return planes


def test_only_dirty_bands_are_converted_and_no_canvas_misses_any() -> None:
    composer = Composer(64, 64)
    pixels = picture(64, 64)
    held = [composer.compose(shot(pixels, all_bands(64))) for _ in range(3)]
    for canvas in held:
        assert canvas is not None
        composer.give_back(canvas)
    for step in range(8):
        row = step * 8
        pixels[row : row + 4] = picture(64, 4)
        canvas = composer.compose(shot(pixels, bands_of(row, row + 4)))
        assert canvas is not None
        assert np.array_equal(canvas.planes.memory, planes_of(pixels).memory)
        if step % 2:
            held.append(canvas)  # keep it, so that another one is used next
        else:
            composer.give_back(canvas)


def test_bands_that_are_not_dirty_are_left_alone() -> None:
    composer = Composer(64, 64)
    canvas = composer.compose(shot(np.zeros((64, 64, 4), dtype=np.uint8), all_bands(64)))
    assert canvas is not None
    composer.give_back(canvas)
    composer.compose(shot(picture(64, 64), bands_of(0, 16)))
    assert (canvas.planes.y[16:] == 16).all()
    assert (canvas.planes.y[:16] != 16).any()


def test_the_pointer_is_drawn_moved_and_taken_away_without_a_trace() -> None:
    composer = Composer(64, 64)
    pixels = np.full((64, 64, 4), 40, dtype=np.uint8)
    arrow = np.full((5, 5, 4), 255, dtype=np.uint8)
    clean = planes_of(pixels).memory
    for cursor in (Sprite(11, 13, 1, arrow), Sprite(60, 62, 1, arrow), Sprite(-3, -2, 1, arrow)):
        canvas = composer.compose(shot(pixels, all_bands(64) if cursor.x == 11 else 0, cursor))
        assert canvas is not None
        white = np.argwhere(canvas.planes.y == 235)
        common = cursor.rect.clip(Rect(0, 0, 64, 64))
        assert common is not None
        assert white.min(0).tolist() == [common.y, common.x]
        assert white.max(0).tolist() == [common.bottom - 1, common.right - 1]
        composer.give_back(canvas)
    canvas = composer.compose(shot(pixels, 0))
    assert canvas is not None
    assert np.array_equal(canvas.planes.memory, clean)
    assert (pixels == 40).all()


def test_a_translucent_pointer_is_blended() -> None:
    composer = Composer(32, 32)
    half = np.full((2, 2, 4), 128, dtype=np.uint8)  # premultiplied white at half strength
    canvas = composer.compose(
        shot(np.zeros((32, 32, 4), dtype=np.uint8), all_bands(32), Sprite(4, 4, 1, half))
    )
    assert canvas is not None
    assert canvas.planes.y[4, 4] == pytest.approx(126, abs=1)


def test_a_drawn_over_pointer_is_drawn_again() -> None:
    composer = Composer(64, 64)
    cursor = Sprite(20, 20, 1, np.full((4, 4, 4), 255, dtype=np.uint8))
    for dirty in (all_bands(64), bands_of(16, 32), bands_of(48, 64), 0):
        canvas = composer.compose(shot(np.zeros((64, 64, 4), dtype=np.uint8), dirty, cursor))
        assert canvas is not None
        assert (canvas.planes.y[20:24, 20:24] == 235).all()
        composer.give_back(canvas)


def test_sprites_lie_over_each_other_in_order_and_one_that_moves_leaves_the_other_whole() -> None:
    composer = Composer(64, 64)
    pixels = np.zeros((64, 64, 4), dtype=np.uint8)
    below = Sprite(8, 8, 1, np.full((32, 32, 4), [0, 0, 255, 255], dtype=np.uint8))
    white, seen = np.full((4, 4, 4), 255, dtype=np.uint8), None
    for x, y in ((20, 20), (7, 30), (38, 9), (50, 50), (21, 21)):
        above = Sprite(x, y, 2, white)
        canvas = composer.compose(shot(pixels, all_bands(64) if seen is None else 0, below, above))
        assert canvas is not None
        wanted = pixels.copy()
        wanted[8:40, 8:40] = below.pixels
        wanted[y : y + 4, x : x + 4] = 255
        assert np.array_equal(canvas.planes.memory, planes_of(wanted).memory)
        composer.give_back(canvas)
        seen = canvas


def test_a_sprite_that_stays_is_drawn_again_only_where_the_picture_below_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from capture import compose

    drawn: list[Rect] = []
    blend = compose.blend
    monkeypatch.setattr(
        compose, "blend", lambda patch, area, one: (drawn.append(area), blend(patch, area, one))
    )
    composer = Composer(64, 64)
    bubble = Sprite(10, 10, 1, np.full((40, 40, 4), 255, dtype=np.uint8))
    for dirty in (all_bands(64), 0, bands_of(16, 32), bands_of(48, 64)):
        canvas = composer.compose(shot(np.zeros((64, 64, 4), dtype=np.uint8), dirty, bubble))
        assert canvas is not None
        assert (canvas.planes.y[10:50, 10:50] == 235).all()
        composer.give_back(canvas)
    assert drawn == [Rect(10, 10, 40, 40), Rect(10, 16, 40, 16), Rect(10, 48, 40, 2)]


def test_buffers_come_back_when_the_last_one_lets_go() -> None:
    pool = pixel_pool(lambda: np.zeros((2, 2, 4), dtype=np.uint8), 1)
    buffer = pool.take()
    assert buffer is not None
    assert pool.take() is None
    buffer.retain()
    buffer.retain()
    assert buffer.shared
    buffer.release()
    assert pool.take() is None
    buffer.release()
    assert pool.take() is buffer


def test_a_pool_gives_what_was_used_last() -> None:
    pool = Pool(object, 3)
    first, second = pool.take(), pool.take()
    assert first is not None
    assert second is not None
    pool.give(first)
    pool.give(second)
    assert pool.take() is second


SCREEN = Rect(100, 50, 801, 601)


@pytest.mark.parametrize(
    ("region", "place"),
    [
        (None, Rect(100, 50, 800, 600)),
        (Rect(0, 0, 99, 51), Rect(100, 50, 98, 50)),
        (Rect(-10, -10, 100, 100), Rect(100, 50, 90, 90)),
        (Rect(700, 500, 500, 500), Rect(800, 550, 100, 100)),
    ],
)
def test_a_region_is_cropped_to_the_screen_and_to_even_sides(region: Rect | None, place: Rect) -> None:
    assert filmed(SCREEN, region) == place.even()


@pytest.mark.parametrize("region", [Rect(900, 0, 100, 100), Rect(0, 0, 8, 300), Rect(795, 0, 100, 100)])
def test_a_region_without_a_picture_is_refused(region: Rect) -> None:
    with pytest.raises(BadRegion) as caught:
        filmed(SCREEN, region)
    assert "801 x 601" in caught.value.hint
