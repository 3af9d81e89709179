"""A transcript as somebody sends it: JSON, WebVTT or SubRip."""

import json
from collections.abc import Callable

from media.caption_reader import parse_srt, parse_vtt
from media.errors import TranscriptError
from media.transcript import Transcript
from server.ai.schemas import Source
from server.errors import InvalidRequest, UnsupportedMedia

JSON_TYPE = "application/json"
_CAPTIONS: dict[str, Callable[[str, str], Transcript]] = {
    "text/vtt": parse_vtt,
    "application/x-subrip": parse_srt,
    "application/srt": parse_srt,
    "text/srt": parse_srt,
}


def read(body: bytes, content_type: str, language: str) -> tuple[Transcript, Source]:
    """Blocking. `language` is of files of captions, which do not say it. Raises InvalidRequest and 415.

    JSON is what a recorder heard, unless it says that it was `edited`; captions are what a person wrote.
    """
    kind = content_type.partition(";")[0].strip().lower()
    try:
        if kind == JSON_TYPE:
            return _from_json(body)
        if kind in _CAPTIONS:
            return _CAPTIONS[kind](body.decode("utf-8-sig"), language), Source.EDITED
    except TranscriptError as error:
        raise InvalidRequest(f"{error.title}: {error.detail}") from error
    except UnicodeDecodeError as error:
        raise InvalidRequest("The captions are not in UTF-8.") from error
    offered = ", ".join([JSON_TYPE, *_CAPTIONS])
    raise UnsupportedMedia(f"A transcript is sent as one of {offered}.", code="wrong_content_type")


def _from_json(body: bytes) -> tuple[Transcript, Source]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidRequest("The transcript is not JSON.") from error
    if not isinstance(data, dict):
        raise InvalidRequest("A transcript is an object with language and segments.")
    source = data.get("source", Source.DESKTOP)
    if source not in (Source.DESKTOP, Source.EDITED):
        raise InvalidRequest("source is desktop or edited.")
    segments = data.get("segments")
    if isinstance(segments, list):
        # Numbers are given here, by time: those of the sender mean nothing to anybody else.
        data["segments"] = [
            {**one, "id": number} if isinstance(one, dict) else one for number, one in enumerate(segments)
        ]
    return Transcript.from_dict(data), Source(source)
