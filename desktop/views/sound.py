"""Where films are heard. Loads Qt's multimedia, so import it when it is wanted."""

from PySide6.QtCore import QObject
from PySide6.QtMultimedia import QAudioOutput


def sound_output(parent: QObject) -> QAudioOutput:
    """What a player gives its sound to.

    The player's threads let go of this object's signals, and PySide asks once, under Python's lock, whether
    Python wants to hear of that. Asked in such a thread while a call into the player has the lock and waits
    for the thread, both wait for ever (seen in PySide 6.12; 6.11 asks as it does). So it is asked
    here.
    """
    output = QAudioOutput(parent)
    output.volumeChanged.connect(_nothing)
    output.volumeChanged.disconnect(_nothing)
    return output


def _nothing(_volume: float) -> None: ...
