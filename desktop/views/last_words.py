"""Why the app does not start, in a window of its own: there is no other yet."""

import sys

from PySide6.QtWidgets import QApplication, QMessageBox

from desktop.errors import HeddleError
from desktop.platform.qt_words import speak


def tell_alone(error: HeddleError) -> None:
    """Until the person has read it."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    speak(application)
    box = QMessageBox(QMessageBox.Icon.Critical, "Heddle", error.title)
    box.setInformativeText("\n\n".join(part for part in (error.detail, error.hint) if part))
    box.exec()
