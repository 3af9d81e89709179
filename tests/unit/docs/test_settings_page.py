"""The reference of the client's settings is what the table says."""

import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_the_page_is_as_the_table_says() -> None:
    writer = runpy.run_path(str(ROOT / "docs" / "settings_page.py"))
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    assert page == writer["render"](page), "run `python docs/settings_page.py`"
