"""Playlists of growing and of finished files, built once per change and shared by all viewers."""

import asyncio
import gzip
import hashlib
from array import array
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from media.dash import Representation
from media.fragments import FragmentError, FragmentParser, scan
from media.hls import MediaPlaylist, key_frame_playlist
from media.hls_master import Variant
from server.ports.blobs import BlobStore, Stat
from server.uploads.index import LiveIndex

MAX_KEPT = 256
SOURCE = "source"
SOURCE_PLAYLIST = "video.m3u8"
SOURCE_KEY_FRAMES = "iframes.m3u8"
HOLD_S = 2.0  # hls.js gives a blocking reload of ours 2.4 s
_LEAST_BANDWIDTH = 64_000
_WORTH_ZIPPING = 1024


class TooFarAhead(Exception):
    """A part was asked for that cannot be next for a while."""


@dataclass(frozen=True, slots=True)
class Text:
    """A playlist ready to be sent."""

    plain: bytes
    zipped: bytes | None
    etag: str

    @classmethod
    def of(cls, text: str) -> "Text":
        plain = text.encode()
        zipped = gzip.compress(plain, 5, mtime=0) if len(plain) >= _WORTH_ZIPPING else None
        return cls(plain, zipped, f'"{hashlib.sha256(plain).hexdigest()[:24]}"')


class LivePlaylist:
    """Follows a live index; texts are kept until the next fragment."""

    def __init__(self, index: LiveIndex, uri: str, started_at: datetime | None) -> None:
        self.index = index
        self._uri = uri
        self._playlist = MediaPlaylist(uri, index.parser.init_length or 0, started_at)
        self._seen = 0
        self._texts: dict[bool, Text] = {}
        self._finished: FilePlaylist | None = None

    @property
    def ended(self) -> bool:
        return self._playlist.ended

    def text(self, *, skip: bool) -> Text:
        self._follow()
        if skip not in self._texts:
            self._texts[skip] = Text.of(self._playlist.text(skip=skip))
        return self._texts[skip]

    @property
    def variant(self) -> Variant:
        self._follow()
        return _variant(SOURCE_PLAYLIST, self.index.parser, self._playlist)

    @property
    def independent(self) -> bool:
        return self._playlist.segments.independent

    async def finished(self) -> "FilePlaylist | None":
        """What can be said of the whole file once there is one."""
        self._follow()
        if self.ended and self._finished is None:
            text = self.text(skip=False)
            held = await asyncio.to_thread(_describe, self._uri, self.index.parser, self._playlist, text)
            self._finished = held.as_source()
        return self._finished

    async def wait_for(self, number: int, part: int | None) -> bool:
        """Until the part is listed or the file complete; False when that takes too long.

        Raises TooFarAhead.
        """
        self._follow()
        if not self._playlist.ended and number > self._playlist.next_part[0] + 1:
            raise TooFarAhead
        try:
            async with asyncio.timeout(HOLD_S):
                while not self._playlist.has(number, part) and not self.index.gone:
                    await self.index.changed(self.index.revision)
                    self._follow()
        except TimeoutError:
            return False
        return not self.index.gone

    def _follow(self) -> None:
        fragments = self.index.parser.fragments
        if self._playlist.ended or (len(fragments) == self._seen and not self.index.finished):
            return
        self._playlist.add(fragments[self._seen :])
        self._seen = len(fragments)
        if self.index.finished:
            self._playlist.finish()
        self._texts.clear()


@dataclass(frozen=True, slots=True)
class FilePlaylist:
    """A finished fragmented file: its playlist, the one of its key frames, and its line in those of all."""

    file: str
    text: Text
    variant: Variant
    key_frames: Text | None
    key_variant: Variant | None
    representation: Representation
    duration_s: float
    independent: bool
    bounds: "array[int]"  # byte where each segment starts, and where the last one ends

    def as_source(self) -> "FilePlaylist":
        """The same file under the addresses of the recording itself."""
        return replace(
            self,
            variant=replace(self.variant, uri=SOURCE_PLAYLIST),
            key_variant=self.key_variant and replace(self.key_variant, uri=SOURCE_KEY_FRAMES),
            representation=replace(self.representation, name=SOURCE),
        )

    def segment(self, number: int) -> range | None:
        """The bytes of a segment."""
        if number + 1 >= len(self.bounds):
            return None
        return range(self.bounds[number], self.bounds[number + 1])


class Playlists:
    """The playlists in use, each made once."""

    def __init__(self) -> None:
        self._live: OrderedDict[str, LivePlaylist] = OrderedDict()
        self._files: OrderedDict[tuple[str, Stat], FilePlaylist] = OrderedDict()

    def live(self, index: LiveIndex, started_at: datetime | None) -> LivePlaylist:
        held = self._live.get(index.recording_id)
        if held is None or held.index is not index:
            held = self._live[index.recording_id] = LivePlaylist(index, f"{SOURCE}.mp4", started_at)
            _trim(self._live)
        self._live.move_to_end(index.recording_id)
        return held

    async def file(self, blobs: BlobStore, key: str, started_at: datetime | None) -> FilePlaylist | None:
        """None when there is no such file. Raises FragmentError and BlobError."""
        stat = await blobs.stat(key)
        if stat is None:
            return None
        held = self._files.get((key, stat))
        if held is None:
            path = await blobs.fetch(key)
            held = self._files[key, stat] = await asyncio.to_thread(_read, path, started_at)
            _trim(self._files)
        self._files.move_to_end((key, stat))
        return held


def _trim(cache: OrderedDict[Any, Any]) -> None:
    while len(cache) > MAX_KEPT:
        cache.popitem(last=False)


def _read(path: Path, started_at: datetime | None) -> FilePlaylist:
    with path.open("rb", buffering=0) as file:
        parser = scan(file)
    playlist = MediaPlaylist(path.name, parser.init_length or 0, started_at)
    playlist.add(parser.fragments)
    playlist.finish()
    return _describe(path.name, parser, playlist, Text.of(playlist.text()))


def _describe(uri: str, parser: FragmentParser, playlist: MediaPlaylist, text: Text) -> FilePlaylist:
    """Raises FragmentError where there is nothing to play."""
    segments, init_length = playlist.segments, parser.init_length or 0
    if not segments.closed:
        raise FragmentError("This file is not a readable video", "It has no fragments.")
    stem = uri.removesuffix(".mp4")
    variant = _variant(f"{stem}.m3u8", parser, playlist)
    keys = key_frame_playlist(uri, init_length, parser.fragments)
    return FilePlaylist(
        uri,
        text,
        variant,
        Text.of(keys) if keys else None,
        _key_variant(f"iframes-{stem}.m3u8", variant, parser) if keys else None,
        Representation.of(stem, variant, parser.tracks, segments.closed),
        parser.duration_s,
        segments.independent,
        array("Q", [*(segment.offset for segment in segments.closed), segments.closed[-1].parts[-1].end]),
    )


def _key_variant(uri: str, variant: Variant, parser: FragmentParser) -> Variant:
    """Rates as if a player took one key frame after another, each as long as the next is away."""
    keys = [fragment for fragment in parser.fragments if fragment.key_length]
    ends = [*(key.start_s for key in keys[1:]), keys[0].start_s + parser.duration_s]
    peak = max(8 * key.key_length / max(end - key.start_s, 0.1) for key, end in zip(keys, ends, strict=True))
    average = int(8 * sum(key.key_length for key in keys) / max(parser.duration_s, 0.1))
    return Variant(
        uri,
        max(int(peak), average, 1),
        average,
        parser.video.codec if parser.video else "",
        variant.width,
        variant.height,
    )


def _variant(uri: str, parser: FragmentParser, playlist: MediaPlaylist) -> Variant:
    segments, video = playlist.segments, parser.video
    total = parser.fragments[-1].end - (parser.init_length or 0) if parser.fragments else 0
    average = int(8 * total / max(segments.duration_s, 0.1))
    return Variant(
        uri=uri,
        bandwidth=max(int(segments.peak_bps), average, _LEAST_BANDWIDTH),
        average_bandwidth=average,
        codecs=",".join(track.codec for track in parser.tracks),
        width=video.width if video else 0,
        height=video.height if video else 0,
        frame_rate=_frame_rate(parser) if video else 0.0,
    )


def _frame_rate(parser: FragmentParser) -> float:
    """The highest of any fragment: pictures that did not change were left out of others."""
    rates = (part.samples / part.duration_s for part in parser.fragments if part.duration_s >= 0.25)
    return round(max(rates, default=0.0), 3)
