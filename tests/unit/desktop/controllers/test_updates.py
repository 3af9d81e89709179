"""Looking for updates asks one address, and tells; it does neither unless the person wants it."""

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtGui import QDesktopServices

from desktop.actions import Actions
from desktop.background import Background
from desktop.bridge import RecorderBridge
from desktop.context import Context
from desktop.controllers import updates
from desktop.controllers.updates import Updates
from desktop.live_settings import LiveSettings
from desktop.messages import Messages
from tests.support.updates import PAGE, SIGNER, signed


class Site(HTTPServer):
    """Serves one document."""

    document = b""
    asked = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/versions.json"


class Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self.server.asked += 1
        self.send_response(404 if self.path.endswith("gone") else 200)
        self.send_header("Content-Length", str(len(self.server.document)))
        self.end_headers()
        self.wfile.write(self.server.document)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def site() -> Iterator[Site]:
    with Site(("127.0.0.1", 0), Handler) as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture
def context(qapp: Any, heddle_home: Path) -> Iterator[Context]:
    live = LiveSettings()
    made = Context(qapp, Background(), RecorderBridge(), Actions(), live, Messages(live))
    yield made
    made.messages.close()
    made.background.close()


@pytest.fixture
def looking(context: Context, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Updates:
    """Wanted, with a first look at once, and a version that is newer than all."""
    public = SIGNER["new_key"](tmp_path / "key")
    site.document = signed(base64.b64decode((tmp_path / "key").read_text()), "9999.0")
    monkeypatch.setattr(updates, "_FIRST_MS", 0)
    context.settings.change(updates_url=site.address, updates_key=public)
    return Updates(context)


def test_nobody_is_asked_until_the_person_wants_it(looking: Updates, site: Site, qapp: Any) -> None:
    qapp.processEvents()
    assert not looking._timer.isActive()
    assert site.asked == 0


def test_a_newer_version_is_told_once_and_a_click_opens_its_page(
    looking: Updates, context: Context, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    with qtbot.waitSignal(looking.looked, timeout=10_000):
        context.settings.change(updates=True)
    toast = context.messages.toast
    assert toast is not None
    assert "9999.0" in toast.accessibleName()
    toast.clicked.emit()
    assert opened == [PAGE]
    context.messages.close()
    with qtbot.waitSignal(looking.looked, timeout=10_000):
        looking.look()
    assert context.messages.toast is None


def test_the_page_says_what_was_found(looking: Updates, qtbot: Any) -> None:
    part = looking.part()
    qtbot.addWidget(part)
    with qtbot.waitSignal(looking.looked, timeout=10_000):
        part.look.click()
    assert "9999.0" in part.said.text()
    assert not part.page.isHidden()


def test_what_cannot_be_believed_is_said_and_not_told(
    looking: Updates, site: Site, context: Context, qtbot: Any
) -> None:
    part = looking.part()
    qtbot.addWidget(part)
    site.document = b"x" * 200_000
    with qtbot.waitSignal(looking.failed, timeout=10_000):
        part.look.click()
    assert "cannot be read" in part.said.text()
    assert context.messages.toast is None


def test_who_has_no_news_is_named(looking: Updates, site: Site, context: Context, qtbot: Any) -> None:
    part = looking.part()
    qtbot.addWidget(part)
    for address, words in (
        (f"{site.address}/gone", "answers with 404"),
        ("http://127.0.0.1:1/versions.json", "does not answer"),
    ):
        context.settings.change(updates_url=address)
        with qtbot.waitSignal(looking.failed, timeout=10_000):
            part.look.click()
            assert not part.look.isEnabled()
        assert words in part.said.text()
        assert part.look.isEnabled()


def test_a_build_without_an_address_says_so(context: Context, qtbot: Any) -> None:
    alone = Updates(context)
    part = alone.part()
    qtbot.addWidget(part)
    part.look.click()
    assert "does not say where" in part.said.text()
