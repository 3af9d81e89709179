"""How it is listened: to which language, and what computes. The settings have the same."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from desktop.i18n import tr
from desktop.settings import TABLE, Settings
from desktop.views import theme
from desktop.views.languages import spoken
from desktop.views.settings.editors import ChoiceEditor


class Listening(QWidget):
    """Shows both settings, and passes on what is chosen."""

    chosen = Signal(str, object)  # the setting's name, its value

    def __init__(self) -> None:
        super().__init__()
        choices = {language.value: language.words for language in spoken()}
        self.language = ChoiceEditor(replace(TABLE["speech_language"], choices=choices))
        self.device = ChoiceEditor(TABLE["speech_device"])
        layout = QHBoxLayout(self)
        for words, editor in (
            (tr("Spoken lan&guage"), self.language),
            (tr("What l&istens"), self.device),
        ):
            label = QLabel(words)
            label.setBuddy(editor.box)
            layout.addWidget(label)
            layout.addWidget(editor)
            layout.addSpacing(theme.space(self, 1))
            name = editor.row.name
            editor.chosen.connect(lambda value, name=name: self.chosen.emit(name, value))
        layout.addStretch(1)

    def show_settings(self, now: Settings) -> None:
        """What is set. A code that we do not know is shown as it is."""
        if self.language.box.findData(now.speech_language) < 0:
            self.language.box.addItem(now.speech_language or "", now.speech_language)
        self.language.show_value(now.speech_language)
        self.device.show_value(now.speech_device)
