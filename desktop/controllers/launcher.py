"""The launcher: finds out what can be recorded, shows it, and remembers what is chosen."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.child import Child
from desktop.context import Context
from desktop.controllers.recording import RecordingController
from desktop.errors import HeddleError
from desktop.i18n import tr
from desktop.models.actions import Action
from desktop.models.choice import DEFAULT, NOBODY, Choice, Choices, Source, in_words_of_servers
from desktop.models.region import Box, for_engine, from_engine
from desktop.models.session import ACTIVE, SILENCE_DB, Problem, Session
from desktop.models.sources import Item, Place, Sources, parse, settled
from desktop.platform.own_windows import leave_out
from desktop.recorder import devices
from desktop.settings import Settings
from desktop.settings.setting import Value
from desktop.views import screens
from desktop.views.launcher.window import LauncherWindow
from media import self_command

_REDRAWN_MS = 150


class LauncherController(QObject):
    """Owns the window, which is made when it is first wanted, and two children that run while it is open."""

    opened = Signal()
    closed = Signal()  # by the person

    def __init__(self, context: Context, choices: Choices, recording: RecordingController) -> None:
        super().__init__(context.application)
        self._context, self._choices, self._recording = context, choices, recording
        self._templates: dict[str, Mapping[str, Any]] = {}  # of the server
        self._pictures: Child | None = None
        self._meter: Child | None = None
        self._heard = ""  # the microphone that the meter listens to
        self._selector: QObject | None = None
        self._active = False  # something is recorded
        self._changed = False  # screens did meanwhile
        self._notice: Problem | None = None
        self.sources = Sources()
        self.window: LauncherWindow | None = None
        context.actions.handle(Action.LAUNCHER, self.open)
        context.bridge.changed.connect(self._show_session)
        context.settings.follow(self._show_marks)

    def open(self) -> None:
        """Shows the window, and looks afresh at what there is to record."""
        if self.window is None:
            self.window = self._make()
        window = self.window
        self.sources = replace(self.sources, usual_camera=self._usual_camera)
        window.show_choice(self._choices.last, self.sources)
        self._show_templates()
        self._show_marks(self._context.settings.value)
        window.show_session(self._context.bridge.session)
        window.show()
        window.raise_()
        window.activateWindow()
        leave_out(int(window.winId()))
        self.opened.emit()
        if self._context.bridge.session.phase not in ACTIVE:
            self._look()

    def show_notice(self, notice: Problem | None) -> None:
        """What to know before recording, from now on."""
        self._notice = notice
        if self.window:
            self.window.show_notice(notice)

    def hide(self) -> None:
        """Takes the window away; nothing listens or looks any more."""
        for child in (self._pictures, self._meter):
            if child is not None:
                child.let_go()
        self._pictures = self._meter = None
        if self.window:
            self.window.hide()

    def close(self) -> None:
        """At the end of the app; idempotent."""
        children = [child for child in (self._pictures, self._meter) if child is not None]
        self.hide()
        for child in children:
            child.wait()
        window, self.window = self.window, None
        if window:
            window.deleteLater()

    def screens_changed(self) -> None:
        """What was known of them is asked anew, after a recording: it goes on with what it began with."""
        self._changed = self._active
        if self._active:
            return
        self.sources = replace(self.sources, displays=())
        if self.window and self.window.isVisible():
            self._look()

    def filmed(self) -> Box | None:
        """What a recording of the present choice shows, in pixels of the desktop; None where nobody knows."""
        choice, found = self._choices.last, self.sources.displays or _screens()
        if choice.source is Source.WINDOW:
            item = self.sources.window(choice)
            return _box(item)
        if region := self.region():
            return region
        usable = [one for one in found if one.usable and one.place]
        chosen = next((one for one in usable if one.id == choice.display), usable[0] if usable else None)
        return _box(chosen)

    def region(self) -> Box | None:
        """The same, where that is a part of a screen."""
        choice = self._choices.last
        if choice.source is not Source.REGION or not choice.region:
            return None
        return from_engine(choice.region_display, choice.region, self.sources.displays or _screens())

    @property
    def _usual_camera(self) -> str:
        return self._context.settings.value.camera or ""

    def _make(self) -> LauncherWindow:
        window = LauncherWindow()
        window.show_notice(self._notice)
        window.chosen.connect(self._choose)
        window.record_wanted.connect(self._record)
        window.stop_wanted.connect(self._context.bridge.stop)
        window.region_wanted.connect(self._select_region)
        window.template_picked.connect(self._use_template)
        window.template_named.connect(self._keep_template)
        window.template_dropped.connect(self._drop_template)
        window.copy_wanted.connect(self._recording.copy)
        window.closed.connect(self.closed)
        window.clicks_chosen.connect(lambda on: self._set(clicks=on))
        window.keys_chosen.connect(lambda on: self._set(keys="shortcuts" if on else "off"))
        window.wanted.connect(self._context.actions.perform)
        return window

    def _set(self, **values: Value) -> None:
        try:
            self._context.settings.change(**values)
        except HeddleError as error:
            self._context.messages.tell(Problem(error.title, error.detail, error.hint))

    def _show_marks(self, now: Settings) -> None:
        if self.window:
            self.window.show_marks(clicks=now.clicks, keys=now.keys != "off")

    def _look(self) -> None:
        self._context.background.in_thread(devices.ask, self._found, self._not_found)
        if self._pictures is None:
            self._pictures = self._child("capture.thumbnails")
            self._pictures.told.connect(self._picture)
        self._listen()
        server = self._context.settings.value.server
        if server:
            self._context.background.run(_templates(server), self._got_templates)

    def _found(self, answer: dict[str, list[dict[str, Any]]]) -> None:
        self.sources = replace(parse(answer), usual_camera=self._usual_camera)
        self._choose(settled(self.sources, self._choices.last))

    def _not_found(self, error: Exception) -> None:
        if self.window:
            self.window.say(str(error))

    def _choose(self, choice: Choice) -> None:
        self._choices.choose(choice)
        if self.window and self.window.isVisible():
            self.window.show_choice(choice, self.sources)
            if self._context.bridge.session.phase not in ACTIVE:
                self._listen()

    def _listen(self) -> None:
        """Has the meter listen to the chosen microphone, and to nothing where there is none."""
        wanted = self._choices.last.microphone
        if wanted == DEFAULT:
            wanted = self._context.settings.value.microphone or DEFAULT
        if self._meter is not None and self._heard == wanted:
            return
        if self._meter is not None:
            self._meter.let_go()
            self._meter = None
        if self.window:
            self.window.show_level(SILENCE_DB)
        if wanted != NOBODY:
            self._heard = wanted
            self._meter = self._child("capture.meter", *(["--microphone", wanted] if wanted else []))
            self._meter.told.connect(self._level)

    def _child(self, module: str, *arguments: str) -> Child:
        child = Child(self_command.command(module, *arguments), self)
        child.ended.connect(child.deleteLater)
        child.ended.connect(lambda _words: self._forget(child))
        child.open()
        return child

    def _forget(self, child: Child) -> None:
        if child is self._meter:
            self._meter = None
        if child is self._pictures:
            self._pictures = None

    def _picture(self, told: Mapping[str, Any]) -> None:
        if self.window and "jpeg" in told:
            self.window.show_picture(told["kind"], told["id"], base64.b64decode(told["jpeg"]))

    def _level(self, told: Mapping[str, Any]) -> None:
        if self.window:
            self.window.show_level(told.get("microphoneDb", SILENCE_DB))

    def _record(self) -> None:
        """The window goes first: it is nothing to be recorded."""
        if self.window:
            self._recording.title = self.window.title.text().strip()
            self.window.title.clear()
        self.hide()
        self._recording.toggle()

    def _show_session(self, session: Session) -> None:
        was_active, self._active = self._active, session.phase in ACTIVE
        if self._changed and not self._active:
            self.screens_changed()
        if self._active and not was_active:
            self.hide()  # also where a key began it: the window is nothing to be recorded
        if self.window and self.window.isVisible():
            self.window.show_session(session)

    def _select_region(self) -> None:
        choice = self._choices.last
        before = None
        if choice.region:
            before = from_engine(choice.region_display, choice.region, self.sources.displays or _screens())
        if self.window:
            self.window.hide()
        # What was under the launcher is drawn by then: the selector shows the screens as they are.
        QTimer.singleShot(_REDRAWN_MS, self, lambda: self._open_selector(before))

    def _open_selector(self, before: Box | None) -> None:
        from desktop.views.region import RegionSelector

        selector = RegionSelector(before)
        selector.selected.connect(self._selected)
        selector.cancelled.connect(self._leave_region)
        self._selector = selector
        selector.open()

    def _selected(self, box: Box) -> None:
        display, region = for_engine(box, self.sources.displays or _screens())
        choice = self._choices.last
        self._choices.choose(replace(choice, source=Source.REGION, region=region, region_display=display))
        self._leave_region()

    def _leave_region(self) -> None:
        from desktop.views.region import RegionSelector

        if isinstance(self._selector, RegionSelector):
            self._selector.leave()
        self._selector = None
        self.open()

    def _show_templates(self) -> None:
        own = self._choices.named
        if self.window:
            self.window.show_templates(list(own), [name for name in self._templates if name not in own])

    def _got_templates(self, found: dict[str, Mapping[str, Any]]) -> None:
        self._templates = found
        self._show_templates()

    def _use_template(self, name: str) -> None:
        if name in self._choices.named:
            self._choose(settled(self.sources, self._choices.named[name]))
        elif name in self._templates:
            self._choose(in_words_of_servers(self._templates[name], self._choices.last))

    def _keep_template(self) -> None:
        from PySide6.QtWidgets import QInputDialog

        name, kept = QInputDialog.getText(self.window, tr("Keep these choices"), tr("Name of the template:"))
        if kept and name.strip():
            self._write(lambda: self._choices.name(name.strip(), self._choices.last))

    def _drop_template(self, name: str) -> None:
        self._write(lambda: self._choices.forget(name))

    def _write(self, change: Callable[[], None]) -> None:
        try:
            change()
        except OSError as error:
            self._context.messages.tell(Problem(tr("The template could not be kept"), str(error)))
        self._show_templates()


async def _templates(server: str) -> dict[str, Mapping[str, Any]]:
    """The server's templates by name; none where it is out of reach: those of this computer are there."""
    import httpx

    from uploader import web
    from uploader.credentials import credential_for
    from uploader.errors import UploadError
    from uploader.rest import errors, operations
    from uploader.rest.client import AsyncClient
    from uploader.tokens import Tokens

    http = web.open_client(server, Tokens(server, credential_for))
    try:
        answer = await AsyncClient(http).send(operations.list_templates())
    except (httpx.HTTPError, UploadError, errors.ApiError):
        return {}
    finally:
        await http.aclose()
    return {one["name"]: one["settings"] for one in answer["data"]}


def _screens() -> tuple[Item, ...]:
    """As the toolkit knows them, until the engine was asked."""
    boxes = [(one.name(), screens.screen_of(one).box) for one in screens.ordered()]
    return tuple(
        Item(str(index), name, place=Place(box.x, box.y, box.width, box.height))
        for index, (name, box) in enumerate(boxes)
    )


def _box(item: Item | None) -> Box | None:
    if item is None or item.place is None:
        return None
    return Box(item.place.x, item.place.y, item.place.width, item.place.height)
