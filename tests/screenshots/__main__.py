"""`python -m tests.screenshots [AREA...]`: every view of the app as a picture in docs/images/app/.

An area is a file beside this one with `SHOTS`: a name and what makes the view, from models with sample data.
Each view is drawn in light and dark, at 100 % and at 200 %, as `AREA-NAME-light.png` and
`AREA-NAME-dark@2x.png`: scaling is Qt's for a whole process, so each scale has a process of its own. Look at
the pictures: aligned, unclipped, legible.
"""

import argparse
import json
import os
import pkgutil
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

import tests.screenshots

OUT = Path(__file__).resolve().parents[2] / "docs" / "images" / "app"
THEMES = ("light", "dark")
SCALES = (1, 2)
_SCALE = "HEDDLE_SHOTS_SCALE"
_BEHIND = "#9a9ca6"


def areas() -> list[str]:
    """The names of the files beside this one."""
    return [
        module.name for module in pkgutil.iter_modules(tests.screenshots.__path__) if module.name[0] != "_"
    ]


def main() -> int:
    """Draws what was asked for, everything if nothing was."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("areas", nargs="*", metavar="AREA", help=f"of {', '.join(areas())}")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--language", default="en", help="such as de")
    options = parser.parse_args()
    if unknown := set(options.areas) - set(areas()):
        parser.error(f"no such area: {', '.join(sorted(unknown))}; there are {', '.join(areas())}")
    options.out.mkdir(parents=True, exist_ok=True)
    if scale := os.environ.get(_SCALE):
        return draw(options.areas or areas(), options.out, int(scale))
    with tempfile.TemporaryDirectory() as folder:
        for scale in SCALES:
            environment = {
                **os.environ,
                _SCALE: str(scale),
                "QT_SCALE_FACTOR": str(scale),
                "QT_QPA_PLATFORM": f"offscreen:configfile={screen(Path(folder), scale)}",
                "HEDDLE_LANGUAGE": options.language,
            }
            command = [sys.executable, "-m", "tests.screenshots", *sys.argv[1:]]
            subprocess.run(command, env=environment, check=True)
    return 0


def screen(folder: Path, scale: int) -> Path:
    """Describes one for Qt; its own is so small that windows, which open on two thirds of it, do not fit."""
    width, height = 1920 * scale, 1200 * scale
    named = {"name": "screen", "x": 0, "y": 0, "width": width, "height": height, "logicalDpi": 96, "dpr": 1}
    path = folder / f"screen-{scale}.json"
    path.write_text(json.dumps({"screens": [named]}))
    return path


def draw(names: list[str], out: Path, scale: int) -> int:
    """In this process, at its scale."""
    from PySide6.QtWidgets import QApplication

    from desktop.i18n import language
    from desktop.platform.lasting import keep_constants
    from desktop.platform.qt_words import speak
    from desktop.views import theme

    keep_constants()

    application = QApplication.instance() or QApplication(["heddle"])
    assert isinstance(application, QApplication)
    if language() != "en":
        speak(application)
    for look in THEMES:
        theme.apply(application, look)
        for area in names:
            for name, make in import_module(f"tests.screenshots.{area}").SHOTS.items():
                view = make()
                view.show()
                application.processEvents()
                path = out / f"{area}-{name}-{look}{'' if scale == 1 else f'@{scale}x'}.png"
                save(cut(view), path)
                view.close()
                view.deleteLater()
    return 0


def cut(view: Any) -> object:
    """As it is seen on a screen: of a window with a shape, only that, on a ground of no meaning."""
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QColor, QPainter, QPixmap, QRegion

    picture = view.grab()
    if view.mask().isEmpty():
        return picture
    ground = QPixmap(picture.size())
    ground.setDevicePixelRatio(picture.devicePixelRatio())
    ground.fill(QColor(_BEHIND))
    painter = QPainter(ground)
    painter.setClipRegion(QRegion(view.mask()))
    painter.drawPixmap(QPoint(), picture)
    painter.end()
    return ground


def save(picture: object, path: Path) -> None:
    """With the 256 colours that flat windows need at most: a third of the bytes."""
    from PIL import Image
    from PySide6.QtGui import QPixmap

    assert isinstance(picture, QPixmap)
    picture.save(str(path))
    with Image.open(path) as image:
        small = image.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
    sys.stdout.write(f"{path.name}  {path.stat().st_size // 1024} KiB\n")


if __name__ == "__main__":
    sys.exit(main())
