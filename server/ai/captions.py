"""Transcripts as captions for the player, written once for each change: every viewer asks for them."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence

from media.captions import to_vtt
from server.ai.service import Transcripts
from server.streaming.captions import Captions

_KEPT = 64  # an hour of speech takes about 100 KB


class PlayerCaptions:
    """Called with a recording's id; what streaming wants as `CaptionsOf`."""

    def __init__(self, transcripts: Transcripts) -> None:
        self._transcripts = transcripts
        self._kept: OrderedDict[str, tuple[str, Sequence[Captions]]] = OrderedDict()

    async def __call__(self, recording_id: str) -> Sequence[Captions]:
        version = await self._transcripts.version(recording_id)
        if version is None:
            return ()
        held = self._kept.get(recording_id)
        if held is None or held[0] != version:
            held = version, await self._written(recording_id, version)
            self._kept[recording_id] = held
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(recording_id)
        return held[1]

    async def _written(self, recording_id: str, version: str) -> Sequence[Captions]:
        stored = await self._transcripts.find(recording_id)
        if stored is None or not stored.transcript.segments:
            return ()
        text = await asyncio.to_thread(to_vtt, stored.transcript)
        return (Captions.of(stored.language, text, version),)
