"""A button that waits for a keyboard shortcut and shows it."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.i18n import tr
from desktop.models.chords import KEYS, Chord, Modifier, complaint

_MODIFIERS = {
    Qt.KeyboardModifier.ControlModifier: Modifier.CTRL,
    Qt.KeyboardModifier.AltModifier: Modifier.ALT,
    Qt.KeyboardModifier.ShiftModifier: Modifier.SHIFT,
    Qt.KeyboardModifier.MetaModifier: Modifier.META,
}
_HELD = {Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Shift, Qt.Key.Key_Meta, Qt.Key.Key_AltGr,
         Qt.Key.Key_Super_L, Qt.Key.Key_Super_R, Qt.Key.Key_unknown}  # fmt: skip
_NAMED = {
    Qt.Key.Key_Space: "Space", Qt.Key.Key_Tab: "Tab", Qt.Key.Key_Backtab: "Tab", Qt.Key.Key_Return: "Enter",
    Qt.Key.Key_Enter: "Enter", Qt.Key.Key_Escape: "Esc", Qt.Key.Key_Backspace: "Backspace",
    Qt.Key.Key_Delete: "Delete", Qt.Key.Key_Insert: "Insert", Qt.Key.Key_Home: "Home", Qt.Key.Key_End: "End",
    Qt.Key.Key_PageUp: "PageUp", Qt.Key.Key_PageDown: "PageDown", Qt.Key.Key_Left: "Left",
    Qt.Key.Key_Right: "Right", Qt.Key.Key_Up: "Up", Qt.Key.Key_Down: "Down", Qt.Key.Key_Print: "Print",
    Qt.Key.Key_SysReq: "Print", Qt.Key.Key_Pause: "Pause", Qt.Key.Key_Menu: "Menu",
}  # fmt: skip
# Qt tells the sign that Shift makes; these are where most keyboards have them.
_SHIFTED = dict(zip('!@#$%^&*()_+{}|:"<>?~', "1234567890-=[]\\;',./`", strict=True))


def chord_of(event: QKeyEvent) -> Chord | None:
    """The chord that was pressed; None while only modifiers are."""
    key = Qt.Key(event.key())
    if key in _HELD:
        return None
    name = _NAMED.get(key)
    if name is None and Qt.Key.Key_F1 <= key <= Qt.Key.Key_F24:
        name = f"F{key - Qt.Key.Key_F1 + 1}"
    if name is None and 0x20 < key < 0x7F:
        name = _SHIFTED.get(chr(key), chr(key).upper())
    return Chord(_held(event), name) if name is not None and name in KEYS else None


def _held(event: QKeyEvent) -> frozenset[Modifier]:
    return frozenset(ours for theirs, ours in _MODIFIERS.items() if event.modifiers() & theirs)


class ChordEdit(QPushButton):
    """Click it or press Enter, then press the keys. Escape leaves it as it was, Backspace takes it away."""

    chosen = Signal(object)  # the Chord, None for no key
    complained = Signal(str)  # why what was pressed cannot be it
    listening = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chord: Chord | None = None
        self._listening = False
        self.clicked.connect(self._listen)
        self.show_chord(None)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Wide enough for most keys, so that the page stands still when others are chosen."""
        return super().sizeHint().expandedTo(QSize(self.fontMetrics().averageCharWidth() * 24, 0))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return self.sizeHint()

    def show_chord(self, chord: Chord | None) -> None:
        """What it is now."""
        self._chord = chord
        if not self._listening:
            self.setText(chord.shown() if chord else tr("None"))

    def event(self, event: QEvent) -> bool:
        """Keys reach it before menus, mnemonics and the tab order do."""
        if self._listening and isinstance(event, QKeyEvent):
            if event.type() in {QEvent.Type.ShortcutOverride, QEvent.Type.KeyRelease}:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._press(event)
                return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Whoever goes elsewhere did not want to choose."""
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self._leave()
        super().focusOutEvent(event)

    def _listen(self) -> None:
        if self._listening:
            return
        self._listening = True
        self.setText(tr("Press the keys …"))
        self.listening.emit(True)
        self.grabKeyboard()

    def _leave(self) -> None:
        if not self._listening:
            return
        self._listening = False
        self.releaseKeyboard()
        self.show_chord(self._chord)
        self.listening.emit(False)

    def _press(self, event: QKeyEvent) -> None:
        chord = chord_of(event)
        if chord is None:
            held = "+".join(one for one in Modifier if one in _held(event))
            self.setText(f"{held}+…" if held else tr("Press the keys …"))
        elif not chord.modifiers and chord.key in {"Esc", "Backspace", "Delete"}:
            self._leave()
            if chord.key != "Esc":
                self.chosen.emit(None)
        elif why := complaint(chord):
            self.complained.emit(why)
            self.setText(tr("Press the keys …"))
        else:
            self._leave()
            self.chosen.emit(chord)
