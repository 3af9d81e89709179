"""What a request from outside sets off, and what it cannot."""

from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QFileOpenEvent
from PySide6.QtWidgets import QLabel

from desktop.actions import Actions
from desktop.background import Background
from desktop.bridge import RecorderBridge
from desktop.context import Context
from desktop.controllers.requests import RequestController
from desktop.errors import UsageError
from desktop.live_settings import LiveSettings
from desktop.messages import Messages
from desktop.models.actions import Action
from desktop.models.requests import Request, from_link, refusal


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    addresses: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: addresses.append(url.toString()))
    return addresses


@pytest.fixture
def context(qapp: Any) -> Iterator[Context]:
    live = LiveSettings()
    made = Context(qapp, Background(), RecorderBridge(), Actions(), live, Messages(live))
    yield made
    made.messages.close()
    made.background.close()


@pytest.fixture
def controller(context: Context) -> Iterator[RequestController]:
    made = RequestController(context)
    yield made
    made.deleteLater()


def test_an_action_is_passed_on(context: Context, controller: RequestController) -> None:
    done: list[str] = []
    context.actions.handle(Action.LIBRARY, lambda: done.append("library"))
    controller.obey(Request(Action.LIBRARY))
    assert done == ["library"]


def test_a_recording_of_our_server_opens_at_once_another_only_by_a_click(
    context: Context, controller: RequestController, opened: list[str]
) -> None:
    context.settings.change(server="https://h.example")
    controller.obey(Request(Action.LIBRARY, "https://h.example/s/1"))
    assert opened == ["https://h.example/s/1"]
    controller.obey(Request(Action.LIBRARY, "https://evil.example/s/1"))
    assert len(opened) == 1
    assert context.messages.toast is not None
    context.messages.toast.clicked.emit()
    assert opened[1:] == ["https://evil.example/s/1"]


def test_a_link_that_is_refused_is_told_in_words_and_not_as_its_writer_dressed_it(
    context: Context, controller: RequestController
) -> None:
    link = "heddle://<h1>Your disk is full</h1>"
    with pytest.raises(UsageError) as refused:
        from_link(link)
    controller.obey(refusal(refused.value))
    toast = context.messages.toast
    assert toast is not None
    assert link in toast.accessibleDescription()
    assert {label.textFormat() for label in toast.findChildren(QLabel)} == {Qt.TextFormat.PlainText}


def test_links_on_macos_come_as_events(context: Context, controller: RequestController) -> None:
    done: list[str] = []
    context.actions.handle(Action.LAUNCHER, lambda: done.append("launcher"))
    QCoreApplication.sendEvent(context.application, QFileOpenEvent(QUrl("heddle://record")))
    assert done == ["launcher"]
    QCoreApplication.sendEvent(context.application, QFileOpenEvent(QUrl("heddle://quit")))
    assert [problem.detail for problem in context.messages.problems] == ["heddle://quit"]
