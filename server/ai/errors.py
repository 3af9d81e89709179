"""What a request on a transcript can be refused for."""

from server.errors import Conflict, NotFound
from server.preconditions import Changed


class TranscriptChanged(Changed):
    """`If-Match` names a revision that is not the present one (RFC 9110 section 13.1.1)."""

    status, code = 412, "transcript_changed"
    words = "The transcript is not the one you have seen: read it again, then repeat the change."


def no_transcript() -> NotFound:
    return NotFound("There is no transcript of this recording.", code="transcript_not_found")


def no_segment() -> NotFound:
    return NotFound("The transcript has no such segment.", code="segment_not_found")


def no_revision() -> NotFound:
    return NotFound("There is no such revision, or it is too old to be kept.", code="revision_not_found")


def transcription_off(reason: str, hint: str) -> Conflict:
    return Conflict(f"{reason} {hint}".strip(), code="transcription_off")


def still_listening() -> Conflict:
    sentence = "This recording is still being transcribed: its history begins when that is done."
    return Conflict(sentence, code="transcript_partial")
