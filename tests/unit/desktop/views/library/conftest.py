"""The library's window, and a recording for its views."""

from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")


from desktop.views.library.window import LibraryWindow


@pytest.fixture
def window(qtbot: Any) -> Iterator[LibraryWindow]:
    made = LibraryWindow()
    made.show()
    yield made
    made.close()
    made.deleteLater()
