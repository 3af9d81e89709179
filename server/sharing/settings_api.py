"""How a recording is shared, for those who may change that, and the password for those who come."""

from datetime import datetime
from typing import Annotated, Any, cast

from fastapi import APIRouter, Request, Response

from server.db import now
from server.errors import InvalidRequest
from server.given import given
from server.links import links_of
from server.plans.table import Feature
from server.preconditions import expectation
from server.recordings.link import LinkChange
from server.recordings.schemas import Recording
from server.scope import Scope, User, allows, identity_of, recordings_of, require_recording
from server.sharing import proofs
from server.sharing.access import sharing_of
from server.sharing.schemas import ShareSettingsOut, ShareSettingsRequest, UnlockOut, UnlockRequest
from server.sharing.service import Sharing
from server.sharing.unlocking import as_typed

router = APIRouter(prefix="/api/v1", tags=["Shares"])

# What stays as it is where it is null; a password and an end are taken away by it.
_KEPT_BY_NULL = ("visibility", "allow_download", "allow_comments")


@router.get("/recordings/{recording_id}/share", operation_id="getShareSettings", summary="How it is shared")
async def get_settings(
    recording_id: str,
    request: Request,
    response: Response,
    user: Annotated[User, allows(Scope.RECORDINGS_READ)],
) -> ShareSettingsOut:
    return _out(request, response, await require_recording(request, user, recording_id))


@router.patch(
    "/recordings/{recording_id}/share",
    operation_id="updateShareSettings",
    summary="Change whom the link lets in, and until when",
)
async def update_settings(
    recording_id: str,
    body: ShareSettingsRequest,
    request: Request,
    response: Response,
    user: Annotated[User, allows(Scope.RECORDINGS_WRITE)],
) -> ShareSettingsOut:
    """With `If-Match`, nobody overwrites what they have not seen; the ETag is that of the recording."""
    recording = await require_recording(request, user, recording_id)
    expected = expectation(request)
    expected(recording.etag)  # before the time that a password's hash takes
    if body.password:
        await recordings_of(request).require_feature(recording, Feature.LINK_PASSWORDS)
    change = await _change(request, body)
    _require_ahead(change.get("share_expires_at"), recording)
    changed = await recordings_of(request).change_link(recording_id, change, expected, by=user.id)
    return _out(request, response, changed)


@router.post("/shares/{slug}/unlock", operation_id="unlockShare", summary="Get in by a link's password")
async def unlock(
    slug: str,
    body: UnlockRequest,
    request: Request,
    response: Response,
    sharing: Annotated[Sharing, given(sharing_of)],
) -> UnlockOut:
    """A browser keeps the proof in a cookie. Wrong tries are counted, and make one wait."""
    response.headers["Cache-Control"] = "no-store"
    address = request.client.host if request.client else "unknown"
    proof = await sharing.unlock(slug, body.password, address)
    proofs.keep(request, response, slug, proof)
    return UnlockOut(token=proof.token, expires_at=proof.expires_at)


async def _change(request: Request, body: ShareSettingsRequest) -> LinkChange:
    given: dict[str, Any] = body.model_dump(exclude_unset=True)
    for name in _KEPT_BY_NULL:
        if given.get(name, ...) is None:
            del given[name]
    if "expires_at" in given:
        given["share_expires_at"] = given.pop("expires_at")
    if "password" in given:
        password = given.pop("password")
        hashed = password and await identity_of(request).passwords.hash(as_typed(password))
        given["share_password_hash"] = hashed
    return cast("LinkChange", given)


def _require_ahead(ends: datetime | None, recording: Recording) -> None:
    """An end that is there already may be sent again. Raises InvalidRequest."""
    if ends is not None and ends <= now() and ends != recording.link.expires_at:
        raise InvalidRequest(
            "The link cannot end in the past (expiresAt): choose a later moment, or make it private."
        )


def _out(request: Request, response: Response, recording: Recording) -> ShareSettingsOut:
    response.headers["ETag"] = recording.etag
    base, link = links_of(request).base(request), recording.link
    return ShareSettingsOut(
        share_url=links_of(request).share(request, recording.slug),
        embed_url=f"{base}/embed/{recording.slug}",
        shared=link.on,
        visibility=link.visibility,
        has_password=link.locked,
        expires_at=link.expires_at,
        allow_download=link.allow_download,
        allow_comments=link.allow_comments,
    )
