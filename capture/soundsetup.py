"""The sound of a take, chosen and opened. A take without a source is better than none: it is silent then."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capture.encode import SoundEncoder
from capture.errors import CaptureError, NoMicrophone
from capture.health import (
    Health,
    microphone_flat,
    no_microphone,
    no_system_audio,
    sound_back,
    sound_lost,
    system_audio_back,
    system_audio_lost,
)
from capture.model import Counters
from capture.ports import SoundBackend, SoundSource
from capture.registry import choose_sound, choose_system_sound
from capture.sound import SoundEvents, SoundTracks
from capture.soundfeed import Feed, Inbox, Kind
from capture.soundinput import SoundInput
from capture.soundkeeper import Keeper
from capture.soundrequest import SoundRequest
from capture.stems import Stems
from media import presets
from media.clock import MediaClock
from media.muxer import AudioFormat

if TYPE_CHECKING:
    from av import Packet
    from av.audio.codeccontext import AudioCodecContext

CLOSE_S = 1.0
_NO_MICROPHONE_HINT = "Plug in a microphone, or record with --no-audio."

Tell = Callable[[Health], None]


@dataclass(frozen=True, slots=True)
class Sound:
    """Opened sources and what is to become of them."""

    request: SoundRequest
    inbox: Inbox
    keepers: tuple[Keeper, ...]
    tell: Tell

    @property
    def format(self) -> AudioFormat:
        """Of the mix, and of each source in a file of its own."""
        return AudioFormat(presets.load().audio, self.channels)

    def stems(self, video: Path) -> Stems | None:
        """A file for each source beside `video`, if that was asked for. MuxerError when one does not open."""
        if not self.request.separate_tracks:
            return None
        return Stems(video, [keeper.kind for keeper in self.keepers], self.format, self.tell)

    @property
    def channels(self) -> int:
        return max(_channels(keeper) for keeper in self.keepers)

    def name(self, kind: Kind) -> str | None:
        """Of the opened source; None where there is none."""
        return next((keeper.name for keeper in self.keepers if keeper.kind is kind), None)

    def tracks(
        self,
        clock: MediaClock,
        contexts: Iterable[AudioCodecContext],
        deliver: Callable[[list[Packet[Any]], int], None],
        events: SoundEvents,
    ) -> SoundTracks:
        return SoundTracks(
            self.inbox,
            clock,
            inputs=[self._input(keeper, clock) for keeper in self.keepers],
            keepers=self.keepers,
            encoders=[SoundEncoder(context, self.channels) for context in contexts],
            deliver=deliver,
            events=events,
            levels=self.request.levels,
        )

    def close(self) -> None:
        for keeper in self.keepers:
            keeper.close(CLOSE_S)

    def _input(self, keeper: Keeper, clock: MediaClock) -> SoundInput:
        request, microphone = self.request, keeper.kind is Kind.MICROPHONE
        return SoundInput(
            keeper.kind,
            clock,
            self.channels,
            self._told,
            gain_db=request.microphone_gain_db if microphone else request.system_gain_db,
            denoise=request.denoise and microphone,
            lost=keeper.name is None,
        )

    def _told(self, kind: Kind, what: str, detail: str) -> None:
        self.tell(_words(kind, what, detail))


def open_sound(request: SoundRequest, backend: str | None, counters: Counters, tell: Tell) -> Sound | None:
    """None when no sound was asked for. `backend` forces one, such as "synthetic"."""
    if not request.any:
        return None
    inbox = Inbox(counters)
    keepers = []
    if request.microphone_on:
        keepers.append(_open_microphone(request, backend, inbox.feed(Kind.MICROPHONE), tell))
    if request.system_audio:
        keepers.append(_open_system(backend, inbox.feed(Kind.SYSTEM), tell))
    return Sound(request, inbox, tuple(keepers), tell)


def _open_microphone(request: SoundRequest, backend: str | None, feed: Feed, tell: Tell) -> Keeper:
    def open_it() -> SoundSource:
        chosen: SoundBackend = choose_sound(backend).backend
        return chosen.open(feed.block, request.microphone)

    def refused(error: CaptureError) -> None:
        hint = error.hint if isinstance(error, NoMicrophone) else _NO_MICROPHONE_HINT
        tell(no_microphone(error.detail, hint))

    return Keeper(feed, _try(open_it, refused), open_it)


def _open_system(backend: str | None, feed: Feed, tell: Tell) -> Keeper:
    def open_it() -> SoundSource:
        return choose_system_sound(backend).backend.open(feed.block)

    def refused(error: CaptureError) -> None:
        tell(no_system_audio(error.detail, "The recording takes it up as soon as it can be heard."))

    return Keeper(feed, _try(open_it, refused), open_it)


def _try(open_it: Callable[[], SoundSource], refused: Callable[[CaptureError], None]) -> SoundSource | None:
    try:
        return open_it()
    except CaptureError as error:
        refused(error)
        return None


def _channels(keeper: Keeper) -> int:
    return min(2, keeper.channels)


def _words(kind: Kind, what: str, detail: str) -> Health:
    if what == "flat":
        return microphone_flat()
    if kind is Kind.MICROPHONE:
        return sound_lost(detail) if what == "lost" else sound_back()
    return system_audio_lost(detail) if what == "lost" else system_audio_back()
