"""What the plan on the server says to the next recording."""

import httpx

from desktop.i18n import tr
from desktop.models.session import PLAN_FULL, Problem
from uploader import web
from uploader.credentials import credential_for
from uploader.errors import UploadError
from uploader.rest import ApiError, AsyncClient, operations
from uploader.tokens import Tokens


async def refusal(server: str) -> Problem | None:
    """None where it would be taken, and where the server does not say: then the upload finds out, and
    nothing is lost by it."""
    http = web.open_client(server, Tokens(server, credential_for))
    try:
        told = await AsyncClient(http).send(operations.get_allowance())
    except (httpx.HTTPError, UploadError, ApiError):
        return None
    finally:
        await http.aclose()
    if told["allowed"]:
        return None
    return Problem(
        tr("The plan takes no new recording now"),
        told["reason"] or "",
        tr("You can record all the same: it stays on this computer, and is sent when there is room."),
        "warning",
        PLAN_FULL,
    )
