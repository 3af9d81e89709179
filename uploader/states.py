"""The life of an upload as a table. No I/O: an illegal event raises and changes nothing.

Resuming always goes through WAITING, where the server is asked for its offset: the local one is never
trusted.
"""

from enum import StrEnum

from uploader.errors import IllegalTransitionError


class UploadState(StrEnum):
    QUEUED = "queued"  # known, nothing done
    CREATING = "creating"  # asking for a recording (and its link) and a place for the bytes
    SENDING = "sending"
    WAITING = "waiting"  # something failed; next comes the question for the server's offset
    PAUSED = "paused"  # the user holds the upload
    FINISHING = "finishing"  # all bytes acknowledged; the server's digest is compared
    DONE = "done"
    FAILED = "failed"  # needs the user
    CANCELLED = "cancelled"


class UploadEvent(StrEnum):
    START = "start"
    CREATED = "created"
    LOST = "lost"  # connection, server or sign-in; also what a crashed worker left
    RETRY = "retry"  # nothing was created yet, so there is no offset to ask for
    OFFSET_KNOWN = "offset_known"
    GONE = "gone"  # the server has dropped the tus resource
    ALL_ACKED = "all_acked"
    VERIFIED = "verified"
    REJECTED = "rejected"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    AGAIN = "again"  # the user asks for another try


S, E = UploadState, UploadEvent

TRANSITIONS: dict[tuple[UploadState, UploadEvent], UploadState] = {
    (S.QUEUED, E.START): S.CREATING,
    (S.QUEUED, E.PAUSE): S.PAUSED,
    (S.QUEUED, E.REJECTED): S.FAILED,
    (S.QUEUED, E.CANCEL): S.CANCELLED,
    (S.CREATING, E.CREATED): S.SENDING,
    (S.CREATING, E.LOST): S.WAITING,
    (S.CREATING, E.REJECTED): S.FAILED,
    (S.CREATING, E.PAUSE): S.PAUSED,
    (S.CREATING, E.CANCEL): S.CANCELLED,
    (S.SENDING, E.LOST): S.WAITING,
    (S.SENDING, E.ALL_ACKED): S.FINISHING,
    (S.SENDING, E.REJECTED): S.FAILED,
    (S.SENDING, E.PAUSE): S.PAUSED,
    (S.SENDING, E.CANCEL): S.CANCELLED,
    (S.WAITING, E.RETRY): S.CREATING,
    (S.WAITING, E.OFFSET_KNOWN): S.SENDING,
    (S.WAITING, E.GONE): S.QUEUED,
    (S.WAITING, E.ALL_ACKED): S.FINISHING,
    (S.WAITING, E.REJECTED): S.FAILED,
    (S.WAITING, E.PAUSE): S.PAUSED,
    (S.WAITING, E.CANCEL): S.CANCELLED,
    (S.PAUSED, E.RESUME): S.WAITING,
    (S.PAUSED, E.CANCEL): S.CANCELLED,
    (S.FINISHING, E.VERIFIED): S.DONE,
    (S.FINISHING, E.REJECTED): S.FAILED,
    (S.FINISHING, E.CANCEL): S.CANCELLED,
    (S.FAILED, E.AGAIN): S.WAITING,
    (S.FAILED, E.CANCEL): S.CANCELLED,
}

ENDED = frozenset({S.DONE, S.FAILED, S.CANCELLED})


def advance(state: UploadState, event: UploadEvent) -> UploadState:
    """The next state; IllegalTransitionError when the table has none."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise IllegalTransitionError(f"{event} while {state}") from None
