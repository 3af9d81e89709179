"""The launcher: what to record, with what, and go. Shows a Choice and passes on every change of it."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QPalette, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.i18n import tr
from desktop.models import presets, sources
from desktop.models.actions import Action
from desktop.models.choice import Choice, Source
from desktop.models.session import ACTIVE, Phase, Problem, Session
from desktop.models.sources import Sources
from desktop.models.words import problem_text, progress_line
from desktop.views import theme
from desktop.views.launcher.pickers import ThumbnailList, ValueBox
from desktop.views.launcher.result import ResultRow
from desktop.views.level import LevelMeter

_CUSTOM = -1


class LauncherWindow(QDialog):
    """Compact; Enter records, Escape closes."""

    chosen = Signal(object)  # the Choice as it is now
    record_wanted = Signal()
    stop_wanted = Signal()
    region_wanted = Signal()
    template_picked = Signal(str)  # a name
    template_named = Signal()  # the choice is to be kept under a name
    template_dropped = Signal(str)  # a name
    copy_wanted = Signal(str)
    clicks_chosen = Signal(bool)
    keys_chosen = Signal(bool)
    wanted = Signal(object)  # an Action: another window
    closed = Signal()

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.WindowCloseButtonHint)
        self.setWindowTitle("Heddle")
        self._choice, self._sources = Choice(), Sources()
        self._active = False
        self._own: frozenset[str] = frozenset()
        self._notice: Problem | None = None
        self._make()
        self._arrange()
        self._connect()
        self.show_session(Session())
        self.show_choice(self._choice, self._sources)

    def show_choice(self, choice: Choice, found: Sources) -> None:
        """Everything that is chosen, out of what was found."""
        self._choice, self._sources = choice, found
        with QSignalBlocker(self.kinds):
            self.kinds.setCurrentIndex(list(Source).index(choice.source))
        self._pages.setCurrentIndex(list(Source).index(choice.source))
        self.displays.show_items(found.displays, choice.display or _first(found.displays))
        self.windows.show_items(found.windows, choice.window)
        self.region_words.setText(_region_words(choice))
        self.microphone.offer(sources.microphones(found), choice.microphone)
        self.camera.offer(sources.cameras(found), sources.camera(found, choice))
        self.system_audio.setChecked(choice.system_audio)
        self.system_audio.setEnabled(any(one.usable for one in found.system_audio))
        names = [(index, one.name) for index, one in enumerate(presets.presets())]
        fitting = next((i for i, one in enumerate(presets.presets()) if one.fits(choice)), _CUSTOM)
        self.preset.offer([*names, (_CUSTOM, tr("Custom"))], fitting)
        self.fps.offer(presets.rates(), choice.fps)
        self.height_limit.offer(presets.heights(), choice.height)
        self.quality.offer(presets.qualities(), choice.quality)
        self._show_obstacle()

    def show_marks(self, *, clicks: bool, keys: bool) -> None:
        """Whether the recording shows what mouse and keyboard do."""
        self.clicks.setChecked(clicks)
        self.keys.setChecked(keys)

    def show_session(self, session: Session) -> None:
        """What a recording does at the moment."""
        self._active = session.phase in ACTIVE
        self.record.setText(tr("&Stop") if self._active else tr("&Record"))
        symbol = "stop" if self._active else "record"
        self.record.setIcon(theme.icon(symbol, QPalette.ColorRole.BrightText))
        self.choices.setEnabled(not self._active)
        self.title.setEnabled(not self._active)
        self.outcome.show_session(session)
        problem = session.error or (session.troubles[-1] if session.troubles else None)
        if session.phase in ACTIVE and not problem:
            self.message.setText(progress_line(session))
        elif problem and session.phase is not Phase.READY:
            self.message.setText(problem_text(problem))
        else:
            self._show_obstacle()
        self.record.setEnabled(session.can_stop if self._active else not self._obstacle())

    def show_level(self, loudness_db: float) -> None:
        self.level.show_level(loudness_db)

    def show_picture(self, kind: str, id_: str, jpeg: bytes) -> None:
        """Of a `display` or a `window`."""
        (self.windows if kind == "window" else self.displays).show_picture(id_, jpeg)

    def show_templates(self, own: Sequence[str], others: Sequence[str] = ()) -> None:
        """By name; only one's own can be deleted here."""
        self._own = frozenset(own)
        self.templates.offer([("", tr("Choose a template")), *((name, name) for name in (*own, *others))], "")
        self.drop.setEnabled(False)

    def show_notice(self, notice: Problem | None) -> None:
        """What to know before recording; it keeps nobody from it."""
        had, self._notice = self._notice, notice
        if not self._active and notice != had:
            self._show_obstacle()

    def say(self, words: str) -> None:
        """Something about what is chosen."""
        self.message.setText(words)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Whoever opened the window decides what closing means."""
        event.ignore()
        self.closed.emit()

    def reject(self) -> None:
        """Escape."""
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter records wherever it is pressed, also in lists."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.record.click()
            return
        super().keyPressEvent(event)

    def _make(self) -> None:
        self.title = QLineEdit(placeholderText=tr("Title (what viewers see)"))
        self.library = _opener(tr("Li&brary"), "library")
        self.settings = _opener(tr("Setti&ngs"), "settings")
        self.choices = QWidget()
        self.kinds = QTabBar()
        self.kinds.setDrawBase(False)
        self.kinds.setExpanding(False)
        words = (tr("&Display"), tr("&Window"), tr("Re&gion"), tr("&Camera only"))
        for kind, name in zip(Source, words, strict=True):
            self.kinds.addTab(theme.icon(kind), name)
        self.displays, self.windows = ThumbnailList("display"), ThumbnailList("window")
        self.region_words = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.select_region = QPushButton(tr("S&elect region…"))
        self.camera_words = QLabel(tr("The camera alone, without the screen."), wordWrap=True)
        self.camera_words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedWidget()
        self.camera = ValueBox(tr("Camera"))
        self.microphone = ValueBox(tr("Microphone"))
        self.level = LevelMeter()
        self.system_audio = QCheckBox(tr("Record the c&omputer's sound too"))
        self.clicks, self.keys = QCheckBox(tr("Show c&licks")), QCheckBox(tr("Show &keys"))
        self.preset = ValueBox(tr("Quality"))
        self.fps, self.height_limit = ValueBox(tr("Frame rate")), ValueBox(tr("Size"))
        self.quality = ValueBox(tr("Compression"))
        self.templates = ValueBox(tr("Template"))
        self.keep = QPushButton(tr("Sa&ve…"))
        self.drop = QPushButton(tr("&Forget"))
        self.drop.setEnabled(False)
        self.record = QPushButton()
        self.record.setDefault(True)
        theme.primary(self.record, "record")
        self.outcome = ResultRow()
        self.message = QLabel(wordWrap=True)
        names = {
            self.title: tr("Title of the recording"),
            self.kinds: tr("What to record"),
            self.displays: tr("Displays"),
            self.windows: tr("Windows"),
            self.region_words: tr("Selected region"),
            self.record: tr("Start or stop recording"),
            self.keep: tr("Keep these choices as a template"),
            self.drop: tr("Forget this template"),
            self.message: tr("Message"),
        }
        for widget, name in names.items():
            widget.setAccessibleName(name)

    def _arrange(self) -> None:
        region = QWidget()
        rows = QVBoxLayout(region)
        rows.addStretch()
        rows.addWidget(self.region_words)
        rows.addWidget(self.select_region, alignment=Qt.AlignmentFlag.AlignCenter)
        rows.addStretch()
        for page in (self.displays, self.windows, region, self.camera_words):
            self._pages.addWidget(page)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("Ca&mera:"), self.camera)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        form.addRow(tr("M&icrophone:"), self.microphone)
        form.addRow("", self.level)
        form.addRow("", self.system_audio)
        form.addRow("", _row(self.clicks, self.keys))
        form.addRow(tr("&Quality:"), self.preset)
        form.addRow("", _row(self.fps, self.height_limit, self.quality))
        form.addRow(_label(tr("&Template:"), self.templates), _row(self.templates, self.keep, self.drop))
        inner = QVBoxLayout(self.choices)
        theme.roomy(inner)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.kinds)
        inner.addWidget(self._pages, 1)
        inner.addLayout(form)
        whole = QVBoxLayout(self)
        theme.roomy(whole)
        whole.addLayout(_row(self.title, self.library, self.settings))
        whole.addWidget(self.choices, 1)
        whole.addWidget(self.message)
        whole.addWidget(self.outcome)
        whole.addWidget(self.record)

    def _connect(self) -> None:
        self.kinds.currentChanged.connect(lambda number: self._change(source=list(Source)[number]))
        self.displays.picked.connect(lambda id_: self._change(display=id_))
        self.windows.picked.connect(self._pick_window)
        self.select_region.clicked.connect(self.region_wanted)
        self.camera.picked.connect(lambda value: self._change(camera=value))
        self.microphone.picked.connect(lambda value: self._change(microphone=value))
        self.system_audio.clicked.connect(lambda on: self._change(system_audio=on))
        self.clicks.clicked.connect(self.clicks_chosen)
        self.keys.clicked.connect(self.keys_chosen)
        self.preset.picked.connect(self._pick_preset)
        self.fps.picked.connect(lambda value: self._change(fps=value))
        self.height_limit.picked.connect(lambda value: self._change(height=value))
        self.quality.picked.connect(lambda value: self._change(quality=value))
        self.templates.picked.connect(self._pick_template)
        self.keep.clicked.connect(self.template_named)
        self.drop.clicked.connect(lambda: self.template_dropped.emit(self.templates.currentData()))
        self.record.clicked.connect(self._go)
        self.library.clicked.connect(lambda: self.wanted.emit(Action.LIBRARY))
        self.settings.clicked.connect(lambda: self.wanted.emit(Action.SETTINGS))
        self.outcome.copy_wanted.connect(self.copy_wanted)
        QShortcut(QKeySequence.StandardKey.Close, self).activated.connect(self.closed)

    def _pick_window(self, id_: str) -> None:
        title = next((one.name for one in self._sources.windows if one.id == id_), "")
        self._change(window=id_, window_title=title)

    def _pick_preset(self, number: int) -> None:
        if number != _CUSTOM:
            self._tell(presets.presets()[number].applied(self._choice))

    def _pick_template(self, name: str) -> None:
        self.drop.setEnabled(name in self._own)
        if name:
            self.template_picked.emit(name)

    def _change(self, **values: object) -> None:
        self._tell(replace(self._choice, **values))  # type: ignore[arg-type]  # names and types are Choice's own

    def _tell(self, choice: Choice) -> None:
        self.show_choice(choice, self._sources)
        self.chosen.emit(choice)

    def _go(self) -> None:
        (self.stop_wanted if self._active else self.record_wanted).emit()

    def _obstacle(self) -> str:
        return sources.obstacle(self._sources, self._choice)

    def _show_obstacle(self) -> None:
        words = self._obstacle()
        self.message.setText(words or (problem_text(self._notice) if self._notice else ""))
        self.record.setEnabled(not words or self._active)


def _first(items: Sequence[sources.Item]) -> str:
    return next((one.id for one in items if one.usable), "")


def _region_words(choice: Choice) -> str:
    if choice.region is None:
        return tr("No region is selected yet.")
    x, y, width, height = choice.region
    return tr("{width} x {height} pixels at {x}, {y}", width=width, height=height, x=x, y=y)


def _label(words: str, buddy: QWidget) -> QLabel:
    """For what a form cannot see is one field."""
    label = QLabel(words)
    label.setBuddy(buddy)
    return label


def _opener(words: str, symbol: str) -> QToolButton:
    """Of another window: where there is no tray, this one is the way to all others."""
    button = QToolButton()
    button.setText(words)
    button.setAutoRaise(True)
    button.setIcon(theme.icon(symbol))
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button


def _row(*widgets: QWidget) -> QHBoxLayout:
    layout = QHBoxLayout()
    for widget in widgets:
        layout.addWidget(widget)
    return layout
