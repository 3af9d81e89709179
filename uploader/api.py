"""The server's REST API, as far as a client that records and uploads needs it."""

import unicodedata
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from media.manifest import Marker
from uploader import web
from uploader.credentials import Credential
from uploader.errors import NotHeddleError, RecordingGoneError, SignInNeededError, UploadGoneError

CLIENT_ID = "heddle"
LONGEST_TITLE = 255
PAGE = 100
SEARCHED_PAGES = 10


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in."""

    credential: Credential
    email: str


@dataclass(frozen=True, slots=True)
class StepUp:
    """The password was right; the server wants a code of the second factor too."""

    token: str

    def __repr__(self) -> str:
        return "StepUp()"


@dataclass(frozen=True, slots=True)
class WaitingDevice:
    """A sign-in that somebody completes with `user_code` at `address`."""

    device_code: str
    user_code: str
    address: str
    expires_in_s: float
    interval_s: float

    def __repr__(self) -> str:
        return f"WaitingDevice({self.user_code})"


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording as the server knows it; `data` is its whole answer."""

    id: str
    title: str
    status: str  # preparing, recording, processing, completed, failed
    share_url: str | None
    sha256: str | None
    size: int | None
    error: str | None
    settings: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stream:
    """Where a recording plays for its owner."""

    status: str
    live: bool
    playlist_url: str | None
    processing: list[dict[str, Any]]


class ApiClient:
    """Calls one server through an httpx client that it does not own."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def login(self, email: str, password: str, device: str = "") -> Session | StepUp:
        """`device` is a name for the list of devices. SignInNeededError when they are not accepted."""
        body = {"email": email, "password": password, **({"deviceName": device[:100]} if device else {})}
        data = await self._call("POST", "/auth/login", body)
        if data.get("mfaRequired"):
            return StepUp(str(data.get("mfaToken")))
        return _session(data, email)

    async def login_with_code(self, step_up: StepUp, code: str, device: str = "") -> Session:
        """SignInNeededError when the code is wrong."""
        body = {"mfaToken": step_up.token, "code": code, **({"deviceName": device[:100]} if device else {})}
        return _session(await self._call("POST", "/auth/login/mfa", body), "")

    async def redeem(self, code: str, verifier: str, redirect_uri: str) -> Session:
        """After a sign-in in the browser. SignInNeededError when the server does not accept the code."""
        answer = await self._token(
            grant_type="authorization_code", code=code, code_verifier=verifier, redirect_uri=redirect_uri
        )
        if isinstance(answer, str):
            raise SignInNeededError(answer)
        return answer

    async def begin_device(self, device: str) -> WaitingDevice:
        """Codes to sign in with elsewhere."""
        with web.reaching(self._http.base_url.host):
            sent = {"client_id": CLIENT_ID, "device_name": device[:100]}
            response = await self._http.post("/oauth/device/code", data=sent)
        if not response.is_success:
            raise web.problem_of(response)
        data = response.json()
        return WaitingDevice(
            device_code=str(data["device_code"]),
            user_code=str(data["user_code"]),
            address=str(data["verification_uri"]),
            expires_in_s=float(data["expires_in"]),
            interval_s=float(data.get("interval", 5)),
        )

    async def poll_device(self, device_code: str) -> Session | str:
        """The sign-in, or why there is none yet: `authorization_pending` or `slow_down`."""
        answer = await self._token(
            grant_type="urn:ietf:params:oauth:grant-type:device_code", device_code=device_code
        )
        if isinstance(answer, str) and answer not in ("authorization_pending", "slow_down"):
            refused = answer == "access_denied"
            raise SignInNeededError("It was refused in the browser." if refused else "The code has expired.")
        return answer

    async def _token(self, **sent: str) -> Session | str:
        """A sign-in, or the word of RFC 6749 for why there is none."""
        with web.reaching(self._http.base_url.host):
            response = await self._http.post("/oauth/token", data={"client_id": CLIENT_ID, **sent})
        try:
            data = response.json()
        except ValueError as error:
            raise NotHeddleError("Its answer to the sign-in is not JSON.") from error
        if response.is_success:
            renamed = {
                "token": data.get("access_token"),
                "refreshToken": data.get("refresh_token"),
                "expiresIn": data.get("expires_in"),
            }
            return Session(web.credential_from(renamed), str(data.get("email") or ""))
        if response.status_code in (400, 401) and isinstance(data.get("error"), str):
            return str(data["error"])
        raise web.problem_of(response)

    async def logout(self) -> None:
        """Ends the session on the server."""
        await self._call("POST", "/auth/logout")

    async def email(self) -> str:
        """Who is signed in. SignInNeededError when nobody is."""
        return str((await self._call("GET", "/api/v1/me")).get("email") or "")

    async def create_recording(
        self, title: str, recording_type: str, settings: Mapping[str, Any]
    ) -> Recording:
        """The link exists from here on."""
        body = {"title": _storable(title), "recordingType": recording_type, "settings": dict(settings)}
        return _recording(await self._call("POST", "/api/v1/recordings", body))

    async def find_recording(self, client_id: str) -> Recording | None:
        """The recording that was created with `settings.clientId`; looks through the newest thousand."""
        async for entry in self._newest():
            if (entry.get("settings") or {}).get("clientId") == client_id:
                return _recording(entry)
        return None

    async def find_shared(self, link: str) -> Recording | None:
        """The recording whose share link ends as this one; looks through the newest thousand."""
        slug = link.rstrip("/").rpartition("/")[2]
        async for entry in self._newest():
            if str(entry.get("shareUrl") or "").rstrip("/").endswith(f"/{slug}"):
                return _recording(entry)
        return None

    async def get_recording(self, recording_id: str) -> Recording:
        return _recording(await self._call("GET", f"/api/v1/recordings/{recording_id}"))

    async def control(self, recording_id: str, action: str) -> Recording:
        """`action`: pause, resume or stop."""
        return _recording(
            await self._call("POST", f"/api/v1/recordings/{recording_id}/control", {"action": action})
        )

    async def put_markers(self, recording_id: str, markers: Sequence[Marker]) -> None:
        """Places to find again; they replace what is there."""
        body = {"markers": [{"time": one.at_s, "title": _storable(one.title)[:100]} for one in markers]}
        await self._call("PUT", f"/api/v1/recordings/{recording_id}", body)

    async def delete_recording(self, recording_id: str) -> None:
        await self._call("DELETE", f"/api/v1/recordings/{recording_id}")

    async def put_transcript(self, recording_id: str, transcript: Mapping[str, Any]) -> None:
        """What was said, as the server shall show it; it replaces what is there."""
        await self._call("PUT", f"/api/v1/recordings/{recording_id}/transcript", dict(transcript))

    async def stream(self, recording_id: str) -> Stream:
        data = await self._call("GET", f"/api/v1/streams/{recording_id}")
        return Stream(
            status=str(data.get("status")),
            live=bool(data.get("live")),
            playlist_url=data.get("playlistUrl"),
            processing=list(data.get("processing") or []),
        )

    async def _newest(self) -> AsyncIterator[dict[str, Any]]:
        for page in range(SEARCHED_PAGES):
            data = await self._call("GET", f"/api/v1/recordings?page={page}&size={PAGE}")
            for entry in data.get("data") or []:
                yield entry
            if page + 1 >= int((data.get("pagination") or {}).get("totalPages") or 0):
                return

    async def _call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        with web.reaching(self._http.base_url.host):
            response = await self._http.request(method, path, json=body)
        if not response.is_success:
            error = web.problem_of(response)
            if isinstance(error, UploadGoneError):
                raise _gone(response, error)
            raise error
        if response.status_code == 204:
            return {}
        try:
            data = response.json()
        except ValueError as error:
            raise NotHeddleError(f"Its answer to {method} {path} is not JSON.") from error
        return data if isinstance(data, dict) else {}


def _session(data: dict[str, Any], email: str) -> Session:
    user = data.get("user") or {}
    return Session(web.credential_from(data), str(user.get("email") or email))


def _storable(title: str) -> str:
    """Titles often are file names, which may hold what a title must not."""
    printable = "".join(char for char in title if unicodedata.category(char) not in ("Cc", "Cs"))
    return printable.strip()[:LONGEST_TITLE].strip() or "Untitled recording"


def _gone(response: httpx.Response, error: UploadGoneError) -> Exception:
    """A 404 is a deleted recording only if the server is one that knows recordings."""
    if response.request.method == "POST" and response.request.url.path in (
        "/auth/login",
        "/api/v1/recordings",
    ):
        return NotHeddleError(f"It does not know {response.request.url.path}.")
    return RecordingGoneError(error.detail)


def _recording(data: dict[str, Any]) -> Recording:
    try:
        return Recording(
            id=str(data["id"]),
            title=str(data.get("title") or ""),
            status=str(data["status"]),
            share_url=data.get("shareUrl"),
            sha256=data.get("sha256"),
            size=data.get("fileSizeBytes"),
            error=data.get("error"),
            settings=data.get("settings") or {},
        )
    except KeyError as error:
        raise NotHeddleError(f"Its recording has no {error}.") from error
