"""The page that is built outside of the server and may change while it runs."""

import os
from pathlib import Path

import pytest

from server import document


def test_a_page_that_is_built_anew_is_served_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "DIST", tmp_path)
    assert "are not built" in document.page("")
    index = tmp_path / "index.html"
    for number in (1, 2):
        index.write_text(f"build {number} {document.PLACEHOLDER}")
        os.utime(index, ns=(number, number))
        assert document.page("head") == f"build {number} head"
