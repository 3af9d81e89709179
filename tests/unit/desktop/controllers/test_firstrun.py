"""The assistant: a private server by one click, a sign-in to another, permissions, and the way back."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel

from capture.permissions import Access, Permission, Status
from desktop import programs
from desktop.accounts import signing_in
from desktop.accounts.own_server import OwnServer
from desktop.accounts.signing_in import Found
from desktop.context import Context
from desktop.controllers.firstrun import permissions as permissions_controller
from desktop.controllers.firstrun.assistant import AssistantController
from desktop.controllers.firstrun.opener import FirstRun
from desktop.controllers.private_server import PrivateServer
from desktop.models import firstrun, private_server
from desktop.models.firstrun import Progress, Step
from desktop.models.place import Stage
from desktop.models.private_server import Phase, ServerState
from tests.support.double import Double
from uploader import credentials
from uploader.api import Session
from uploader.credentials import Credential

PATIENCE_MS = 60_000


@pytest.fixture(autouse=True)
def first_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEDDLE_ASSISTANT")


@pytest.fixture
def private(context: Context) -> Iterator[PrivateServer]:
    server = PrivateServer(context)
    yield server
    server.close()
    server.deleteLater()


@pytest.fixture
def opened(context: Context, private: PrivateServer) -> Iterator[FirstRun]:
    first = FirstRun(context, private)
    first.open_if_wanted()
    yield first
    first.close()
    first.deleteLater()


@pytest.fixture
def double() -> Iterator[Double]:
    with Double() as double:
        yield double


def assistant(opened: FirstRun) -> AssistantController:
    assert opened.assistant is not None
    return opened.assistant


def test_a_private_server_by_one_click(
    opened: FirstRun, private: PrivateServer, context: Context, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server is told to run and does; a real one is in the tests of `own_server` and in a scenario."""
    url = "http://127.0.0.1:21850"

    async def run(server: OwnServer) -> None:
        server._tell(ServerState(Phase.STARTING))
        credentials.store(url, "owner@localhost", Credential("token"))
        server._tell(ServerState(Phase.RUNNING, url))
        await _never()

    monkeypatch.setattr(OwnServer, "run", run)
    place, view = assistant(opened).place, assistant(opened).view
    private.open()
    assert view.next.text() == "S&kip this step"
    place.view.start.click()
    assert place.place.stage is Stage.STARTING
    qtbot.waitUntil(lambda: place.settled, timeout=PATIENCE_MS)
    assert (context.settings.value.server, context.settings.value.private_server) == (url, True)
    assert str(credentials.credentials_file()) in place.view.status.text()
    assert view.next.text() == "&Next"
    assert view.focusWidget() is view.next
    # Whoever leaves for another server lets it go.
    context.settings.change(private_server=False, server="https://h.example")
    assert private.state.phase is Phase.OFF


def test_who_goes_on_at_once_still_gets_the_server(
    opened: FirstRun, private: PrivateServer, context: Context, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run(_server: OwnServer) -> None:
        await _never()

    monkeypatch.setattr(OwnServer, "run", run)
    private.open()
    assistant(opened).place.view.start.click()
    assistant(opened).view.later.click()
    assert context.settings.value.private_server
    opened.open()
    assistant(opened).place.view.start.click()
    assistant(opened).place.view.cancel.click()
    assert not context.settings.value.private_server


def test_one_that_was_given_up_can_be_started_again(
    opened: FirstRun, private: PrivateServer, context: Context, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    async def run(server: OwnServer) -> None:
        tries.append(server)
        server._tell(ServerState(Phase.FAILED, problem=private_server.not_installed()))

    monkeypatch.setattr(OwnServer, "run", run)
    private.open()
    place = assistant(opened).place
    for count in (1, 2):
        place.view.start.click()
        qtbot.waitUntil(lambda count=count: len(tries) == count and private._work is None)
        qtbot.waitUntil(place.view.start.isEnabled)


def test_a_private_server_that_is_not_installed_is_said_to_be(
    opened: FirstRun, private: PrivateServer, context: Context, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "find_server", lambda: None)
    place = assistant(opened).place
    private.open()
    place.view.start.click()
    qtbot.waitUntil(lambda: place.place.problem is not None)
    assert "pip install" in place.view.message.text()
    assert not context.settings.value.private_server
    assert place.place.stage is Stage.CHOOSING


def test_a_server_s_address_and_a_sign_in_in_the_browser(
    opened: FirstRun, context: Context, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The browser is a thread that follows the address, as a page would that somebody signed in on."""
    pages: list[str] = []

    def follow(address: QUrl) -> bool:
        pages.append(address.toString())
        asked = {name: values[0] for name, values in parse_qs(urlsplit(pages[0]).query).items()}
        back = f"{asked['redirect_uri']}?code=c0de&state={asked['state']}"
        threading.Thread(target=httpx.get, args=(back,), kwargs={"trust_env": False}).start()
        return True

    async def redeem(*_: object) -> Session:
        return Session(Credential("token"), "ada@b.c")

    async def check(server: str) -> Found:
        return Found(server, "9.8.7")

    monkeypatch.setattr(QDesktopServices, "openUrl", follow)
    monkeypatch.setattr(signing_in, "check", check)
    monkeypatch.setattr("uploader.api.ApiClient.redeem", redeem)
    place = assistant(opened).place
    place.view.elsewhere.setChecked(True)
    assert not place.view.start.isEnabled()
    place.view.address.setText("127.0.0.1:9")
    place.view.browser.click()
    qtbot.waitUntil(lambda: place.settled, timeout=PATIENCE_MS)
    assert pages[0].startswith("http://127.0.0.1:9/oauth/authorize")
    assert context.settings.value.server == "http://127.0.0.1:9"
    assert credentials.email_for("http://127.0.0.1:9") == "ada@b.c"
    assert "ada@b.c" in place.view.status.text()
    assert "Heddle 9.8.7" in place.view.found.text()


def test_what_answers_at_an_address_is_shown_before_anybody_signs_in(
    opened: FirstRun, qtbot: Any, double: Double
) -> None:
    double.health = {"status": "ok", "server": "Heddle", "version": "1.2.3"}
    place = assistant(opened).place
    view = place.view
    view.elsewhere.setChecked(True)
    view.address.setText(double.url)
    view.address.editingFinished.emit()
    qtbot.waitUntil(lambda: "Heddle 1.2.3" in view.found.text(), timeout=PATIENCE_MS)
    assert double.url in view.found.text()
    assert place.place.stage is Stage.CHOOSING
    assert view.elsewhere.isChecked()
    assert view.browser.isEnabled()
    view.address.setText(f"{double.url}/other")
    assert view.found.text() == ""  # nobody looked there


def test_a_server_that_tells_no_version_is_one_all_the_same(
    opened: FirstRun, qtbot: Any, double: Double
) -> None:
    view = assistant(opened).place.view
    view.elsewhere.setChecked(True)
    view.address.setText(double.url)
    view.address.editingFinished.emit()
    qtbot.waitUntil(lambda: "A Heddle server" in view.found.text(), timeout=PATIENCE_MS)


def test_a_code_is_shown_and_waiting_for_it_can_be_cancelled(
    opened: FirstRun, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def check(server: str) -> Found:
        return Found(server, "9.8.7")

    async def by_code(_server: str, show: Any) -> Session:
        show("https://h.example/device", "WDJB-MJHT")
        return await _never()

    monkeypatch.setattr(signing_in, "check", check)
    monkeypatch.setattr(signing_in, "by_code", by_code)
    place = assistant(opened).place
    place.view.elsewhere.setChecked(True)
    place.view.address.setText("h.example")
    place.view.code.click()
    qtbot.waitUntil(lambda: place.view.user_code.text() == "WDJB-MJHT")
    assert place.view.cancel.isVisible()
    assert not place.view.address.isEnabled()
    place.view.cancel.click()
    assert place.place.stage is Stage.CHOOSING
    assert place.view.address.isEnabled()


async def _never() -> Session:
    import asyncio

    await asyncio.Event().wait()
    raise AssertionError


@pytest.mark.parametrize(("typed", "words"), [("", "Which server"), ("127.0.0.1:9", "cannot be reached")])
def test_an_address_that_is_none_is_said_to_be(
    opened: FirstRun, context: Context, qtbot: Any, typed: str, words: str
) -> None:
    place = assistant(opened).place
    place.view.elsewhere.setChecked(True)
    place.view.address.setText(typed)
    place.view.browser.click()
    qtbot.waitUntil(lambda: words in place.view.message.text(), timeout=PATIENCE_MS)
    assert context.settings.value.server is None


def test_whoever_types_on_after_a_mistake_types_into_the_address(opened: FirstRun, qtbot: Any) -> None:
    """The field is locked while the server is looked for; the keyboard waits on the button that gives up."""
    place = assistant(opened).place
    place.view.elsewhere.setChecked(True)
    place.view.address.setFocus()
    window = assistant(opened).view
    for typed, words in (("127.0.0.1:9", "Nothing answers"), ("127.0.0.1:10", "127.0.0.1:10.")):
        place.view.address.setText(typed)
        qtbot.keyClick(place.view.address, Qt.Key.Key_Return)
        assert window.focusWidget() is place.view.cancel
        qtbot.waitUntil(lambda words=words: words in place.view.message.text(), timeout=PATIENCE_MS)
        assert window.focusWidget() is place.view.address


def test_what_was_reached_is_taken_up_again(
    opened: FirstRun, context: Context, private: PrivateServer, qtbot: Any, heddle_home: Path
) -> None:
    assistant(opened).view.next.click()
    assistant(opened).view.later.click()
    assert opened.assistant is None
    assert firstrun.load(heddle_home) == Progress(Step.PERMISSIONS, begun=True)
    opened.open_if_wanted()
    assert assistant(opened).view.title.text() == "What may Heddle record?"


def test_permissions_are_asked_again_when_somebody_comes_back(
    opened: FirstRun, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = "x-apple.systempreferences:there"
    answer = {"now": Status.DENIED}
    monkeypatch.setattr(
        permissions_controller, "permissions", lambda: [Permission(Access.CAMERA, answer["now"], page)]
    )
    pages: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda address: pages.append(address.toString()))
    assistant(opened).view.next.click()
    view = assistant(opened).permissions.view
    qtbot.waitUntil(lambda: bool(view.buttons))
    view.buttons[0].click()
    assert pages == [page]
    answer["now"] = Status.GRANTED
    assistant(opened).permissions._came_back(Qt.ApplicationState.ApplicationActive)
    qtbot.waitUntil(lambda: not view.buttons)
    assert any(re.search("granted", label.text()) for label in view.findChildren(QLabel))


@pytest.mark.parametrize("said", [{"server": "https://h.example"}, {"assistant": False}])
def test_who_has_been_set_up_already_is_not_asked(
    context: Context, private: PrivateServer, said: dict[str, Any]
) -> None:
    context.settings.change(**said)
    first = FirstRun(context, private)
    first.open_if_wanted()
    assert first.assistant is None
    assert private.state.phase is Phase.OFF
    first.deleteLater()
