"""How fine the picture of a recording is, under names that say what for."""

from dataclasses import dataclass, replace

from desktop.i18n import tr
from desktop.models.choice import HEIGHTS, QUALITIES, RATES, Choice


@dataclass(frozen=True, slots=True)
class Preset:
    """See the fields of Choice."""

    name: str
    fps: int
    height: int
    quality: str

    def applied(self, choice: Choice) -> Choice:
        return replace(choice, fps=self.fps, height=self.height, quality=self.quality)

    def fits(self, choice: Choice) -> bool:
        return (choice.fps, choice.height, choice.quality) == (self.fps, self.height, self.quality)


def presets() -> tuple[Preset, ...]:
    """The usual one first."""
    return (
        Preset(tr("Standard"), 0, 0, "balanced"),
        Preset(tr("Sharp text"), 0, 0, "sharp"),
        Preset(tr("Smooth motion, 60 fps"), 60, 0, "balanced"),
        Preset(tr("Small file, 720p"), 15, 720, "small"),
    )


def rates() -> list[tuple[int, str]]:
    """(value, words) to choose from."""
    return [(rate, tr("{fps} fps", fps=rate) if rate else tr("Usual frame rate")) for rate in RATES]


def heights() -> list[tuple[int, str]]:
    return [(height, f"{height}p" if height else tr("Full size")) for height in HEIGHTS]


def qualities() -> list[tuple[str, str]]:
    words = {"small": tr("Small"), "balanced": tr("Balanced"), "sharp": tr("Sharp")}
    return [(quality, words[quality]) for quality in QUALITIES]
