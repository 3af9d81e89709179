"""Qt's own words, such as those on a dialog's buttons, in the language of Heddle's."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from desktop.i18n import language


def speak(application: QCoreApplication) -> bool:
    """Whether Qt has this language: English is its source text, and a build may come without the others."""
    wanted = QLocale(language())
    if QLocale().language() != wanted.language():
        QLocale.setDefault(wanted)  # the names of months and days too; else the system's, with its country
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    return translator.load(wanted, "qtbase", "_", folder) and application.installTranslator(translator)
