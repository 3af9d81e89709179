"""The sources of a take each in a file of their own, beside the video: for whoever mixes them again.

They are no tracks of the video, because Chromium plays none that has more than one track of sound (a
SourceBuffer must be told each track's codec in advance, and a lower rendition with one track cannot follow).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capture.health import Health, stem_failed
from capture.soundfeed import Kind
from media.errors import MediaError
from media.muxer import AudioFormat
from media.soundfile import SoundFile

if TYPE_CHECKING:
    from av import Packet
    from av.audio.codeccontext import AudioCodecContext


class Stems:
    """Opened when made: MuxerError when that fails. A stem that fails later ends alone, the take goes on."""

    def __init__(
        self, video: Path, kinds: Iterable[Kind], audio: AudioFormat, tell: Callable[[Health], None]
    ) -> None:
        self._tell = tell
        self._kinds: list[Kind] = []
        self._files: list[SoundFile] = []
        self._failed: set[int] = set()
        try:
            for kind in kinds:
                self._files.append(SoundFile(stem_path(video, kind), audio))
                self._kinds.append(kind)
        except MediaError:
            self.finish(video, keep=False)
            raise

    @property
    def contexts(self) -> list[AudioCodecContext]:
        return [file.context for file in self._files]

    @property
    def names(self) -> tuple[str, ...]:
        """Of the files, the last part of their paths."""
        return tuple(file.path.name for file in self._files)

    def mux(self, packet: Packet[Any], number: int) -> None:
        self._guard(number, lambda file: file.mux(packet))

    def finish(self, video: Path, *, keep: bool) -> None:
        """Close the files and put them beside the video, wherever it came to lie; remove them without one."""
        for number, (kind, file) in enumerate(zip(self._kinds, self._files, strict=True)):
            self._guard(number, SoundFile.finish)
            with contextlib.suppress(OSError):
                if not keep:
                    file.path.unlink()
                elif (target := stem_path(video, kind)) != file.path:
                    file.path.rename(target)

    def _guard(self, number: int, work: Callable[[SoundFile], None]) -> None:
        if number in self._failed:
            return
        try:
            work(self._files[number])
        except MediaError as error:
            self._failed.add(number)
            self._tell(stem_failed(self._files[number].path.name, error.detail))


def stem_path(video: Path, kind: Kind) -> Path:
    """`talk.mp4` has `talk.microphone.m4a` and `talk.system.m4a`."""
    return video.with_name(f"{video.stem}.{kind}.m4a")


def stem_paths(video: Path) -> dict[Kind, Path]:
    """Those that lie beside a video. They play after a crash, as the video does."""
    paths = {kind: stem_path(video, kind) for kind in Kind}
    return {kind: path for kind, path in paths.items() if path.is_file()}
