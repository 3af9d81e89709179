"""The server's REST API for Python programs: `Client` and `AsyncClient` send what `operations` describe.

    with httpx.Client(base_url="https://video.example.org", auth=ApiKey("loom_…")) as http:
        client = Client(http)
        made = client.send(operations.start_recording({"recordingType": "screen"}))
        for recording in client.each(operations.list_recordings(tag="review")):
            print(recording["title"])

`models` and `operations` are written by `python installers/clients.py` from the server's own description.
"""

from uploader.rest.auth import ApiKey, Token
from uploader.rest.call import Answer, Call, Listing
from uploader.rest.client import AsyncClient, Client
from uploader.rest.errors import (
    ApiError,
    Changed,
    Conflict,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooManyRequests,
)

__all__ = [
    "Answer",
    "ApiError",
    "ApiKey",
    "AsyncClient",
    "Call",
    "Changed",
    "Client",
    "Conflict",
    "Listing",
    "NotAllowed",
    "NotFound",
    "NotSignedIn",
    "Token",
    "TooManyRequests",
]
