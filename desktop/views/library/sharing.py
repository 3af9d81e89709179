"""Who may see a recording by its link: what the server says, and what the person wants otherwise."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QDateTime, Qt, Signal
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateTimeEdit,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from desktop.i18n import tr
from desktop.models.session import Problem
from desktop.views import theme
from desktop.views.banner import Banner

_Buttons = QDialogButtonBox.StandardButton
SHORTEST_PASSWORD = 8
_DAYS = 7  # until a link ends, where somebody first says that it shall


class ShareDialog(QDialog):
    """Empty until `show_settings`; `save_wanted` carries only what was changed, by the API's names."""

    save_wanted = Signal(dict)
    copy_wanted = Signal(str)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Sharing of “{title}”", title=title))
        self._told: Mapping[str, Any] = {}
        self.banner = Banner(self)
        self.wait = QLabel(tr("Asking the server…"))
        self.visibility = QComboBox()
        for value, words in (
            ("public", tr("Everybody who has the link")),
            ("workspace", tr("Members of its workspace, signed in")),
            ("private", tr("Nobody: the link is off")),
        ):
            self.visibility.addItem(words, value)
        self.locked = QCheckBox(tr("Ask for a &password"))
        self.password = QLineEdit(echoMode=QLineEdit.EchoMode.PasswordEchoOnEdit)
        self.ends = QCheckBox(tr("The link e&nds"))
        self.end = QDateTimeEdit(calendarPopup=True)
        # Weekends are red, which cannot be read in the dark.
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.end.calendarWidget().setWeekdayTextFormat(day, QTextCharFormat())
        self.download = QCheckBox(tr("Viewers may &download it"))
        self.download.setToolTip(tr("Whoever can watch can record: this only offers no file."))
        self.comments = QCheckBox(tr("Viewers may &comment"))
        self.link = QLineEdit(readOnly=True)
        self.copy, self.embed = QPushButton(tr("C&opy link")), QPushButton(tr("Copy &embed code"))
        self.buttons = QDialogButtonBox(_Buttons.Save | _Buttons.Cancel)
        theme.primary(self.buttons.button(_Buttons.Save))
        names = {
            self.visibility: tr("Who may watch"),
            self.password: tr("Password of the link"),
            self.end: tr("When the link ends"),
            self.link: tr("Share link"),
        }
        for widget, name in names.items():
            widget.setAccessibleName(name)
        self._arrange()
        self.buttons.accepted.connect(self._save)
        self.buttons.rejected.connect(self.reject)
        self.locked.toggled.connect(self._fit)
        self.ends.toggled.connect(self._fit)
        self.visibility.currentIndexChanged.connect(lambda _row: self._fit())
        self.password.textChanged.connect(lambda _text: self._fit())
        self.copy.clicked.connect(lambda: self.copy_wanted.emit("link"))
        self.embed.clicked.connect(lambda: self.copy_wanted.emit("embed"))
        self._enable(on=False)

    def show_settings(self, told: Mapping[str, Any]) -> None:
        """As the server has them now."""
        self._told = told
        self.wait.hide()
        self._enable(on=True)
        self.link.setText(str(told.get("shareUrl") or ""))
        self.link.setCursorPosition(0)
        self.visibility.setCurrentIndex(max(0, self.visibility.findData(told.get("visibility"))))
        self.locked.setChecked(bool(told.get("hasPassword")))
        kept = tr("unchanged; write to change it") if told.get("hasPassword") else ""
        fresh = tr("{count} characters or more", count=SHORTEST_PASSWORD)
        self.password.setPlaceholderText(kept or fresh)
        self.ends.setChecked(told.get("expiresAt") is not None)
        end = QDateTime.fromString(str(told.get("expiresAt")), Qt.DateFormat.ISODate)
        self.end.setDateTime(
            end.toLocalTime() if end.isValid() else QDateTime.currentDateTime().addDays(_DAYS)
        )
        self.download.setChecked(bool(told.get("allowDownload")))
        self.comments.setChecked(bool(told.get("allowComments")))
        self._fit()
        self._fit_height()
        if self.link.hasFocus():  # for nothing else could be used until now
            self.visibility.setFocus()

    def show_problem(self, problem: Problem) -> None:
        """The dialog stays: nothing of what was chosen is lost."""
        self.wait.hide()
        self.banner.show_problem(problem)
        self.buttons.setEnabled(True)
        self._fit_height()

    def changes(self) -> dict[str, Any]:
        """What is otherwise than the server has it."""
        end = self.end.dateTime().toUTC().toString(Qt.DateFormat.ISODate) if self.ends.isChecked() else None
        now: dict[str, Any] = {
            "visibility": self.visibility.currentData(),
            "allowDownload": self.download.isChecked(),
            "allowComments": self.comments.isChecked(),
        }
        changed = {name: value for name, value in now.items() if value != self._told.get(name)}
        if not _same_end(end, self._told.get("expiresAt")):
            changed["expiresAt"] = end
        if self.locked.isChecked() and self.password.text():
            changed["password"] = self.password.text()
        elif not self.locked.isChecked() and self._told.get("hasPassword"):
            changed["password"] = None
        return changed

    def _save(self) -> None:
        changed = self.changes()
        if not changed:
            self.accept()
            return
        self.buttons.setEnabled(False)
        self.save_wanted.emit(changed)

    def _fit(self, _on: object = None) -> None:
        shared = self.visibility.currentData() != "private"
        for widget in (self.locked, self.ends, self.download, self.comments):
            widget.setEnabled(shared)
        self.password.setEnabled(shared and self.locked.isChecked())
        self.end.setEnabled(shared and self.ends.isChecked())
        length = len(self.password.text())
        needs = self.locked.isChecked() and (length > 0 or not self._told.get("hasPassword"))
        good = not needs or length >= SHORTEST_PASSWORD
        self.buttons.button(_Buttons.Save).setEnabled(bool(self._told) and good)

    def _fit_height(self) -> None:
        """As high as what is shown now needs at this width."""
        self._form.activate()
        self.resize(self.width(), self._form.totalHeightForWidth(self.width()))

    def _enable(self, *, on: bool) -> None:
        for widget in (
            self.visibility, self.locked, self.password, self.ends, self.end,
            self.download, self.comments, self.copy, self.embed,
        ):  # fmt: skip
            widget.setEnabled(on)
        self.buttons.button(_Buttons.Save).setEnabled(on)

    def _arrange(self) -> None:
        form = self._form = QFormLayout(self)
        theme.roomy(form)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        form.addRow(self.banner)
        form.addRow(self.wait)
        form.addRow(tr("&Who may watch"), self.visibility)
        form.addRow(self.locked, self.password)
        form.addRow(self.ends, self.end)
        form.addRow(self.download)
        form.addRow(self.comments)
        form.addRow(tr("&Link"), self.link)
        form.addRow(self.copy, self.embed)
        form.addRow(self.buttons)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.setMinimumWidth(theme.em(self, 70))


def _same_end(mine: str | None, theirs: object) -> bool:
    """To the minute, as the dialog shows it."""
    if mine is None or theirs is None:
        return mine is None and theirs is None
    first, second = (QDateTime.fromString(str(one), Qt.DateFormat.ISODate) for one in (mine, theirs))
    return abs(first.secsTo(second)) < 60
