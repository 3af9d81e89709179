"""The files of a recording that viewers may fetch: what they are called, and what they are."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from media.sniff import Container
from server.ports.blobs import BlobStore

# A file that is not fragmented, or not of this kind, made playable by processing.
NORMALISED = "normalised"
# The first one is what a player begins with that cannot choose: those in H.264 come first.
RENDITIONS = ("1080p", "720p", "480p", "360p", "av1", "av1small")
POSTER = "poster.jpg"
STORYBOARD = "storyboard.vtt"
PREVIEW = "preview.webp"
WAVEFORM = "waveform.json"
AUDIO = "audio.m4a"
DOWNLOAD = "download.mp4"

# Made by processing, beside the versions to stream: media types by name.
EXTRAS = {
    POSTER: "image/jpeg",
    STORYBOARD: "text/vtt; charset=utf-8",
    PREVIEW: "image/webp",
    "preview.gif": "image/gif",
    WAVEFORM: "application/json",
    AUDIO: "audio/mp4",
    DOWNLOAD: "video/mp4",
}
# What is made to be kept. Players need the others, so whoever may watch can fetch those.
TO_KEEP = frozenset({DOWNLOAD, AUDIO})
_SHEET = re.compile(r"storyboard(-[0-9]{1,4})?\.jpg")
_VERSION = re.compile(r"[a-z0-9]{1,32}")
_SOURCES = {
    Container.MP4: ("mp4", "video/mp4"),
    Container.MATROSKA: ("mkv", "video/x-matroska"),
    Container.AVI: ("avi", "video/x-msvideo"),
    Container.ASF: ("wmv", "video/x-ms-wmv"),
    Container.MPEGTS: ("ts", "video/mp2t"),
    Container.MPEGPS: ("mpg", "video/mpeg"),
    Container.FLV: ("flv", "video/x-flv"),
    Container.OGG: ("ogv", "video/ogg"),
    Container.WAV: ("wav", "audio/wav"),
    Container.FLAC: ("flac", "audio/flac"),
    Container.MP3: ("mp3", "audio/mpeg"),
    Container.AAC: ("aac", "audio/aac"),
    Container.AIFF: ("aiff", "audio/aiff"),
    Container.CAF: ("caf", "audio/x-caf"),
    Container.AMR: ("amr", "audio/amr"),
}


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file to serve: `size` bytes of the blob `key`, all of it where `complete`.

    `name` is what it is called where someone keeps it, which `attached` says is what it is for.
    """

    key: str
    size: int
    complete: bool
    media_type: str
    etag: str | None
    name: str
    attached: bool = False

    @property
    def disposition(self) -> str:
        return content_disposition(self.name, attached=self.attached)


def content_disposition(name: str, *, attached: bool = False) -> str:
    """RFC 6266; the plain name is for clients that know no other."""
    plain = re.sub(r'[^ -~]|["\\/]', "_", name)
    kind = "attachment" if attached else "inline"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def is_version(name: str) -> bool:
    """Whether a file `<name>.mp4` may be a version to stream."""
    return _VERSION.fullmatch(name) is not None


def type_of(file: str) -> str | None:
    """The media type of a file that viewers may fetch; None for any other."""
    if _SHEET.fullmatch(file):
        return "image/jpeg"
    if file.endswith(".mp4") and is_version(file.removesuffix(".mp4")):
        return "video/mp4"
    return EXTRAS.get(file)


def source_type(container: Container | None) -> tuple[str, str]:
    """Suffix and media type of a file as it was uploaded."""
    return _SOURCES[container or Container.MP4]


async def finished(blobs: BlobStore, key: str, title: str) -> MediaFile | None:
    """The file as processing left it; None where it is not there, or not for viewers."""
    name = key.rpartition("/")[2]
    media_type = type_of(name)
    stat = None if media_type is None else await blobs.stat(key)
    if media_type is None or stat is None:
        return None
    return MediaFile(
        key,
        stat.size,
        complete=True,
        media_type=media_type,
        etag=f'"{stat.modified_ns:x}-{stat.size:x}"',
        name=_kept_as(name, title),
        attached=name == DOWNLOAD,
    )


def _kept_as(name: str, title: str) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"{title}.{suffix}" if name in {DOWNLOAD, POSTER, AUDIO} else f"{title} ({stem}).{suffix}"
