"""Diagnostics: `heddle doctor` in a process of its own, and the report on a bug."""

import json
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QProcess
from PySide6.QtWidgets import QFileDialog

from desktop.context import Context
from desktop.diagnostics import report
from desktop.i18n import tr
from desktop.models.diagnostics import Diagnosis, findings
from desktop.models.session import Problem
from desktop.views.diagnostics.page import DiagnosticsPage
from desktop.views.diagnostics.report import ReportWindow
from media import self_command

_WAIT_MS = 3000
REPORT_NAME = "heddle-report.txt"


class DiagnosticsController(QObject):
    """Owns page and report. A broken driver is met by the other process."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent or context.application)
        self._context = context
        self._process: QProcess | None = None
        self._window: ReportWindow | None = None
        self.diagnosis = Diagnosis()
        self.view = DiagnosticsPage()
        self.view.again_clicked.connect(self.look)
        self.view.report_clicked.connect(self.report)

    def open(self) -> None:
        """Shows the page in a window of its own, and looks."""
        self.view.show()
        self.view.raise_()
        self.view.activateWindow()
        self.look()

    def look(self) -> None:
        """At everything, anew."""
        if self._process is not None:
            return
        command = self_command.command("desktop", "doctor", "--json")
        self._process = QProcess(self)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._not_started)
        self._process.start(command[0], command[1:])
        self._show(Diagnosis(running=True))

    def close(self) -> None:
        """The app ends."""
        process, self._process = self._process, None
        if process is not None:
            process.disconnect(self)
            process.kill()
            process.waitForFinished(_WAIT_MS)
        for window in (self.view, self._window):
            if window is not None:
                window.close()
                window.deleteLater()
        self._window = None

    def report(self) -> None:
        """Makes the report and shows it."""
        make = partial(report.report, self.diagnosis.findings)
        self._context.background.in_thread(make, self._show_report, self._failed)

    def save(self, text: str, path: Path) -> None:
        """Writes the text as it stands."""
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            self._context.messages.tell(Problem(tr("The report could not be written"), str(error)))
            return
        self._context.messages.notify(tr("The report is saved"), str(path))
        if self._window is not None:
            self._window.close()

    def _finished(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        told: list[dict[str, Any]] = []
        try:
            told = json.loads(bytes(process.readAllStandardOutput().data()))
        except ValueError:
            words = bytes(process.readAllStandardError().data()).decode(errors="replace").strip()[-600:]
            self._context.messages.tell(Problem(tr("This computer could not be looked at"), words))
        process.deleteLater()
        self._show(Diagnosis(findings(told)))

    def _not_started(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._finished()

    def _show(self, diagnosis: Diagnosis) -> None:
        self.diagnosis = diagnosis
        self.view.show_diagnosis(diagnosis)

    def _show_report(self, text: str) -> None:
        if self._window is not None:
            self._window.deleteLater()
        self._window = ReportWindow(text)
        self._window.save_clicked.connect(self._choose_file)
        self._window.show()

    def _choose_file(self, text: str) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self._window, tr("Where to?"), str(Path.home() / REPORT_NAME), tr("Text (*.txt)")
        )
        if name:
            self.save(text, Path(name))

    def _failed(self, error: Exception) -> None:
        self._context.messages.tell(Problem(tr("The report could not be made"), str(error)))
