"""One setting: its title, what sets it, what it means, and the way back to the default."""

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QWidget

from desktop.i18n import tr
from desktop.models.settings_page import Line
from desktop.settings.setting import Kind
from desktop.views import theme
from desktop.views.settings.editors import EDITORS

_QUOTED = re.compile("`([^`]*)`")


class Row(QWidget):
    """Shows a line and passes on what is chosen."""

    chosen = Signal(object)
    reset = Signal()

    def __init__(self, line: Line) -> None:
        super().__init__()
        self.page = line.row.page
        self._row = line.row
        self.editor = EDITORS[line.row.kind](line.row)
        self.about = QLabel(_QUOTED.sub(r"“\1”", line.row.about), wordWrap=True)
        self.about.setForegroundRole(self.about.palette().ColorRole.PlaceholderText)
        self.why_not = QLabel(wordWrap=True)  # it cannot be set
        self.back = QToolButton(autoRaise=True)
        self.back.setIcon(theme.icon("undo"))
        self.back.setToolTip(tr("Back to the default"))
        self.back.setAccessibleName(tr("Back to the default: {title}", title=line.row.title))
        self._arrange()
        self.editor.chosen.connect(self.chosen)
        self.back.clicked.connect(self.reset)
        self.show_line(line)

    def show_line(self, line: Line) -> None:
        """What it is now."""
        self.editor.show_value(line.value)
        self.editor.setEnabled(line.can_be_set)
        self.back.setEnabled(not line.is_default and not line.variable)
        self.why_not.setVisible(not line.can_be_set)
        self.why_not.setText(_why_not(line))

    def _arrange(self) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(theme.space(self, 0.4))
        if self._row.kind is not Kind.SWITCH:  # a switch has its title beside it
            title = QLabel(self._row.title)
            title.setBuddy(self.editor)
            layout.addWidget(title, 0, 0)
        layout.addWidget(self.editor, 1, 0)
        layout.addWidget(self.back, 1, 1, alignment=Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.about, 2, 0)
        layout.addWidget(self.why_not, 3, 0)
        layout.setColumnStretch(0, 1)
        if self._row.restart:
            self.about.setText(self.about.text() + " " + tr("From the next start on."))


def _why_not(line: Line) -> str:
    if line.variable:
        return tr("{variable} is set where Heddle was started, and wins.", variable=line.variable)
    return line.trouble
