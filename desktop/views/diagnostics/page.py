"""What works on this computer, what does not, and the report for whoever looks into it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.i18n import tr
from desktop.models.diagnostics import MARKS, Diagnosis, Finding, Verdict
from desktop.views import theme
from desktop.views.words import heading, paragraph, say


class DiagnosticsPage(QWidget):
    """A card for each finding."""

    again_clicked = Signal()
    report_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(tr("Diagnostics"))
        self.summary = heading()
        self.again = QPushButton(tr("Look &again"))
        self.report = QPushButton(tr("&Report a bug …"))
        self._cards: list[QWidget] = []
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addStretch()
        self._arrange()
        self.again.clicked.connect(self.again_clicked)
        self.report.clicked.connect(self.report_clicked)
        self.show_diagnosis(Diagnosis())

    def show_diagnosis(self, diagnosis: Diagnosis) -> None:
        """All of it anew."""
        say(self.summary, diagnosis.words)
        self.again.setEnabled(not diagnosis.running)
        self.report.setEnabled(not diagnosis.running)
        for card in self._cards:
            self._column.removeWidget(card)
            card.deleteLater()
        self._cards = [_card(finding) for finding in diagnosis.findings]
        for number, card in enumerate(self._cards):
            self._column.insertWidget(number, card)

    def _arrange(self) -> None:
        inner = QWidget()
        inner.setLayout(self._column)
        area = QScrollArea(widgetResizable=True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes to what is in it
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inner)
        buttons = QHBoxLayout()
        buttons.addWidget(self.again)
        buttons.addStretch()
        buttons.addWidget(self.report)
        layout = QVBoxLayout(self)
        theme.roomy(layout)
        layout.addWidget(self.summary)
        layout.addWidget(area, 1)
        layout.addLayout(buttons)
        line = self.fontMetrics().lineSpacing()
        self.resize(46 * line, 42 * line)


def _card(finding: Finding) -> QFrame:
    card = QFrame()
    theme.card(card)
    card.setAccessibleName(f"{finding.name}: {_verdict(finding.verdict)}")
    grid = QGridLayout(card)
    mark = QLabel(MARKS[finding.verdict])
    mark.setAccessibleName(_verdict(finding.verdict))
    mark.setMinimumWidth(2 * mark.fontMetrics().averageCharWidth())
    grid.addWidget(mark, 0, 0)
    grid.addWidget(heading(finding.name, scale=1.0), 0, 1)
    grid.addWidget(paragraph(finding.detail), 1, 1)
    if finding.hint:
        grid.addWidget(paragraph(finding.hint), 2, 1)
    grid.setColumnStretch(1, 1)
    return card


def _verdict(verdict: Verdict) -> str:
    return {Verdict.OK: tr("fine"), Verdict.WARNING: tr("worth a look"), Verdict.PROBLEM: tr("a problem")}[
        verdict
    ]
