"""The page of platforms names every source, and says of each whether anybody has seen it work."""

import importlib
import re
from pathlib import Path

import pytest

from capture import registry

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "platforms.md").read_text(encoding="utf-8")
BACKENDS = Path(registry.__file__).parent / "backends"


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_every_source_of_a_platform_is_on_the_page(platform: str) -> None:
    names = {*registry._SCREENS_OF[platform], *registry._SYSTEM_SOUNDS_OF[platform], *registry.SOUNDS}
    assert {name for name in names if f"`{name}`" not in PAGE} == set()


def test_every_listed_source_exists() -> None:
    listed = re.findall(r"^\| [^|]*\| `((?:screen|audio|loopback|camera)_\w+)`", PAGE, re.MULTILINE)
    assert "screen_x11" in listed, "the search for sources has gone blind"
    assert [name for name in listed if importlib.util.find_spec(f"capture.backends.{name}") is None] == []


def test_what_calls_itself_unverified_is_listed_so() -> None:
    modules = [
        path for path in BACKENDS.glob("*.py") if "Unverified on a real system" in path.read_text("utf-8")
    ]
    sources = [path.stem for path in modules if path.stem.startswith(("screen_", "loopback_", "camera_"))]
    assert len(sources) >= 6, "the search for modules has gone blind"
    rows = {
        name: [line for line in PAGE.splitlines() if f"`{name}`" in line and line.startswith("|")]
        for name in sources
    }
    assert {name for name, lines in rows.items() if not any("unverified" in line for line in lines)} == set()
