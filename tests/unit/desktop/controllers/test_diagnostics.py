"""The page of diagnostics, and the report from it to the file."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.context import Context
from desktop.controllers.diagnostics import DiagnosticsController
from desktop.controllers.pages import Pages
from desktop.controllers.settings.opening import SettingsOpener
from desktop.controllers.settings.parts import add_ways
from desktop.controllers.transcription import Transcription
from desktop.models.actions import Action
from desktop.models.diagnostics import Verdict
from desktop.views.settings.opening import OpeningPart
from media import self_command

FOUND = [
    {"name": "screen", "verdict": "ok", "detail": "x11", "hint": ""},
    {"name": "server", "verdict": "problem", "detail": "http://203.0.113.7: refused", "hint": "Is it right?"},
]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the other process prints, in place of the doctor."""
    lines = [json.dumps(FOUND)]
    monkeypatch.setattr(self_command, "command", lambda *_: [sys.executable, "-c", f"print({lines[0]!r})"])
    return lines


@pytest.fixture
def diagnostics(context: Context, told: list[str]) -> Iterator[DiagnosticsController]:
    made = DiagnosticsController(context)
    yield made
    made.close()
    made.deleteLater()


def test_findings_come_from_another_process_and_go_into_a_report(
    diagnostics: DiagnosticsController, context: Context, qtbot: Any, tmp_path: Path
) -> None:
    diagnostics.open()
    assert diagnostics.diagnosis.running
    assert not diagnostics.view.report.isEnabled()
    qtbot.waitUntil(lambda: not diagnostics.diagnosis.running, timeout=20_000)
    assert [one.verdict for one in diagnostics.diagnosis.findings] == [Verdict.OK, Verdict.PROBLEM]
    assert diagnostics.view.summary.text().endswith("Problems: 1")
    diagnostics.view.report.click()
    qtbot.waitUntil(lambda: diagnostics._window is not None, timeout=20_000)
    window = diagnostics._window
    assert window is not None
    assert "203.0.113.7" not in window.text.toPlainText()
    window.text.appendPlainText("and this happened")
    diagnostics.save(window.text.toPlainText(), tmp_path / "report.txt")
    assert (tmp_path / "report.txt").read_text().endswith("and this happened")


def test_a_doctor_that_dies_is_told(
    diagnostics: DiagnosticsController, context: Context, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(self_command, "command", lambda *_: [sys.executable, "-c", "raise SystemExit('oh')"])
    diagnostics.look()
    qtbot.waitUntil(lambda: bool(context.messages.problems), timeout=20_000)
    assert "oh" in context.messages.problems[0].detail
    assert diagnostics.view.again.isEnabled()


def test_windows_open_by_their_actions(context: Context, told: list[str]) -> None:
    transcription = Transcription(context)
    pages = Pages(context, transcription)
    context.actions.perform(Action.TRANSCRIPTS)
    context.actions.perform(Action.DIAGNOSTICS)
    titles = {window.windowTitle() for window in context.application.topLevelWidgets() if window.isVisible()}
    assert {"Transcripts", "Diagnostics"} <= titles
    pages.close()
    transcription.close()
    transcription.deleteLater()


def test_the_settings_lead_to_them(context: Context, told: list[str]) -> None:
    transcription = Transcription(context)
    pages, opener = Pages(context, transcription), SettingsOpener(context)
    add_ways(context, opener)
    context.actions.perform(Action.SETTINGS)
    assert opener.controller is not None
    parts = opener.controller.window.findChildren(OpeningPart)
    assert len(parts) == 3
    next(part for part in parts if "models" in part.button.text()).button.click()
    assert pages._transcripts is not None
    for one in (opener, pages, transcription):
        one.close()
    for made in (opener, transcription):
        made.deleteLater()
