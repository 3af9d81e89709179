"""What can go wrong on the way to the server, in words for people: title (what), detail (why), hint (what to
do).
"""


class UploadError(Exception):
    """Base of the package. What is not `Transient` ends the upload as failed."""

    title = "The upload failed"
    hint = ""
    code = ""  # for programs, where they treat it differently

    def __init__(self, detail: str = "", *, title: str | None = None, hint: str | None = None) -> None:
        super().__init__(detail)
        self.title = title if title is not None else type(self).title
        self.detail = detail
        self.hint = hint if hint is not None else type(self).hint

    def __str__(self) -> str:
        return "\n  ".join(part for part in (self.title, self.detail, self.hint) if part)

    def as_dict(self) -> dict[str, str]:
        """The form the journal keeps."""
        words = {"title": self.title, "detail": self.detail, "hint": self.hint}
        return {**words, "code": self.code} if self.code else words


class Transient(UploadError):
    """Worth another try by itself, after `retry_after_s` where the server named a time."""

    def __init__(self, detail: str = "", *, retry_after_s: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class ServerUnreachableError(Transient):
    title = "The server cannot be reached"
    hint = "Nothing is lost: the upload goes on by itself as soon as the server answers."


class UntrustedServerError(ServerUnreachableError):
    """Nobody vouches for it: it may be another one. Nothing was sent."""

    title = "The server's certificate is not trusted"
    hint = "If the server is yours, name the certificate in SSL_CERT_FILE where Heddle is started."


class ServerBusyError(Transient):
    title = "The server cannot take the upload right now"
    hint = "It is tried again by itself."


class SignInNeededError(Transient):
    title = "You are not signed in to the server"
    hint = "Sign in with `heddle login --server ADDRESS`; the upload then goes on by itself."


class KeyringLockedError(SignInNeededError):
    """The sign-in is there, where nobody may look now."""

    title = "The system's keyring does not give the sign-in"
    hint = "Unlock the keyring, or sign in again; what waits for it goes on by itself."


class OffsetConflictError(Transient):
    title = "Client and server disagree about how much has arrived"
    hint = "The server's count is asked for and the upload goes on from there."


class ChecksumMismatchError(Transient):
    title = "Bytes were damaged on the way to the server"
    hint = "They are sent again."


class PlanFullError(Transient):
    """The plan takes no new recording; `detail` is the server's own sentence, which says what to do."""

    title = "The plan has no room for it now"
    hint = "It is kept on this computer, and sent by itself when there is room."
    code = "plan_full"


class UploadGoneError(UploadError):
    """404 or 410 for the tus resource: never seen by the user, a new one is made."""

    title = "The server no longer knows this upload"


class RefusedError(UploadError):
    """A 4xx that no repetition will change; `detail` is the server's own sentence."""

    title = "The server refuses this upload"
    hint = ""

    def __init__(self, detail: str, *, status: int, code: str = "", hint: str | None = None) -> None:
        super().__init__(detail, hint=hint)
        self.status = status
        self.code = code


class RecordingGoneError(UploadError):
    title = "The recording was deleted on the server"
    hint = "The file is still on this computer; upload it again to get a new link."


class NotHeddleError(UploadError):
    title = "This is not a Heddle server"
    hint = "Check the address. It is the one you open in a browser, such as https://heddle.example."


class SourceMissingError(UploadError):
    title = "The file is gone"
    hint = "Put it back where it was and try again with `heddle uploads retry`."


class SourceShorterError(UploadError):
    title = "The file is shorter than what the server already has"
    hint = "It was replaced or cut since the upload began. Upload it again as a new recording."


class SourceChangedError(UploadError):
    title = "The file changed while it was being uploaded"
    hint = "Upload it again when nothing writes to it any more."


class DigestMismatchError(UploadError):
    title = "The server's copy differs from the file"
    hint = "The file on this computer is intact: upload it again."


class CredentialsError(UploadError):
    title = "The sign-in could not be saved"


class JournalError(UploadError):
    title = "The list of uploads cannot be read"


class BrokenJournalError(JournalError):
    hint = (
        "Make room if the disk is full. Otherwise move the file away: Heddle begins a new list, and"
        " `heddle upload FILE` sends what it had."
    )


class IllegalTransitionError(UploadError):
    """A bug: an event that the state machine does not know in this state."""

    title = "The upload is in an unexpected state"
