"""Where recordings live: a private server, or a sign-in to one with an address."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from desktop.accounts import signing_in
from desktop.accounts.signing_in import Found
from desktop.background import Work
from desktop.context import Context
from desktop.controllers.private_server import PrivateServer
from desktop.errors import HeddleError
from desktop.i18n import tr
from desktop.models import private_server as own
from desktop.models.place import Place, Stage, Where
from desktop.models.private_server import Phase, ServerState
from desktop.models.session import Problem
from desktop.settings import Settings
from desktop.views.firstrun.place import PlacePage
from uploader import credentials
from uploader.addresses import full_address
from uploader.api import Session

Show = Callable[..., object]


class PlaceController(QObject):
    """Owns the page; `changed` says that the step may be settled now."""

    changed = Signal()
    _page = Signal(str, str)  # address and code, from the background's thread

    def __init__(self, context: Context, private: PrivateServer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._private = context, private
        self._work: Work | None = None
        self._looking: Work | None = None  # at an address where nobody signs in yet
        self.place = _beginning(context.settings.value, private.state)
        self.view = PlacePage()
        self.view.here_wanted.connect(self._here)
        self.view.address_entered.connect(self._look)
        self.view.browser_wanted.connect(partial(self._sign_in, by_code=False))
        self.view.code_wanted.connect(partial(self._sign_in, by_code=True))
        self.view.page_clicked.connect(lambda page: QDesktopServices.openUrl(QUrl(page)))
        self.view.cancel_clicked.connect(self.cancel)
        self._page.connect(self._waits_for)
        private.changed.connect(self._follow_server)
        self._show(self.place)

    @property
    def settled(self) -> bool:
        """Whether recordings have a place."""
        return self.place.stage is Stage.READY

    def leave(self) -> None:
        """The assistant closes: nobody signs in any more. A private server that starts goes on."""
        if self.place.stage is not Stage.STARTING:
            self.cancel()
        self._look_no_more()

    def cancel(self) -> None:
        """Waits for nothing any more."""
        work, self._work = self._work, None
        if work is not None:
            work.cancel()
        if self.place.stage is Stage.STARTING:
            self._context.settings.change(private_server=False)
        if self.place.busy:
            self._show(replace(self.place, stage=Stage.CHOOSING, code="", page=""))

    def _here(self) -> None:
        self._show(Place(Where.HERE, Stage.STARTING))
        if own.is_private(self._context.settings.value.server):
            self._context.settings.change(private_server=True)
        else:
            self._context.settings.change(private_server=True, server=None)
        self._private.start()
        self._follow_server(self._private.state)

    def _follow_server(self, state: ServerState) -> None:
        if self.place.where is not Where.HERE or self.place.stage not in (Stage.STARTING, Stage.READY):
            return
        if state.phase is Phase.RUNNING:
            self._show(Place(Where.HERE, Stage.READY, state.url, kept=_kept(state.url)))
        elif state.phase is Phase.FAILED:
            self._context.settings.change(private_server=False)
            self._show(Place(Where.HERE, problem=state.problem))

    def _look(self, typed: str) -> None:
        """Which server answers there, before anybody signs in. Who cannot be asked is asked again by that."""
        server, found = full_address(typed), self.place.found
        if not server or self.place.busy or (found and found.server == server):
            return

        def told(found: Found) -> None:
            if not self.place.busy and self.view.elsewhere.isChecked():
                self._show(replace(self.place, where=Where.SERVER, found=found))

        self._look_no_more()
        self._looking = self._context.background.run(signing_in.check(server), told, lambda _error: None)

    def _look_no_more(self) -> None:
        work, self._looking = self._looking, None
        if work is not None:
            work.cancel()

    def _sign_in(self, typed: str, *, by_code: bool) -> None:
        server = full_address(typed)
        if not server:
            title = tr("Which server?")
            hint = tr("Type in its address, such as https://heddle.example.")
            self._show(Place(Where.SERVER, problem=Problem(title, hint=hint)))
            return
        self._show(Place(Where.SERVER, Stage.CHECKING, server))
        self._wait(signing_in.check(server), partial(self._ask, by_code=by_code), self._failed)

    def _ask(self, found: Found, *, by_code: bool) -> None:
        """A Heddle server answers there: now a person signs in."""
        server = found.server
        self._show(Place(Where.SERVER, Stage.CODE if by_code else Stage.BROWSER, server, found=found))
        if by_code:
            asking = signing_in.by_code(server, self._page.emit)
        else:
            asking = signing_in.in_browser(server, lambda page: self._page.emit(page, ""))
        self._wait(asking, partial(self._signed_in, server), self._failed)

    def _waits_for(self, page: str, code: str) -> None:
        if self.place.stage not in (Stage.BROWSER, Stage.CODE):
            return
        self._show(replace(self.place, page=page, code=code))
        if self.place.stage is Stage.BROWSER:
            QDesktopServices.openUrl(QUrl(page))

    def _signed_in(self, server: str, session: Session) -> None:
        def kept(words: str) -> None:
            self._context.settings.change(server=server, private_server=False)
            ready = Place(Where.SERVER, Stage.READY, server, session.email, kept=words)
            self._show(replace(ready, found=self.place.found))

        self._context.background.in_thread(partial(signing_in.keep, server, session), kept, self._failed)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, HeddleError) or hasattr(error, "hint"):
            problem = Problem(
                str(getattr(error, "title", error)),
                str(getattr(error, "detail", "")),
                str(getattr(error, "hint", "")),
            )
        else:
            problem = Problem(tr("This did not work"), str(error) or type(error).__name__)
        self._show(Place(self.place.where, server=self.place.server, problem=problem))

    def _wait(
        self,
        work: Coroutine[Any, Any, Any],
        done: Callable[[Any], object],
        failed: Callable[[Exception], object],
    ) -> None:
        self._work = self._context.background.run(work, done, failed)

    def _show(self, place: Place) -> None:
        self.place = place
        self.view.show_place(place)
        self.changed.emit()


def _beginning(now: Settings, private: ServerState) -> Place:
    """Where it was left: also who comes back from the settings sees what is."""
    if now.private_server and private.problem:
        return Place(Where.HERE, problem=private.problem)
    if now.private_server and now.server:
        return Place(Where.HERE, Stage.READY, now.server, kept=_kept(now.server))
    if now.server and credentials.email_for(now.server):
        email = credentials.email_for(now.server) or ""
        return Place(Where.SERVER, Stage.READY, now.server, email, kept=_kept(now.server))
    return Place()


def _kept(server: str) -> str:
    return credentials.kept_in(server)
