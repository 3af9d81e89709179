"""The page that is built outside of the server and may change while it runs."""

import os
from pathlib import Path

import pytest

from server.sharing import pages


def test_a_page_that_is_built_anew_is_served_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "DIST", tmp_path)
    assert "are not built" in pages.page("")
    index = tmp_path / "index.html"
    for number in (1, 2):
        index.write_text(f"build {number} {pages.PLACEHOLDER}")
        os.utime(index, ns=(number, number))
        assert pages.page("head") == f"build {number} head"
