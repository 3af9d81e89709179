"""How an upload is refused; the statuses are those of tus 1.0.0."""

from server.errors import Conflict, InvalidRequest, Locked, NotFound, ServerError, TooLarge, TooManyRequests


class UnsupportedVersion(ServerError):
    status, code = 412, "unsupported_tus_version"


class WrongContentType(ServerError):
    status, code = 415, "wrong_content_type"


class ChecksumMismatch(ServerError):
    status, code = 460, "checksum_mismatch"


class WrongOffset(Conflict):
    code = "wrong_offset"


class UploadLocked(Locked):
    code = "upload_locked"


class UploadNotFound(NotFound):
    code = "upload_not_found"


class UploadTooLarge(TooLarge):
    code = "upload_too_large"


class TooManyUploads(TooManyRequests):
    code = "too_many_uploads"


class BadHeader(InvalidRequest):
    code = "invalid_header"


def no_upload() -> UploadNotFound:
    return UploadNotFound("There is no such upload: it was finished, cancelled or has expired.")
