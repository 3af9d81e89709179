"""What the server does, as functions that make a Call. Written by `python installers/clients.py` from the server's description: change that, not this."""

from __future__ import annotations

from typing import Any, Literal

from uploader.rest import models
from uploader.rest.call import Call, Listing, Reads, at


def start_recording(
    body: models.StartRecordingRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Recording]:
    """Start a recording."""
    return Call(
        "POST",
        "/api/v1/recordings",
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def list_recordings(
    *,
    page: int | None = None,
    size: int | None = None,
    cursor: str | None = None,
    workspace_id: str | None = None,
    folder: str | None = None,
    tag: str | None = None,
    status: models.RecordingsStatus | None = None,
    q: str | None = None,
    from_: str | None = None,
    to: str | None = None,
    sort: models.RecordingSort | None = None,
    fields: str | None = None,
) -> Listing[models.RecordingPage, models.Recording]:
    """List recordings, newest first.

    Your own, wherever they lie; with `workspaceId` everybody's in that workspace.
    """
    return Listing(
        "GET",
        "/api/v1/recordings",
        query={"page": page, "size": size, "cursor": cursor, "workspaceId": workspace_id, "folder": folder, "tag": tag, "status": status, "q": q, "from": from_, "to": to, "sort": sort, "fields": fields},
        beginning={"cursor": ""},
    )


def list_trash(
    *,
    page: int | None = None,
    size: int | None = None,
) -> Listing[models.RecordingPage, models.Recording]:
    """What lies in the trash, the last first.

    Whatever you may restore.
    """
    return Listing(
        "GET",
        "/api/v1/recordings/trash",
        query={"page": page, "size": size},
    )


def list_templates() -> Call[models.TemplateList]:
    """List templates."""
    return Call(
        "GET",
        "/api/v1/recordings/templates",
    )


def create_template(
    body: models.TemplateRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Template]:
    """Create a template."""
    return Call(
        "POST",
        "/api/v1/recordings/templates",
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def get_template(
    template_id: str,
) -> Call[models.Template]:
    """Get a template."""
    return Call(
        "GET",
        at("/api/v1/recordings/templates/{template_id}", template_id=template_id),
    )


def update_template(
    template_id: str,
    body: models.UpdateTemplateRequest,
) -> Call[models.Template]:
    """Change a template."""
    return Call(
        "PUT",
        at("/api/v1/recordings/templates/{template_id}", template_id=template_id),
        json=body,
    )


def delete_template(
    template_id: str,
) -> Call[None]:
    """Delete a template."""
    return Call(
        "DELETE",
        at("/api/v1/recordings/templates/{template_id}", template_id=template_id),
        reads=Reads.NOTHING,
    )


def get_recording(
    recording_id: str,
    *,
    fields: str | None = None,
) -> Call[models.Recording]:
    """Get a recording."""
    return Call(
        "GET",
        at("/api/v1/recordings/{recording_id}", recording_id=recording_id),
        query={"fields": fields},
    )


def update_recording(
    recording_id: str,
    body: models.UpdateRecordingRequest,
    *,
    if_match: str | None = None,
) -> Call[models.Recording]:
    """Change title, text, place or sharing.

    Fields left out stay as they are. With `If-Match`, nobody overwrites what they have not seen.
    """
    return Call(
        "PUT",
        at("/api/v1/recordings/{recording_id}", recording_id=recording_id),
        headers={"If-Match": if_match},
        json=body,
    )


def patch_recording(
    recording_id: str,
    body: models.UpdateRecordingRequest,
    *,
    if_match: str | None = None,
) -> Call[models.Recording]:
    """The same as PUT.

    Fields left out stay as they are. With `If-Match`, nobody overwrites what they have not seen.
    """
    return Call(
        "PATCH",
        at("/api/v1/recordings/{recording_id}", recording_id=recording_id),
        headers={"If-Match": if_match},
        json=body,
    )


def delete_recording(
    recording_id: str,
    *,
    permanent: bool | None = None,
) -> Call[None]:
    """Put a recording into the trash.

    Its link, its media and its uploads answer 404 at once; it can be restored for a while.
    """
    return Call(
        "DELETE",
        at("/api/v1/recordings/{recording_id}", recording_id=recording_id),
        reads=Reads.NOTHING,
        query={"permanent": permanent},
    )


def restore_recording(
    recording_id: str,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Recording]:
    """Take it out of the trash."""
    return Call(
        "POST",
        at("/api/v1/recordings/{recording_id}/restore", recording_id=recording_id),
        headers={"Idempotency-Key": idempotency_key},
    )


def move_recording(
    recording_id: str,
    body: models.MoveRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Recording]:
    """Move to another workspace.

    Where you may take it from and put it to. Its link stays the same.
    """
    return Call(
        "POST",
        at("/api/v1/recordings/{recording_id}/move", recording_id=recording_id),
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def control_recording(
    recording_id: str,
    body: models.ControlRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Recording]:
    """Pause, resume or stop."""
    return Call(
        "POST",
        at("/api/v1/recordings/{recording_id}/control", recording_id=recording_id),
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def create_upload(
    *,
    tus_resumable: str,
    upload_length: str | None = None,
    upload_defer_length: str | None = None,
    upload_metadata: str | None = None,
) -> Call[None]:
    """Create an upload.

    `Upload-Metadata` names the recording as `recordingId`; without it one is made for the upload.
    """
    return Call(
        "POST",
        "/api/v1/uploads",
        reads=Reads.NOTHING,
        headers={"Tus-Resumable": tus_resumable, "Upload-Length": upload_length, "Upload-Defer-Length": upload_defer_length, "Upload-Metadata": upload_metadata},
    )


def upload_capabilities() -> Call[None]:
    """What this tus server can do."""
    return Call(
        "OPTIONS",
        "/api/v1/uploads",
        reads=Reads.NOTHING,
    )


def get_upload_offset(
    upload_id: str,
    *,
    tus_resumable: str,
) -> Call[None]:
    """How far an upload is."""
    return Call(
        "HEAD",
        at("/api/v1/uploads/{upload_id}", upload_id=upload_id),
        reads=Reads.NOTHING,
        headers={"Tus-Resumable": tus_resumable},
    )


def append_to_upload(
    upload_id: str,
    *,
    tus_resumable: str,
    upload_offset: str,
    upload_length: str | None = None,
    upload_checksum: str | None = None,
) -> Call[None]:
    """Append bytes.

    Answered when the bytes are on disk.
    """
    return Call(
        "PATCH",
        at("/api/v1/uploads/{upload_id}", upload_id=upload_id),
        reads=Reads.NOTHING,
        headers={"Tus-Resumable": tus_resumable, "Upload-Offset": upload_offset, "Upload-Length": upload_length, "Upload-Checksum": upload_checksum},
    )


def terminate_upload(
    upload_id: str,
    *,
    tus_resumable: str,
) -> Call[None]:
    """Give an upload up."""
    return Call(
        "DELETE",
        at("/api/v1/uploads/{upload_id}", upload_id=upload_id),
        reads=Reads.NOTHING,
        headers={"Tus-Resumable": tus_resumable},
    )


def get_stream(
    recording_id: str,
) -> Call[models.Stream]:
    """Where to play a recording."""
    return Call(
        "GET",
        at("/api/v1/streams/{recording_id}", recording_id=recording_id),
    )


def get_master_playlist(
    recording_id: str,
    ticket: str,
    *,
    if_none_match: str | None = None,
) -> Call[str]:
    """All qualities there are."""
    return Call(
        "GET",
        at("/api/v1/streams/{recording_id}/{ticket}/master.m3u8", recording_id=recording_id, ticket=ticket),
        reads=Reads.TEXT,
        headers={"If-None-Match": if_none_match},
    )


def get_everything_playlist(
    recording_id: str,
    ticket: str,
    *,
    if_none_match: str | None = None,
) -> Call[str]:
    """All qualities in all codecs, for players that can change from one to another."""
    return Call(
        "GET",
        at("/api/v1/streams/{recording_id}/{ticket}/everything.m3u8", recording_id=recording_id, ticket=ticket),
        reads=Reads.TEXT,
        headers={"If-None-Match": if_none_match},
    )


def get_manifest(
    recording_id: str,
    ticket: str,
    *,
    if_none_match: str | None = None,
) -> Call[str]:
    """The same for DASH players."""
    return Call(
        "GET",
        at("/api/v1/streams/{recording_id}/{ticket}/manifest.mpd", recording_id=recording_id, ticket=ticket),
        reads=Reads.TEXT,
        headers={"If-None-Match": if_none_match},
    )


def get_track_segment(
    version: str,
    kind: Literal["video", "audio"],
    number: int,
    recording_id: str,
    ticket: str,
) -> Call[bytes]:
    """A segment of the picture or the sound alone."""
    return Call(
        "GET",
        at("/api/v1/streams/{recording_id}/{ticket}/dash/{version}-{kind}/{number}.m4s", version=version, kind=kind, number=number, recording_id=recording_id, ticket=ticket),
        reads=Reads.BYTES,
    )


def get_key_frames(
    recording_id: str,
    ticket: str,
    *,
    if_none_match: str | None = None,
) -> Call[str]:
    """Key frames alone."""
    return Call(
        "GET",
        at("/api/v1/streams/{recording_id}/{ticket}/iframes.m3u8", recording_id=recording_id, ticket=ticket),
        reads=Reads.TEXT,
        headers={"If-None-Match": if_none_match},
    )


def get_key_frames_of(
    name: str,
    recording_id: str,
    ticket: str,
    *,
    if_none_match: str | None = None,
) -> Call[str]:
    """Key frames of a smaller version."""
    return Call(
        "GET",
        at("/api/v1/streams/{recording_id}/{ticket}/iframes-{name}.m3u8", name=name, recording_id=recording_id, ticket=ticket),
        reads=Reads.TEXT,
        headers={"If-None-Match": if_none_match},
    )


def get_captions_playlist(
    language: str,
    recording_id: str,
    ticket: str,
    *,
    if_none_match: str | None = None,
) -> Call[str]:
    """Captions for HLS players."""
    return Call(
        "GET",
        at("/api/v1/streams/{recording_id}/{ticket}/captions-{language}.m3u8", language=language, recording_id=recording_id, ticket=ticket),
        reads=Reads.TEXT,
        headers={"If-None-Match": if_none_match},
    )


def get_captions_text(
    language: str,
    recording_id: str,
    ticket: str,
    *,
    if_none_match: str | None = None,
) -> Call[str]:
    """Captions as WebVTT."""
    return Call(
        "GET",
        at("/api/v1/streams/{recording_id}/{ticket}/captions-{language}.vtt", language=language, recording_id=recording_id, ticket=ticket),
        reads=Reads.TEXT,
        headers={"If-None-Match": if_none_match},
    )


def get_chapters_text(
    recording_id: str,
    ticket: str,
    *,
    if_none_match: str | None = None,
) -> Call[str]:
    """Chapters as WebVTT."""
    return Call(
        "GET",
        at("/api/v1/streams/{recording_id}/{ticket}/chapters.vtt", recording_id=recording_id, ticket=ticket),
        reads=Reads.TEXT,
        headers={"If-None-Match": if_none_match},
    )


def get_media_playlist(
    recording_id: str,
    ticket: str,
    *,
    hls_msn: int | None = None,
    hls_part: int | None = None,
    hls_skip: str | None = None,
    if_none_match: str | None = None,
) -> Call[str]:
    """The recording itself, live and after.

    While the file grows, `_HLS_msn` and `_HLS_part` wait for that part; `_HLS_skip` asks for an update.
    """
    return Call(
        "GET",
        at("/api/v1/streams/{recording_id}/{ticket}/video.m3u8", recording_id=recording_id, ticket=ticket),
        reads=Reads.TEXT,
        query={"_HLS_msn": hls_msn, "_HLS_part": hls_part, "_HLS_skip": hls_skip},
        headers={"If-None-Match": if_none_match},
    )


def get_rendition_playlist(
    name: str,
    recording_id: str,
    ticket: str,
    *,
    if_none_match: str | None = None,
) -> Call[str]:
    """A smaller version."""
    return Call(
        "GET",
        at("/api/v1/streams/{recording_id}/{ticket}/{name}.m3u8", name=name, recording_id=recording_id, ticket=ticket),
        reads=Reads.TEXT,
        headers={"If-None-Match": if_none_match},
    )


def get_media(
    name: str,
    ticket: str,
    recording_id: str,
    *,
    if_none_match: str | None = None,
    range: str | None = None,
) -> Call[bytes]:
    """Bytes of a file, by ranges: a version, a picture, the sound."""
    return Call(
        "GET",
        at("/api/v1/streams/{recording_id}/{ticket}/{name}", name=name, ticket=ticket, recording_id=recording_id),
        reads=Reads.BYTES,
        headers={"If-None-Match": if_none_match, "Range": range},
    )


def login(
    body: models.LoginRequest,
) -> Call[models.LoginAnswer | models.StepUpAnswer]:
    """Sign in.

    With `mfaRequired` in the answer, a code is needed: send it to `/auth/login/mfa`.
    """
    return Call(
        "POST",
        "/auth/login",
        json=body,
    )


def login_with_code(
    body: models.MfaLoginRequest,
) -> Call[models.LoginAnswer]:
    """Sign in with the second factor.

    `code` is of the authenticator app, or a recovery code.
    """
    return Call(
        "POST",
        "/auth/login/mfa",
        json=body,
    )


def get_me() -> Call[models.User]:
    """Who is signed in."""
    return Call(
        "GET",
        "/api/v1/me",
    )


def refresh(
    body: models.RefreshRequest | None | None = None,
    *,
    idempotency_key: str | None = None,
    x_heddle_session: str | None = None,
) -> Call[models.LoginAnswer]:
    """Get a new pair of tokens.

    A refresh token is good for one use; one that is used again ends its sign-in (401 `token_reused`).

    Without one in the body that of the browser's cookie is used, with the header `X-Heddle-Session: 1`.
    """
    return Call(
        "POST",
        "/auth/refresh",
        headers={"Idempotency-Key": idempotency_key, "X-Heddle-Session": x_heddle_session},
        json=body,
    )


def logout(
    *,
    idempotency_key: str | None = None,
) -> Call[None]:
    """Sign out.

    Takes the browser's cookie away too.
    """
    return Call(
        "POST",
        "/auth/logout",
        reads=Reads.NOTHING,
        headers={"Idempotency-Key": idempotency_key},
    )


def logout_all(
    *,
    idempotency_key: str | None = None,
) -> Call[None]:
    """Sign out on all devices."""
    return Call(
        "POST",
        "/auth/logout-all",
        reads=Reads.NOTHING,
        headers={"Idempotency-Key": idempotency_key},
    )


def list_sessions() -> Call[models.SessionList]:
    """Where you are signed in."""
    return Call(
        "GET",
        "/api/v1/auth/sessions",
    )


def end_other_sessions() -> Call[None]:
    """Sign out on all other devices."""
    return Call(
        "DELETE",
        "/api/v1/auth/sessions",
        reads=Reads.NOTHING,
    )


def end_session(
    session_id: str,
) -> Call[None]:
    """Sign out on one device."""
    return Call(
        "DELETE",
        at("/api/v1/auth/sessions/{session_id}", session_id=session_id),
        reads=Reads.NOTHING,
    )


def change_password(
    body: models.PasswordChange,
    *,
    idempotency_key: str | None = None,
) -> Call[None]:
    """Change your password.

    All other devices are signed out. API keys go on working.
    """
    return Call(
        "POST",
        "/api/v1/auth/password",
        reads=Reads.NOTHING,
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def get_mfa() -> Call[models.Factors]:
    """Your second factors."""
    return Call(
        "GET",
        "/api/v1/auth/mfa",
    )


def begin_totp(
    body: models.PasswordRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[models.TotpSecret]:
    """Get a secret for an authenticator app.

    Nothing changes until its first code was sent to `…/totp/confirm`.
    """
    return Call(
        "POST",
        "/api/v1/auth/mfa/totp",
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def confirm_totp(
    body: models.CodeRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[models.RecoveryCodes]:
    """Switch the authenticator app on.

    Answers ten recovery codes, for the day the app is gone. They are shown this once.
    """
    return Call(
        "POST",
        "/api/v1/auth/mfa/totp/confirm",
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def remove_totp(
    body: models.ConfirmedRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[None]:
    """Switch the second factor off."""
    return Call(
        "POST",
        "/api/v1/auth/mfa/totp/remove",
        reads=Reads.NOTHING,
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def new_recovery_codes(
    body: models.ConfirmedRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[models.RecoveryCodes]:
    """Get new recovery codes.

    The ones before are void.
    """
    return Call(
        "POST",
        "/api/v1/auth/mfa/recovery-codes",
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def begin_passkey_login() -> Call[models.OptionsAnswer]:
    """Begin to sign in by passkey.

    Good for one answer within five minutes.
    """
    return Call(
        "POST",
        "/auth/login/passkey/options",
    )


def login_with_passkey(
    body: models.PasskeyLoginRequest,
) -> Call[models.LoginAnswer]:
    """Sign in by passkey.

    Instead of a password and of a second factor: a passkey is both.
    """
    return Call(
        "POST",
        "/auth/login/passkey",
        json=body,
    )


def list_passkeys() -> Call[models.PasskeyList]:
    """Your passkeys."""
    return Call(
        "GET",
        "/api/v1/auth/passkeys",
    )


def create_passkey(
    body: models.CreatePasskeyRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Passkey]:
    """Make a passkey.

    With what the browser made of the options. You are told by mail.
    """
    return Call(
        "POST",
        "/api/v1/auth/passkeys",
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def begin_passkey(
    body: models.BeginPasskeyRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[models.OptionsAnswer]:
    """Begin to make a passkey.

    Within ten minutes of the sign-in nothing else is asked for; later `password`, and `code` where there
    is a second factor (403 `sign_in_again` without). Good for one answer within five minutes.
    """
    return Call(
        "POST",
        "/api/v1/auth/passkeys/options",
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def rename_passkey(
    passkey_id: str,
    body: models.RenamePasskeyRequest,
) -> Call[models.Passkey]:
    """Rename a passkey."""
    return Call(
        "PATCH",
        at("/api/v1/auth/passkeys/{passkey_id}", passkey_id=passkey_id),
        json=body,
    )


def delete_passkey(
    passkey_id: str,
) -> Call[None]:
    """Remove a passkey.

    Not the last way into an account without a password (409 `last_way_in`).
    """
    return Call(
        "DELETE",
        at("/api/v1/auth/passkeys/{passkey_id}", passkey_id=passkey_id),
        reads=Reads.NOTHING,
    )


def list_ways() -> Call[models.Ways]:
    """How one may sign in here."""
    return Call(
        "GET",
        "/auth/ways",
    )


def single_logout(
    *,
    idempotency_key: str | None = None,
) -> Call[models.SingleLogoutAnswer]:
    """Sign out here and elsewhere.

    As `/auth/logout`; and for a page of this server that was signed in by SAML there is an `address` to
    lead the browser to, where the provider signs its person out, too.
    """
    return Call(
        "POST",
        "/auth/single-logout",
        headers={"Idempotency-Key": idempotency_key},
    )


def list_identities() -> Call[models.IdentityList]:
    """Your accounts elsewhere.

    Those that sign in to this one.
    """
    return Call(
        "GET",
        "/api/v1/auth/identities",
    )


def link_identity(
    body: models.LinkRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[models.LinkAnswer]:
    """Connect an account elsewhere.

    For a page of this server, which then leads the browser to `address`; it comes back to `next`.
    """
    return Call(
        "POST",
        "/api/v1/auth/identities",
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def unlink_identity(
    identity_id: str,
) -> Call[None]:
    """Disconnect an account elsewhere.

    Not the last way into an account without a password (409 `last_way_in`).
    """
    return Call(
        "DELETE",
        at("/api/v1/auth/identities/{identity_id}", identity_id=identity_id),
        reads=Reads.NOTHING,
    )


def list_keys() -> Call[models.KeyList]:
    """Your API keys."""
    return Call(
        "GET",
        "/api/v1/keys",
    )


def create_key(
    body: models.CreateKeyRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[models.CreatedKey]:
    """Make an API key.

    The answer has the `key` itself, which is shown this once.
    """
    return Call(
        "POST",
        "/api/v1/keys",
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def update_key(
    key_id: str,
    body: models.UpdateKeyRequest,
) -> Call[models.Key]:
    """Rename, limit, disable or enable an API key."""
    return Call(
        "PATCH",
        at("/api/v1/keys/{key_id}", key_id=key_id),
        json=body,
    )


def delete_key(
    key_id: str,
) -> Call[None]:
    """Delete an API key."""
    return Call(
        "DELETE",
        at("/api/v1/keys/{key_id}", key_id=key_id),
        reads=Reads.NOTHING,
    )


def register(
    body: models.RegisterRequest,
) -> Call[models.RegisterAnswer]:
    """Make an account.

    With an invitation the account is there at once (201). Otherwise a mail is sent (202): its link, with
    the password, makes it. The answer is the same where there is an account already.
    """
    return Call(
        "POST",
        "/auth/register",
        json=body,
    )


def verify_email(
    body: models.VerifyRequest,
) -> Call[models.VerifyAnswer]:
    """Answer the mail to an address."""
    return Call(
        "POST",
        "/auth/verify-email",
        json=body,
    )


def forgot_password(
    body: models.ForgottenRequest,
) -> Call[None]:
    """Have a link to a new password sent.

    The answer is the same for an address that nobody has.
    """
    return Call(
        "POST",
        "/auth/password/forgotten",
        reads=Reads.NOTHING,
        json=body,
    )


def reset_password(
    body: models.ResetRequest,
) -> Call[None]:
    """Choose a new password.

    Signs every device out.
    """
    return Call(
        "POST",
        "/auth/password/reset",
        reads=Reads.NOTHING,
        json=body,
    )


def confirm_email(
    body: models.ConfirmRequest,
) -> Call[models.ChangeEmailAnswer]:
    """Confirm a change of address."""
    return Call(
        "POST",
        "/auth/email/confirm",
        json=body,
    )


def get_profile() -> Call[models.Profile]:
    """Your profile."""
    return Call(
        "GET",
        "/api/v1/users/me",
    )


def update_profile(
    body: models.UpdateProfileRequest,
) -> Call[models.Profile]:
    """Change your profile."""
    return Call(
        "PATCH",
        "/api/v1/users/me",
        json=body,
    )


def change_email(
    body: models.ChangeEmailRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[None]:
    """Use another address.

    Mails go to both addresses. The new one has to confirm; so has the present one, if it was verified.
    """
    return Call(
        "POST",
        "/api/v1/users/me/email",
        reads=Reads.NOTHING,
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def send_verification(
    *,
    idempotency_key: str | None = None,
) -> Call[None]:
    """Have a mail sent to verify your address."""
    return Call(
        "POST",
        "/api/v1/users/me/verification",
        reads=Reads.NOTHING,
        headers={"Idempotency-Key": idempotency_key},
    )


def put_avatar(
    body: bytes,
    *,
    content_type: Literal["image/png", "image/jpeg", "image/webp"],
) -> Call[models.Profile]:
    """Upload a picture of yourself.

    PNG, JPEG or WebP of at most 8 MiB; its middle is kept as a square of 256 pixels.
    """
    return Call(
        "PUT",
        "/api/v1/users/me/avatar",
        headers={"Content-Type": content_type},
        content=body,
    )


def delete_avatar() -> Call[None]:
    """Remove your picture."""
    return Call(
        "DELETE",
        "/api/v1/users/me/avatar",
        reads=Reads.NOTHING,
    )


def list_audit(
    *,
    everything: bool | None = None,
    workspace_id: str | None = None,
    act: str | None = None,
    page: int | None = None,
    size: int | None = None,
) -> Listing[models.AuditPage, models.Audit]:
    """Who did what, the last first.

    What you did and what was done to your account; a workspace's log for those who may change it.
    """
    return Listing(
        "GET",
        "/api/v1/audit",
        query={"everything": everything, "workspaceId": workspace_id, "act": act, "page": page, "size": size},
    )


def list_workspaces() -> Call[models.WorkspaceList]:
    """Workspaces you are in, your own first."""
    return Call(
        "GET",
        "/api/v1/workspaces",
    )


def create_workspace(
    body: models.CreateWorkspaceRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Workspace]:
    """Create a team's workspace."""
    return Call(
        "POST",
        "/api/v1/workspaces",
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def get_workspace(
    workspace_id: str,
) -> Call[models.Workspace]:
    """Get a workspace."""
    return Call(
        "GET",
        at("/api/v1/workspaces/{workspace_id}", workspace_id=workspace_id),
    )


def update_workspace(
    workspace_id: str,
    body: models.UpdateWorkspaceRequest,
) -> Call[models.Workspace]:
    """Change name or retention."""
    return Call(
        "PATCH",
        at("/api/v1/workspaces/{workspace_id}", workspace_id=workspace_id),
        json=body,
    )


def delete_workspace(
    workspace_id: str,
) -> Call[None]:
    """Delete an empty workspace."""
    return Call(
        "DELETE",
        at("/api/v1/workspaces/{workspace_id}", workspace_id=workspace_id),
        reads=Reads.NOTHING,
    )


def list_members(
    workspace_id: str,
) -> Call[models.MemberList]:
    """Who is in a workspace."""
    return Call(
        "GET",
        at("/api/v1/workspaces/{workspace_id}/members", workspace_id=workspace_id),
    )


def change_role(
    workspace_id: str,
    user_id: str,
    body: models.RoleRequest,
) -> Call[None]:
    """Give a member another role."""
    return Call(
        "PATCH",
        at("/api/v1/workspaces/{workspace_id}/members/{user_id}", workspace_id=workspace_id, user_id=user_id),
        reads=Reads.NOTHING,
        json=body,
    )


def remove_member(
    workspace_id: str,
    user_id: str,
) -> Call[None]:
    """Remove a member.

    Oneself: the same as leaving.
    """
    return Call(
        "DELETE",
        at("/api/v1/workspaces/{workspace_id}/members/{user_id}", workspace_id=workspace_id, user_id=user_id),
        reads=Reads.NOTHING,
    )


def leave_workspace(
    workspace_id: str,
    *,
    idempotency_key: str | None = None,
) -> Call[None]:
    """Leave a workspace.

    What you made in it stays there. The last owner cannot leave.
    """
    return Call(
        "POST",
        at("/api/v1/workspaces/{workspace_id}/leave", workspace_id=workspace_id),
        reads=Reads.NOTHING,
        headers={"Idempotency-Key": idempotency_key},
    )


def transfer_workspace(
    workspace_id: str,
    body: models.TransferRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[None]:
    """Make another member the owner in your place."""
    return Call(
        "POST",
        at("/api/v1/workspaces/{workspace_id}/transfer", workspace_id=workspace_id),
        reads=Reads.NOTHING,
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def list_invitations(
    workspace_id: str,
) -> Call[models.InvitationList]:
    """Who was asked to come, newest first."""
    return Call(
        "GET",
        at("/api/v1/workspaces/{workspace_id}/invitations", workspace_id=workspace_id),
    )


def invite(
    workspace_id: str,
    body: models.InviteRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Invitation]:
    """Invite somebody by mail."""
    return Call(
        "POST",
        at("/api/v1/workspaces/{workspace_id}/invitations", workspace_id=workspace_id),
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def revoke_invitation(
    workspace_id: str,
    invitation_id: str,
) -> Call[None]:
    """Take an invitation back."""
    return Call(
        "DELETE",
        at("/api/v1/workspaces/{workspace_id}/invitations/{invitation_id}", workspace_id=workspace_id, invitation_id=invitation_id),
        reads=Reads.NOTHING,
    )


def list_my_invitations() -> Call[models.InvitationList]:
    """Invitations that wait for you."""
    return Call(
        "GET",
        "/api/v1/invitations",
    )


def invite_to_server(
    body: models.ServerInviteRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Invitation]:
    """Invite somebody to this server.

    For owners of the server.
    """
    return Call(
        "POST",
        "/api/v1/invitations",
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def get_invitation(
    body: models.TokenRequest,
) -> Call[models.Invitation]:
    """What the link in a mail is for."""
    return Call(
        "POST",
        "/api/v1/invitations/look",
        json=body,
    )


def accept_invitation(
    body: models.TokenRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Workspace | None]:
    """Come into the workspace.

    Null for an invitation to the server.
    """
    return Call(
        "POST",
        "/api/v1/invitations/accept",
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def decline_invitation(
    body: models.TokenRequest,
) -> Call[None]:
    """Say no to an invitation."""
    return Call(
        "POST",
        "/api/v1/invitations/decline",
        reads=Reads.NOTHING,
        json=body,
    )


def list_folders(
    *,
    workspace_id: str | None = None,
) -> Call[models.FolderList]:
    """The folders of a workspace."""
    return Call(
        "GET",
        "/api/v1/folders",
        query={"workspaceId": workspace_id},
    )


def create_folder(
    body: models.FolderRequest,
    *,
    workspace_id: str | None = None,
    idempotency_key: str | None = None,
) -> Call[models.Folder]:
    """Make a folder."""
    return Call(
        "POST",
        "/api/v1/folders",
        query={"workspaceId": workspace_id},
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def get_folder(
    folder_id: str,
) -> Call[models.Folder]:
    """One folder."""
    return Call(
        "GET",
        at("/api/v1/folders/{folder_id}", folder_id=folder_id),
    )


def update_folder(
    folder_id: str,
    body: models.UpdateFolderRequest,
    *,
    if_match: str | None = None,
) -> Call[models.Folder]:
    """Rename or move a folder."""
    return Call(
        "PATCH",
        at("/api/v1/folders/{folder_id}", folder_id=folder_id),
        headers={"If-Match": if_match},
        json=body,
    )


def delete_folder(
    folder_id: str,
) -> Call[None]:
    """Delete a folder; what lies in it moves up."""
    return Call(
        "DELETE",
        at("/api/v1/folders/{folder_id}", folder_id=folder_id),
        reads=Reads.NOTHING,
    )


def list_tags(
    *,
    workspace_id: str | None = None,
) -> Call[models.TagList]:
    """The tags of a workspace."""
    return Call(
        "GET",
        "/api/v1/tags",
        query={"workspaceId": workspace_id},
    )


def create_tag(
    body: models.TagRequest,
    *,
    workspace_id: str | None = None,
    idempotency_key: str | None = None,
) -> Call[models.Tag]:
    """Make a tag."""
    return Call(
        "POST",
        "/api/v1/tags",
        query={"workspaceId": workspace_id},
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def update_tag(
    tag_id: str,
    body: models.UpdateTagRequest,
) -> Call[models.Tag]:
    """Change a tag."""
    return Call(
        "PATCH",
        at("/api/v1/tags/{tag_id}", tag_id=tag_id),
        json=body,
    )


def delete_tag(
    tag_id: str,
) -> Call[None]:
    """Delete a tag."""
    return Call(
        "DELETE",
        at("/api/v1/tags/{tag_id}", tag_id=tag_id),
        reads=Reads.NOTHING,
    )


def retry_step(
    recording_id: str,
    step: str,
    *,
    idempotency_key: str | None = None,
) -> Call[models.StepState]:
    """Try a failed step again.

    Only for a step that failed (409 otherwise); the others stay as they are.
    """
    return Call(
        "POST",
        at("/api/v1/recordings/{recording_id}/steps/{step}/retry", recording_id=recording_id, step=step),
        headers={"Idempotency-Key": idempotency_key},
    )


def get_share(
    slug: str,
    *,
    x_share_token: str | None = None,
) -> Call[models.Share]:
    """A shared recording.

    For anybody; to whoever is signed in it says whether they may change the recording (`mayEdit`).
    """
    return Call(
        "GET",
        at("/api/v1/shares/{slug}", slug=slug),
        headers={"X-Share-Token": x_share_token},
    )


def get_share_settings(
    recording_id: str,
) -> Call[models.ShareSettings]:
    """How it is shared."""
    return Call(
        "GET",
        at("/api/v1/recordings/{recording_id}/share", recording_id=recording_id),
    )


def update_share_settings(
    recording_id: str,
    body: models.ShareSettingsRequest,
    *,
    if_match: str | None = None,
) -> Call[models.ShareSettings]:
    """Change whom the link lets in, and until when.

    With `If-Match`, nobody overwrites what they have not seen; the ETag is that of the recording.
    """
    return Call(
        "PATCH",
        at("/api/v1/recordings/{recording_id}/share", recording_id=recording_id),
        headers={"If-Match": if_match},
        json=body,
    )


def unlock_share(
    slug: str,
    body: models.UnlockRequest,
) -> Call[models.Unlock]:
    """Get in by a link's password.

    A browser keeps the proof in a cookie. Wrong tries are counted, and make one wait.
    """
    return Call(
        "POST",
        at("/api/v1/shares/{slug}/unlock", slug=slug),
        json=body,
    )


def get_transcript(
    recording_id: str,
    *,
    words: bool | None = None,
    if_none_match: str | None = None,
) -> Call[None]:
    """What was said, with times."""
    return Call(
        "GET",
        at("/api/v1/recordings/{recording_id}/transcript", recording_id=recording_id),
        reads=Reads.NOTHING,
        query={"words": words},
        headers={"If-None-Match": if_none_match},
    )


def put_transcript(
    recording_id: str,
    body: bytes,
    *,
    content_type: Literal["application/json", "text/vtt", "application/x-subrip"],
    language: str | None = None,
    if_match: str | None = None,
) -> Call[models.Transcript]:
    """Use this transcript as it is."""
    return Call(
        "PUT",
        at("/api/v1/recordings/{recording_id}/transcript", recording_id=recording_id),
        query={"language": language},
        headers={"Content-Type": content_type, "If-Match": if_match},
        content=body,
    )


def edit_segment(
    recording_id: str,
    segment_id: str,
    body: models.EditSegment,
    *,
    if_match: str | None = None,
) -> Call[models.Transcript]:
    """Correct one segment."""
    return Call(
        "PATCH",
        at("/api/v1/recordings/{recording_id}/transcript/segments/{segment_id}", recording_id=recording_id, segment_id=segment_id),
        headers={"If-Match": if_match},
        json=body,
    )


def get_transcript_history(
    recording_id: str,
    *,
    page: int | None = None,
    size: int | None = None,
) -> Call[models.RevisionPage]:
    """Who changed what."""
    return Call(
        "GET",
        at("/api/v1/recordings/{recording_id}/transcript/history", recording_id=recording_id),
        query={"page": page, "size": size},
    )


def restore_transcript(
    recording_id: str,
    body: models.RestoreRequest,
    *,
    idempotency_key: str | None = None,
    if_match: str | None = None,
) -> Call[models.Transcript]:
    """Bring back how it was at a revision."""
    return Call(
        "POST",
        at("/api/v1/recordings/{recording_id}/transcript/restore", recording_id=recording_id),
        headers={"Idempotency-Key": idempotency_key, "If-Match": if_match},
        json=body,
    )


def rerun_transcription(
    recording_id: str,
    body: models.RerunRequest | None | None = None,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Rerun]:
    """Have the server listen again.

    Corrections stay where they are; a transcript that was sent is replaced, and can be brought back.
    """
    return Call(
        "POST",
        at("/api/v1/recordings/{recording_id}/transcript/rerun", recording_id=recording_id),
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def get_captions(
    recording_id: str,
    form: models.CaptionFormat,
    *,
    if_none_match: str | None = None,
) -> Call[str]:
    """Captions as a file."""
    return Call(
        "GET",
        at("/api/v1/recordings/{recording_id}/captions.{form}", recording_id=recording_id, form=form),
        reads=Reads.TEXT,
        headers={"If-None-Match": if_none_match},
    )


def get_share_transcript(
    slug: str,
    *,
    words: bool | None = None,
    x_share_token: str | None = None,
    if_none_match: str | None = None,
) -> Call[None]:
    """What was said, for viewers."""
    return Call(
        "GET",
        at("/api/v1/shares/{slug}/transcript", slug=slug),
        reads=Reads.NOTHING,
        query={"words": words},
        headers={"X-Share-Token": x_share_token, "If-None-Match": if_none_match},
    )


def get_share_captions(
    form: models.CaptionFormat,
    slug: str,
    *,
    x_share_token: str | None = None,
    if_none_match: str | None = None,
) -> Call[str]:
    """Captions, for viewers."""
    return Call(
        "GET",
        at("/api/v1/shares/{slug}/captions.{form}", form=form, slug=slug),
        reads=Reads.TEXT,
        headers={"X-Share-Token": x_share_token, "If-None-Match": if_none_match},
    )


def get_analysis(
    recording_id: str,
    *,
    if_none_match: str | None = None,
) -> Call[models.Analysis]:
    """What it is about."""
    return Call(
        "GET",
        at("/api/v1/recordings/{recording_id}/analysis", recording_id=recording_id),
        headers={"If-None-Match": if_none_match},
    )


def rerun_analysis(
    recording_id: str,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Analysis]:
    """Have it analysed anew."""
    return Call(
        "POST",
        at("/api/v1/recordings/{recording_id}/analysis/rerun", recording_id=recording_id),
        headers={"Idempotency-Key": idempotency_key},
    )


def get_chapters(
    recording_id: str,
    *,
    if_none_match: str | None = None,
) -> Call[str]:
    """Chapters as a WebVTT track."""
    return Call(
        "GET",
        at("/api/v1/recordings/{recording_id}/chapters.vtt", recording_id=recording_id),
        reads=Reads.TEXT,
        headers={"If-None-Match": if_none_match},
    )


def get_share_analysis(
    slug: str,
    *,
    x_share_token: str | None = None,
    if_none_match: str | None = None,
) -> Call[models.Analysis]:
    """What it is about, for viewers."""
    return Call(
        "GET",
        at("/api/v1/shares/{slug}/analysis", slug=slug),
        headers={"X-Share-Token": x_share_token, "If-None-Match": if_none_match},
    )


def get_share_chapters(
    slug: str,
    *,
    x_share_token: str | None = None,
    if_none_match: str | None = None,
) -> Call[str]:
    """Chapters, for viewers."""
    return Call(
        "GET",
        at("/api/v1/shares/{slug}/chapters.vtt", slug=slug),
        reads=Reads.TEXT,
        headers={"X-Share-Token": x_share_token, "If-None-Match": if_none_match},
    )


def search(
    *,
    q: str | None = None,
    person: str | None = None,
    workspace_id: str | None = None,
    from_: str | None = None,
    to: str | None = None,
    min_duration: float | None = None,
    max_duration: float | None = None,
    language: str | None = None,
    folder: str | None = None,
    tag: str | None = None,
    page: int | None = None,
    size: int | None = None,
) -> Listing[models.Search, models.Hit]:
    """Find recordings by their words.

    All words must be in the recording: its title, its description, its tags, what was said in or of it.
    """
    return Listing(
        "GET",
        "/api/v1/search",
        query={"q": q, "person": person, "workspaceId": workspace_id, "from": from_, "to": to, "minDuration": min_duration, "maxDuration": max_duration, "language": language, "folder": folder, "tag": tag, "page": page, "size": size},
    )


def list_comments(
    recording_id: str,
    *,
    sort: models.Sort | None = None,
    cursor: str | None = None,
    size: int | None = None,
    resolved: bool | None = None,
) -> Listing[models.ThreadPage, models.Thread]:
    """Comments with their replies."""
    return Listing(
        "GET",
        at("/api/v1/recordings/{recording_id}/comments", recording_id=recording_id),
        query={"sort": sort, "cursor": cursor, "size": size, "resolved": resolved},
    )


def create_comment(
    recording_id: str,
    body: models.CommentRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Comment]:
    """Comment on a recording, or reply."""
    return Call(
        "POST",
        at("/api/v1/recordings/{recording_id}/comments", recording_id=recording_id),
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def get_comment(
    comment_id: str,
) -> Call[models.Comment]:
    """One comment."""
    return Call(
        "GET",
        at("/api/v1/comments/{comment_id}", comment_id=comment_id),
    )


def edit_comment(
    comment_id: str,
    body: models.EditCommentRequest,
    *,
    if_match: str | None = None,
) -> Call[models.Comment]:
    """Change what you wrote."""
    return Call(
        "PATCH",
        at("/api/v1/comments/{comment_id}", comment_id=comment_id),
        headers={"If-Match": if_match},
        json=body,
    )


def delete_comment(
    comment_id: str,
    *,
    if_match: str | None = None,
) -> Call[None]:
    """Delete a comment."""
    return Call(
        "DELETE",
        at("/api/v1/comments/{comment_id}", comment_id=comment_id),
        reads=Reads.NOTHING,
        headers={"If-Match": if_match},
    )


def get_comment_history(
    comment_id: str,
) -> Call[models.CommentHistory]:
    """What it said before."""
    return Call(
        "GET",
        at("/api/v1/comments/{comment_id}/history", comment_id=comment_id),
    )


def resolve_comment(
    comment_id: str,
    *,
    idempotency_key: str | None = None,
    if_match: str | None = None,
) -> Call[models.Comment]:
    """Settle a thread."""
    return Call(
        "POST",
        at("/api/v1/comments/{comment_id}/resolve", comment_id=comment_id),
        headers={"Idempotency-Key": idempotency_key, "If-Match": if_match},
    )


def reopen_comment(
    comment_id: str,
    *,
    idempotency_key: str | None = None,
    if_match: str | None = None,
) -> Call[models.Comment]:
    """Open it again."""
    return Call(
        "POST",
        at("/api/v1/comments/{comment_id}/reopen", comment_id=comment_id),
        headers={"Idempotency-Key": idempotency_key, "If-Match": if_match},
    )


def list_reactions(
    recording_id: str,
    *,
    cursor: str | None = None,
    size: int | None = None,
) -> Listing[models.ReactionPage, models.Reaction]:
    """Reactions, by their moments."""
    return Listing(
        "GET",
        at("/api/v1/recordings/{recording_id}/reactions", recording_id=recording_id),
        query={"cursor": cursor, "size": size},
    )


def add_reaction(
    recording_id: str,
    body: models.ReactionRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Reaction]:
    """React to a moment."""
    return Call(
        "POST",
        at("/api/v1/recordings/{recording_id}/reactions", recording_id=recording_id),
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def remove_reaction(
    reaction_id: str,
) -> Call[None]:
    """Take a reaction back."""
    return Call(
        "DELETE",
        at("/api/v1/reactions/{reaction_id}", reaction_id=reaction_id),
        reads=Reads.NOTHING,
    )


def list_share_comments(
    slug: str,
    *,
    sort: models.Sort | None = None,
    cursor: str | None = None,
    size: int | None = None,
    resolved: bool | None = None,
    x_guest_token: str | None = None,
    x_share_token: str | None = None,
) -> Listing[models.ThreadPage, models.Thread]:
    """Comments, for viewers."""
    return Listing(
        "GET",
        at("/api/v1/shares/{slug}/comments", slug=slug),
        query={"sort": sort, "cursor": cursor, "size": size, "resolved": resolved},
        headers={"X-Guest-Token": x_guest_token, "X-Share-Token": x_share_token},
    )


def create_share_comment(
    slug: str,
    body: models.GuestCommentRequest,
    *,
    x_guest_token: str | None = None,
    idempotency_key: str | None = None,
    x_share_token: str | None = None,
) -> Call[models.GuestComment]:
    """Comment as a viewer."""
    return Call(
        "POST",
        at("/api/v1/shares/{slug}/comments", slug=slug),
        headers={"X-Guest-Token": x_guest_token, "Idempotency-Key": idempotency_key, "X-Share-Token": x_share_token},
        json=body,
    )


def get_share_comment(
    comment_id: str,
    slug: str,
    *,
    x_guest_token: str | None = None,
    x_share_token: str | None = None,
) -> Call[models.Comment]:
    """One comment, for viewers."""
    return Call(
        "GET",
        at("/api/v1/shares/{slug}/comments/{comment_id}", comment_id=comment_id, slug=slug),
        headers={"X-Guest-Token": x_guest_token, "X-Share-Token": x_share_token},
    )


def edit_share_comment(
    comment_id: str,
    slug: str,
    body: models.EditCommentRequest,
    *,
    x_guest_token: str | None = None,
    x_share_token: str | None = None,
    if_match: str | None = None,
) -> Call[models.Comment]:
    """Change what you wrote as a viewer."""
    return Call(
        "PATCH",
        at("/api/v1/shares/{slug}/comments/{comment_id}", comment_id=comment_id, slug=slug),
        headers={"X-Guest-Token": x_guest_token, "X-Share-Token": x_share_token, "If-Match": if_match},
        json=body,
    )


def delete_share_comment(
    comment_id: str,
    slug: str,
    *,
    x_guest_token: str | None = None,
    x_share_token: str | None = None,
    if_match: str | None = None,
) -> Call[None]:
    """Delete what you wrote as a viewer."""
    return Call(
        "DELETE",
        at("/api/v1/shares/{slug}/comments/{comment_id}", comment_id=comment_id, slug=slug),
        reads=Reads.NOTHING,
        headers={"X-Guest-Token": x_guest_token, "X-Share-Token": x_share_token, "If-Match": if_match},
    )


def resolve_share_comment(
    comment_id: str,
    slug: str,
    *,
    x_guest_token: str | None = None,
    idempotency_key: str | None = None,
    x_share_token: str | None = None,
    if_match: str | None = None,
) -> Call[models.Comment]:
    """Settle a thread you began."""
    return Call(
        "POST",
        at("/api/v1/shares/{slug}/comments/{comment_id}/resolve", comment_id=comment_id, slug=slug),
        headers={"X-Guest-Token": x_guest_token, "Idempotency-Key": idempotency_key, "X-Share-Token": x_share_token, "If-Match": if_match},
    )


def reopen_share_comment(
    comment_id: str,
    slug: str,
    *,
    x_guest_token: str | None = None,
    idempotency_key: str | None = None,
    x_share_token: str | None = None,
    if_match: str | None = None,
) -> Call[models.Comment]:
    """Open a thread you began again."""
    return Call(
        "POST",
        at("/api/v1/shares/{slug}/comments/{comment_id}/reopen", comment_id=comment_id, slug=slug),
        headers={"X-Guest-Token": x_guest_token, "Idempotency-Key": idempotency_key, "X-Share-Token": x_share_token, "If-Match": if_match},
    )


def list_share_reactions(
    slug: str,
    *,
    cursor: str | None = None,
    size: int | None = None,
    x_guest_token: str | None = None,
    x_share_token: str | None = None,
) -> Listing[models.ReactionPage, models.Reaction]:
    """Reactions, for viewers."""
    return Listing(
        "GET",
        at("/api/v1/shares/{slug}/reactions", slug=slug),
        query={"cursor": cursor, "size": size},
        headers={"X-Guest-Token": x_guest_token, "X-Share-Token": x_share_token},
    )


def add_share_reaction(
    slug: str,
    body: models.GuestReactionRequest,
    *,
    x_guest_token: str | None = None,
    idempotency_key: str | None = None,
    x_share_token: str | None = None,
) -> Call[models.GuestReaction]:
    """React as a viewer."""
    return Call(
        "POST",
        at("/api/v1/shares/{slug}/reactions", slug=slug),
        headers={"X-Guest-Token": x_guest_token, "Idempotency-Key": idempotency_key, "X-Share-Token": x_share_token},
        json=body,
    )


def remove_share_reaction(
    reaction_id: str,
    slug: str,
    *,
    x_guest_token: str | None = None,
    x_share_token: str | None = None,
) -> Call[None]:
    """Take back your reaction as a viewer."""
    return Call(
        "DELETE",
        at("/api/v1/shares/{slug}/reactions/{reaction_id}", reaction_id=reaction_id, slug=slug),
        reads=Reads.NOTHING,
        headers={"X-Guest-Token": x_guest_token, "X-Share-Token": x_share_token},
    )


def list_webhooks(
    *,
    page: int | None = None,
    size: int | None = None,
) -> Listing[models.WebhookPage, models.Webhook]:
    """List webhooks."""
    return Listing(
        "GET",
        "/api/v1/webhooks",
        query={"page": page, "size": size},
    )


def create_webhook(
    body: models.CreateWebhookRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[models.WebhookWithSecret]:
    """Create a webhook."""
    return Call(
        "POST",
        "/api/v1/webhooks",
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def list_webhook_events() -> Call[models.EventList]:
    """List the events webhooks can ask for."""
    return Call(
        "GET",
        "/api/v1/webhooks/events",
    )


def get_webhook(
    webhook_id: str,
) -> Call[models.Webhook]:
    """Get a webhook."""
    return Call(
        "GET",
        at("/api/v1/webhooks/{webhook_id}", webhook_id=webhook_id),
    )


def update_webhook(
    webhook_id: str,
    body: models.UpdateWebhookRequest,
) -> Call[models.Webhook]:
    """Change a webhook."""
    return Call(
        "PUT",
        at("/api/v1/webhooks/{webhook_id}", webhook_id=webhook_id),
        json=body,
    )


def delete_webhook(
    webhook_id: str,
) -> Call[None]:
    """Delete a webhook and its log."""
    return Call(
        "DELETE",
        at("/api/v1/webhooks/{webhook_id}", webhook_id=webhook_id),
        reads=Reads.NOTHING,
    )


def rotate_webhook_secret(
    webhook_id: str,
    body: models.RotateSecretRequest | None | None = None,
    *,
    idempotency_key: str | None = None,
) -> Call[models.WebhookWithSecret]:
    """Replace the secret; the old one signs too for a while."""
    return Call(
        "POST",
        at("/api/v1/webhooks/{webhook_id}/rotate-secret", webhook_id=webhook_id),
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def enable_webhook(
    webhook_id: str,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Webhook]:
    """Enable a webhook that was disabled."""
    return Call(
        "POST",
        at("/api/v1/webhooks/{webhook_id}/enable", webhook_id=webhook_id),
        headers={"Idempotency-Key": idempotency_key},
    )


def test_webhook(
    webhook_id: str,
    body: models.TestRequest | None | None = None,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Delivery]:
    """Send a delivery as a test."""
    return Call(
        "POST",
        at("/api/v1/webhooks/{webhook_id}/test", webhook_id=webhook_id),
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def list_webhook_deliveries(
    webhook_id: str,
    *,
    status: models.WebhooksStatus | None = None,
    event: str | None = None,
    page: int | None = None,
    size: int | None = None,
) -> Listing[models.DeliveryPage, models.Delivery]:
    """List deliveries, newest first."""
    return Listing(
        "GET",
        at("/api/v1/webhooks/{webhook_id}/deliveries", webhook_id=webhook_id),
        query={"status": status, "event": event, "page": page, "size": size},
    )


def get_webhook_delivery(
    webhook_id: str,
    delivery_id: str,
) -> Call[models.DeliveryDetail]:
    """Get a delivery, with what was sent and answered."""
    return Call(
        "GET",
        at("/api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}", webhook_id=webhook_id, delivery_id=delivery_id),
    )


def redeliver_webhook_delivery(
    webhook_id: str,
    delivery_id: str,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Delivery]:
    """Send a delivery again."""
    return Call(
        "POST",
        at("/api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver", webhook_id=webhook_id, delivery_id=delivery_id),
        headers={"Idempotency-Key": idempotency_key},
    )


def list_notifications(
    *,
    unread: bool | None = None,
    kind: models.NotificationsKind | None = None,
    cursor: str | None = None,
    size: int | None = None,
) -> Listing[models.NotificationPage, models.Notification]:
    """What you were told, the last first."""
    return Listing(
        "GET",
        "/api/v1/notifications",
        query={"unread": unread, "kind": kind, "cursor": cursor, "size": size},
    )


def count_notifications() -> Call[models.Count]:
    """How many you have not read."""
    return Call(
        "GET",
        "/api/v1/notifications/count",
    )


def read_all_notifications(
    body: models.ReadAllRequest | None | None = None,
    *,
    idempotency_key: str | None = None,
) -> Call[models.ReadAll]:
    """Mark all as read."""
    return Call(
        "POST",
        "/api/v1/notifications/read",
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def get_notification_preferences() -> Call[models.Preferences]:
    """Of what you are told, and how."""
    return Call(
        "GET",
        "/api/v1/notifications/preferences",
    )


def set_notification_preferences(
    body: models.PreferencesRequest,
) -> Call[models.Preferences]:
    """Choose of what you are told, and how."""
    return Call(
        "PATCH",
        "/api/v1/notifications/preferences",
        json=body,
    )


def list_slack_channels(
    *,
    workspace_id: str | None = None,
) -> Call[models.ChannelList]:
    """Your Slack channels, or a workspace's."""
    return Call(
        "GET",
        "/api/v1/notifications/slack",
        query={"workspaceId": workspace_id},
    )


def create_slack_channel(
    body: models.CreateChannelRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Channel]:
    """Have a Slack channel told.

    By an incoming webhook of Slack, Mattermost, Rocket.Chat or whatever takes the same.
    """
    return Call(
        "POST",
        "/api/v1/notifications/slack",
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def update_slack_channel(
    channel_id: str,
    body: models.UpdateChannelRequest,
) -> Call[models.Channel]:
    """Change a Slack channel."""
    return Call(
        "PATCH",
        at("/api/v1/notifications/slack/{channel_id}", channel_id=channel_id),
        json=body,
    )


def delete_slack_channel(
    channel_id: str,
) -> Call[None]:
    """Forget a Slack channel."""
    return Call(
        "DELETE",
        at("/api/v1/notifications/slack/{channel_id}", channel_id=channel_id),
        reads=Reads.NOTHING,
    )


def test_slack_channel(
    channel_id: str,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Trial]:
    """Write to a Slack channel now."""
    return Call(
        "POST",
        at("/api/v1/notifications/slack/{channel_id}/test", channel_id=channel_id),
        headers={"Idempotency-Key": idempotency_key},
    )


def mark_notification(
    notification_id: str,
    body: models.ReadRequest,
) -> Call[models.Notification]:
    """Mark one as read, or unread."""
    return Call(
        "PATCH",
        at("/api/v1/notifications/{notification_id}", notification_id=notification_id),
        json=body,
    )


def delete_notification(
    notification_id: str,
) -> Call[None]:
    """Delete one."""
    return Call(
        "DELETE",
        at("/api/v1/notifications/{notification_id}", notification_id=notification_id),
        reads=Reads.NOTHING,
    )


def list_exports() -> Call[models.ExportList]:
    """Your exports, newest first."""
    return Call(
        "GET",
        "/api/v1/users/me/exports",
    )


def export_account(
    body: models.ExportRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Export]:
    """Have a copy made of all that is kept of you."""
    return Call(
        "POST",
        "/api/v1/users/me/exports",
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def get_export(
    export_id: str,
) -> Call[models.Export]:
    """How far an export is."""
    return Call(
        "GET",
        at("/api/v1/users/me/exports/{export_id}", export_id=export_id),
    )


def download_export(
    export_id: str,
) -> Call[bytes]:
    """The export as a zip."""
    return Call(
        "GET",
        at("/api/v1/users/me/exports/{export_id}/file", export_id=export_id),
        reads=Reads.BYTES,
    )


def erase_account(
    body: models.ErasureRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Erasure]:
    """Have your account erased.

    For good: recordings of your own, and all that is kept of you. What you made in teams stays theirs.
    """
    return Call(
        "POST",
        "/api/v1/users/me/erasure",
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def get_erasure(
    erasure_id: str,
) -> Call[models.Erasure]:
    """The receipt of an erasure.

    Its id is the key: the account is gone.
    """
    return Call(
        "GET",
        at("/api/v1/erasures/{erasure_id}", erasure_id=erasure_id),
    )


def send_watch_events(
    body: bytes,
    *,
    content_type: Literal["application/json", "text/plain"],
) -> Call[models.Accepted]:
    """Tell what was watched.

    For players: of a share by its `slug`, or of what who is signed in may see by its `recordingId`.

    An event counts once, however often it is sent. With `DNT: 1` or `Sec-GPC: 1` nothing is stored.
    """
    return Call(
        "POST",
        "/api/v1/analytics/events",
        headers={"Content-Type": content_type},
        content=body,
    )


def get_analytics(
    recording_id: str,
    *,
    from_: str | None = None,
    to: str | None = None,
) -> Call[models.Analytics]:
    """How it was watched."""
    return Call(
        "GET",
        at("/api/v1/recordings/{recording_id}/analytics", recording_id=recording_id),
        query={"from": from_, "to": to},
    )


def get_analytics_table(
    recording_id: str,
    *,
    table: models.Table | None = None,
    from_: str | None = None,
    to: str | None = None,
) -> Call[str]:
    """The same as CSV."""
    return Call(
        "GET",
        at("/api/v1/recordings/{recording_id}/analytics.csv", recording_id=recording_id),
        reads=Reads.TEXT,
        query={"table": table, "from": from_, "to": to},
    )


def get_analytics_overview(
    *,
    page: int | None = None,
    size: int | None = None,
    from_: str | None = None,
    to: str | None = None,
) -> Listing[models.Overview, models.RecordingFigures]:
    """How your recordings were watched.

    Of those that you made, as far as your roles let you see it.
    """
    return Listing(
        "GET",
        "/api/v1/analytics",
        query={"page": page, "size": size, "from": from_, "to": to},
    )


def get_allowance(
    *,
    workspace_id: str | None = None,
) -> Call[models.Allowance]:
    """Whether your next recording would be taken.

    To be asked before it is made: what has begun completes, whatever the plan says.
    """
    return Call(
        "GET",
        "/api/v1/me/allowance",
        query={"workspaceId": workspace_id},
    )


def get_usage(
    workspace_id: str,
) -> Call[models.WorkspaceUsage]:
    """How much of its plan a workspace uses."""
    return Call(
        "GET",
        at("/api/v1/workspaces/{workspace_id}/usage", workspace_id=workspace_id),
    )


def admin_get_usage(
    workspace_id: str,
) -> Call[models.WorkspaceUsage]:
    """How much of its plan any workspace uses."""
    return Call(
        "GET",
        at("/api/v1/admin/workspaces/{workspace_id}/usage", workspace_id=workspace_id),
    )


def get_billing(
    workspace_id: str,
) -> Call[models.Billing]:
    """The plan of a workspace."""
    return Call(
        "GET",
        at("/api/v1/workspaces/{workspace_id}/billing", workspace_id=workspace_id),
    )


def checkout(
    workspace_id: str,
    body: models.CheckoutRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Address]:
    """Pay for a plan.

    The page to pay at. The plan holds as soon as the payment provider says that it was paid for.
    """
    return Call(
        "POST",
        at("/api/v1/workspaces/{workspace_id}/billing/checkout", workspace_id=workspace_id),
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def billing_portal(
    workspace_id: str,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Address]:
    """Change or end a subscription.

    The page where that is done, also for cards and invoices.
    """
    return Call(
        "POST",
        at("/api/v1/workspaces/{workspace_id}/billing/portal", workspace_id=workspace_id),
        headers={"Idempotency-Key": idempotency_key},
    )


def stripe_webhook(
    *,
    stripe_signature: str | None = None,
) -> Call[None]:
    """Notices of Stripe.

    For Stripe alone: what it sends is signed.
    """
    return Call(
        "POST",
        "/api/v1/billing/stripe/webhook",
        reads=Reads.NOTHING,
        headers={"Stripe-Signature": stripe_signature},
    )


def admin_health() -> Call[models.Health]:
    """How the server is.

    A verdict with its reasons, and the figures behind it. Files are counted once a minute at most.
    """
    return Call(
        "GET",
        "/api/v1/admin/health",
    )


def admin_examine(
    *,
    idempotency_key: str | None = None,
) -> Call[models.Examination]:
    """What heddle-server doctor says.

    Also tries the encoders, which takes some seconds.
    """
    return Call(
        "POST",
        "/api/v1/admin/health/examination",
        headers={"Idempotency-Key": idempotency_key},
    )


def admin_list_jobs(
    *,
    status: models.JobStatus | None = None,
    step: models.StepName | None = None,
    recording_id: str | None = None,
    page: int | None = None,
    size: int | None = None,
) -> Listing[models.JobPage, models.Job]:
    """Jobs of everybody, the newest first."""
    return Listing(
        "GET",
        "/api/v1/admin/jobs",
        query={"status": status, "step": step, "recordingId": recording_id, "page": page, "size": size},
    )


def admin_get_job(
    job_id: str,
) -> Call[models.JobDetails]:
    """A job with what went wrong in it."""
    return Call(
        "GET",
        at("/api/v1/admin/jobs/{job_id}", job_id=job_id),
    )


def admin_retry_job(
    job_id: str,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Job]:
    """Try a failed job again.

    From its first attempt, under a new id. 409 for a job that did not fail.
    """
    return Call(
        "POST",
        at("/api/v1/admin/jobs/{job_id}/retry", job_id=job_id),
        headers={"Idempotency-Key": idempotency_key},
    )


def admin_cancel_job(
    job_id: str,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Job]:
    """Give a job up.

    One that runs ends within seconds. 409 for a job that is over.
    """
    return Call(
        "POST",
        at("/api/v1/admin/jobs/{job_id}/cancel", job_id=job_id),
        headers={"Idempotency-Key": idempotency_key},
    )


def admin_list_dead_letters(
    kind: models.AdminKind,
    *,
    page: int | None = None,
    size: int | None = None,
) -> Listing[models.LetterPage, models.Letter]:
    """What was given up, the last first.

    Jobs that failed for good, events that never reached a webhook or a part of this server, letters that
    nobody took.
    """
    return Listing(
        "GET",
        at("/api/v1/admin/dead-letters/{kind}", kind=kind),
        query={"page": page, "size": size},
    )


def admin_retry_dead_letters(
    kind: models.AdminKind,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Retried]:
    """Try all of a kind again.

    500 at a time. Letters of mail cannot be: their words are forgotten.
    """
    return Call(
        "POST",
        at("/api/v1/admin/dead-letters/{kind}/retry", kind=kind),
        headers={"Idempotency-Key": idempotency_key},
    )


def admin_retry_dead_letter(
    kind: models.AdminKind,
    letter_id: str,
    *,
    idempotency_key: str | None = None,
) -> Call[None]:
    """Try one again."""
    return Call(
        "POST",
        at("/api/v1/admin/dead-letters/{kind}/{letter_id}/retry", kind=kind, letter_id=letter_id),
        reads=Reads.NOTHING,
        headers={"Idempotency-Key": idempotency_key},
    )


def admin_list_users(
    *,
    q: str | None = None,
    role: models.Role | None = None,
    state: models.AccountState | None = None,
    page: int | None = None,
    size: int | None = None,
) -> Listing[models.AccountPage, models.Account]:
    """Accounts, the newest first."""
    return Listing(
        "GET",
        "/api/v1/admin/users",
        query={"q": q, "role": role, "state": state, "page": page, "size": size},
    )


def admin_create_user(
    body: models.NewAccountRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Account]:
    """Make an account.

    Whatever HEDDLE_REGISTRATION says.
    """
    return Call(
        "POST",
        "/api/v1/admin/users",
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def admin_get_user(
    user_id: str,
) -> Call[models.AccountDetails]:
    """An account with its devices."""
    return Call(
        "GET",
        at("/api/v1/admin/users/{user_id}", user_id=user_id),
    )


def admin_update_user(
    user_id: str,
    body: models.ChangeAccountRequest,
) -> Call[models.AccountDetails]:
    """Change somebody's role on this server.

    409 where nobody would administer the server any more.
    """
    return Call(
        "PATCH",
        at("/api/v1/admin/users/{user_id}", user_id=user_id),
        json=body,
    )


def admin_erase_user(
    user_id: str,
) -> Call[models.ErasureOrdered]:
    """Erase an account.

    For good, as if they had asked for it themselves. 409 while a team needs another owner first.
    """
    return Call(
        "DELETE",
        at("/api/v1/admin/users/{user_id}", user_id=user_id),
    )


def admin_disable_user(
    user_id: str,
    *,
    idempotency_key: str | None = None,
) -> Call[models.AccountDetails]:
    """Let nobody in with an account.

    Sign-ins end at once, keys and webhooks stop; recordings and their links stay.
    """
    return Call(
        "POST",
        at("/api/v1/admin/users/{user_id}/disable", user_id=user_id),
        headers={"Idempotency-Key": idempotency_key},
    )


def admin_enable_user(
    user_id: str,
    *,
    idempotency_key: str | None = None,
) -> Call[models.AccountDetails]:
    """Let them in again."""
    return Call(
        "POST",
        at("/api/v1/admin/users/{user_id}/enable", user_id=user_id),
        headers={"Idempotency-Key": idempotency_key},
    )


def admin_send_password_link(
    user_id: str,
    *,
    idempotency_key: str | None = None,
) -> Call[None]:
    """Have a link to a new password sent.

    To their address alone.
    """
    return Call(
        "POST",
        at("/api/v1/admin/users/{user_id}/password-link", user_id=user_id),
        reads=Reads.NOTHING,
        headers={"Idempotency-Key": idempotency_key},
    )


def admin_remove_second_factor(
    user_id: str,
) -> Call[None]:
    """Remove a second factor whose device is lost."""
    return Call(
        "DELETE",
        at("/api/v1/admin/users/{user_id}/mfa", user_id=user_id),
        reads=Reads.NOTHING,
    )


def admin_sign_out_user(
    user_id: str,
) -> Call[None]:
    """Sign all devices out."""
    return Call(
        "DELETE",
        at("/api/v1/admin/users/{user_id}/sessions", user_id=user_id),
        reads=Reads.NOTHING,
    )


def admin_list_workspaces(
    *,
    q: str | None = None,
    kind: models.WorkspacesKind | None = None,
    orphaned: bool | None = None,
    page: int | None = None,
    size: int | None = None,
) -> Listing[models.SeenWorkspacePage, models.SeenWorkspace]:
    """Workspaces, by name."""
    return Listing(
        "GET",
        "/api/v1/admin/workspaces",
        query={"q": q, "kind": kind, "orphaned": orphaned, "page": page, "size": size},
    )


def admin_get_workspace(
    workspace_id: str,
) -> Call[models.SeenWorkspaceDetails]:
    """A workspace with its members."""
    return Call(
        "GET",
        at("/api/v1/admin/workspaces/{workspace_id}", workspace_id=workspace_id),
    )


def admin_delete_workspace(
    workspace_id: str,
    *,
    erase: bool | None = None,
) -> Call[None]:
    """Delete a team's workspace.

    Without `erase` only an empty one (409); its trash counts.
    """
    return Call(
        "DELETE",
        at("/api/v1/admin/workspaces/{workspace_id}", workspace_id=workspace_id),
        reads=Reads.NOTHING,
        query={"erase": erase},
    )


def admin_transfer_workspace(
    workspace_id: str,
    body: models.TransferRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[models.SeenWorkspaceDetails]:
    """Give a workspace whose owners are gone another.

    To any account; it becomes a member where it is none. 409 while an owner could do that themselves.
    """
    return Call(
        "POST",
        at("/api/v1/admin/workspaces/{workspace_id}/transfer", workspace_id=workspace_id),
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def admin_list_groups(
    *,
    page: int | None = None,
    size: int | None = None,
) -> Listing[models.GroupPage, models.Group]:
    """Groups of a directory, by name.

    With the workspace that the people of each are in by it.
    """
    return Listing(
        "GET",
        "/api/v1/admin/groups",
        query={"page": page, "size": size},
    )


def admin_map_group(
    group_id: str,
    body: models.MapRequest,
) -> Call[models.Group]:
    """Lead a group into another workspace.

    Its people come in with `role`, and leave where they were by this group alone. Whoever was invited
    there, or owns it, stays as they are.
    """
    return Call(
        "PUT",
        at("/api/v1/admin/groups/{group_id}", group_id=group_id),
        json=body,
    )


def admin_storage() -> Call[models.Storage]:
    """What takes the space."""
    return Call(
        "GET",
        "/api/v1/admin/storage",
    )


def admin_list_storage(
    by: models.By,
    *,
    page: int | None = None,
    size: int | None = None,
) -> Listing[models.HolderPage, models.Holder]:
    """Who, or which workspace, has the most.

    Bytes of recordings as they were uploaded; versions made of them are in `GET /api/v1/admin/storage`.
    """
    return Listing(
        "GET",
        at("/api/v1/admin/storage/shares/{by}", by=by),
        query={"page": page, "size": size},
    )


def admin_list_largest(
    *,
    page: int | None = None,
    size: int | None = None,
) -> Listing[models.LargePage, models.Large]:
    """Recordings, the largest first."""
    return Listing(
        "GET",
        "/api/v1/admin/storage/largest",
        query={"page": page, "size": size},
    )


def admin_list_orphans() -> Call[models.OrphanList]:
    """Files that no row knows.

    Folders of recordings, and pictures of people, that are not there any more and did not change for an
    hour. Deletes nothing.
    """
    return Call(
        "GET",
        "/api/v1/admin/storage/orphans",
    )


def admin_remove_orphans(
    body: models.RemoveRequest,
    *,
    idempotency_key: str | None = None,
) -> Call[models.Removed]:
    """Delete such files.

    Those that are named, which are looked at again; 409, and nothing is deleted, where one is none.
    """
    return Call(
        "POST",
        "/api/v1/admin/storage/orphans/remove",
        headers={"Idempotency-Key": idempotency_key},
        json=body,
    )


def admin_list_audit(
    *,
    page: int | None = None,
    size: int | None = None,
    act: str | None = None,
    actor_id: str | None = None,
    user_id: str | None = None,
    workspace_id: str | None = None,
    from_: str | None = None,
    to: str | None = None,
) -> Listing[models.EntryPage, models.Entry]:
    """Who did what, the last first."""
    return Listing(
        "GET",
        "/api/v1/admin/audit",
        query={"page": page, "size": size, "act": act, "actorId": actor_id, "userId": user_id, "workspaceId": workspace_id, "from": from_, "to": to},
    )


def admin_export_audit(
    *,
    act: str | None = None,
    actor_id: str | None = None,
    user_id: str | None = None,
    workspace_id: str | None = None,
    from_: str | None = None,
    to: str | None = None,
) -> Call[str]:
    """The same as a file, all of it.

    That it was taken is noted in it.
    """
    return Call(
        "GET",
        "/api/v1/admin/audit.csv",
        reads=Reads.TEXT,
        query={"act": act, "actorId": actor_id, "userId": user_id, "workspaceId": workspace_id, "from": from_, "to": to},
    )


def admin_list_settings() -> Call[models.SettingList]:
    """The settings in force, and who said so.

    They are read at the start; to change one, set its variable and start the server again.
    """
    return Call(
        "GET",
        "/api/v1/admin/settings",
    )


def admin_list_flags() -> Call[models.FlagList]:
    """Feature flags and what was said about them."""
    return Call(
        "GET",
        "/api/v1/admin/flags",
    )


def admin_set_flag(
    name: models.FlagName,
    body: models.SayRequest,
) -> Call[None]:
    """Turn a feature on or off.

    For the server, a workspace or a person; in force at once, in other processes within seconds.
    """
    return Call(
        "PUT",
        at("/api/v1/admin/flags/{name}", name=name),
        reads=Reads.NOTHING,
        json=body,
    )


def graphql(
    body: models.GraphQLRequest,
) -> Call[models.GraphQLAnswer]:
    """A GraphQL query or mutation.

    Answers 200 with `data` and `errors`, which have the codes of this API in `extensions.code`.
    """
    return Call(
        "POST",
        "/graphql",
        json=body,
    )


def live() -> Call[models.Live]:
    """The process runs, and which server it is."""
    return Call(
        "GET",
        "/health/live",
    )


def ready() -> Call[models.Ready]:
    """The server can do its work."""
    return Call(
        "GET",
        "/health/ready",
    )
