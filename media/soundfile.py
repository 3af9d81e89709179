"""A file of sound alone that grows as a recording does: whatever ends the writer, what is there plays."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from media.errors import MuxerError
from media.muxer import AudioFormat, add_sound, is_run_in

if TYPE_CHECKING:
    from av import Packet
    from av.audio.codeccontext import AudioCodecContext

# As in media/muxer.py; without frag_keyframe, for every packet of sound is a key.
OPTIONS = {
    "movflags": "delay_moov+default_base_moof",
    "frag_duration": "500000",
    "flush_packets": "1",
}


class SoundFile:
    """One AAC track. MuxerError when the file is there already or cannot be written. `mux` and `finish`
    belong to one thread; `context` is encoded with from another."""

    def __init__(self, path: Path, audio: AudioFormat) -> None:
        import av

        if path.exists():
            raise MuxerError("This file is there already", str(path), "Name another file for the recording.")
        self.path = path
        try:
            self._container = av.open(str(path), "w", format="mp4", container_options=OPTIONS)
            self._stream = add_sound(self._container, audio)
            self._container.start_encoding()
        except (OSError, ValueError) as error:
            raise MuxerError("A track of sound cannot be written", f"{path}: {error}") from error
        self._finished = False

    @property
    def context(self) -> AudioCodecContext:
        return self._stream.codec_context

    def mux(self, packet: Packet[Any]) -> None:
        if is_run_in(packet):
            return
        packet.stream = self._stream
        try:
            self._container.mux_one(packet)
        except (OSError, ValueError) as error:
            raise MuxerError("A track of sound could not be written", f"{self.path}: {error}") from error

    def finish(self) -> None:
        """Write what is left. More calls change nothing."""
        if self._finished:
            return
        self._finished = True
        try:
            self._container.close()
        except (OSError, ValueError) as error:
            raise MuxerError("The end of a track of sound could not be written", str(error)) from error
