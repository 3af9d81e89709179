"""Looking for updates, where the person wants it: asks for one small signed text, and tells."""

from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from desktop.context import Context
from desktop.errors import HeddleError, UpdateError
from desktop.i18n import tr
from desktop.models.updates import LARGEST, News, read
from desktop.settings import Settings

if TYPE_CHECKING:
    from desktop.views.settings.updates import UpdatesPart

_DAY_MS = 24 * 3600 * 1000
_FIRST_MS = 60_000  # after the start, when nobody waits for anything
_TIMEOUT_S = 10.0


class Updates(QObject):
    """One for the app."""

    looked = Signal(object)  # the News
    failed = Signal(object)  # the exception

    def __init__(self, context: Context) -> None:
        super().__init__(context.application)
        self._context = context
        self._told = ""
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._by_itself)
        context.settings.follow(self._follow)

    def look(self) -> None:
        """Now, because a person asked."""
        now = self._context.settings.value
        if not (now.updates_url and now.updates_key):
            missing = HeddleError(
                tr("This build does not say where news of versions are"),
                hint=tr("Give the address and the key of whoever made it."),
            )
            self.failed.emit(missing)
            return
        self._ask(now)

    def part(self) -> "UpdatesPart":
        """Below the rows of its page."""
        from desktop.views.settings.updates import UpdatesPart

        part = UpdatesPart(own_version())
        news: list[News] = []

        def looked(found: News) -> None:
            news[:] = [found]
            newer = found.is_newer(own_version())
            words = tr("There is version {version}.", version=found.version) + " " + found.notes
            part.show_words(words.strip() if newer else tr("This is the newest version."), page=newer)

        part.look_clicked.connect(part.show_looking)
        part.look_clicked.connect(self.look)
        part.open_clicked.connect(lambda: _open(news[0]))
        self.looked.connect(looked)
        self.failed.connect(lambda error: part.show_words(str(error)))
        return part

    def _follow(self, now: Settings) -> None:
        if now.updates:
            self._timer.start(_FIRST_MS)
        else:
            self._timer.stop()

    def _by_itself(self) -> None:
        self._timer.start(_DAY_MS)
        now = self._context.settings.value
        if now.updates_url and now.updates_key:
            self._ask(now)

    def _ask(self, now: Settings) -> None:
        work = _fetch(str(now.updates_url), str(now.updates_key))
        self._context.background.run(work, self._answered, self.failed.emit)

    def _answered(self, news: News) -> None:
        self.looked.emit(news)
        if news.is_newer(own_version()) and news.version != self._told:
            self._told = news.version
            title = tr("Heddle {version} is there", version=news.version)
            self._context.messages.notify(title, tr("A click opens its page."), lambda: _open(news))


async def _fetch(address: str, key: str) -> News:
    """UpdateError where nobody answers, or what comes cannot be believed."""
    import httpx

    try:
        async with (
            httpx.AsyncClient(timeout=_TIMEOUT_S) as http,
            http.stream("GET", address, headers={"Accept": "application/json"}) as answer,
        ):
            answer.raise_for_status()
            document = b""
            async for block in answer.aiter_bytes():
                document += block
                if len(document) > LARGEST:
                    break  # what is cut is not signed
    except httpx.HTTPStatusError as error:
        told = tr("{address} answers with {status}.", address=address, status=error.response.status_code)
        raise UpdateError(tr("There are no news of versions"), told) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        told = tr("{address} does not answer.", address=address)
        raise UpdateError(
            tr("There are no news of versions"), told, tr("Look again when this computer is online.")
        ) from error
    return read(document, key)


@cache
def own_version() -> str:
    """Of this installation."""
    try:
        return metadata.version("heddle")
    except metadata.PackageNotFoundError:  # a source tree that nobody installed
        return "0"


def _open(news: News) -> None:
    QDesktopServices.openUrl(QUrl(news.page))
