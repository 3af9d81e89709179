"""Things that happen on a screen, for recorders to film: `python -m tests.support.content KIND --display :N`.

Kinds: `typing` (a line of code appears key by key), `scrolling` (coloured code rolls by), `motion` (a film
fills the screen), `noise` (the worst that motion can be), `static` (a page that never changes), `clock`
(tests.support.clock plus big digits), `flashbeep` (once a second the screen flashes white while a beep
sounds; the flash says when it was drawn).
Prints `ready` once the first picture stands. Pictures are drawn once into the X server's memory and copied
from there, so that the content costs next to nothing beside the recorder under test.
"""

import argparse
import random
import signal
import statistics
import threading
import time
from collections import deque
from collections.abc import Callable
from types import FrameType
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from Xlib import X
from Xlib.display import Display

from tests.support import clock

LINE = 22
GRAINS = 3  # pictures of one landscape that differ in nothing but their grain
INK = ((86, 156, 214), (206, 145, 120), (106, 153, 85), (220, 220, 170), (197, 134, 192), (212, 212, 212))
PAPER = (30, 30, 30)
FLASH_S = 0.1  # and the beep with it
BUFFER_S = 0.2  # of sound that is played
SMOOTHED = 40  # times that its sound system asked for more, in two seconds
STEADY_S = 0.001
STEADY_IN_S = 30.0
WORDS = ("def", "return", "frame", "encoder", "offset", "upload", "fragment", "yield", "import", "self")


class Stage:
    """A window that fills the screen, and pictures in the server's memory to copy into it."""

    def __init__(self, name: str | None) -> None:
        self.display = Display(name)
        screen = self.display.screen()
        self.width, self.height = screen.width_in_pixels, screen.height_in_pixels
        self.depth = screen.root_depth
        self.window = screen.root.create_window(
            0, 0, self.width, self.height, 0, self.depth, override_redirect=True, background_pixel=0
        )
        self.pen = self.window.create_gc(graphics_exposures=False)
        self.white, self.black = screen.white_pixel, screen.black_pixel
        self.window.map()
        self.display.sync()

    def picture(self, image: Image.Image) -> Any:
        """A pixmap holding `image`."""
        pixmap = self.window.create_pixmap(image.width, image.height, self.depth)
        rows = max(1, 200_000 // (image.width * 4))  # X requests are limited to 256 KiB
        raw = image.convert("RGB").tobytes("raw", "BGRX")
        stride = image.width * 4
        for top in range(0, image.height, rows):
            count = min(rows, image.height - top)
            data = raw[top * stride : (top + count) * stride]
            pixmap.put_image(self.pen, 0, top, image.width, count, X.ZPixmap, self.depth, 0, data)
        self.display.sync()
        return pixmap

    def show(self, picture: Any, source: tuple[int, int, int, int], x: int, y: int) -> None:
        """Copy the `source` rectangle (x, y, width, height) of a picture to x, y."""
        left, top, width, height = source
        self.window.copy_area(self.pen, picture, left, top, width, height, x, y)

    def fill(self, x: int, y: int, width: int, height: int, lit: bool) -> None:
        """A white or black rectangle."""
        self.pen.change(foreground=self.white if lit else self.black)
        self.window.fill_rectangle(self.pen, x, y, width, height)

    def bars(self, number: int) -> None:
        """The bar code of tests.support.clock, in two requests."""
        code = clock.cells(number, self.width, self.height)
        for lit in (True, False):
            self.pen.change(foreground=self.white if lit else self.black)
            boxes = [(cell.x, cell.y, cell.width, cell.height) for cell in code if cell.lit is lit]
            self.window.poly_fill_rectangle(self.pen, boxes)


Scene = Callable[[int], None]


def typing(stage: Stage) -> Scene:
    """Twelve keys a second on a quiet page."""
    page = stage.picture(code_page(stage.width, stage.height, seed=1))
    letters = stage.picture(code_page(stage.width, stage.height, seed=2))
    stage.show(page, (0, 0, stage.width, stage.height), 0, 0)
    columns = (stage.width - 40) // 12

    def draw(frame: int) -> None:
        key, due = divmod(frame * 12, 30)
        if due >= 12:
            return
        line, column = divmod(key, columns)
        x, y = 20 + column * 12, 20 + line % (stage.height // LINE - 2) * LINE
        stage.show(letters, (x, y, 12, LINE), x, y)

    return draw


def scrolling(stage: Stage) -> Scene:
    """Six pixels a frame through long coloured code."""
    tall = stage.picture(code_page(stage.width, min(stage.height * 4, 32_000), seed=3))
    length = min(stage.height * 4, 32_000) - stage.height

    def draw(frame: int) -> None:
        stage.show(tall, (0, frame * 6 % length, stage.width, stage.height), 0, 0)

    return draw


def motion(stage: Stage) -> Scene:
    """A camera pans over a landscape, with film grain, and things cross the picture: every pixel changes."""
    views = [stage.picture(view) for view in _landscape(stage.width + 256, stage.height + 256, GRAINS)]
    return _pan(stage, views)


def noise(stage: Stage) -> Scene:
    """The same over coloured noise, of which an encoder must keep three times as much."""
    return _pan(stage, [stage.picture(_texture(stage.width + 256, stage.height + 256))])


def _pan(stage: Stage, views: list[Any]) -> Scene:
    shape = stage.picture(code_page(200, 200, seed=4))

    def draw(frame: int) -> None:
        x, y = abs((frame * 7) % 512 - 256), abs((frame * 5) % 512 - 256)
        stage.show(views[frame % len(views)], (x, y, stage.width, stage.height), 0, 0)
        for index in range(4):
            left = (frame * (9 + 4 * index) + index * 300) % (stage.width - 200)
            top = (frame * (5 + 3 * index) + index * 170) % (stage.height - 200)
            stage.show(shape, (0, 0, 200, 200), left, top)

    return draw


def static(stage: Stage) -> Scene:
    """A page that stands still."""
    page = stage.picture(code_page(stage.width, stage.height, seed=5))
    stage.show(page, (0, 0, stage.width, stage.height), 0, 0)
    return lambda frame: None


def clock_face(stage: Stage) -> Scene:
    """Unix milliseconds as a bar code on top and as digits below it."""
    font = ImageFont.load_default(stage.height // 8)
    size = stage.height // 8
    strip = Image.new("RGB", (size * 10, size), PAPER)
    for digit in range(10):
        ImageDraw.Draw(strip).text((digit * size, 0), str(digit), font=font, fill=INK[3])
    digits = stage.picture(strip)

    def draw(frame: int) -> None:
        now = int(time.time() * 1000)
        for cell in clock.cells(now, stage.width, stage.height):
            stage.fill(cell.x, cell.y, cell.width, cell.height, cell.lit)
        for place, digit in enumerate(str(now)[-8:]):
            stage.show(digits, (int(digit) * size, 0, size, size), 20 + place * size, stage.height // 2)

    return draw


def flashbeep(stage: Stage) -> Scene:
    """The beep lasts 100 ms and so does the flash; both begin with a whole second of the monotonic clock.

    A flash is drawn again at each frame with the bar code of the time, in tenths of a millisecond: however
    late it was drawn and filmed, what is seen says which moment it is.
    """
    stage.fill(0, 0, stage.width, stage.height, False)
    lit = [False]

    def draw(frame: int) -> None:
        now = time.monotonic()
        wanted = now % 1.0 < FLASH_S
        if wanted != lit[0]:
            lit[0] = wanted
            stage.fill(0, 0, stage.width, stage.height, wanted)
        if wanted:
            stage.bars(int(now * 10_000))

    return draw


SCENES: dict[str, Callable[[Stage], Scene]] = {
    "typing": typing,
    "scrolling": scrolling,
    "motion": motion,
    "noise": noise,
    "static": static,
    "clock": clock_face,
    "flashbeep": flashbeep,
}


def beeps(*, settled: bool) -> Any:
    """An open sound stream that beeps with each whole second of the monotonic clock, exactly once `settled`.

    A long buffer, for a beep that is interrupted or late because its player got no processor says nothing of
    who records it. When it will be heard is known all the same: from the count of samples, and what the sound
    system says of the delay. PulseAudio is up to 40 ms wrong about that at first and comes nearer to the
    truth every 1.5 s, so it is let play a while, about 15 s, where the moment matters.
    """
    import numpy as np
    import sounddevice

    rate, played = 48_000, 0
    begins: deque[float] = deque(maxlen=SMOOTHED)  # when sample 0 was heard, by what was said lately
    steady = threading.Event()
    offset = 0.0  # of PortAudio's clock against ours

    def play(out: Any, frames: int, times: Any, status: Any) -> None:
        nonlocal played
        begins.append(times.outputBufferDacTime + offset - played / rate)
        begin = statistics.median(begins)
        if len(begins) == SMOOTHED and max(begins) - min(begins) < STEADY_S:
            steady.set()
        seconds = begin + (played + np.arange(frames)) / rate
        out[:, 0] = 0.5 * np.sin(2 * np.pi * 1000 * seconds) * (seconds % 1.0 < FLASH_S)
        played += frames

    stream = sounddevice.OutputStream(
        samplerate=rate, channels=1, dtype="float32", latency=BUFFER_S, callback=play
    )
    offset = max(time.monotonic() - stream.time for _ in range(10))  # the least disturbed of ten readings
    stream.start()
    if settled:
        steady.wait(STEADY_IN_S)
    return stream


def run(
    kind: str, display: str | None, fps: int, *, seconds: float | None, sounds: bool, settled: bool
) -> None:
    """Play a scene until told to end (SIGTERM, SIGINT) or the time is over."""
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    stage = Stage(display)
    draw = SCENES[kind](stage)
    draw(0)
    stage.display.sync()
    sound = beeps(settled=settled) if sounds or settled or kind == "flashbeep" else None
    print("ready", flush=True)
    started = time.monotonic()
    while not stop.is_set() and (seconds is None or time.monotonic() - started < seconds):
        frame = int((time.monotonic() - started) * fps) + 1
        stop.wait(max(0.0, started + frame / fps - time.monotonic()))
        draw(frame)
        stage.display.flush()
    if sound is not None:
        sound.close()
    stage.display.close()


def code_page(width: int, height: int, seed: int) -> Image.Image:
    dice = random.Random(seed)
    font = ImageFont.load_default(16)
    image = Image.new("RGB", (width, height), PAPER)
    pen = ImageDraw.Draw(image)
    for top in range(8, height, LINE):
        x = 20 + 32 * dice.randrange(4)
        while x < width * 0.8:
            word = dice.choice(WORDS)
            pen.text((x, top), word, font=font, fill=dice.choice(INK))
            x += int(pen.textlength(word, font=font)) + 10
            if dice.random() < 0.15:
                break
    return image


def _landscape(width: int, height: int, count: int) -> list[Image.Image]:
    """Detail at all sizes, as photographs have it: equal contrast in each octave (a 1/f spectrum) down to the
    lens's blur, colour mostly in the large ones, and a little grain."""
    import numpy as np

    dice = np.random.default_rng(7)

    def octave(size: int, contrast: float) -> Any:
        small = dice.normal(0, contrast, (height // size + 2, width // size + 2)).astype(np.float32)
        return np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC))

    fine = sum(octave(size, contrast) for size, contrast in ((64, 18), (32, 18), (16, 18), (8, 14), (4, 7)))
    colour = [sum(octave(size, 20) for size in (512, 256, 128)) for _ in range(3)]
    view = np.stack([fine + 110 + plane for plane in colour], axis=-1)
    grains = [dice.normal(0, 1.5, (height, width, 1)) for _ in range(count)]
    return [Image.fromarray(np.clip(view + grain, 0, 255).astype(np.uint8)) for grain in grains]


def _texture(width: int, height: int) -> Image.Image:
    """Soft noise over shapes: detail everywhere, yet something an encoder can follow."""
    small = Image.effect_noise((width // 4, height // 4), 60).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    image = Image.merge("RGB", (small, small.rotate(180), small.transpose(Image.Transpose.FLIP_LEFT_RIGHT)))
    pen, dice = ImageDraw.Draw(image), random.Random(6)
    for _ in range(60):
        x, y, size = dice.randrange(width), dice.randrange(height), dice.randrange(20, 160)
        pen.ellipse((x, y, x + size, y + size), fill=dice.choice(INK))
    return image


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.content")
    parser.add_argument("kind", choices=sorted(SCENES))
    parser.add_argument("--display", help="X display, by default $DISPLAY")
    parser.add_argument("--fps", type=int, default=30)
    parser.add_argument("--seconds", type=float, help="how long; by default until terminated")
    parser.add_argument("--sound", action="store_true", help="beep each second, whatever is shown")
    parser.add_argument("--settled", action="store_true", help="be ready when beeps come at their moment")
    options = parser.parse_args()
    length, sounds, settled = options.seconds, options.sound, options.settled
    run(options.kind, options.display, options.fps, seconds=length, sounds=sounds, settled=settled)


if __name__ == "__main__":
    main()
