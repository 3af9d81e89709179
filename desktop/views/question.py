"""A question before something is done that cannot be taken back in full."""

from PySide6.QtWidgets import QMessageBox, QWidget


def confirm(title: str, question: str, detail: str, act: str, parent: QWidget | None, *, grave: bool) -> bool:
    """Whether the person chose to `act`, which is the words of its button; Cancel is what Enter chooses.
    `grave` where it cannot be undone at all."""
    icon = QMessageBox.Icon.Warning if grave else QMessageBox.Icon.Question
    box = QMessageBox(icon, title, question, parent=parent)
    box.setInformativeText(detail)
    sure = box.addButton(act, QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.exec()
    decided = box.clickedButton() is sure
    box.deleteLater()
    return decided
