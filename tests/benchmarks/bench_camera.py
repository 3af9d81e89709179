"""What one camera frame of 1280x720 costs in CPU time: decoded, mirrored, its background changed, shown.

No device is needed: the pictures are in the formats that cameras send, and the network is a tiny one at
256x144, so the figures with a background are those of everything but a real network.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from capture.camera.desk import _Show
from capture.camera.model import CameraFrame, CameraRequest
from capture.camera.treatment import Treat, treatment_for
from media import heap
from tests.benchmarks.table import Figure
from tests.support.onnx import brightness
from tests.support.processes import wait_until

SIZE = (1280, 720)
FRAMES = 100


def run(folder: Path, options: argparse.Namespace) -> list[Figure]:
    """Medians over the repeats."""
    heap.keep_short_lived_pieces()  # as the engine does
    cv2.setNumThreads(1)
    picture = _picture()
    cv2.imwrite(str(folder / "behind.png"), picture)
    model = brightness(folder / "person.onnx", (256, 144))
    works: dict[str, Callable[[], object]] = _decoders(picture)
    treats: list[Treat] = []
    for name, background in (("blurred", "blur"), ("replaced", str(folder / "behind.png"))):
        treats.append(treatment_for(CameraRequest(background=background, model=model), print))
        works[f"mirrored, background {name}"] = _settled(treats[-1], picture)
    show = _Show()
    frame = CameraFrame(1, 1.0, picture)
    works["shown to a window, 640x360"] = lambda: show(frame)
    figures = [_figure(name, work, options.repeat) for name, work in works.items()]
    for treat in treats:
        treat.close()
    show.close()
    return figures


def _decoders(picture: np.ndarray) -> dict[str, Callable[[], object]]:
    mirror = treatment_for(CameraRequest(), print).apply
    _, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])
    width, height = SIZE
    rng = np.random.default_rng(2)
    yuyv = rng.integers(0, 256, (height, width, 2), dtype=np.uint8)
    nv12 = rng.integers(0, 256, (height * 3 // 2, width), dtype=np.uint8)
    return {
        "MJPG decoded and mirrored": lambda: mirror(cv2.imdecode(jpeg, cv2.IMREAD_COLOR)),
        "YUYV decoded and mirrored": lambda: mirror(cv2.cvtColor(yuyv, cv2.COLOR_YUV2BGR_YUYV)),
        "NV12 decoded and mirrored": lambda: mirror(cv2.cvtColor(nv12, cv2.COLOR_YUV2BGR_NV12)),
    }


def _settled(treat: Treat, picture: np.ndarray) -> Callable[[], object]:
    """The work on one picture, with the network's run for it: each waits for the mask made of it."""
    masks = treat._background._masks

    def work() -> None:
        made = masks.made
        treat.apply(picture)
        wait_until(lambda: masks.made > made, timeout_s=10, what="a mask", poll_s=0.0005)

    return work


def _figure(name: str, work: Callable[[], object], repeat: int) -> Figure:
    costs = []
    for _ in range(repeat):
        work()
        began = time.process_time()
        for _ in range(FRAMES):
            work()
        costs.append((time.process_time() - began) / FRAMES * 1000)
    return Figure(name, sorted(costs)[len(costs) // 2], "ms CPU")


def _picture() -> np.ndarray:
    """As detailed as a room in daylight: about 90 kB as MJPG."""
    noise = np.random.default_rng(1).integers(0, 256, (SIZE[1], SIZE[0], 3), dtype=np.uint8)
    return cv2.GaussianBlur(noise, (9, 9), 3)
