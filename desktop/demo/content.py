"""Something pleasant to film: a clock with milliseconds, weaving threads, text that types itself, a voice.

`python -m desktop.demo.content [--fullscreen] [--silent]` draws on $DISPLAY until it is told to stop. It is
cheap on purpose: only small parts of the picture change, each drawn by Pillow and sent as it is.
"""

import argparse
import math
import shutil
import signal
import subprocess
import threading
import time
from datetime import datetime
from types import FrameType

from PIL import Image, ImageDraw, ImageFont
from Xlib import X
from Xlib.display import Display

WIDTH, HEIGHT = 1280, 720
FPS = 25
INK, PAPER, DIM, GROUND = "#1d2433", "#f6f4ee", "#8f9bb3", "#161c2b"
THREADS = ("#ef6461", "#f4b860", "#5fc9a8", "#5b9cf5", "#b48bf2")
LETTERS_A_SECOND = 14
TEXT = (
    "Press record, and the link is already there.",
    "Whoever has it watches while you still talk,",
    "seeks back, and keeps the finished video.",
    "",
    "Every half second one more fragment is on disk,",
    "on its way to the server, and on somebody's screen.",
)
SPEECH = (
    "This is Heddle. The link was there before this sentence began.",
    "Anyone who has the link sees and hears this a moment later.",
    "Nothing that was recorded is ever lost.",
)
# One request of the core protocol carries at most this much; larger pictures go in bands.
REQUEST_BYTES = 240_000


class Canvas:
    """A window, and pictures put onto it."""

    def __init__(self, *, fullscreen: bool) -> None:
        self._display = Display()
        screen = self._display.screen()
        self.scale = (
            min(screen.width_in_pixels / WIDTH, screen.height_in_pixels / HEIGHT) if fullscreen else 0.75
        )
        size = (screen.width_in_pixels, screen.height_in_pixels) if fullscreen else self.pair(WIDTH, HEIGHT)
        self._depth = screen.root_depth
        self._window = screen.root.create_window(
            0, 0, *size, 0, self._depth, override_redirect=fullscreen, event_mask=X.ExposureMask,
            background_pixel=int(GROUND[1:], 16),
        )  # fmt: skip
        self._window.set_wm_name("Heddle")
        self._gc = self._window.create_gc()
        self._window.map()
        self._display.sync()

    def fit(self, length: float) -> int:
        """A length of the drawing in pixels of this screen."""
        return round(length * self.scale)

    def pair(self, x: float, y: float) -> tuple[int, int]:
        """Two of them."""
        return self.fit(x), self.fit(y)

    def put(self, picture: Image.Image, x: float, y: float) -> None:
        """Shows the picture with its corner at x, y of the drawing."""
        left, top = self.pair(x, y)
        width, height = picture.size
        rows = max(1, REQUEST_BYTES // (width * 4))
        data = picture.convert("RGB").tobytes("raw", "BGRX")
        for row in range(0, height, rows):
            count = min(rows, height - row)
            band = data[row * width * 4 : (row + count) * width * 4]
            self._window.put_image(self._gc, left, top + row, width, count, X.ZPixmap, self._depth, 0, band)

    def flush(self) -> bool:
        """Sends what was drawn; True when the window was uncovered and needs all of it again."""
        self._display.flush()
        exposed = False
        while self._display.pending_events():
            exposed |= self._display.next_event().type == X.Expose
        return exposed

    def close(self) -> None:
        """Takes the window away."""
        self._display.close()


def font(canvas: Canvas, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The font that Pillow carries, so that a bare machine draws the same."""
    return ImageFont.load_default(canvas.fit(size))


class Clock:
    """Hours to milliseconds, for whoever wants to see how far behind a viewer is."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._font = font(canvas, 92)
        self._size = canvas.pair(700, 116)
        self._digit, self._mark = canvas.fit(60), canvas.fit(28)

    def draw(self) -> None:
        """The time now; every digit in a place of its own, so that none of them jumps."""
        picture = Image.new("RGB", self._size, GROUND)
        draw, x = ImageDraw.Draw(picture), 0
        for letter in datetime.now().astimezone().strftime("%H:%M:%S.%f")[:-3]:
            width = self._digit if letter.isdigit() else self._mark
            draw.text((x + width / 2, 0), letter, PAPER, font=self._font, anchor="ma")
            x += width
        self._canvas.put(picture, 80, 120)


class Loom:
    """Threads that pass over and under each other."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._size = canvas.pair(1120, 150)

    def draw(self, at_s: float) -> None:
        """The threads at one moment."""
        width, height = self._size
        picture = Image.new("RGB", self._size, GROUND)
        draw = ImageDraw.Draw(picture)
        step = max(6, width // 90)
        for number, colour in enumerate(THREADS):
            phase = at_s * 1.4 + number * 2 * math.pi / len(THREADS)
            points = [
                (x, height / 2 + math.sin(x / width * 7 + phase) * height * 0.38)
                for x in range(0, width + step, step)
            ]
            draw.line(points, colour, width=max(2, round(7 * self._canvas.scale)), joint="curve")
        self._canvas.put(picture, 80, 540)


class Page:
    """A sheet on which the text types itself, over and over."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._font = font(canvas, 28)
        self._line = canvas.pair(1064, 38)
        self._shown = (0, 0)  # line and letters of it

    def draw(self, at_s: float) -> None:
        """What is typed by now; only lines that changed are drawn."""
        now = typed(int(at_s * LETTERS_A_SECOND))
        if now < self._shown:
            self.clear()
        if now == self._shown:
            return
        for number in range(self._shown[0], now[0]):
            self._draw_line(number, TEXT[number], cursor=False)
        self._draw_line(now[0], TEXT[now[0]][: now[1]], cursor=True)
        self._shown = now

    def clear(self) -> None:
        """An empty sheet."""
        self._shown = (0, 0)
        picture = Image.new("RGB", self._canvas.pair(1120, 264), GROUND)
        box = (0, 0, picture.width - 1, picture.height - 1)
        ImageDraw.Draw(picture).rounded_rectangle(box, self._canvas.fit(14), PAPER)
        self._canvas.put(picture, 80, 256)

    def _draw_line(self, number: int, text: str, *, cursor: bool) -> None:
        picture = Image.new("RGB", self._line, PAPER)
        draw = ImageDraw.Draw(picture)
        draw.text((0, 0), text, INK, font=self._font)
        if cursor:
            end = draw.textlength(text, font=self._font) + 3
            draw.rectangle((end, 2, end + 2, self._line[1] - 8), THREADS[0])
        self._canvas.put(picture, 108, 272 + number * 40)


def typed(letters: int) -> tuple[int, int]:
    """Line and letters of it after so many strokes; a finished sheet rests a while and begins anew."""
    rest = 3 * LETTERS_A_SECOND
    left = letters % (sum(len(line) + 1 for line in TEXT) + rest)
    for number, line in enumerate(TEXT):
        if left <= len(line):
            return number, left
        left -= len(line) + 1
    return len(TEXT) - 1, len(TEXT[-1])


def draw_title(canvas: Canvas) -> None:
    """What stands still."""
    picture = Image.new("RGB", canvas.pair(1120, 64), GROUND)
    draw = ImageDraw.Draw(picture)
    draw.text((0, 0), "Heddle", PAPER, font=font(canvas, 44))
    draw.text(canvas.pair(170, 18), "records this screen right now", DIM, font=font(canvas, 24))
    canvas.put(picture, 80, 48)


def animate(canvas: Canvas, stop: threading.Event) -> None:
    """Draws until told to stop, on a schedule that does not drift."""
    clock, loom, page = Clock(canvas), Loom(canvas), Page(canvas)
    started = time.monotonic()
    frame, exposed = 0, True
    while not stop.is_set():
        if exposed:
            draw_title(canvas)
            page.clear()
        at_s = time.monotonic() - started
        clock.draw()
        loom.draw(at_s)
        page.draw(at_s)
        exposed = canvas.flush()
        frame += 1
        stop.wait(max(0.0, started + frame / FPS - time.monotonic()))


def speak(stop: threading.Event) -> None:
    """Says the sentences, over and over, where there is a voice."""
    if not shutil.which("espeak-ng"):
        return
    number = 0
    while not stop.is_set():
        voice = subprocess.Popen(
            ["espeak-ng", "-s", "155", SPEECH[number % len(SPEECH)]], stderr=subprocess.DEVNULL
        )
        while voice.poll() is None:
            if stop.wait(0.1):
                voice.terminate()
        number += 1
        stop.wait(0.6)


def main() -> None:
    """Until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(description="Draw and say something to film.")
    parser.add_argument("--fullscreen", action="store_true", help="cover the screen (for a virtual one)")
    parser.add_argument("--silent", action="store_true", help="do not speak")
    options = parser.parse_args()
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    canvas = Canvas(fullscreen=options.fullscreen)
    voice = threading.Thread(target=speak, args=(stop,), name="voice")
    if not options.silent:
        voice.start()
    try:
        animate(canvas, stop)
    finally:
        stop.set()
        canvas.close()


if __name__ == "__main__":
    main()
