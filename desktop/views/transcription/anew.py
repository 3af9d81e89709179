"""The question before corrections of a person are replaced."""

from collections.abc import Sequence

from PySide6.QtWidgets import QMessageBox, QWidget

from desktop.i18n import tr


def confirm_anew(titles: Sequence[str], parent: QWidget | None) -> bool:
    """Whether what a person corrected in these may be replaced by what is heard now."""
    one = tr("Write down anew what is said in “{title}”?", title=titles[0])
    many = tr("Write down anew what is said in {count} recordings?", count=len(titles))
    box = QMessageBox(
        QMessageBox.Icon.Question, tr("Write down anew"), many if len(titles) > 1 else one, parent=parent
    )
    box.setInformativeText(tr("You have corrected the transcript. What is heard now replaces it."))
    sure = box.addButton(tr("&Write down anew"), QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.exec()
    decided = box.clickedButton() is sure
    box.deleteLater()
    return decided
