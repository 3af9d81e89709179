"""What a camera adds to a picture: the CPU of one composed 1080p frame, for each layout and camera size.

Thread time of scene and composer, with a new camera frame for every picture and a screen that stands still:
cut, scale, blend and colour conversion, without the encoder, whose price depends on what the camera sees.
"""

import argparse
import statistics
import time
from itertools import count
from pathlib import Path

import numpy as np

from capture.backends.copying import CopyingSource
from capture.camera.model import CameraFrame
from capture.compose import Composer
from capture.layout import Arrangement, Layout, Shape
from capture.scene import Scene
from media import heap
from tests.benchmarks.table import Figure

WIDTH, HEIGHT, BUBBLE = 1920, 1080, 320
FRAMES, WARM = 300, 20
BUBBLE_MS = 1.5
CAMERAS = ((640, 480), (1280, 720), (1920, 1080))


class NoisyCamera:
    """Every look finds another frame, of noise."""

    name = "noise"

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        noise = np.random.default_rng(1)
        self._pixels = [noise.integers(0, 256, (height, width, 3), dtype=np.uint8) for _ in range(4)]
        self._serials = count()
        self._newest = self.next()

    def next(self) -> CameraFrame:
        serial = next(self._serials)
        self._newest = CameraFrame(serial, 0.0, self._pixels[serial % 4])
        return self._newest

    def latest(self) -> CameraFrame:
        return self._newest

    def failed(self) -> str | None:
        return None

    def close(self) -> None:
        """There is no device."""


def run(folder: Path, options: argparse.Namespace) -> list[Figure]:
    """A bubble from each camera size, then the other layouts from the middle one."""
    heap.keep_short_lived_pieces()
    size = BUBBLE / HEIGHT
    shapes = [
        figure(
            f"{shape} of {BUBBLE} px, camera {camera[1]}p", camera, Layout(shape=shape, size=size), BUBBLE_MS
        )
        for camera in CAMERAS
        for shape in Shape
    ]
    whole = (Arrangement.CAMERA, Arrangement.SWAPPED)
    return [*shapes, *(figure(f"{one}, camera 720p", CAMERAS[1], Layout(one)) for one in whole)]


def figure(name: str, size: tuple[int, int], layout: Layout, target: float | None = None) -> Figure:
    camera, composer = NoisyCamera(*size), Composer(WIDTH, HEIGHT)
    scene = Scene(CopyingSource(WIDTH, HEIGHT, lambda pixels: pixels.fill(40)), camera, layout)
    costs = [frame_ms(scene, camera, composer) for _ in range(FRAMES)]
    still = statistics.median(still_ms(scene) for _ in range(WARM))
    cost = statistics.median(costs[WARM:]) - still
    return Figure(name, round(cost, 2), "ms/frame", target=target, note="thread CPU, encoder not counted")


def frame_ms(scene: Scene, camera: NoisyCamera, composer: Composer) -> float:
    camera.next()
    began = time.thread_time()
    picture = scene.grab(thorough=False) or scene.again()
    canvas = composer.compose(picture)
    picture.buffer.release()
    spent = time.thread_time() - began
    if canvas is not None:
        composer.give_back(canvas)
    return spent * 1000


def still_ms(scene: Scene) -> float:
    """The same look at the screen when the camera has nothing new."""
    began = time.thread_time()
    scene.grab(thorough=False)
    return (time.thread_time() - began) * 1000
