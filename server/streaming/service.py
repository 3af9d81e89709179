"""What can be played of a recording now, and where."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from starlette.responses import Response

from media.dash import manifest
from media.hls import captions_playlist
from media.hls_master import Variant, master_playlist
from media.sniff import Container
from server.db import now
from server.ports.blobs import BlobStore
from server.recordings.events import source_key
from server.recordings.schemas import Recording
from server.recordings.service import Recordings
from server.streaming import files
from server.streaming import schemas as wire
from server.streaming.captions import Captions, CaptionsOf, ChaptersOf, no_captions, no_chapters
from server.streaming.delivery import Delivery
from server.streaming.files import MediaFile
from server.streaming.playlists import MAX_KEPT, SOURCE, FilePlaylist, LivePlaylist, Text
from server.streaming.rights import Rights
from server.streaming.schemas import Speech, Step
from server.streaming.tickets import Ticket, Tickets
from server.streaming.versions import Versions
from server.uploads.service import Uploads

# The steps of processing of a recording; given by the module that runs them.
StepsOf = Callable[[str], Awaitable[Sequence[Step]]]
# How far its transcript is; given by the module that makes it.
SpeechOf = Callable[[Recording], Awaitable[Speech]]


async def no_speech(_recording: Recording) -> Speech:
    return Speech("none")


class Streaming:
    """Whoever calls has checked that the viewer may see the recording."""

    def __init__(
        self,
        recordings: Recordings,
        uploads: Uploads,
        blobs: BlobStore,
        tickets: Tickets,
        rights: Rights,
        *,
        steps_of: StepsOf,
        captions_of: CaptionsOf = no_captions,
        chapters_of: ChaptersOf = no_chapters,
        speech_of: SpeechOf = no_speech,
        delivery: Delivery,
    ) -> None:
        self._recordings = recordings
        self._uploads = uploads
        self._blobs = blobs
        self._tickets = tickets
        self._rights = rights
        self._steps_of = steps_of
        self._captions_of = captions_of
        self._chapters_of = chapters_of
        self._speech_of = speech_of
        self._delivery = delivery
        self._containers: dict[str, Container | None] = {}
        self.versions = Versions(uploads, blobs)

    async def admit(self, recording_id: str, ticket: str) -> Recording | None:
        """The recording, if the ticket is good for it now."""
        held = self._tickets.verify(recording_id, ticket)
        if held is None:
            return None
        recording = await self._recordings.find(recording_id)
        if recording is None or recording.trashed:
            return None
        if held.user_id is None:
            return recording if recording.link.admits(held.seal, now()) else None
        return recording if await self._rights.may_view(held.user_id, recording) else None

    async def may_keep(self, recording: Recording, ticket: str) -> bool:
        """Whether who was admitted with this ticket may have the recording as a file."""
        held = self._tickets.verify(recording.id, ticket)
        return held is not None and await self._rights.may_keep(held.user_id, recording)

    def ticket(self, recording: Recording, user_id: str | None) -> tuple[str, Ticket]:
        """For a person, or with None for whoever got in by its link."""
        return self._tickets.issue(recording.id, user_id, b"" if user_id else recording.link.seal)

    async def master(self, recording: Recording, *, every_codec: bool = False) -> Text | None:
        """Without `every_codec` only versions in the source's: not every player can change its decoder."""
        source = await self.versions.source(recording)
        if source is None:
            return None
        held = await source.finished() if isinstance(source, LivePlaylist) else source
        if held is None:
            return Text.of(master_playlist([source.variant], independent=source.independent))
        lesser = await self.versions.renditions(recording)
        versions = await self._offered(
            recording, [held, *(one for one in lesser if every_codec or _is_like(one, held))]
        )
        captions = [one.track for one in await self._captions_of(recording.id)]
        return Text.of(
            master_playlist(
                [one.variant for one in versions],
                [one.key_variant for one in versions if one.key_variant],
                captions,
                independent=all(one.independent for one in versions),
            )
        )

    async def manifest(self, recording: Recording) -> Text | None:
        """For DASH; None until the recording is finished: HLS is what plays it live."""
        source = await self.versions.finished(recording)
        if source is None:
            return None
        versions = await self._offered(recording, [source, *await self.versions.renditions(recording)])
        captions = [one.text_track for one in await self._captions_of(recording.id)]

        def write() -> Text:
            representations = [one.representation for one in versions]
            return Text.of(manifest(representations, source.duration_s, captions))

        return await asyncio.to_thread(write)

    async def key_frames(self, recording: Recording, name: str = SOURCE) -> Text | None:
        held = await self.versions.finished(recording, name)
        return None if held is None else held.key_frames

    async def captions(self, recording: Recording, language: str) -> Captions | None:
        found = (one for one in await self._captions_of(recording.id) if one.language == language)
        return next(found, None)

    async def captions_playlist(self, recording: Recording, language: str) -> Text | None:
        source, captions = await self.versions.finished(recording), await self.captions(recording, language)
        if source is None or captions is None:
            return None
        return Text.of(captions_playlist(f"{captions.file}.vtt", source.duration_s))

    async def chapters(self, recording: Recording) -> Text | None:
        found = await self._chapters_of(recording)
        return None if found is None else Text.of(found.text)

    async def file(self, recording: Recording, name: str) -> MediaFile | None:
        """What was uploaded as far as it is committed, or a finished file that was made of it."""
        if name == f"{SOURCE}.mp4":
            return await self._source_file(recording)
        return await files.finished(self._blobs, f"recordings/{recording.id}/{name}", recording.title)

    async def respond(self, method: str, file: MediaFile, headers: Mapping[str, str]) -> Response:
        """The bytes of a file, by the way that the settings choose."""
        return await self._delivery.respond(method, file, headers)

    @property
    def origin(self) -> str:
        """Where pages must be allowed to fetch media besides from this server; empty for nowhere."""
        return self._delivery.origin

    async def poster(self, recording: Recording) -> MediaFile | None:
        return await self.file(recording, files.POSTER)

    def poster_url(self, recording: Recording, user_id: str, base: str) -> str | None:
        """For a person; None while there is none."""
        if not self.poster_path(recording.id).is_file():
            return None
        ticket = self.ticket(recording, user_id)[0]
        return f"{base}/api/v1/streams/{recording.id}/{ticket}/{files.POSTER}"

    def poster_path(self, recording_id: str) -> Path:
        return self._blobs.local_path(f"recordings/{recording_id}/{files.POSTER}")

    async def describe(self, recording: Recording, user_id: str | None, base: str) -> wire.StreamOut:
        """For a person, or with None for whoever got in by its link. `base` is the address of this server."""
        text, ticket = self.ticket(recording, user_id)
        kept = await self._rights.may_keep(user_id, recording)
        root = f"{base}/api/v1/streams/{recording.id}/{text}"
        source = await self.versions.source(recording)
        there = await self._extras(recording.id)
        chapters = await self._chapters_of(recording)
        playable, uploaded = source is not None, recording.uploaded

        def url(name: str, *, given: bool) -> str | None:
            return f"{root}/{name}" if given else None

        download = files.DOWNLOAD if files.DOWNLOAD in there else f"{SOURCE}.mp4"
        return wire.StreamOut(
            recording_id=recording.id,
            title=recording.title,
            status=recording.status,
            live=not uploaded,
            duration=_duration(recording, source),
            playlist_url=url("master.m3u8", given=playable),
            media_playlist_url=url("video.m3u8", given=playable),
            dash_url=url("manifest.mpd", given=playable and uploaded),
            download_url=url(download, given=uploaded and kept),
            original_url=url(f"{SOURCE}.mp4", given=uploaded and kept),
            audio_url=url(files.AUDIO, given=files.AUDIO in there and kept),
            poster_url=url(files.POSTER, given=files.POSTER in there),
            preview_url=url(files.PREVIEW, given=files.PREVIEW in there),
            storyboard_url=url(files.STORYBOARD, given=files.STORYBOARD in there),
            waveform_url=url(files.WAVEFORM, given=files.WAVEFORM in there),
            captions=[
                wire.CaptionsOut(language=one.language, label=one.name, url=f"{root}/{one.address}")
                for one in await self._captions_of(recording.id)
            ],
            chapters_url=None if chapters is None else f"{root}/{chapters.address}",
            quality=[] if source is None else await self._qualities(recording, source, root),
            processing=[
                wire.StepOut(step=one.step, status=one.status, progress=one.progress, error=one.error)
                for one in await self._steps_of(recording.id)
            ],
            transcription=_speech(await self._speech_of(recording), inside=user_id is not None),
            expires_at=_end(ticket, recording),
            error=recording.error,
        )

    async def _qualities(
        self, recording: Recording, source: LivePlaylist | FilePlaylist, root: str
    ) -> list[wire.QualityOut]:
        lesser = await self.versions.renditions(recording) if recording.uploaded else []
        held = [
            _Named(SOURCE, source.variant),
            *(_Named(one.representation.name, one.variant) for one in lesser),
        ]
        return [_quality(one.name, one.variant, root) for one in await self._offered(recording, held)]

    async def _offered(self, recording: Recording, versions: "list[_V]") -> "list[_V]":
        """Those that the plan of its workspace has enough lines for; where that is none, the smallest: what
        was recorded can always be watched."""
        ceiling = (await self._recordings.entitlements_of(recording)).max_height
        if ceiling is None:
            return versions
        return [one for one in versions if _lines(one) <= ceiling] or [min(versions, key=_lines)]

    async def _extras(self, recording_id: str) -> frozenset[str]:
        """Which of the files that processing makes beside the versions are there."""
        stats = [await self._blobs.stat(f"recordings/{recording_id}/{name}") for name in files.EXTRAS]
        return frozenset(name for name, stat in zip(files.EXTRAS, stats, strict=True) if stat is not None)

    async def _source_file(self, recording: Recording) -> MediaFile | None:
        if recording.uploaded and recording.file_size_bytes is not None:
            size, complete = recording.file_size_bytes, True
        else:
            committed = await self._uploads.committed(recording.id)
            if committed is None:
                return None
            _, size, complete = committed
        suffix, media_type = files.source_type(await self._container(recording))
        etag = f'"{recording.sha256[:32]}"' if complete and recording.sha256 else None
        name = f"{recording.title}.{suffix}"
        return MediaFile(source_key(recording.id), size, complete, media_type, etag, name)

    async def _container(self, recording: Recording) -> Container | None:
        """Players ask for hundreds of ranges of a file, and what it is does not change."""
        if recording.id in self._containers:
            return self._containers[recording.id]
        container = await self._uploads.container_of(recording.id)
        if recording.uploaded:
            self._containers[recording.id] = container
            if len(self._containers) > MAX_KEPT:
                del self._containers[next(iter(self._containers))]
        return container


def _end(ticket: Ticket, recording: Recording) -> datetime:
    ends, link_ends = datetime.fromtimestamp(ticket.expires_at, UTC), recording.link.expires_at
    return ends if ticket.user_id is not None or link_ends is None else min(ends, link_ends)


@dataclass(frozen=True, slots=True)
class _Named:
    name: str
    variant: Variant


_V = TypeVar("_V", FilePlaylist, _Named)


def _lines(version: FilePlaylist | _Named) -> int:
    """Of a picture that stands, its columns."""
    return min(version.variant.width, version.variant.height)


def _quality(name: str, variant: Variant, root: str) -> wire.QualityOut:
    return wire.QualityOut(
        name=name,
        width=variant.width,
        height=variant.height,
        bandwidth=variant.bandwidth,
        average_bandwidth=variant.average_bandwidth,
        frame_rate=variant.frame_rate,
        codecs=variant.codecs,
        playlist_url=f"{root}/{variant.uri}",
    )


def _is_like(version: FilePlaylist, source: FilePlaylist) -> bool:
    return version.variant.codecs.partition(".")[0] == source.variant.codecs.partition(".")[0]


def _speech(speech: Speech, *, inside: bool) -> wire.TranscriptionOut:
    """How the server is set up is no business of strangers."""
    told = speech if inside else Speech(speech.status)
    return wire.TranscriptionOut(status=told.status, detail=told.detail or None, hint=told.hint or None)


def _duration(recording: Recording, source: LivePlaylist | FilePlaylist | None) -> float | None:
    if recording.uploaded and recording.duration_s is not None:
        return recording.duration_s
    if isinstance(source, LivePlaylist):
        return round(source.index.parser.duration_s, 3)
    return None if source is None else round(source.duration_s, 3)
