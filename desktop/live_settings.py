"""The settings while the app runs: what the page changes, or another program, counts at once."""

from collections.abc import Callable

from PySide6.QtCore import QFileSystemWatcher, QObject, Signal

from desktop import settings
from desktop.errors import ConfigError
from desktop.models.session import Problem
from desktop.settings import Settings
from desktop.settings.setting import Value
from uploader.paths import config_path


class LiveSettings(QObject):
    """One for the app. A broken file does not keep it from starting, and changes nothing while it runs."""

    changed = Signal(object, object)  # the Settings now, and before
    broken = Signal(object)  # a Problem

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = config_path()
        self.problem: Problem | None = None  # why the file is not what counts
        self._value = self._load() or Settings()
        # The folder and not the file: each change puts another file in its place.
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._watcher = QFileSystemWatcher([str(self._path.parent)], self)
        self._watcher.directoryChanged.connect(lambda _folder: self._look())
        self._seen = self._stamp()

    @property
    def value(self) -> Settings:
        """All of them, the environment over the file."""
        return self._value

    def change(self, **values: Value) -> None:
        """Writes them and tells everybody; HeddleError when that cannot be."""
        settings.change(values, self._path)
        self._look()

    def follow(self, heard: Callable[[Settings], object]) -> None:
        """Tells `heard` of the settings now and after each change."""
        self.changed.connect(lambda now, _before: heard(now))
        heard(self._value)

    def _look(self) -> None:
        """Cheap where nothing changed: the folder also holds files that come and go."""
        seen = self._stamp()
        if seen == self._seen:
            return
        self._seen = seen
        now = self._load()
        if now is None:
            self.broken.emit(self.problem)
            return
        before, self._value = self._value, now
        if now != before:
            self.changed.emit(now, before)

    def _load(self) -> Settings | None:
        try:
            now = settings.load()
        except ConfigError as error:
            self.problem = Problem(error.title, error.detail, error.hint)
            return None
        self.problem = None
        return now

    def _stamp(self) -> tuple[int, ...]:
        try:
            at = self._path.stat()
        except OSError:
            return ()
        return at.st_mtime_ns, at.st_size, at.st_ino
