"""Writes docs/file-map.md: every module and the first sentence of what it says about itself.

Run `python docs/file_map.py` after adding, renaming or removing a file; a test compares.
"""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("media", "capture", "uploader", "desktop", "server", "installers")
SKIPPED = {"node_modules", "dist", "versions", "__pycache__"}


def render() -> str:
    """The page as it should be."""
    lines = [
        "# File map",
        "",
        "Written by `python docs/file_map.py` from the modules' own first sentences.",
        "",
    ]
    for package in PACKAGES:
        lines += [f"## {package}/", "", "| File | |", "|---|---|"]
        lines += [f"| `{path.relative_to(ROOT / package)}` | {words} |" for path, words in _modules(package)]
        lines.append("")
    return "\n".join(lines)


def _modules(package: str) -> list[tuple[Path, str]]:
    files = (path for path in (ROOT / package).rglob("*.py") if not SKIPPED.intersection(path.parts))
    told = ((path, _first_sentence(path)) for path in sorted(files))
    return [(path, words) for path, words in told if words]


def _first_sentence(path: Path) -> str:
    """Without the line breaks of the docstring; empty where there is none."""
    words = " ".join((ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split("\n\n")[0].split())
    return words.split(". ")[0].rstrip(".").replace("|", "\\|")


if __name__ == "__main__":
    (ROOT / "docs" / "file-map.md").write_text(render(), encoding="utf-8")
