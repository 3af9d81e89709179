"""Screen and camera share the picture as the layout says, and nothing is drawn that did not change."""

from dataclasses import replace
from itertools import count

import cv2
import numpy as np
import pytest

from capture.camera.model import CameraFrame
from capture.colour import Converter, Planes
from capture.compare import all_bands, bands_of
from capture.compose import Composer
from capture.cutout import Cutout
from capture.errors import BadCommand
from capture.layout import Arrangement, Layout, Shape, fill, parse_layout
from capture.model import Picture, Rect, Sprite
from capture.pool import Buffer, pixel_pool
from capture.scale import ScaledSource, scaled_size, shrink
from capture.scene import Scene

NOISE = np.random.default_rng(3)
GREY, GREEN = 90, (0, 200, 0)


class Page:
    """A screen whose pixels the test sets."""

    def __init__(self, width: int = 320, height: int = 180) -> None:
        self.width, self.height = width, height
        self.pixels = np.full((height, width, 4), GREY, dtype=np.uint8)
        self.sprites: tuple[Sprite, ...] = ()
        self.grabs = 0
        self._dirty = all_bands(height)
        self._pool = pixel_pool(lambda: np.zeros((height, width, 4), dtype=np.uint8), 8)
        self._last: Buffer | None = None

    def draw(self, area: Rect, value: int) -> None:
        self.pixels[area.y : area.bottom, area.x : area.right] = value
        self._dirty |= bands_of(area.y, area.bottom)

    def grab(self, *, thorough: bool) -> Picture | None:
        self.grabs += 1
        if not self._dirty:
            return None
        buffer = self._pool.take()
        assert buffer is not None
        buffer.retain()
        buffer.pixels[:] = self.pixels
        if self._last:
            self._last.release()
        self._last, dirty, self._dirty = buffer, self._dirty, 0
        return Picture(buffer.retain(), dirty, self.sprites)

    def again(self) -> Picture:
        assert self._last
        return Picture(self._last.retain(), 0, self.sprites)

    def trouble(self) -> str | None:
        return None

    def close(self) -> None:
        """Nothing to give back."""


class Webcam:
    """A camera whose frames the test makes."""

    name = "fake"

    def __init__(self, width: int = 160, height: int = 90) -> None:
        self.width, self.height = width, height
        self._serials = count()
        self._frame: CameraFrame | None = None
        self.lost: str | None = None

    def see(self, colour: tuple[int, int, int]) -> None:
        pixels = np.full((self.height, self.width, 3), colour, dtype=np.uint8)
        self._frame = CameraFrame(next(self._serials), 0.0, pixels)

    def latest(self) -> CameraFrame | None:
        return self._frame

    def failed(self) -> str | None:
        return self.lost

    def close(self) -> None:
        """Nothing to give back."""


class Cinema:
    """Shows what a scene gives, as the composer would."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._composer = Composer(scene.width, scene.height)
        self.pictures = 0

    def look(self) -> np.ndarray:
        """The picture as BGR, whether there was a new one or not."""
        picture = self.scene.grab(thorough=False)
        self.pictures += picture is not None
        picture = picture or self.scene.again()
        canvas = self._composer.compose(picture)
        picture.buffer.release()
        assert canvas is not None
        planes = canvas.planes.memory.copy()
        self._composer.give_back(canvas)
        return planes[: self.scene.height]  # luma

    def new(self) -> bool:
        before = self.pictures
        self.look()
        return self.pictures > before


def luma(*bgr: int) -> int:
    planes = Planes(16, 16)
    Converter(16).rows(np.full((16, 16, 4), (*bgr, 255), dtype=np.uint8), planes, 0, 16)
    return int(planes.y[8, 8])


SCREEN_Y, FACE_Y = luma(GREY, GREY, GREY), luma(*GREEN)


@pytest.fixture
def page() -> Page:
    return Page()


@pytest.fixture
def webcam() -> Webcam:
    webcam = Webcam()
    webcam.see(GREEN)
    return webcam


@pytest.mark.parametrize("shape", Shape)
def test_a_bubble_lies_where_the_layout_says_and_nowhere_else(
    page: Page, webcam: Webcam, shape: Shape
) -> None:
    layout = Layout(shape=shape, x=0.75, y=0.5, size=0.5)
    seen = Cinema(Scene(page, webcam, layout)).look()
    place = layout.place(320, 180)
    assert place == Rect(195, 45, 90, 90)
    assert seen[90, 240] == FACE_Y
    outside = np.ones(seen.shape, dtype=bool)
    outside[place.y : place.bottom, place.x : place.right] = False
    assert (seen[outside] == SCREEN_Y).all()
    # A circle leaves its box's corners to the screen, a rounded square only their tips.
    assert (abs(int(seen[place.y + 6, place.x + 6]) - FACE_Y) < 3) is (shape is Shape.ROUNDED)
    assert seen[place.y, place.x] == SCREEN_Y


def test_the_edge_of_a_bubble_is_smooth_and_has_a_light_ring(webcam: Webcam) -> None:
    frame = webcam.latest()
    assert frame is not None
    made = Cutout(90, 90, Shape.CIRCLE).cut(frame.pixels)
    alpha = made[..., 3]
    assert alpha[45, 45] == 255
    assert alpha[0, 0] == 0
    assert ((alpha > 0) & (alpha < 255)).sum() > 100
    assert (made[..., :3] <= alpha[..., None]).all(), "the pixels are premultiplied"
    assert made[45, 0, :3].min() > 200
    assert made[45, 5].tolist() == [*GREEN, 255]


def test_a_bubble_is_given_again_only_with_a_new_frame(page: Page, webcam: Webcam) -> None:
    cinema = Cinema(Scene(page, webcam, Layout()))
    assert [cinema.new() for _ in range(3)] == [True, False, False]
    webcam.see((255, 0, 0))
    assert [cinema.new() for _ in range(2)] == [True, False]
    assert page.grabs == 5


def test_layouts_change_live_in_a_picture_of_one_size(page: Page, webcam: Webcam) -> None:
    page.draw(Rect(0, 0, 160, 180), 200)
    page.sprites = (Sprite(300, 170, 1, np.full((4, 4, 4), 255, dtype=np.uint8)),)
    scene = Scene(page, webcam, Layout(Arrangement.SCREEN))
    cinema = Cinema(scene)
    bright = luma(200, 200, 200)
    first = cinema.look()
    assert (first[:, :160] == bright).all()
    assert first[172, 302] == 235
    scene.arrange(Layout(Arrangement.CAMERA))
    assert (cinema.look() == FACE_Y).all()
    scene.arrange(swapped := Layout(Arrangement.SWAPPED, x=1, y=1, size=0.5))
    seen = cinema.look()
    place = swapped.place(320, 180, 320 / 180)
    assert place == Rect(160, 90, 160, 90)
    assert (seen[:88] == FACE_Y).all()
    assert seen[135, 200] == bright
    assert seen[135, 280] == SCREEN_Y
    assert seen[176, 311] > 180, "the pointer moves into the small screen"
    scene.arrange(Layout(Arrangement.BUBBLE, x=0.5, y=0.5))
    seen = cinema.look()
    assert seen[90, 160] == FACE_Y
    assert seen[5, 5] == bright
    scene.arrange(Layout(Arrangement.SCREEN))
    assert np.array_equal(cinema.look(), first)
    assert not cinema.new()


def test_the_screen_is_not_grabbed_while_only_the_camera_is_seen(page: Page, webcam: Webcam) -> None:
    cinema = Cinema(Scene(page, webcam, Layout(Arrangement.CAMERA)))
    for _ in range(3):
        cinema.look()
    assert page.grabs == 0
    assert cinema.pictures == 1


def test_the_small_screen_follows_the_large_one(page: Page, webcam: Webcam) -> None:
    cinema = Cinema(Scene(page, webcam, Layout(Arrangement.SWAPPED, x=0, y=0, size=0.5)))
    assert cinema.look()[45, 80] == SCREEN_Y
    page.draw(Rect(0, 0, 320, 180), 255)
    assert cinema.look()[45, 80] == 235


def test_a_lost_camera_leaves_the_bubble_out_but_never_shows_a_hidden_screen(
    page: Page, webcam: Webcam
) -> None:
    scene = Scene(page, webcam, Layout(x=0.5, y=0.5))
    cinema = Cinema(scene)
    cinema.look()
    webcam.lost = "It was unplugged."
    assert (cinema.look() == SCREEN_Y).all()
    scene.arrange(Layout(Arrangement.CAMERA))
    assert (cinema.look() == FACE_Y).all()
    scene.arrange(Layout(Arrangement.SWAPPED))
    assert (cinema.look() == SCREEN_Y).all()


def test_a_camera_is_filmed_without_any_screen(webcam: Webcam) -> None:
    webcam.height = 91
    scene = Scene(None, webcam, Layout(Arrangement.BUBBLE))
    assert (scene.width, scene.height) == (160, 90)
    assert (Cinema(scene).look() == FACE_Y).all()
    assert (Scene(None, webcam, Layout(), height=60).height) == 60


def test_a_frame_fills_the_picture_or_gets_borders() -> None:
    whole = Rect(0, 0, 1920, 1080)
    assert fill(1280, 720, whole) == (Rect(0, 0, 1280, 720), whole)
    assert fill(640, 480, whole) == (Rect(0, 60, 640, 360), whole)
    assert fill(480, 640, whole) == (Rect(0, 0, 480, 640), Rect(555, 0, 810, 1080))


@pytest.mark.parametrize("at", [(0.0, 0.0), (1.0, 1.0), (0.5, 0.02)])
def test_a_bubble_stays_inside_the_picture(at: tuple[float, float]) -> None:
    place = replace(Layout(), x=at[0], y=at[1]).place(1920, 1080)
    assert Rect(0, 0, 1920, 1080).holds(place)
    assert place.width == place.height == 324


def test_a_command_changes_only_what_it_names() -> None:
    before = Layout(Arrangement.BUBBLE, Shape.ROUNDED, 0.2, 0.3, 0.4)
    assert parse_layout({"layout": "swapped"}, before) == replace(before, arrangement=Arrangement.SWAPPED)
    assert parse_layout({"bubbleX": 1, "bubbleSize": 0.1}, before) == replace(before, x=1.0, size=0.1)
    assert parse_layout({}) == Layout()


@pytest.mark.parametrize(
    "values",
    [{"layout": "diagonal"}, {"bubbleShape": 3}, {"bubbleX": 1.2}, {"bubbleY": "top"}, {"bubbleSize": 0}],
)
def test_a_wrong_layout_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(BadCommand) as caught:
        parse_layout(values)
    assert next(iter(values)) in caught.value.title


@pytest.mark.parametrize(
    ("size", "wanted", "made"),
    [
        ((3840, 2160), 1080, (1920, 1080)),
        ((1366, 768), 720, (1280, 720)),
        ((1920, 1080), 1080, (1920, 1080)),
        ((1920, 1080), 2000, (1920, 1080)),
        ((1000, 601), 301, (500, 300)),
    ],
)
def test_a_scaled_picture_keeps_its_aspect_and_has_even_sides(
    size: tuple[int, int], wanted: int, made: tuple[int, int]
) -> None:
    assert scaled_size(*size, wanted) == made


def test_whole_factors_are_averaged() -> None:
    fine = NOISE.integers(0, 256, (60, 80, 4), dtype=np.uint8)
    mean = fine.reshape(30, 2, 40, 2, 4).mean((1, 3))
    assert np.abs(shrink(fine, 40, 30) - mean).max() <= 0.5
    assert shrink(fine, 160, 120).shape == (120, 160, 4)


@pytest.mark.parametrize("height", [90, 120, 80, 72, 46])
def test_scaling_what_changed_gives_what_scaling_all_would(height: int) -> None:
    page = Page(320, 180)
    page.pixels[:] = NOISE.integers(0, 256, page.pixels.shape, dtype=np.uint8)
    page.sprites = (Sprite(100, 80, 1, np.full((8, 8, 4), 255, dtype=np.uint8)),)
    source = ScaledSource(page, height)
    previous: np.ndarray | None = None
    held = []
    for step in range(8):
        picture = source.grab(thorough=False)
        assert picture is not None
        now = picture.buffer.pixels.copy()
        assert np.array_equal(now, shrink(page.pixels, source.width, source.height))
        if previous is not None:
            rows = np.flatnonzero((now != previous).any((1, 2)))
            assert all(picture.dirty & 1 << row // 16 for row in rows)
        (pointer,) = picture.sprites
        assert pointer.y == round(80 * height / 180)
        previous = now
        if step % 3:
            held.append(picture)  # keep it, so that another buffer is used next
        else:
            picture.buffer.release()
        page.draw(Rect(0, step * 20, 320, 9), 10 * step)
    for picture in held:
        picture.buffer.release()
    assert source.grab(thorough=False) is not None
    assert source.grab(thorough=False) is None
    assert source.again().dirty == 0


def test_pictures_are_cut_from_the_middle_of_a_frame() -> None:
    frame = np.zeros((90, 160, 3), dtype=np.uint8)
    cv2.rectangle(frame, (40, 5), (119, 84), GREEN, -1)
    made = Cutout(45, 45, Shape.ROUNDED).cut(frame)
    assert (made[5:40, 5:40, 1] == 200).all()
