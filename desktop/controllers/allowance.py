"""Whether the server would take the next recording: known before it begins, and said when it does."""

from PySide6.QtCore import QObject, Signal

from desktop.context import Context
from desktop.models.session import ACTIVE, Problem, Session


class Allowance(QObject):
    """Owns no window. Nothing here ever keeps a recording from beginning."""

    changed = Signal(object)  # the Problem, None where there is none

    def __init__(self, context: Context) -> None:
        super().__init__(context.application)
        self._context = context
        self._active = self._owed = False
        self.problem: Problem | None = None
        context.bridge.changed.connect(self._follow)

    def look(self) -> None:
        """Asks the server, and forgets what it said where there is none."""
        from desktop.accounts.allowance import refusal

        server = self._context.settings.value.server
        if server:
            self._context.background.run(refusal(server), self._got)
        else:
            self._got(None)

    def _follow(self, session: Session) -> None:
        """What is known is said at once, while it is counted down; what is not is asked."""
        was_active, self._active = self._active, session.phase in ACTIVE
        if self._active and not was_active:
            self._owed = True
            self._tell()
            self.look()

    def _got(self, problem: Problem | None) -> None:
        if problem != self.problem:
            self.problem = problem
            self.changed.emit(problem)
        if self._active:
            self._tell()

    def _tell(self) -> None:
        """Once for each take."""
        if self._owed and self.problem:
            self._owed = False
            self._context.messages.tell(self.problem)
