"""Chromium and Firefox, headless, driven without third-party drivers.

Chromium speaks the DevTools protocol, Firefox WebDriver BiDi; both are JSON over a WebSocket on loopback.
One page per browser, fresh profile each. Events that arrive between commands wait in the socket; every
command takes them in first.
"""

import abc
import base64
import io
import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from PIL import Image
from websockets.sync.client import ClientConnection, connect

from tests.support.network import is_local
from tests.support.processes import DeadlineError, Program, wait_until
from tests.support.services import require

NAMES = ("chromium", "firefox")
COMMAND_S = 60.0
PAGE_SCHEMES = ("http", "https", "ws", "wss")
# What Chromium and Firefox say of a question to a page that went elsewhere before it could answer.
NAVIGATED = (
    "Inspected target navigated or closed",
    "Execution context was destroyed",
    "Cannot find context with specified id",
    "MessageHandlerFrame' destroyed",
)
# A missing icon of a bare test page is no fault of the page under test.
QUIET = ("favicon.ico",)


@dataclass(frozen=True, slots=True)
class Request:
    """One request the page made."""

    method: str
    url: str


class BrowserError(AssertionError):
    """The browser refused a command or a script threw."""


class NavigatedError(BrowserError):
    """The page went elsewhere while it was asked; ask the new one."""


class Browser(abc.ABC):
    """One page in one browser.

    `errors` are uncaught exceptions and console errors, `requests` all that the page asked for.
    """

    name: str

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._last = 0
        self.errors: list[str] = []
        self.requests: list[Request] = []

    @abc.abstractmethod
    def goto(self, url: str) -> None:
        """Load a page and wait for its load event."""

    @abc.abstractmethod
    def evaluate(self, script: str) -> Any:
        """The JSON value of a JavaScript expression; a promise is awaited."""

    @abc.abstractmethod
    def screenshot(self) -> Image.Image:
        """The visible page."""

    @abc.abstractmethod
    def drag(self, places: Sequence[tuple[int, int]]) -> None:
        """A mouse that is pressed at the first place, in pixels of the page, and lifted at the last."""

    @abc.abstractmethod
    def _event(self, method: str, params: dict[str, Any]) -> None:
        """Note what an event tells."""

    def wait_for(self, expression: str, *, timeout_s: float = 20.0) -> Any:
        """The first truthy value of a JavaScript expression, on whichever page the browser comes to."""

        def look() -> Any:
            with suppress(NavigatedError):
                return self.evaluate(expression)

        try:
            return wait_until(
                look,
                timeout_s=timeout_s,
                what=f"{self.name}: {expression}",
                poll_s=0.1,
            )
        except DeadlineError as error:
            text = self.evaluate("document.body ? document.body.innerText.slice(0, 500) : ''")
            raise DeadlineError(f"{error}; errors {self.errors}; page says {text!r}") from None

    def foreign_requests(self) -> list[Request]:
        """What the page asked of any other machine."""
        self.evaluate("1")
        parts = [(request, urlsplit(request.url)) for request in self.requests]
        return [
            request for request, part in parts if part.scheme in PAGE_SCHEMES and not is_local(part.hostname)
        ]

    def video_frame(self, width: int = 960, selector: str = "video") -> Image.Image | None:
        """The picture a video element shows now, `width` pixels wide; None while it has none."""
        moment = self.video_moment(width, selector)
        return moment[0] if moment else None

    def video_moment(self, width: int = 960, selector: str = "video") -> tuple[Image.Image, float] | None:
        """The same with the Unix milliseconds at which it was taken."""
        found = self.evaluate(f"({_FRAME})({json.dumps(selector)}, {width})")
        return (Image.open(io.BytesIO(base64.b64decode(found["data"]))), found["at"]) if found else None

    def command(self, method: str, **params: Any) -> dict[str, Any]:
        """One protocol command and its result."""
        self._last += 1
        self._socket.send(json.dumps(self._message(self._last, method, params)))
        deadline = time.monotonic() + COMMAND_S
        while True:
            answer = json.loads(self._socket.recv(timeout=max(0.1, deadline - time.monotonic())))
            if answer.get("id") == self._last:
                if "error" in answer:
                    words = str(answer.get("message") or answer["error"])
                    kind = NavigatedError if any(one in words for one in NAVIGATED) else BrowserError
                    raise kind(f"{self.name}: {method}: {words}")
                return dict(answer["result"])
            if "method" in answer:
                self._event(answer["method"], answer.get("params", {}))

    def _message(self, number: int, method: str, params: dict[str, Any]) -> dict[str, Any]:
        return {"id": number, "method": method, "params": params}

    def _complain(self, text: str) -> None:
        if not any(word in text for word in QUIET):
            self.errors.append(text)


_FRAME = """(selector, width) => {
  const video = document.querySelector(selector);
  if (!video || video.readyState < 2 || !video.videoWidth) return null;
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = Math.round(width * video.videoHeight / video.videoWidth);
  const at = Date.now();
  canvas.getContext('2d').drawImage(video, 0, 0, canvas.width, canvas.height);
  return {at, data: canvas.toDataURL('image/png').split(',')[1]};
}"""


class Chromium(Browser):
    """Over the DevTools protocol."""

    name = "chromium"

    def __init__(self, socket: ClientConnection) -> None:
        super().__init__(socket)
        self._session: str | None = None
        target = self.command(
            "Target.createTarget", url="about:blank", width=1280, height=800, newWindow=True
        )["targetId"]
        self._session = self.command("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.command(f"{domain}.enable")

    def goto(self, url: str) -> None:
        answer = self.command("Page.navigate", url=url)
        if answer.get("errorText"):
            raise BrowserError(f"{url}: {answer['errorText']}")
        self.wait_for("document.readyState === 'complete' && location.href !== 'about:blank'")

    def evaluate(self, script: str) -> Any:
        answer = self.command(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True
        )
        if "exceptionDetails" in answer:
            raise BrowserError(f"{script[:200]}: {_chromium_exception(answer['exceptionDetails'])}")
        return answer["result"].get("value")

    def screenshot(self) -> Image.Image:
        data = self.command("Page.captureScreenshot", format="png")["data"]
        return Image.open(io.BytesIO(base64.b64decode(data)))

    def drag(self, places: Sequence[tuple[int, int]]) -> None:
        kinds = ["mousePressed", *["mouseMoved"] * (len(places) - 2), "mouseReleased"]
        for kind, (x, y) in zip(kinds, places, strict=True):
            held: dict[str, Any] = {"button": "left", "buttons": 1, "clickCount": 1}
            self.command("Input.dispatchMouseEvent", type=kind, x=x, y=y, **held)

    def _message(self, number: int, method: str, params: dict[str, Any]) -> dict[str, Any]:
        message = super()._message(number, method, params)
        return message | {"sessionId": self._session} if self._session else message

    def _event(self, method: str, params: dict[str, Any]) -> None:
        if method == "Network.requestWillBeSent":
            self.requests.append(Request(params["request"]["method"], params["request"]["url"]))
        elif method == "Network.webSocketCreated":
            self.requests.append(Request("GET", params["url"]))
        elif method == "Runtime.exceptionThrown":
            self._complain(_chromium_exception(params["exceptionDetails"]))
        elif method == "Runtime.consoleAPICalled" and params["type"] == "error":
            self._complain(
                " ".join(str(part.get("value", part.get("description"))) for part in params["args"])
            )
        elif method == "Log.entryAdded" and params["entry"]["level"] == "error":
            self._complain(f"{params['entry']['text']} {params['entry'].get('url', '')}")


def _chromium_exception(details: dict[str, Any]) -> str:
    thrown = details.get("exception", {})
    return str(thrown.get("description") or thrown.get("value") or details.get("text"))


class Firefox(Browser):
    """Over WebDriver BiDi."""

    name = "firefox"

    def __init__(self, socket: ClientConnection) -> None:
        super().__init__(socket)
        self.command("session.new", capabilities={})
        self._context = self.command("browsingContext.getTree", maxDepth=0)["contexts"][0]["context"]
        self.command("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        viewport = {"width": 1280, "height": 800}
        self.command("browsingContext.setViewport", context=self._context, viewport=viewport)

    def goto(self, url: str) -> None:
        self.command("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def evaluate(self, script: str) -> Any:
        answer = self.command(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({script})))()",
            target={"context": self._context},
            awaitPromise=True,
            userActivation=True,
        )
        if answer["type"] == "exception":
            raise BrowserError(f"{script[:200]}: {answer['exceptionDetails']['text']}")
        value = answer["result"].get("value")
        return None if value is None else json.loads(value)

    def screenshot(self) -> Image.Image:
        data = self.command("browsingContext.captureScreenshot", context=self._context)["data"]
        return Image.open(io.BytesIO(base64.b64decode(data)))

    def drag(self, places: Sequence[tuple[int, int]]) -> None:
        first, *others = [{"type": "pointerMove", "x": x, "y": y} for x, y in places]
        pressed = [{"type": "pointerDown", "button": 0}, *others, {"type": "pointerUp", "button": 0}]
        mouse = {"type": "pointer", "id": "mouse", "actions": [first, *pressed]}
        self.command("input.performActions", context=self._context, actions=[mouse])

    def _event(self, method: str, params: dict[str, Any]) -> None:
        if method == "network.beforeRequestSent":
            self.requests.append(Request(params["request"]["method"], params["request"]["url"]))
        elif method == "log.entryAdded" and params["level"] == "error":
            self._complain(str(params.get("text")))


@contextmanager
def open_browser(name: str) -> Iterator[Browser]:
    """A fresh headless browser, `chromium` or `firefox`; gone at the end, its profile too."""
    profile = Path(tempfile.mkdtemp(prefix=f"{name}-profile-"))
    command, announces = _chromium(profile) if name == "chromium" else _firefox(profile)
    require(command[0])
    env = {"HOME": str(profile), "MOZ_DISABLE_AUTO_SAFE_MODE": "1", "MOZ_CRASHREPORTER_DISABLE": "1"}
    try:
        with Program(command, env=env, log_folder=profile) as program:
            line = program.says(announces, timeout_s=60)
            url = line[line.index("ws://") :].strip()
            with connect(url if name == "chromium" else f"{url}/session", max_size=None) as socket:
                yield Chromium(socket) if name == "chromium" else Firefox(socket)
    finally:
        shutil.rmtree(profile, ignore_errors=True)


def _chromium(profile: Path) -> tuple[list[str], str]:
    command = [
        "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--no-first-run", "--no-default-browser-check", "--autoplay-policy=no-user-gesture-required",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-extensions", "--disable-breakpad", "--metrics-recording-only",
        "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank",
    ]  # fmt: skip
    return command, "DevTools listening on ws://"


def _firefox(profile: Path) -> tuple[list[str], str]:
    preferences = {
        "media.autoplay.default": 0,
        "media.autoplay.blocking_policy": 0,
        "app.update.enabled": False,
        "app.normandy.enabled": False,
        "browser.safebrowsing.downloads.enabled": False,
        "browser.safebrowsing.malware.enabled": False,
        "browser.safebrowsing.phishing.enabled": False,
        "browser.shell.checkDefaultBrowser": False,
        "datareporting.policy.dataSubmissionEnabled": False,
        "media.gmp-manager.updateEnabled": False,
        "network.captive-portal-service.enabled": False,
        "network.connectivity-service.enabled": False,
        "services.settings.server": "data:,#remote-settings-dummy/v1",
        "toolkit.telemetry.enabled": False,
    }
    lines = [f'user_pref("{key}", {json.dumps(value)});' for key, value in preferences.items()]
    (profile / "user.js").write_text("\n".join(lines))
    command = [
        "firefox-esr",
        "--headless",
        "--remote-debugging-port=0",
        "--profile",
        str(profile),
        "--no-remote",
    ]
    return command, "WebDriver BiDi listening on ws://"
