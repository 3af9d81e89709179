"""The private server beside the app: it runs while the app does, where the person chose so.

An app that ends lets it end too, unless an upload to it is under way; the next start finds or starts it.
"""

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop import programs, settings
from desktop.background import Work
from desktop.context import Context
from desktop.i18n import tr
from desktop.models import private_server as model
from desktop.models.private_server import Phase, ServerState
from desktop.models.session import Problem
from desktop.settings import Settings
from uploader.paths import home

if TYPE_CHECKING:
    from desktop.accounts.own_server import OwnServer


class PrivateServer(QObject):
    """`open` follows the setting `private_server`; `changed` tells what becomes of it."""

    changed = Signal(object)  # a ServerState
    _told = Signal(object)  # the same, from the background's thread

    def __init__(self, context: Context) -> None:
        super().__init__(context.application)
        self._context = context
        self._server: OwnServer | None = None
        self._work: Work | None = None
        self.state = ServerState()
        self._told.connect(self._follow_state)

    def open(self) -> None:
        """From now on the setting counts."""
        self._context.settings.follow(self._follow_settings)

    def start(self) -> None:
        """Now, also where it was given up."""
        if self._work is None:
            self._start(self._context.settings.value)

    def close(self) -> None:
        """The app ends."""
        self._stop()

    def _follow_settings(self, now: Settings) -> None:
        if now.private_server and self._work is None:
            self._start(now)
        elif not now.private_server and self._work is not None:
            self._stop()

    def _start(self, now: Settings) -> None:
        from desktop.accounts.own_server import (
            OwnServer,  # with the clients of a server, of which no start has need
        )

        variables = model.environment(
            os.environ, settings.models_folder(now), app_transcribes=now.transcribe_takes
        )
        self._server = OwnServer(
            home(), programs.find_server(), variables, model.port_of(now.server), self._told.emit
        )
        self._work = self._context.background.run(self._server.run(), self._over, self._broken)

    def _stop(self) -> None:
        work, self._work = self._work, None
        server, self._server = self._server, None
        if work is not None and server is not None:
            work.cancel()
            server.stop()
            self._show(ServerState())

    def _follow_state(self, state: ServerState) -> None:
        if self._work is None:
            return  # news of one that is not wanted any more
        if state.phase is Phase.RUNNING:
            self._use(state.url)
        elif state.problem is not None and state.problem != self.state.problem:
            self._context.messages.tell(state.problem)
        self._show(state)

    def _use(self, url: str) -> None:
        """Recordings go there, unless the person named a server with an address."""
        server = self._context.settings.value.server
        if server != url and (server is None or model.is_private(server)):
            self._context.settings.change(server=url)

    def _over(self, _nothing: object) -> None:
        """It failed too often. What it said last stays on the page; the next start tries again."""
        self._work = self._server = None

    def _broken(self, error: Exception) -> None:
        self._over(None)
        title = tr("Your private server cannot be looked after")
        self._show(ServerState(Phase.FAILED, problem=Problem(title, str(error))))

    def _show(self, state: ServerState) -> None:
        if state != self.state:
            self.state = state
            self.changed.emit(state)
