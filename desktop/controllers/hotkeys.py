"""Keys pressed anywhere on the desktop become actions; what a person sets becomes keys that are held."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from desktop.context import Context
from desktop.errors import HeddleError
from desktop.models import chords, hotkeys
from desktop.models.actions import Action
from desktop.models.hotkeys import Assignments, Hotkey
from desktop.models.session import ACTIVE, Problem, Session
from desktop.platform.hotkeys import choosing
from desktop.platform.hotkeys.port import Answer, Backend, Keys

if TYPE_CHECKING:
    from desktop.views.settings.hotkeys import HotkeysPage

Choose = Callable[[], tuple[Backend | None, str]]


class HotkeyController(QObject):
    """`table` and `trouble` are what the page shows; `changed` tells that they are others."""

    changed = Signal()
    _pressed = Signal(object)
    _answered = Signal(object)

    def __init__(self, context: Context, choose: Choose = choosing.choose) -> None:
        super().__init__(context.application)
        self._context, self._choose = context, choose
        self._keys: Keys | None = None
        self._closed = self._listening = False
        self._recording = False
        self._wanted: Assignments = {}
        self._wrong: dict[Action, str] = {}
        self._doubles: dict[Action, Action] = {}
        self._refused: dict[Action, str] = {}
        self._held: frozenset[Action] = frozenset()
        self._named: dict[Action, str] = {}
        self.trouble = ""  # why there are none at all
        # From the thread that hears the keys to Qt's.
        self._pressed.connect(self._perform, Qt.ConnectionType.QueuedConnection)
        self._answered.connect(self._take, Qt.ConnectionType.QueuedConnection)
        context.bridge.changed.connect(self._follow)
        context.settings.changed.connect(lambda _now, _before: self._read_anew())

    @property
    def table(self) -> tuple[Hotkey, ...]:
        """A row for each action."""
        return hotkeys.table(
            self._wanted,
            wrong=self._wrong,
            doubles=self._doubles,
            refused=self._refused,
            held=self._held,
            named=self._named,
        )

    def open(self) -> None:
        """Finds out which way there is, and holds the keys soon after."""
        self._context.background.in_thread(self._choose, self._chosen)

    def close(self) -> None:
        """Gives the keys back. Idempotent."""
        self._closed = True
        if self._keys:
            self._keys.close()
            self._keys = None

    def page(self) -> "HotkeysPage":
        """A page of the settings; it belongs to who asks for it, and follows by itself."""
        from desktop.views.settings.hotkeys import HotkeysPage

        page = HotkeysPage()
        page.chosen.connect(lambda action, chord: self._change(action, str(chord or chords.NONE)))
        page.reset.connect(lambda action: self._change(action, hotkeys.DEFAULTS[action]))
        page.listening.connect(lambda on: self.listen(on=on))

        def show() -> None:
            page.show_table(self.table, self.trouble)

        self.changed.connect(show)
        page.destroyed.connect(lambda: self.changed.disconnect(show))
        show()
        return page

    def listen(self, *, on: bool) -> None:
        """While a person presses the keys they want, none may act, nor be kept from the window."""
        self._listening = on
        self._hold()

    def _change(self, action: Action, text: str) -> None:
        try:
            self._context.settings.change(**{hotkeys.SETTING.format(action): text})
        except HeddleError as error:
            self._context.messages.tell(Problem(error.title, error.detail, error.hint))

    def _chosen(self, found: tuple[Backend | None, str]) -> None:
        backend, self.trouble = found
        if backend and not self._closed:
            try:
                self._keys = backend.open(self._pressed.emit, self._answered.emit)
            except OSError as error:
                self.trouble = str(error)
        self._read()
        self._try()

    def _read_anew(self) -> None:
        before = self._wanted, self._wrong
        self._read()
        if (self._wanted, self._wrong) != before:
            self._try()

    def _read(self) -> None:
        settings = self._context.settings.value
        texts = {action: str(getattr(settings, hotkeys.SETTING.format(action))) for action in Action}
        self._wanted, self._wrong = hotkeys.assignments(texts.__getitem__)
        _, self._doubles = hotkeys.without_doubles(self._wanted)

    def _try(self) -> None:
        """All are tried once, so that a conflict shows before the recording that needs the key."""
        self._refused = {}
        if self._keys and self._keys.one_by_one and not self._listening:
            self._keys.hold(self._kept)
        self._hold()
        self.changed.emit()

    def _follow(self, session: Session) -> None:
        if (session.phase in ACTIVE) is not self._recording:
            self._recording = session.phase in ACTIVE
            self._hold()

    def _hold(self) -> None:
        if not self._keys:
            return
        if not self._keys.one_by_one:  # the desktop would ask the person each time
            self._keys.hold(self._kept)
        else:
            self._keys.hold({} if self._listening else self._due)

    @property
    def _kept(self) -> Assignments:
        return {action: chord for action, chord in self._wanted.items() if action not in self._doubles}

    @property
    def _due(self) -> Assignments:
        return hotkeys.due(self._kept, recording=self._recording)

    def _take(self, answer: Answer) -> None:
        for action in answer.asked:
            self._refused.pop(action, None)
        self._refused.update(answer.refused)
        self._held, self._named = answer.held, dict(answer.named)
        self.changed.emit()

    def _perform(self, action: Action) -> None:
        if action in self._due and not self._listening and not self._closed:
            self._context.actions.perform(action)
