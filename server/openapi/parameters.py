"""Parameters: words for those that their routes only name, and headers that routes read by themselves."""

from typing import Any

from server.idempotency import HEADER, takes_key
from server.identity.sessions.cookie import HEADER as COOKIE_HEADER
from server.openapi.operations import CONDITIONAL, RANGED, REVALIDATED, TUS
from server.openapi.words import PARAMETERS
from server.sharing.proofs import HEADER as PROOF_HEADER


def _header(name: str, description: str, example: str, *, required: bool = False) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": description,
        "schema": {"type": "string"},
        "example": example,
    }


COMPONENTS: dict[str, dict[str, Any]] = {
    HEADER: _header(
        HEADER,
        "16 to 255 visible characters, a new one for each request, such as a UUID. The same request sent "
        "with it again within a day is not done again: it gets the same answer, and `Idempotency-Replayed`.",
        "3f0d6a0e-7a3d-4a53-8f0c-52d4a4bb0c0f",
    ),
    COOKIE_HEADER: _header(COOKIE_HEADER, "`1`: a page of this server asks, with its cookie.", "1"),
    PROOF_HEADER: _header(
        PROOF_HEADER,
        "The `token` of `POST /api/v1/shares/{slug}/unlock`, where the link asks for a password. Browsers "
        "send a cookie for pages of this server.",
        "1795257060.9b2f…",
    ),
    "If-Match": _header(
        "If-Match", "The ETag that was seen: another one is not changed (412).", '"1795257000.25"'
    ),
    "If-None-Match": _header(
        "If-None-Match", "The ETag that is here already: the same is not sent again (304).", '"1795257000.25"'
    ),
    "Range": _header("Range", "Which bytes (RFC 9110, 14.2).", "bytes=0-1023"),
    "Tus-Resumable": _header("Tus-Resumable", "The version of the upload protocol.", "1.0.0", required=True),
    "Upload-Length": _header("Upload-Length", "How many bytes it will have.", "48213000"),
    "Upload-Defer-Length": _header("Upload-Defer-Length", "`1`: the length is told later.", "1"),
    "Upload-Metadata": _header(
        "Upload-Metadata",
        "Names and base64 values; `recordingId` and `filename` count.",
        "filename dGFrZS5tcDQ=",
    ),
    "Upload-Offset": _header(
        "Upload-Offset", "Where these bytes begin: what the server has.", "1048576", required=True
    ),
    "Upload-Checksum": _header(
        "Upload-Checksum",
        "Algorithm and base64 digest of this body.",
        "sha256 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    ),
}
_OF_TUS = {
    "createUpload": ("Tus-Resumable", "Upload-Length", "Upload-Defer-Length", "Upload-Metadata"),
    "appendToUpload": ("Tus-Resumable", "Upload-Offset", "Upload-Length", "Upload-Checksum"),
}


def complete(method: str, path: str, operation: dict[str, Any]) -> None:
    listed: list[dict[str, Any]] = operation.setdefault("parameters", [])
    for one in listed:
        words = one.get("description") or one.get("schema", {}).get("description")
        one["description"] = words or PARAMETERS.get(one["name"]) or _of_id(one["name"])
    present = {one["name"] for one in listed}
    name = operation["operationId"]
    more = [
        *([HEADER] if accepts_key(method, path, operation) else []),
        *([COOKIE_HEADER] if name == "refresh" else []),
        *([PROOF_HEADER] if "{slug}" in path and name != "unlockShare" else []),
        *(["If-Match"] if name in CONDITIONAL else []),
        *(["If-None-Match"] if name in REVALIDATED or name in RANGED else []),
        *(["Range"] if name in RANGED else []),
        *(_OF_TUS.get(name, ("Tus-Resumable",)) if name in TUS else ()),
    ]
    listed += [{"$ref": f"#/components/parameters/{one}"} for one in more if one not in present]
    if not listed:
        del operation["parameters"]


def accepts_key(method: str, path: str, operation: dict[str, Any]) -> bool:
    """Where it is asked who is there: of persons, and of guests beside them."""
    return takes_key(method, path) and any("BearerAuth" in one for one in operation["security"])


def _of_id(name: str) -> str:
    noun = name.removesuffix("_id").replace("_", " ")
    return f"Id of the {noun}." if name.endswith("_id") else ""
